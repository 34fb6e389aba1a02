"""The nights on which the clocks change: a local time that is not there, or comes twice, is never guessed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import booking_service, reserve_days, sending
from missions_app.bookings.errors import ClocksChange, Incomplete
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, LineState
from tests.factories.accounts import actor_of
from tests.factories.bookings import make_booking

# The night before each change, from half past two to half past three, in UTC.
SPRING = Interval(datetime(2027, 3, 27, 1, 30, tzinfo=UTC), datetime(2027, 3, 27, 2, 30, tzinfo=UTC))
AUTUMN = Interval(datetime(2027, 10, 30, 0, 30, tzinfo=UTC), datetime(2027, 10, 30, 1, 30, tzinfo=UTC))
CHANGES = [(SPRING, "2027-03-28", "2027-03-29"), (AUTUMN, "2027-10-31", "2027-11-01")]
nights = pytest.mark.parametrize(("use", "changed", "after"), CHANGES, ids=["spring", "autumn"])


@pytest.fixture(autouse=True)
def winter(session: Session) -> Iterator[None]:
    """Long before both."""
    with clock.fixed(datetime(2027, 1, 15, 9, tzinfo=UTC)):
        yield


def draft(use: Interval, **content: object) -> Booking:
    return make_booking(use=use, state=LineState.DRAFT, **content)  # type: ignore[arg-type]


@nights
def test_a_night_whose_times_are_not_there_is_no_reserve_date(use: Interval, changed: str, after: str) -> None:
    days = [one.isoformat() for one in reserve_days.suggested(draft(use))]

    assert changed not in days
    assert days[0] == after


@nights
def test_a_reserve_date_that_night_is_refused_at_the_dates(use: Interval, changed: str, after: str) -> None:
    booking = draft(use, reserve_dates=(changed, after))

    with pytest.raises(Incomplete) as refused:
        booking_service.submit_booking(booking, by=actor_of(booking.requested_by), expected_version=booking.version)

    assert [(one.code, one.field) for one in refused.value.problems] == [("clocks_change", "reserve_dates")]


@nights
def test_a_copy_onto_that_night_is_refused_and_onto_the_next_is_not(use: Interval, changed: str, after: str) -> None:
    booking = draft(use)
    by = actor_of(booking.requested_by)

    with pytest.raises(ClocksChange):
        booking_service.copy_booking(booking, first_start_day_shift=1, by=by)

    copy = booking_service.copy_booking(booking, first_start_day_shift=2, by=by)
    local = copy.lines[0].starts_at.astimezone(clock.zone())
    assert (local.date(), local.hour, local.minute) == (date.fromisoformat(after), 2, 30)


@nights
def test_a_decision_about_the_weather_that_night_is_as_long_before(use: Interval, changed: str, after: str) -> None:
    local = sending.decided_later(use.start, 1)

    assert (local - use.start).total_seconds() == 24 * 3600
