"""Whole days in the site's zone, as instants."""

from datetime import UTC, date, datetime, time, timedelta

from missions_app import clock
from missions_app.bookings.intervals import Interval


def local_days(first: date, last: date) -> Interval:
    """From the first midnight to the one after the last day."""
    zone, after = clock.zone(), last + timedelta(days=1)
    return Interval(
        datetime.combine(first, time(0), zone).astimezone(UTC), datetime.combine(after, time(0), zone).astimezone(UTC)
    )
