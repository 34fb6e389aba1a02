"""Whether a booking's permits and insurance cover its whole time."""

from collections.abc import Sequence
from datetime import date

from missions_app import clock
from missions_app.bookings import permits, queries, states
from missions_app.bookings.models import Booking, BookingPermit


def period_of(booking: Booking) -> tuple[date, date] | None:
    """The first and last local day of what is left of a booking; None when nothing is."""
    live = [line for line in booking.lines if line.state not in states.OVER]
    if not live:
        return None
    zone = clock.zone()
    return (
        min(line.starts_at for line in live).astimezone(zone).date(),
        max(line.ends_at for line in live).astimezone(zone).date(),
    )


def uncovered_permits(booking: Booking, there: Sequence[BookingPermit] | None = None) -> list[str]:
    """The permits of a booking that do not cover the whole of its time, by the method's keys.

    Args:
        there: its permits, where somebody has read them already.
    """
    period = period_of(booking)
    if period is None:
        return []
    return [
        one.permit
        for one in (queries.permits_of(booking) if there is None else there)
        if not permits.covers(one.state.value, one.valid_from, one.valid_until, one.reason, *period)
    ]


def is_insured(booking: Booking) -> bool:
    """Whether the insurance holds on the last day; a booking that gives none (a small test) lacks nothing."""
    period = period_of(booking)
    return period is None or booking.insurance_valid_to is None or booking.insurance_valid_to >= period[1]
