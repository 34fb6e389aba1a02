"""What becomes of the reserve dates of a booking when one of its lines gets another time."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from missions_app import clock, db
from missions_app.bookings import (
    approval_service,
    booking_service,
    cancel_service,
    change_service,
    day_service,
    queries,
    reserve_days,
    sending,
)
from missions_app.bookings.content import BookingContent, LineWish
from missions_app.bookings.errors import Incomplete, Taken
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState
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


def two_days(**content: Any) -> Booking:
    """A booking of two places, the second the day after the first, with one reserve date a week later."""
    organisation = make_organisation()
    user = make_member(organisation)
    return booking_service.request_booking(
        lines=[LineWish(make_resource(), between(8, 12, days=days)) for days in (10, 11)], organisation=organisation,
        content=BookingContent(**(SMALL | INSURED | {"reserve_dates": (day(17),)} | content)),
        by=actor_of(user), requested_by=user,
    )  # fmt: skip


def change(line: Line, use: Interval) -> None:
    by = actor_of(line.booking.requested_by)
    change_service.change_time(line, use, by=by, expected_version=line.version)


def test_nobody_elses_reserve_day_moves_when_the_first_line_comes_on_another_day() -> None:
    booking = two_days()
    first, second = booking.lines
    make_booking(second.resource, use=between(8, 12, days=19))

    change(first, between(8, 12, days=9))

    assert booking.reserve_dates == [day(16)]
    assert held(booking) == [(first.id, at(8, days=16), at(12, days=16)), (second.id, at(8, days=18), at(12, days=18))]
    assert {one.expires_at for one in queries.held_reserve_dates(booking)} == {booking.held_until}
    assert reserve_days.held(booking) == {first.id: [day(16)], second.id: [day(16)]}


def test_nothing_is_changed_when_the_line_cannot_have_its_reserve_day_with_its_new_time() -> None:
    booking = two_days()
    first, second = booking.lines
    make_booking(first.resource, use=between(8, 12, days=16))

    with pytest.raises(Taken):
        change(first, between(8, 12, days=9))

    assert first.starts_at == at(8)
    assert held(booking) == [(first.id, at(8, days=17), at(12, days=17)), (second.id, at(8, days=18), at(12, days=18))]


@pytest.mark.parametrize("how", ["cancelled", "declined", "expired", "nobody came", "rests", "used"])
def test_the_rest_keeps_its_reserve_day_when_the_first_line_falls_away(how: str) -> None:
    booking = two_days()
    first, second = booking.lines
    manager, asker = actor_of(make_manager(first.resource.site)), actor_of(booking.requested_by)
    begins, asked_about, moved = at(8), day(18), at(8, days=18)
    for line in booking.lines if how not in ("declined", "expired") else [second]:
        approval_service.decide_line(
            line, LineState.APPROVED, reason="", by=actor_of(make_manager(line.resource.site)),
            expected_version=line.version,
        )  # fmt: skip
    if how == "cancelled":
        cancel_service.cancel_line(first, reason="", by=asker, expected_version=first.version)
    elif how == "declined":
        approval_service.decide_line(
            first, LineState.DECLINED, reason="Hallen byggs om.", by=manager, expected_version=first.version
        )
    elif how == "expired":
        assert booking.held_until is not None
        with clock.fixed(booking.held_until):
            cancel_service.expire_holds({})
        db.session.refresh(first)
    elif how == "rests":
        change_service.postpone_without_day(booking, reason="Kuling", by=manager, expected_version=booking.version)
    else:
        with clock.fixed(begins + timedelta(hours=3)):
            if how == "used":
                day_service.check_in(first, people=2, by=asker, expected_version=first.version, at=begins)
                db.session.flush()
                day_service.check_out(first, by=asker, expected_version=first.version)
            else:
                day_service.no_show(first, by=manager, expected_version=first.version)

    # The second would begin on the day that its owner was asked about: the reserve date of what is left.
    assert booking.reserve_dates == [asked_about]
    assert reserve_days.held(booking)[second.id] == [asked_about]
    change_service.postpone_to_reserve(
        booking, date.fromisoformat(asked_about), reason="Kuling", by=actor_of(make_manager(second.resource.site)),
        expected_version=booking.version,
    )  # fmt: skip
    assert (second.starts_at, booking.reserve_dates, held(booking)) == (moved, [], [])


def test_what_is_added_later_takes_no_reserve_day_from_what_is_booked() -> None:
    booking = two_days()
    first, second = booking.lines
    asker = actor_of(booking.requested_by)
    added = booking_service.add_line(
        booking, LineWish(make_resource(), between(8, 12, days=8)), by=asker, expected_version=booking.version
    )
    before = booking.reserve_dates, reserve_days.held(booking)

    booking_service.submit_booking(booking, by=asker, expected_version=booking.version)

    assert before == ([day(17)], {first.id: [day(17)], second.id: [day(17)]})
    assert booking.reserve_dates == [day(15)]
    assert [(line, start) for line, start, _end in held(booking)] == [
        (first.id, at(8, days=17)), (second.id, at(8, days=18)), (added.id, at(8, days=15)),
    ]  # fmt: skip


def asked_again(booking: Booking, *reserves: str) -> None:
    """The first owner asks for more; those who booked choose among the reserve dates, and send it again."""
    first, second = booking.lines
    by, asker = actor_of(make_manager(second.resource.site)), actor_of(booking.requested_by)
    approval_service.decide_line(second, LineState.APPROVED, reason="", by=by, expected_version=second.version)
    approval_service.decide_line(
        first, LineState.NEEDS_INFO, reason="Vilken båt blir det?", by=actor_of(make_manager(first.resource.site)),
        expected_version=first.version,
    )  # fmt: skip
    content = BookingContent(**(SMALL | INSURED | {"reserve_dates": reserves, "weather_limits": "Åska"}))
    booking_service.save_booking(booking, content, by=asker, expected_version=booking.version)
    booking_service.submit_booking(booking, by=asker, expected_version=booking.version)


def test_no_reserve_date_is_added_that_an_owner_has_not_been_asked_about() -> None:
    booking = two_days()

    with pytest.raises(Incomplete) as refused:
        asked_again(booking, day(17), day(24))

    assert [(one.code, one.field) for one in refused.value.problems] == [("reserves_asked", "reserve_dates")]


def test_a_reserve_date_that_was_taken_away_by_mistake_may_be_chosen_again_until_it_is_sent() -> None:
    booking = two_days()
    first, second = booking.lines
    asker, was = actor_of(booking.requested_by), held(booking)
    for line, answer in ((second, LineState.APPROVED), (first, LineState.NEEDS_INFO)):
        approval_service.decide_line(
            line, answer, reason="Vilken båt blir det?", by=actor_of(make_manager(line.resource.site)),
            expected_version=line.version,
        )  # fmt: skip
    for days in ((), (day(17),)):
        offered = reserve_days.to_choose_among(booking, booking_service.UNSENT)
        content = BookingContent(**(SMALL | INSURED | {"reserve_dates": days}))
        booking_service.save_booking(booking, content, by=asker, expected_version=booking.version)

    booking_service.submit_booking(booking, by=asker, expected_version=booking.version)

    assert offered == [day(17)]
    assert (booking.reserve_dates, held(booking)) == ([day(17)], was)


def test_a_request_without_a_reserve_date_to_choose_can_be_sent_again() -> None:
    booking = two_days()
    booking.is_outdoor = True
    with db.transaction():
        change_service.give_up_reserve_date(booking, day(17))

    asked_again(booking)

    assert [line.state for line in booking.lines] == [LineState.SUBMITTED, LineState.APPROVED]
    assert (booking.reserve_dates, held(booking)) == ([], [])


def test_a_reserve_date_that_is_taken_away_is_free_for_others_at_every_owner() -> None:
    booking = two_days()

    asked_again(booking)

    assert held(booking) == []


def test_the_other_lines_keep_their_reserve_days_when_a_later_one_moves() -> None:
    booking = two_days()
    first, second = booking.lines

    change(second, between(8, 12, days=12))

    assert booking.reserve_dates == [day(17)]
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


def test_a_booking_is_postponed_although_a_later_reserve_day_is_others_by_now() -> None:
    booking = with_reserves()
    manager = actor_of(make_manager(booking.lines[0].resource.site))
    change_service.decide_go(booking, by=manager)
    make_booking(booking.lines[0].resource, use=between(8, 12, days=24))

    change_service.postpone_to_reserve(
        booking, date.fromisoformat(day(17)), reason="Kuling", by=manager, expected_version=booking.version
    )

    assert (booking.lines[0].starts_at, held(booking)) == (at(8, days=17), [])
    assert booking.reserve_dates == [day(24)]


def test_a_reserve_day_that_a_longer_booking_takes_itself_is_held_no_more() -> None:
    booking = with_reserves()
    line = booking.lines[0]

    move(line, Interval(at(8, days=16), at(12, days=18)))

    assert held(booking) == [(line.id, at(8, days=24), at(12, days=26))]


def test_the_decision_on_the_weather_stays_with_what_is_not_moved() -> None:
    booking = two_days(go_no_go_at=at(14, days=9))
    second = booking.lines[1]
    for line in booking.lines:
        approval_service.decide_line(
            line, LineState.APPROVED, reason="", by=actor_of(make_manager(line.resource.site)),
            expected_version=line.version,
        )  # fmt: skip

    move(second, between(8, 12, days=20))

    assert booking.go_no_go_at == at(14, days=9)


def test_an_owner_sees_the_reserve_day_of_own_part() -> None:
    booking = two_days()

    assert [[one.isoformat() for one in sending.days_for(line)] for line in booking.lines] == [[day(17)], [day(18)]]


def test_the_decision_on_the_weather_comes_with_another_day_of_all_of_it() -> None:
    booking = with_reserves(go_no_go_at=at(14, days=9))
    change_service.decide_go(booking, by=actor_of(booking.requested_by))

    change(booking.lines[0], between(8, 12, days=12))

    assert (booking.go_no_go_at, booking.decided_go_at) == (at(14, days=11), None)


def test_a_yes_to_what_held_nothing_is_possible_although_a_reserve_day_is_others_by_now() -> None:
    place, organisation = make_resource(requests_hold=False), make_organisation()
    user = make_member(organisation)
    booking = make_booking(place, user=user, organisation=organisation, reserve_dates=(day(17), day(24)))
    line = booking.lines[0]
    other = make_booking(place, use=between(8, 12, days=17)).lines[0]
    for one in (other, line):
        approval_service.decide_line(
            one, LineState.APPROVED, reason="", by=actor_of(make_manager(place.site)), expected_version=one.version
        )

    assert line.state is LineState.APPROVED
    assert reserve_days.held(booking) == {line.id: [day(24)]}
    assert [one.isoformat() for one in change_service.days_open_to_askers(booking)] == [day(24)]
