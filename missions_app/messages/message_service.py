"""One's own messages and how one wants to be told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.audit import trail
from missions_app.errors import NotAllowed
from missions_app.messages import queries
from missions_app.messages.models import Frequency, Message, Preference


@dataclass(frozen=True, slots=True)
class Wanted:
    """How often letters come by e-mail, and whether one is reminded of what has a day."""

    frequency: Frequency
    reminders: bool


def choose(wanted: Wanted, *, by: Actor, expected_version: int | None = None) -> Preference:
    """Choose how to be told. Decisions and receipts come at once whatever is chosen.

    Raises:
        NotAllowed: a visitor has no letters. StaleVersion.
    """
    if by.user_id is None:
        raise NotAllowed()
    with db.transaction() as session:
        preference = queries.preference_of(by.user_id)
        if preference is None:
            preference = Preference(user_id=by.user_id)
            session.add(preference)
        else:
            db.expect_version(preference, expected_version)
        preference.frequency, preference.reminders = wanted.frequency, wanted.reminders
        trail.record("messages.chosen", preference, by=by, frequency=wanted.frequency.value)
        return preference


def mark_read(message: Message) -> None:
    """Its reader has opened it."""
    if message.read_at is None:
        with db.transaction():
            message.read_at = clock.now()


def mark_all_read(*, by: Actor, until: datetime) -> None:
    """Everything that was there when the list was shown."""
    with db.transaction() as session:
        session.execute(
            update(Message)
            .where(Message.user_id == by.user_id, Message.read_at.is_(None), Message.created_at <= until)
            .values(read_at=clock.now())
        )
