"""Reading messages: always one person's own."""

from sqlalchemy import Select, func, select

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.errors import NotFound
from missions_app.messages.models import Message, Preference


def messages_of(actor: Actor) -> Select[Message]:
    """The reader's messages, newest first, for a paged list."""
    return select(Message).where(Message.user_id == actor.user_id).order_by(Message.id.desc())


def get_message(message_id: int, actor: Actor) -> Message:
    """One of the reader's own messages, or NotFound."""
    found = db.session.get(Message, message_id)
    if found is None or found.user_id != actor.user_id:
        raise NotFound()
    return found


def unread(actor: Actor) -> int:
    """How many of the reader's messages are unread."""
    query = select(func.count(Message.id)).where(Message.user_id == actor.user_id, Message.read_at.is_(None))
    return db.session.scalar(query) or 0


def preference_of(user_id: int) -> Preference | None:
    """What a person has chosen; None when nothing."""
    return db.session.scalars(select(Preference).where(Preference.user_id == user_id)).first()
