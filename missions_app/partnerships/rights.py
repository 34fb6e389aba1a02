"""The right that follows from an organisation's place in a mission: its people take part in it."""

from sqlalchemy import CTE, BigInteger, Select, String, case, cast, literal, select

from missions_app.partnerships.models import Partner, PartnerState
from missions_app.partnerships.policy import PARTNER


def following(given: CTE) -> Select[str, str, str]:
    """The role "partner" in every mission that the organisations of someone's rights are committed to."""
    # Only an organisation's id is a number: the database must not read the others as one.
    organisation = case((given.c.scope_kind == "organisation", cast(given.c.scope_id, BigInteger)))
    return (
        select(literal(PARTNER), literal("mission"), cast(Partner.mission_id, String))
        .join(given, Partner.organisation_id == organisation)
        .where(Partner.state == PartnerState.COMMITTED)
    )
