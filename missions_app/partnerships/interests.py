"""Who takes part in a mission, for the check of conflicts of interest."""

from collections.abc import Iterable

from missions_app.accounts.actor import mission_scope
from missions_app.accounts.queries import users_with
from missions_app.assessments.conflicts import Party
from missions_app.missions.models import Mission
from missions_app.partnerships import queries
from missions_app.partnerships.models import PartnerState


def parties_of(mission: Mission) -> Iterable[Party]:
    """The problem owner and every organisation that takes or took part, also those that joined late or left."""
    partners = [one for one in queries.partners_of(mission) if one.state in (PartnerState.COMMITTED, PartnerState.LEFT)]
    return [Party(mission.problem_owner_id, "owner"), *(Party(one.organisation_id, "partner") for one in partners)]


def persons_of(mission: Mission) -> Iterable[int]:
    """Those who coordinate it."""
    return [user.id for user in users_with("coordinator", mission_scope(mission.id))]
