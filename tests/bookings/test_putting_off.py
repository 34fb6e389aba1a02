"""Postponed without a new day, and the lines that wait for an answer or a condition while the rest moves."""

from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.bookings import (
    approval_service,
    booking_service,
    calendar,
    cancel_service,
    change_service,
    coverage,
    queries,
    reservations,
    sweep_service,
    tasks,
)
from missions_app.bookings.approval_service import Asked
from missions_app.bookings.content import BookingContent, LineWish
from missions_app.bookings.errors import Incomplete, NoSuchStep
from missions_app.bookings.models import Booking, ConditionDue, LineState, Reservation, ReservationKind
from missions_app.errors import NotAllowed
from tests.factories.accounts import actor_of
from tests.factories.bookings import SMALL, at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.outbox import all_mail
from tests.factories.sites import make_manager, make_resource

pytestmark = pytest.mark.usefixtures("session")

A_MONTH = 60 * 24 * 30
ON_CONDITION = (Asked("Kalibrera givarna", ConditionDue.BEFORE),)


def day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def bundle(*states: LineState, **content: Any) -> tuple[Booking, list[Actor]]:
    """One request over as many owners as states, with a reserve day; and the owners' managers."""
    organisation = make_organisation()
    user = make_member(organisation)
    booking = booking_service.request_booking(
        lines=[LineWish(make_resource(cancel_minutes=A_MONTH, price_ore=10000), between(8, 12)) for _one in states],
        organisation=organisation, by=actor_of(user), requested_by=user,
        content=BookingContent(**(SMALL | {"reserve_dates": (day(17),)} | content)),
    )  # fmt: skip
    managers = [actor_of(make_manager(line.resource.site)) for line in booking.lines]
    for line, state, manager in zip(booking.lines, states, managers, strict=True):
        if state is not LineState.SUBMITTED:
            approval_service.decide_line(
                line, state, reason="", by=manager, expected_version=line.version,
                conditions=ON_CONDITION if state is LineState.CONDITIONAL else (),
            )  # fmt: skip
    return booking, managers


def held(session: Session, booking: Booking) -> list[tuple[date, ReservationKind]]:
    ids = [line.id for line in booking.lines]
    rows = session.scalars(
        select(Reservation).where(Reservation.active, Reservation.line_id.in_(ids)).order_by(Reservation.starts_at)
    )
    return [(one.starts_at.astimezone(clock.zone()).date(), one.kind) for one in rows]


def put_off(booking: Booking, by: Actor, reason: str = "Det blåser hela veckan.") -> None:
    change_service.postpone_without_day(booking, reason=reason, by=by, expected_version=booking.version)


def test_what_rests_holds_no_time_and_is_no_longer_in_anybodys_calendar(session: Session) -> None:
    booking, [manager] = bundle(LineState.APPROVED, go_no_go_at=at(14, days=9))

    put_off(booking, manager)

    assert booking.lines[0].state is LineState.POSTPONED
    assert held(session, booking) == []
    assert (booking.reserve_dates, booking.go_no_go_at) == ([], None)
    assert coverage.period_of(booking) is None
    [event] = icalendar.Calendar.from_ical(calendar.booking_ics(booking)).walk("VEVENT")
    assert event["STATUS"] == "CANCELLED"
    again = make_booking(booking.lines[0].resource, use=between(8, 12))
    assert again.lines[0].state is LineState.SUBMITTED


def test_both_sides_are_told_and_the_owner_has_a_new_day_to_give() -> None:
    booking, [manager] = bundle(LineState.APPROVED)
    other = make_manager(booking.lines[0].resource.site)

    put_off(booking, manager)

    told = {one["to"]: one["data"]["reason"] for one in all_mail() if one["template"] == "booking_put_off"}
    assert told == {booking.requested_by.email: "Det blåser hela veckan.", other.email: "Det blåser hela veckan."}
    assert [one.title for one in tasks.tasks_for(manager)] == ["Give %(resource)s (%(reference)s) a new day"]


def test_the_owner_gives_it_another_day_in_one_step(session: Session) -> None:
    booking, [manager] = bundle(LineState.APPROVED)
    put_off(booking, manager)
    line = booking.lines[0]

    change_service.move_line(
        line, between(9, 13, days=40), reason="Vinden har lagt sig.", by=manager, expected_version=line.version
    )

    assert (line.state, line.starts_at) == (LineState.APPROVED, at(9, days=40))
    assert held(session, booking) == [(date.fromisoformat(day(40)), ReservationKind.REQUEST)]


def test_cancelling_what_rests_is_never_late() -> None:
    booking, [manager] = bundle(LineState.APPROVED)
    put_off(booking, manager)

    cancel_service.cancel_booking(
        booking, reason="Vi hinner inte i år.", by=actor_of(booking.requested_by), expected_version=booking.version
    )

    assert (booking.lines[0].state, booking.lines[0].fee_ore) == (LineState.CANCELLED, 0)


def test_each_owner_lets_own_parts_rest_and_the_others_keep_their_time(session: Session) -> None:
    booking, managers = bundle(LineState.APPROVED, LineState.APPROVED)

    put_off(booking, managers[0])

    assert [line.state for line in booking.lines] == [LineState.POSTPONED, LineState.APPROVED]
    assert booking.reserve_dates == [day(17)]
    assert {kind for _day, kind in held(session, booking)} == {ReservationKind.REQUEST, ReservationKind.RESERVE}
    with pytest.raises(NoSuchStep):
        put_off(booking, managers[0])


