"""Weather: limits, reserve dates, postponing in one step, and what the worker does by itself."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.audit import queries as audit
from missions_app.bookings import (
    approval_service,
    booking_service,
    cancel_service,
    change_service,
    coverage,
    day_service,
    queries,
    reservations,
    safety_service,
    sending,
    sweep_service,
)
from missions_app.bookings.content import BookingContent, LineWish
from missions_app.bookings.errors import Incomplete, NotReserved, PermitsMissing, Taken
from missions_app.bookings.models import Booking, LineState, PermitState, Reservation, ReservationKind
from missions_app.bookings.safety_service import PermitAnswer
from missions_app.errors import NotAllowed
from missions_app.outbox.mail import Mail
from missions_app.outbox.rendering import renderer
from missions_app.sites import weather
from tests.factories.accounts import actor_of
from tests.factories.bookings import SMALL, at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.outbox import all_mail
from tests.factories.series import INSURED
from tests.factories.sites import make_manager, make_resource

pytestmark = pytest.mark.usefixtures("session")


def day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def with_reserves(*, lines: int = 1, **content: Any) -> Booking:
    """An approved booking in ten days with two reserve days a week apart."""
    organisation = make_organisation()
    user = make_member(organisation)
    booking = booking_service.request_booking(
        lines=[LineWish(make_resource(), between(8, 12)) for _one in range(lines)], organisation=organisation,
        content=BookingContent(**(SMALL | {"reserve_dates": (day(17), day(24)), "limits": {"wind": 10}} | content)),
        by=actor_of(user), requested_by=user,
    )  # fmt: skip
    for line in booking.lines:
        manager = actor_of(make_manager(line.resource.site))
        approval_service.decide_line(line, LineState.APPROVED, reason="", by=manager, expected_version=line.version)
    return booking


def held(session: Session, booking: Booking) -> list[tuple[date, ReservationKind]]:
    ids = [line.id for line in booking.lines]
    rows = session.scalars(
        select(Reservation).where(Reservation.active, Reservation.line_id.in_(ids)).order_by(Reservation.starts_at)
    )
    return [(one.starts_at.astimezone(clock.zone()).date(), one.kind) for one in rows]


def postpone(booking: Booking, to: str, reason: str = "Kuling") -> None:
    manager = actor_of(make_manager(booking.lines[-1].resource.site))
    change_service.postpone_to_reserve(
        booking, date.fromisoformat(to), reason=reason, by=manager, expected_version=booking.version
    )


def letters(template: str) -> list[dict[str, Any]]:
    return [one for one in all_mail() if one["template"] == template]


def test_a_whole_bundle_moves_to_its_reserve_day_and_the_later_one_stays_held(session: Session) -> None:
    booking = with_reserves(lines=2)

    postpone(booking, day(17))

    assert [line.starts_at for line in booking.lines] == [at(8, days=17)] * 2
    assert {line.state for line in booking.lines} == {LineState.APPROVED}
    assert sorted(set(held(session, booking))) == [
        (date.fromisoformat(day(17)), ReservationKind.REQUEST),
        (date.fromisoformat(day(24)), ReservationKind.RESERVE),
    ]


def test_the_day_that_is_left_is_free_at_once() -> None:
    booking = with_reserves()

    postpone(booking, day(17))

    assert make_booking(booking.lines[0].resource, use=between(8, 12)).lines[0].state is LineState.SUBMITTED


def test_only_reserve_days_can_be_postponed_to_in_one_step() -> None:
    booking = with_reserves()

    with pytest.raises(NotReserved):
        postpone(booking, day(18))


def postpone_themselves(booking: Booking, to: str) -> None:
    change_service.postpone_to_reserve(
        booking, date.fromisoformat(to), reason="Kuling", by=actor_of(booking.requested_by),
        expected_version=booking.version,
    )  # fmt: skip


def test_those_who_booked_postpone_to_a_day_that_is_held_for_them_and_the_owner_is_told(session: Session) -> None:
    booking = with_reserves(lines=2)
    manager = make_manager(booking.lines[0].resource.site)

    postpone_themselves(booking, day(17))

    assert [line.starts_at for line in booking.lines] == [at(8, days=17)] * 2
    assert {line.state for line in booking.lines} == {LineState.APPROVED}
    assert set(held(session, booking)) == {
        (date.fromisoformat(day(17)), ReservationKind.REQUEST), (date.fromisoformat(day(24)), ReservationKind.RESERVE),
    }  # fmt: skip
    assert manager.email in [one["to"] for one in letters("booking_postponed")]
    moved = [one for one in audit.history_of([booking]) if one.action == "booking.postponed"]
    assert {one.actor_role for one in moved} == {"experiment_lead"}
    assert all(line.fee_ore == 0 for line in booking.lines)


@pytest.mark.parametrize("why", ["decided", "too late", "has begun"])
def test_those_who_booked_no_longer_postpone_what_is_not_held_or_decided_too_late(why: str) -> None:
    booking = with_reserves(go_no_go_at=at(7))
    if why == "decided":
        change_service.decide_go(booking, by=actor_of(booking.requested_by))
    moment, to = {"decided": clock.now(), "too late": at(7), "has begun": at(9)}[why], day(17)

    with clock.fixed(moment), pytest.raises(Incomplete) as refused:
        postpone_themselves(booking, to)
    assert [(one.code, one.field) for one in refused.value.problems] == [("not_theirs_to_postpone", "day")]


def test_those_who_have_no_part_in_a_booking_do_not_postpone_it() -> None:
    booking = with_reserves()
    colleague = make_member(booking.organisation)

    with pytest.raises(NotAllowed):
        change_service.postpone_to_reserve(
            booking, date.fromisoformat(day(17)), reason="Kuling", by=actor_of(colleague),
            expected_version=booking.version,
        )  # fmt: skip


def test_saying_that_it_goes_ahead_frees_the_reserve_days(session: Session) -> None:
    booking = with_reserves()

    change_service.decide_go(booking, by=actor_of(booking.requested_by))

    assert [kind for _day, kind in held(session, booking)] == [ReservationKind.REQUEST]
    assert booking.decided_go_at is not None


def test_the_other_side_is_told_once_that_it_goes_ahead() -> None:
    booking = with_reserves()
    manager = make_manager(booking.lines[0].resource.site)

    for by in (booking.requested_by, manager):
        change_service.decide_go(booking, by=actor_of(by))

    told = {one["to"]: one["data"] for one in letters("booking_goes_ahead")}
    assert booking.requested_by.email not in told
    assert (told[manager.email]["starts_at"], told[manager.email]["has_reserves"]) == (at(8).isoformat(), True)
    assert len(told) == len(letters("booking_goes_ahead"))
    texts = renderer("https://missions.example", "Exempelregion")(
        Mail(manager.email, "booking_goes_ahead", "sv", told[manager.email])
    )
    assert "Reservdagarna är lediga för andra." in texts[1]


def test_a_reserve_day_that_was_given_back_may_be_taken_by_others_meanwhile() -> None:
    booking = with_reserves()
    change_service.decide_go(booking, by=actor_of(booking.requested_by))
    make_booking(booking.lines[0].resource, use=between(8, 12, days=17))

    with pytest.raises(Taken):
        postpone(booking, day(17))


def test_the_last_line_that_checks_in_frees_the_reserve_days(session: Session) -> None:
    booking = with_reserves(lines=2)
    user = actor_of(booking.requested_by)

    with clock.fixed(at(8)):
        day_service.check_in(booking.lines[0], people=2, by=user, expected_version=booking.lines[0].version)
        first = {kind for _day, kind in held(session, booking)}
        day_service.check_in(booking.lines[1], people=2, by=user, expected_version=booking.lines[1].version)

    assert ReservationKind.RESERVE in first
    assert {kind for _day, kind in held(session, booking)} == {ReservationKind.REQUEST}


def test_cancelling_frees_the_reserve_days_too(session: Session) -> None:
    booking = with_reserves()

    cancel_service.cancel_booking(
        booking, reason="", by=actor_of(booking.requested_by), expected_version=booking.version
    )

    assert held(session, booking) == []


def test_everybody_is_asked_once_for_the_decision_on_the_weather() -> None:
    booking = with_reserves(go_no_go_at=at(14, days=9))
    with clock.fixed(at(9, days=9)):
        sweep_service.tend_weather({})
        sweep_service.tend_weather({})

    told = letters("booking_weather")
    assert booking.requested_by.email in {one["to"] for one in told}
    assert len(told) == len({one["to"] for one in told})


def test_the_letter_about_the_weather_names_no_time_that_is_cancelled() -> None:
    organisation = make_organisation()
    user = make_member(organisation)
    booking = booking_service.request_booking(
        lines=[LineWish(make_resource(), between(hour, hour + 2)) for hour in (8, 13)], organisation=organisation,
        content=BookingContent(**(SMALL | {"limits": {"wind": 10}, "go_no_go_at": at(14, days=9)})),
        by=actor_of(user), requested_by=user,
    )  # fmt: skip
    first, second = booking.lines
    approval_service.decide_line(
        second, LineState.APPROVED, reason="", by=actor_of(make_manager(second.resource.site)),
        expected_version=second.version,
    )  # fmt: skip
    cancel_service.cancel_line(first, reason="", by=actor_of(user), expected_version=first.version)

    with clock.fixed(at(9, days=9)):
        sweep_service.tend_weather({})

    assert {one["data"]["starts_at"] for one in letters("booking_weather")} == {at(13).isoformat()}


def test_reserve_days_of_use_that_is_over_are_freed_by_the_worker(session: Session) -> None:
    booking = with_reserves()

    with clock.fixed(at(13)):
        sweep_service.tend_weather({})

    assert [kind for _day, kind in held(session, booking)] == [ReservationKind.REQUEST]


def test_a_moved_booking_names_the_permits_that_no_longer_cover_it() -> None:
    booking = with_reserves(answers={"camera": True})
    row = sweep_service.queries.permits_of(booking)[0]
    first = date.fromisoformat(day(10))
    answer = PermitAnswer(PermitState.GRANTED, valid_from=first, valid_until=first)
    safety_service.set_permit(row, answer, by=actor_of(booking.requested_by), expected_version=row.version)
    before = coverage.uncovered_permits(booking)

    postpone(booking, day(17))

    assert before == []
    assert coverage.uncovered_permits(booking) == [row.permit]
    assert letters("booking_postponed")[0]["data"]["permits"] != []
    with clock.fixed(at(8, days=17)), pytest.raises(PermitsMissing):
        day_service.check_in(
            booking.lines[0], people=2, by=actor_of(booking.requested_by), expected_version=booking.lines[0].version
        )


def test_a_permit_that_runs_out_flags_the_booking_once_for_each_side() -> None:
    booking = with_reserves(answers={"camera": True})
    row = sweep_service.queries.permits_of(booking)[0]
    answer = PermitAnswer(PermitState.GRANTED, valid_from=clock.today(), valid_until=clock.today() + timedelta(days=5))
    safety_service.set_permit(row, answer, by=actor_of(booking.requested_by), expected_version=row.version)

    sweep_service.sweep({})
    sweep_service.sweep({})

    told = letters("booking_undermined")
    assert {booking.requested_by.email} < {one["to"] for one in told}
    assert len(told) == len({one["to"] for one in told})


def test_those_who_have_to_apply_for_a_permit_are_reminded_in_time() -> None:
    booking = with_reserves(answers={"camera": True})

    sweep_service.sweep({})

    assert {one["to"] for one in letters("booking_permit_due")} == {booking.requested_by.email}


def test_the_history_of_a_postponed_booking_holds_both_dates() -> None:
    booking = with_reserves()
    postpone(booking, day(17), reason="Kuling från sydväst")

    told = [one.data for one in audit.history_of([booking], actions=["booking.postponed"])]

    assert [(one["from_start"], one["to_start"], one["reason"]) for one in told] == [
        (at(8).isoformat(), at(8, days=17).isoformat(), "Kuling från sydväst")
    ]


@pytest.mark.parametrize(
    ("limits", "reading", "found"),
    [
        ({"wind": 10}, {"wind": 10}, []),
        ({"wind": 10}, {"wind": 10.1}, ["wind"]),
        ({"visibility": 500}, {"visibility": 400}, ["visibility"]),
        ({"wind": 10}, {"wave": 3}, []),
        ({"air": -5, "water": 2}, {"air": -6, "water": 1}, ["air", "water"]),
    ],
)
def test_a_reading_breaks_the_limits_on_their_wrong_side(
    limits: dict[str, float], reading: dict[str, float], found: list[str]
) -> None:
    assert weather.broken(limits, reading) == found


@pytest.mark.parametrize(("own", "holds"), [({}, 8.0), ({"wind": 6}, 6.0), ({"wave": 0.5}, 8.0)])
def test_the_limits_of_a_place_hold_for_whoever_books(own: dict[str, float], holds: float) -> None:
    booking = make_booking(make_resource(limits={"wind": 8.0}), limits=own)

    assert sending.limits_of(booking)["wind"] == holds


def test_nobody_tests_in_weather_in_which_the_place_stops() -> None:
    with pytest.raises(Incomplete) as refused:
        make_booking(make_resource(limits={"wind": 8.0, "visibility": 500}), limits={"wind": 10, "visibility": 200})

    found = {(one.code, one.field) for one in refused.value.problems}
    assert found == {("limit_too_loose", "limit_wind"), ("limit_too_loose", "limit_visibility")}


def test_a_reserve_day_is_given_up_for_parts_that_come_the_day_after_too(session: Session) -> None:
    organisation = make_organisation()
    user = make_member(organisation)
    booking = booking_service.request_booking(
        lines=[LineWish(make_resource(), between(8, 12, days=days)) for days in (10, 11)], organisation=organisation,
        content=BookingContent(**(SMALL | INSURED | {"reserve_dates": (day(17), day(18))})),
        by=actor_of(user), requested_by=user,
    )  # fmt: skip
    reservations.lock_lines(booking.lines)

    change_service.give_up_reserve_date(booking, day(17))

    first, second = booking.lines
    assert [
        (one.line_id, one.starts_at)
        for one in sorted(queries.held_reserve_dates(booking), key=lambda one: one.starts_at)
    ] == [(first.id, at(8, days=18)), (second.id, at(8, days=19))]
