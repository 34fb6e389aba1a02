"""Reading what was answered to refusals."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from missions_app import db
from missions_app.challenges.models import Challenge, Objection
from missions_app.errors import NotFound
from missions_app.workflow.models import StateEntry

DECLINE = "decline"


def last_decline(challenge: Challenge) -> StateEntry | None:
    """The step by which the secretariat declined it, if that is where it stands now."""
    last = db.session.scalars(
        select(StateEntry).where(StateEntry.journey_id == challenge.journey_id).order_by(StateEntry.id.desc()).limit(1)
    ).first()
    return last if last is not None and last.by_move == DECLINE else None


def objection_to(declined: StateEntry) -> Objection | None:
    """What was answered to a refusal, if anything."""
    return db.session.scalars(select(Objection).where(Objection.declined_id == declined.id)).first()


def objections_to(challenge: Challenge) -> Sequence[Objection]:
    """Every answer to a refusal of it, newest first."""
    return db.session.scalars(
        select(Objection).where(Objection.challenge_id == challenge.id).order_by(Objection.id.desc())
    ).all()


def get_objection(challenge: Challenge, objection_id: int) -> Objection:
    """An answer to a refusal of this very challenge, or NotFound."""
    found = db.session.get(Objection, objection_id)
    if found is None or found.challenge_id != challenge.id:
        raise NotFound()
    return found


def unanswered_objections() -> Sequence[Objection]:
    """Those the secretariat has not answered, oldest first."""
    return db.session.scalars(
        select(Objection)
        .where(Objection.answered_at.is_(None))
        .options(joinedload(Objection.challenge).joinedload(Challenge.organisation))
        .order_by(Objection.id)
    ).all()
