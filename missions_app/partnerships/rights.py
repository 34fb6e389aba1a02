"""The right that follows from an organisation's place in a mission: its people take part in it."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from missions_app import db
from missions_app.accounts.actor import Scope, mission_scope
from missions_app.partnerships.models import Partner, PartnerState
from missions_app.partnerships.policy import PARTNER

_MISSIONS = select(Partner.mission_id).where(
    Partner.organisation_id.in_(bindparam("organisations", expanding=True)), Partner.state == PartnerState.COMMITTED
)


def following(given: frozenset[tuple[str, Scope]]) -> Iterable[tuple[str, Scope]]:
    """The role "partner" in every mission that the organisations of someone's rights are committed to."""
    organisations = {int(scope.id) for _role, scope in given if scope.kind == "organisation"}
    if not organisations:
        return []
    found = db.session.scalars(_MISSIONS, {"organisations": list(organisations)})
    return [(PARTNER, mission_scope(mission_id)) for mission_id in found]
