"""The challenge's row, locked for a change, and whether it may be changed now."""

from sqlalchemy import select

from missions_app import db
from missions_app.challenges import policy
from missions_app.challenges.errors import NotEditable
from missions_app.challenges.models import Challenge


def lock(challenge: Challenge) -> Challenge:
    """The challenge's row, locked and read anew, so that rivals queue and "previous" is always right."""
    return db.session.scalars(
        select(Challenge)
        .where(Challenge.id == challenge.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def require_editable(challenge: Challenge) -> None:
    """Refuse while it is not the authors' turn.

    Raises:
        NotEditable.
    """
    db.session.refresh(challenge.journey)
    if not policy.is_editable(challenge):
        raise NotEditable(state=policy.state_of(challenge).label)
