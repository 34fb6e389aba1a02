"""What becomes of the reserve dates of a booking when one of its lines gets another time."""

from datetime import datetime

import pytest

from missions_app.bookings import change_service, queries
from missions_app.bookings.errors import Taken
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line
from tests.bookings.test_postponing import with_reserves
from tests.factories.accounts import actor_of
from tests.factories.bookings import at, between, make_booking
from tests.factories.sites import make_manager

pytestmark = pytest.mark.usefixtures("session")


def held(booking: Booking) -> list[tuple[int, datetime, datetime]]:
    """(line, start, end) of the reserve dates that are held, by line and start."""
    return sorted((one.line_id or 0, one.starts_at, one.ends_at) for one in queries.held_reserve_dates(booking))


def move(line: Line, use: Interval) -> None:
    manager = actor_of(make_manager(line.resource.site))
    change_service.move_line(line, use, reason="Kranen är på service", by=manager, expected_version=line.version)


def test_a_line_that_its_owner_moves_keeps_its_reserve_days_with_its_new_hours() -> None:
    booking = with_reserves()
    line = booking.lines[0]

    move(line, between(13, 16))

    assert held(booking) == [(line.id, at(13, days=days), at(16, days=days)) for days in (17, 24)]


def test_an_owner_is_told_when_a_reserve_day_is_not_free_at_the_new_hours() -> None:
    booking = with_reserves()
    line = booking.lines[0]
    make_booking(line.resource, use=between(13, 16, days=17))

    with pytest.raises(Taken):
        move(line, between(13, 16))

    assert line.starts_at == at(8)
    assert held(booking) == [(line.id, at(8, days=days), at(12, days=days)) for days in (17, 24)]
