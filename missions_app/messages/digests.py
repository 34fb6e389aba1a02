"""The digest: what has gathered since the last one, in one letter, in the morning; and forgetting old messages."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts.models import UserState
from missions_app.messages.models import Frequency, Message, Preference
from missions_app.outbox.jobs import Handler
from missions_app.outbox.mail import Mail, Renderer, queue_mail

MORNING = 7
MONDAY = 0
KEPT = timedelta(days=365)


def digester(render: Renderer) -> Handler:
    """The worker's handler that looks, every hour, for whom it is time.

    Args:
        render: puts a letter into words; the digest lists their subjects.
    """

    def send_digests(_payload: Mapping[str, Any]) -> None:
        if clock.now().astimezone(clock.zone()).hour < MORNING:
            return
        waiting = select(Preference.id).where(Preference.frequency.in_((Frequency.DAILY, Frequency.WEEKLY)))
        for preference_id in db.session.scalars(waiting.order_by(Preference.id)).all():
            _send_one(preference_id, render)

    return send_digests


def is_due(preference: Preference) -> bool:
    """Once a day, or once a week on Monday or as soon after it as the worker runs."""
    today = clock.today()
    last = clock.day_of(preference.digest_at) if preference.digest_at else None
    if preference.frequency is Frequency.DAILY:
        return last is None or last < today
    monday = today - timedelta(days=today.weekday())
    return today.weekday() == MONDAY and last is None or last is not None and last < monday


def _send_one(preference_id: int, render: Renderer) -> None:
    with db.transaction() as session:
        preference = session.scalars(
            select(Preference).where(Preference.id == preference_id).options(joinedload(Preference.user))
            .with_for_update(of=Preference)
        ).one()  # fmt: skip
        user = preference.user
        if user.state is not UserState.ACTIVE or not is_due(preference):
            return
        gathered = session.scalars(
            select(Message)
            .where(Message.user_id == user.id, Message.sent_at.is_(None), Message.read_at.is_(None))
            .order_by(Message.id)
        ).all()
        preference.digest_at = clock.now()
        if not gathered:
            return
        subjects = [render(Mail(user.email, one.template, user.locale, one.data))[0] for one in gathered]
        for one in gathered:
            one.sent_at = clock.now()
        rows = [{"id": one.id, "subject": subject} for one, subject in zip(gathered, subjects, strict=True)]
        queue_mail(user.email, "digest", locale=user.locale, rows=rows, dedupe_key=f"digest:{user.id}:{clock.today()}")


def forget_old(_payload: Mapping[str, Any]) -> None:
    """Messages are kept for a year."""
    with db.transaction() as session:
        session.execute(delete(Message).where(Message.created_at < clock.now() - KEPT))
