"""What somebody's own requests wait for them to do: choose in place of what was refused, send what was added, tick off
what the owner asked for."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from missions_app import db
from missions_app.bookings import queries, states
from missions_app.bookings.models import Booking, Line, LineState

# After that a booking with a refused part has been gone on with as it is.
REMEMBERED = timedelta(days=7)
KEPT = (LineState.SUBMITTED, LineState.NEEDS_INFO, LineState.CONDITIONAL, LineState.APPROVED)


def open_bookings(user_id: int, now: datetime) -> Sequence[Booking]:
    """A user's bookings of which a part is kept for them and to come, while another part was refused or is not sent."""
    lacking = (LineState.DECLINED, LineState.EXPIRED, LineState.DRAFT)
    return db.session.scalars(
        select(Booking)
        .where(
            queries.is_mine(user_id),
            Booking.lines.any(Line.state.in_(KEPT) & (Line.starts_at > now)),
            Booking.lines.any(Line.state.in_(lacking)),
        )
        .options(selectinload(Booking.lines).joinedload(Line.resource))
        .order_by(Booking.id)
    ).all()


def refused(booking: Booking, now: datetime) -> Line | None:
    """The first refused part that nothing stands in for, for a week or while another part waits for its answer."""
    waits = any(line.state in KEPT and line.state is not LineState.APPROVED for line in booking.lines)
    for line in states.gaps(booking.lines):
        ended = line.decided_at or line.changed_at
        if waits or (ended is not None and now < ended + REMEMBERED):
            return line
    return None


def unsent(booking: Booking) -> Line | None:
    """The first part that was added after the rest was sent."""
    return next((line for line in booking.lines if line.state is LineState.DRAFT), None)


def lines_with_conditions(user_id: int, now: datetime) -> list[Line]:
    """A user's lines with conditions left to tick off before the owner confirms, by start."""
    rows = db.session.scalars(
        select(Line)
        .join(Booking, Booking.id == Line.booking_id)
        .where(
            queries.is_mine(user_id), Line.state == LineState.CONDITIONAL, Line.ends_at > now,
            Line.id.in_(queries.UNMET),
        )
        .options(joinedload(Line.booking), joinedload(Line.resource))
        .order_by(Line.starts_at, Line.id)
    )  # fmt: skip
    return list(rows)
