"""One's own messages."""

from missions_app import clock, db
from missions_app.messages.models import Message
from tests.architecture.object_pages import Arranged, ObjectPage
from tests.factories.accounts import make_user


def told() -> Arranged:
    """Somebody who has been told that a coordinator was appointed."""
    user = make_user()
    data = {"mission": "M-2026-001", "title_sv": "Torr gata", "title_en": "Dry street"}
    with db.transaction() as session:
        message = Message(
            user=user, template="coordinator_appointed", data=data, is_statutory=False, created_at=clock.now()
        )
        session.add(message)
    return Arranged({"message_id": message.id}, user)


PAGES = [ObjectPage("messages.show_message", told), ObjectPage("api_messages.show_message", told)]
