"""Series of bookings for tests."""

from datetime import date, time, timedelta
from typing import Any

from missions_app import clock
from missions_app.accounts.models import User
from missions_app.bookings import series_service
from missions_app.bookings.models import Line, LineState, Series
from missions_app.bookings.recurrence import Every, Pattern
from missions_app.sites.models import Resource
from tests.factories.accounts import actor_of
from tests.factories.bookings import make_booking

INSURED: dict[str, Any] = {"insurance_reference": "Exempel 1", "insurance_valid_to": date(2035, 1, 1)}


def weekly(count: int = 3, *, starts: int = 9, ends: int = 11, days: int = 10, **more: Any) -> Pattern:
    """So many weeks in a row from so many days ahead."""
    values = {"first_day": clock.today() + timedelta(days=days), "every": Every.WEEK, "count": count} | more
    return Pattern(starts=time(starts), ends=time(ends), **values)


def make_draft(resource: Resource | None = None, **content: Any) -> Line:
    """The line of a request that says all that a series needs and has not been sent."""
    return make_booking(resource, state=LineState.DRAFT, **(INSURED | content)).lines[0]


def make_series(resource: Resource | None = None, pattern: Pattern | None = None, **content: Any) -> Series:
    """A series that has been sent."""
    line = make_draft(resource, **content)
    return series_service.book_series(
        line, pattern or weekly(), by=actor_of(line.booking.requested_by), expected_version=line.booking.version
    )


def asker_of(series: Series) -> User:
    """Whoever asked for it."""
    return series.booking.requested_by
