"""The thread of messages between those who book and the owners."""

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.bookings import letters, policy
from missions_app.bookings.models import Booking
from missions_app.comments import comment_service
from missions_app.comments.models import Comment, Visibility
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_


def write_message(booking: Booking, *, text: str, by: Actor) -> Comment:
    """Say something to everybody who takes part; they get it by mail too.

    Raises:
        CircleNotYours (the writer takes no part), InvalidInput (nothing is said).
    """
    if not text.strip():
        raise InvalidInput.of([Problem("missing", N_("Write a message first."), "text")])
    allowed = [Visibility.AUTHORS] if policy.takes_part_in(by, booking) else []
    with db.transaction():
        comment = comment_service.write_comment(
            booking, visibility=Visibility.AUTHORS, text=text, allowed=allowed, by=by
        )
        letters.tell_message(booking, text.strip(), by_id=by.user_id, name=by.name)
        return comment
