"""What binds people to bodies and organisations today, read by one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from missions_app import clock
from missions_app.accounts.models import Grant, Seat
from missions_app.assessments.models import FormerEmployment
from missions_app.reading import once, together


@dataclass(frozen=True, slots=True)
class Bonds:
    """seats: (user, body). grants: (user, role, kind and id of where). former: (user, organisation, last day)."""

    seats: Sequence[tuple[int, str]]
    grants: Sequence[tuple[int, str, str, str]]
    former: Sequence[tuple[int, int, date]]


@once
def bonds_of(user_ids: tuple[int, ...]) -> Bonds:
    """The seats and rights that some users hold today, and where they used to work."""
    today = clock.today()
    return Bonds(
        *together(
            select(Seat.user_id, Seat.body).where(
                Seat.user_id.in_(user_ids), Seat.valid_from <= today,
                or_(Seat.valid_until.is_(None), Seat.valid_until >= today),
            ),
            select(Grant.user_id, Grant.role, Grant.scope_kind, Grant.scope_id).where(
                Grant.user_id.in_(user_ids), Grant.revoked_at.is_(None), Grant.valid_from <= today,
                or_(Grant.valid_until.is_(None), Grant.valid_until >= today),
            ),
            select(FormerEmployment.user_id, FormerEmployment.organisation_id, FormerEmployment.until).where(
                FormerEmployment.user_id.in_(user_ids)
            ),
        )
    )  # fmt: skip
