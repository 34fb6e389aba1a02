"""What becomes of the reserve dates of a booking when one of its lines gets another time."""

from datetime import datetime

import pytest

from missions_app.bookings import booking_service, change_service, queries, reserve_days
from missions_app.bookings.content import BookingContent, LineWish
from missions_app.bookings.errors import Taken
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line
from tests.bookings.test_postponing import day, with_reserves
from tests.factories.accounts import actor_of
from tests.factories.bookings import SMALL, at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.series import INSURED
from tests.factories.sites import make_manager, make_resource

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


def two_days() -> Booking:
    """A booking of two places, the second the day after the first, with one reserve date a week later."""
    organisation = make_organisation()
    user = make_member(organisation)
    return booking_service.request_booking(
        lines=[LineWish(make_resource(), between(8, 12, days=days)) for days in (10, 11)], organisation=organisation,
        content=BookingContent(**(SMALL | INSURED | {"reserve_dates": (day(17),)})),
        by=actor_of(user), requested_by=user,
    )  # fmt: skip


def change(line: Line, use: Interval) -> None:
    by = actor_of(line.booking.requested_by)
    change_service.change_time(line, use, by=by, expected_version=line.version)


def test_the_reserve_days_of_all_lines_follow_when_the_first_comes_on_another_day() -> None:
    booking = two_days()
    first, second = booking.lines

    change(first, between(8, 12, days=9))

    assert held(booking) == [(first.id, at(8, days=17), at(12, days=17)), (second.id, at(8, days=19), at(12, days=19))]
    assert {one.expires_at for one in queries.held_reserve_dates(booking)} == {booking.held_until}
    assert reserve_days.held(booking) == {first.id: [day(17)], second.id: [day(17)]}


def test_nothing_is_changed_when_the_reserve_day_of_another_line_cannot_follow() -> None:
    booking = two_days()
    first, second = booking.lines
    make_booking(second.resource, use=between(8, 12, days=19))

    with pytest.raises(Taken):
        change(first, between(8, 12, days=9))

    assert first.starts_at == at(8)
    assert held(booking) == [(first.id, at(8, days=17), at(12, days=17)), (second.id, at(8, days=18), at(12, days=18))]


def test_the_other_lines_keep_their_reserve_days_when_a_later_one_moves() -> None:
    booking = two_days()
    first, second = booking.lines

    change(second, between(8, 12, days=12))

    assert held(booking) == [(first.id, at(8, days=17), at(12, days=17)), (second.id, at(8, days=19), at(12, days=19))]


def test_what_was_given_back_is_not_held_anew_when_a_line_gets_another_time() -> None:
    booking = with_reserves()
    line = booking.lines[0]
    change_service.decide_go(booking, by=actor_of(booking.requested_by))

    change(line, between(8, 10))

    assert held(booking) == []


def test_a_reserve_day_that_a_booking_was_moved_beyond_is_held_and_offered_no_more() -> None:
    booking = with_reserves()
    line = booking.lines[0]

    move(line, between(8, 12, days=20))

    assert held(booking) == [(line.id, at(8, days=24), at(12, days=24))]
    assert [one.isoformat() for one in change_service.days_open_to_askers(booking)] == [day(24)]
