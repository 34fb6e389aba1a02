"""What ties a person to organisations: where they belong now, and where they used to work."""

from collections.abc import Iterable

from sqlalchemy import or_, select

from missions_app import clock, db
from missions_app.accounts.models import Grant
from missions_app.assessments import queries
from missions_app.assessments.conflicts import Tie


def ties_of(user_id: int) -> Iterable[Tie]:
    """Every organisation the user belongs to today in any role, and every former employment."""
    today = clock.today()
    ids = db.session.scalars(
        select(Grant.scope_id).where(
            Grant.user_id == user_id, Grant.scope_kind == "organisation", Grant.revoked_at.is_(None),
            Grant.valid_from <= today, or_(Grant.valid_until.is_(None), Grant.valid_until >= today),
        )
    ).all()  # fmt: skip
    members = [Tie(int(one), "member") for one in set(ids)]
    former = [Tie(one.organisation_id, "former_employer", one.until) for one in queries.former_employments(user_id)]
    return members + former
