"""What bookings do when something happens to occupied time."""

from missions_app.accounts.actor import SYSTEM
from missions_app.audit import trail
from missions_app.bookings import letters, queries
from missions_app.bookings.events import HoldsExpired


def on_holds_expired(event: HoldsExpired) -> None:
    """Both sides learn that nobody answered in time."""
    lines = queries.lines_by_id(event.line_ids)
    for booking in {line.booking_id: line.booking for line in lines}.values():
        trail.record("booking.expired", booking, by=SYSTEM)
    letters.tell_expired(lines)
