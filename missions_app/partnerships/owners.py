"""Whom a decision about a mission may ask for something: the partners, the problem owner, and those who coordinate."""

from collections.abc import Iterable

from missions_app.accounts.actor import mission_scope
from missions_app.accounts.queries import users_with
from missions_app.missions.models import Mission
from missions_app.partnerships import queries
from missions_app.partnerships.models import PartnerState
from missions_app.workflow.owners import ORGANISATION, PERSON, Owner, owner_of


def owners_of(mission: Mission) -> Iterable[Owner]:
    """Organisations that take part now, and people who coordinate."""
    own = [one for one in (mission.problem_owner, mission.coordinator) if one is not None]
    joined = [one.organisation for one in queries.partners_of(mission) if one.state is PartnerState.COMMITTED]
    for organisation in (*own, *joined):
        yield owner_of(ORGANISATION, organisation.id, organisation.name)
    for user in users_with("coordinator", mission_scope(mission.id)):
        yield owner_of(PERSON, user.id, user.name)