def test_those_who_booked_do_not_let_it_rest_and_nobody_does_without_a_reason() -> None:
    booking, [manager] = bundle(LineState.APPROVED)

    with pytest.raises(NotAllowed):
        put_off(booking, actor_of(booking.requested_by))
    with pytest.raises(Incomplete):
        put_off(booking, manager, reason=" ")
    assert booking.lines[0].state is LineState.APPROVED


def test_lines_that_wait_move_with_the_rest_and_go_on_waiting(session: Session) -> None:
    booking, managers = bundle(LineState.APPROVED, LineState.CONDITIONAL, LineState.SUBMITTED)

    change_service.postpone_to_reserve(
        booking, date.fromisoformat(day(17)), reason="Kuling", by=managers[0], expected_version=booking.version
    )

    assert [line.state for line in booking.lines] == [LineState.APPROVED, LineState.CONDITIONAL, LineState.SUBMITTED]
    assert {line.starts_at for line in booking.lines} == {at(8, days=17)}
    until = {one.line_id: one.expires_at for one in session.scalars(select(Reservation).where(Reservation.active))}
    assert [until[line.id] for line in booking.lines] == [None, at(8, days=17), booking.held_until]


def test_a_yes_on_conditions_that_is_made_shorter_is_kept_until_the_use_begins() -> None:
    booking, [manager] = bundle(LineState.CONDITIONAL, reserve_dates=())
    line, held_until, shorter = booking.lines[0], booking.held_until, between(9, 12)
    assert held_until is not None
    with clock.fixed(held_until + timedelta(hours=1)):
        change_service.change_time(line, shorter, by=actor_of(booking.requested_by), expected_version=line.version)
        reservations.release_all_expired(reservations.unit_ids_of(line.resource))

        assert line.state is LineState.CONDITIONAL
        assert [one.title for one in tasks.tasks_for(manager)] == []


def test_an_answer_is_due_when_the_hold_ends_not_when_the_use_begins() -> None:
    booking, [manager] = bundle(LineState.SUBMITTED)

    [task] = tasks.tasks_for(manager)

    assert booking.held_until is not None
    assert task.due == clock.day_of(booking.held_until) < clock.day_of(booking.lines[0].starts_at)


def test_an_owner_confirms_when_every_condition_is_ticked_off() -> None:
    booking, [manager] = bundle(LineState.CONDITIONAL)
    [condition] = approval_service.queries.conditions_of(booking.lines[0])
    before = tasks.tasks_for(manager)

    approval_service.tick_condition(condition, by=actor_of(booking.requested_by), expected_version=condition.version)

    assert before == []
    assert [one.title for one in tasks.tasks_for(manager)] == ["Confirm %(resource)s (%(reference)s)"]


def test_a_time_that_it_has_already_moves_nothing() -> None:
    booking, [manager] = bundle(LineState.APPROVED)
    line = booking.lines[0]

    with pytest.raises(Incomplete) as refused:
        change_service.move_line(line, between(8, 12), reason="Kuling", by=manager, expected_version=line.version)

    assert [one.code for one in refused.value.problems] == ["same_time"]
    assert [one for one in all_mail() if one["template"] == "booking_postponed"] == []


def test_a_reserve_date_that_has_been_is_no_day_to_postpone_to() -> None:
    booking, _managers = bundle(LineState.APPROVED, reserve_dates=(day(17), day(24)))
    [late] = [date.fromisoformat(day(24))]

    with clock.fixed(at(9, days=18)):
        assert change_service.days_left(booking) == [late]


def test_an_owner_who_said_no_hears_no_more_of_the_weather() -> None:
    booking, [manager, other] = bundle(LineState.APPROVED, LineState.SUBMITTED, go_no_go_at=at(14, days=9))
    line, declined = booking.lines[1], make_manager(booking.lines[1].resource.site)
    approval_service.decide_line(
        line, LineState.DECLINED, reason="Hallen byggs om.", by=other, expected_version=line.version
    )
    with clock.fixed(at(9, days=9)):
        sweep_service.tend_weather({})
    put_off(booking, manager)

    told = {one["to"] for one in all_mail() if one["template"] in ("booking_weather", "booking_put_off")}
    assert (booking.requested_by.email in told, declined.email in told) == (True, False)


def test_an_owner_who_said_no_decides_no_day_for_the_others() -> None:
    booking, [_manager, other] = bundle(LineState.APPROVED, LineState.SUBMITTED)
    line = booking.lines[1]
    approval_service.decide_line(
        line, LineState.DECLINED, reason="Hallen byggs om.", by=other, expected_version=line.version
    )

    with pytest.raises(NotAllowed):
        change_service.decide_go(booking, by=other)
    with pytest.raises(NotAllowed):
        change_service.postpone_to_reserve(
            booking, date.fromisoformat(day(17)), reason="Kuling", by=other, expected_version=booking.version
        )


def test_what_rests_and_has_no_day_left_is_still_to_come() -> None:
    booking, [manager] = bundle(LineState.APPROVED)
    put_off(booking, manager)

    with clock.fixed(at(9, days=30)):
        assert queries.lines_to_come(clock.now()) == booking.lines
