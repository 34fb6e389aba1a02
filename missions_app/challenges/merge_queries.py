"""Reading what has been brought together."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from missions_app import db
from missions_app.challenges import policy
from missions_app.challenges.models import Challenge, Merge
from missions_app.challenges.queries import whole
from missions_app.workflow.models import Journey


def merge_of(challenge: Challenge) -> Merge | None:
    """How the challenge is part of another one now, if it is."""
    return db.session.scalars(
        select(Merge)
        .where(Merge.challenge_id == challenge.id, Merge.split_at.is_(None))
        .options(joinedload(Merge.into).joinedload(Challenge.journey).joinedload(Journey.method_version))
    ).first()


def parts_of(challenge: Challenge) -> Sequence[Merge]:
    """What has been brought together into the challenge and is still part of it, in order."""
    return db.session.scalars(
        select(Merge)
        .where(Merge.into_id == challenge.id, Merge.split_at.is_(None))
        .options(joinedload(Merge.challenge).joinedload(Challenge.organisation))
        .order_by(Merge.id)
    ).all()


def mergeable_with(challenge: Challenge) -> Sequence[Challenge]:
    """Submitted challenges under way that it could be brought together with, newest first. For the secretariat."""
    rows = db.session.scalars(
        whole()
        .join(Challenge.journey)
        .where(Challenge.submitted_at.is_not(None), Challenge.id != challenge.id)
        .order_by(Challenge.id.desc())
    )
    return [one for one in rows if policy.may_take_in(one)]
