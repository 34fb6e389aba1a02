"""Delivering a letter: a copy on the platform first, then by e-mail at once or with the digest, as the reader wants."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.models import User, UserState
from missions_app.messages import kinds
from missions_app.messages.models import Frequency, Message, Preference
from missions_app.outbox.jobs import Handler


def deliverer(send: Handler) -> Handler:
    """The worker's handler for letters.

    Args:
        send: hands a letter to the mail server, or raises; then all is tried again and nothing is kept twice.
    """

    def deliver(payload: Mapping[str, Any]) -> None:
        if kinds.is_account(payload["template"], payload["data"]):
            send(payload)
            return
        kept = _keep(payload)
        if kept is None:
            send(payload)
            return
        message_id, at_once = kept
        if at_once:
            send(payload)
            with db.transaction() as session:
                session.get_one(Message, message_id).sent_at = clock.now()

    return deliver


def _keep(payload: Mapping[str, Any]) -> tuple[int, bool] | None:
    """(the copy, whether it goes by e-mail now); None when the address is nobody's account."""
    with db.transaction() as session:
        found = session.execute(
            select(User, Preference.frequency)
            .outerjoin(Preference, Preference.user_id == User.id)
            .where(User.email == payload["to"], User.state == UserState.ACTIVE)
        ).first()
        if found is None:
            return None
        user, wanted = found
        template, key = payload["template"], payload.get("key")
        message = session.scalars(select(Message).where(Message.key == key)).first() if key else None
        if message is None:
            message = Message(
                user=user, template=template, data=dict(payload["data"]), is_statutory=template in kinds.STATUTORY,
                created_at=clock.now(), key=key,
            )  # fmt: skip
            session.add(message)
            session.flush()
        return message.id, message.sent_at is None and kinds.goes_at_once(template, wanted or Frequency.AT_ONCE)
