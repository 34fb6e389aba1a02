"""Telling those who follow a challenge by e-mail. Only what everybody may know is ever told."""

from typing import Any

from sqlalchemy import or_, select

from missions_app import db
from missions_app.challenges.models import Challenge, Follower, Merge
from missions_app.outbox.mail import queue_mail


def followers_of(challenge: Challenge) -> list[Follower]:
    """Confirmed followers of it, and of the challenges that are part of it now: each address once."""
    parts = select(Merge.challenge_id).where(Merge.into_id == challenge.id, Merge.split_at.is_(None))
    found = db.session.scalars(
        select(Follower)
        .where(
            or_(Follower.challenge_id == challenge.id, Follower.challenge_id.in_(parts)),
            Follower.confirmed_at.is_not(None),
        )
        .order_by(Follower.id)
    ).all()
    return list({one.email: one for one in found}.values())


def tell(challenge: Challenge, template: str, *, dedupe: str = "", **data: Any) -> None:
    """Queue one letter to each follower, with its own way out."""
    for one in followers_of(challenge):
        queue_mail(
            one.email, template, locale=one.locale, dedupe_key=f"{dedupe}:{one.id}" if dedupe else None,
            reference=challenge.reference, title=challenge.title, leave=f"/challenges/unfollow/{one.leave_key}", **data,
        )  # fmt: skip
