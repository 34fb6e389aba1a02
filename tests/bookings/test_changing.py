"""Another time: what it costs and holds, until when, and what is refused; decisions about the weather follow it."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM
from missions_app.bookings import approval_service, cancel_service, change_service, day_service
from missions_app.bookings.errors import Incomplete, NoSuchStep, NotReserved, OnlyShorter
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState, Reservation, RuleOverride
from missions_app.sites import resource_service
from missions_app.sites.models import Approval
from tests.factories.accounts import actor_of
from tests.factories.bookings import at, between, make_booking
from tests.factories.sites import make_manager, make_resource

pytestmark = pytest.mark.usefixtures("session")
LATER = clock.today() + timedelta(days=17)


def change(line: Line, use: Interval) -> None:
    by = actor_of(line.booking.requested_by)
    change_service.change_time(line, use, by=by, expected_version=line.version)


def move(line: Line, use: Interval, reason: str = "Kranen är på service") -> None:
    manager = actor_of(make_manager(line.resource.site))
    change_service.move_line(line, use, reason=reason, by=manager, expected_version=line.version)


def postpone(booking: Booking, to: date = LATER, reason: str = "Kuling") -> None:
    manager = actor_of(make_manager(booking.lines[0].resource.site))
    change_service.postpone_to_reserve(booking, to, reason=reason, by=manager, expected_version=booking.version)


def held_until(session: Session, line: Line) -> list[object]:
    return list(session.scalars(select(Reservation.expires_at).where(Reservation.active, Reservation.line == line)))


def test_a_price_follows_the_time() -> None:
    line = make_booking(make_resource(price_ore=100_00)).lines[0]
    before = line.price_ore

    change(line, between(8, 10))
    asked = line.price_ore
    line.state = LineState.APPROVED
    move(line, between(13, 16))

    assert (before, asked, line.price_ore) == (400_00, 200_00, 300_00)


def test_what_is_asked_for_anew_is_held_anew_until_the_owners_answer_is_due(session: Session) -> None:
    line = make_booking(make_resource(hold_hours=48), state=LineState.APPROVED).lines[0]
    before = held_until(session, line)

    with clock.fixed(clock.now() + timedelta(days=2)):
        change(line, between(13, 17))
        due = clock.now() + timedelta(hours=48)

    assert before == [None]
    assert (line.state, line.booking.held_until) == (LineState.SUBMITTED, due)
    assert held_until(session, line) == [due]


def test_what_waits_already_does_not_get_less_time_when_another_line_is_asked_for_anew() -> None:
    patient, impatient = make_resource(hold_hours=72), make_resource(hold_hours=2)
    booking = make_booking(patient)
    line = make_booking(impatient, state=LineState.APPROVED).lines[0]
    booking.held_until, line.booking = clock.now() + timedelta(hours=72), booking
    until = booking.held_until

    change(line, between(13, 17))

    assert (line.state, booking.held_until) == (LineState.SUBMITTED, until)


@pytest.mark.parametrize(("use", "broken"), [(between(13, 17), []), (between(13, 18), ["too_long"])])
def test_a_length_that_a_manager_allowed_moves_but_does_not_grow(use: Interval, broken: list[str]) -> None:
    line = make_booking(make_resource(approval=Approval.NONE)).lines[0]
    line.resource.longest_minutes = 60
    allow(line, "too_long")

    assert refused(line, use) == broken


def test_hours_that_a_manager_allowed_are_those_of_one_time() -> None:
    resource = make_resource(approval=Approval.NONE)
    line = make_booking(resource, use=between(8, 12)).lines[0]
    day = clock.day_of(at(8))
    resource_service.set_exception(
        resource, day, day, [(time(13), time(23))], by=SYSTEM, expected_version=resource.version
    )
    allow(line, "closed")

    assert refused(line, between(7, 11)) == ["closed"]
    assert refused(line, between(9, 11)) == []


def allow(line: Line, rule: str) -> None:
    manager = make_manager(line.resource.site)
    db.session.add(
        RuleOverride(line=line, rule=rule, reason="Vi är där ändå", given_at=clock.now(), given_by_id=manager.id)
    )
    db.session.flush()


def refused(line: Line, use: Interval) -> list[str]:
    try:
        change(line, use)
    except Incomplete as refusal:
        return [one.code for one in refusal.problems]
    return []


def test_where_nobody_has_to_say_yes_another_time_is_confirmed_at_once(session: Session) -> None:
    line = make_booking(make_resource(approval=Approval.NONE)).lines[0]

    change(line, between(13, 17))

    assert (line.state, held_until(session, line)) == (LineState.APPROVED, [None])


def test_a_change_of_what_holds_nothing_holds_nothing(session: Session) -> None:
    line = make_booking(make_resource(requests_hold=False)).lines[0]

    change(line, between(13, 17))

    assert (line.starts_at, held_until(session, line)) == (at(13), [])


@pytest.mark.parametrize(
    ("hour", "use", "codes"),
    [(9, between(8, 10), ["in_the_past"]), (7, Interval(at(8), at(9) + timedelta(minutes=10)), ["off_step"]),
     (7, Interval(at(8), at(8) + timedelta(minutes=30)), ["too_short"]), (7, between(9, 11), [])],
)  # fmt: skip
def test_a_shorter_time_keeps_to_step_and_length_and_to_what_has_not_been(
    hour: int, use: Interval, codes: list[str]
) -> None:
    line = make_booking(make_resource(notice_minutes=60 * 24), state=LineState.APPROVED).lines[0]
    found: list[str] = []

    with clock.fixed(at(hour)):
        try:
            change(line, use)
        except Incomplete as refused:
            found = [one.code for one in refused.problems]

    assert found == codes
    assert (line.starts_at == use.start and line.ends_at == use.end) == (codes == [])


def test_a_yes_on_conditions_is_for_its_own_time_only() -> None:
    line = make_booking(state=LineState.CONDITIONAL).lines[0]

    with pytest.raises(OnlyShorter):
        change(line, between(8, 13))
    change(line, between(8, 10))

    assert (line.state, line.ends_at) == (LineState.CONDITIONAL, at(10))


def test_nothing_is_moved_or_postponed_without_a_reason() -> None:
    booking = make_booking(state=LineState.APPROVED, reserve_dates=(LATER.isoformat(),))

    for act in (lambda: move(booking.lines[0], between(13, 17), reason=" "), lambda: postpone(booking, reason=" ")):
        with pytest.raises(Incomplete) as refused:
            act()
        assert [one.field for one in refused.value.problems] == ["reason"]
    assert booking.lines[0].starts_at == at(8)


@pytest.mark.parametrize("state", [LineState.SUBMITTED, LineState.NEEDS_INFO, LineState.CONDITIONAL])
def test_only_what_is_approved_is_postponed_or_said_to_go_ahead(state: LineState) -> None:
    booking = make_booking(state=state, reserve_dates=(LATER.isoformat(),))

    with pytest.raises(NoSuchStep):
        postpone(booking)
    with pytest.raises(NoSuchStep):
        change_service.decide_go(booking, by=actor_of(booking.requested_by))


def test_a_decision_about_the_weather_moves_with_the_booking_and_is_open_again() -> None:
    booking = make_booking(state=LineState.APPROVED, reserve_dates=(LATER.isoformat(),), go_no_go_at=at(14, days=9))
    booking.decided_go_at = clock.now()

    postpone(booking)

    assert (booking.go_no_go_at, booking.decided_go_at) == (at(14, days=16), None)


def test_what_has_begun_and_is_stopped_by_the_weather_has_not_begun_on_its_new_day() -> None:
    booking = make_booking(state=LineState.APPROVED, reserve_dates=(LATER.isoformat(),))
    line, later = booking.lines[0], between(8, 12, days=20)
    with clock.fixed(at(8)):
        by = actor_of(booking.requested_by)
        day_service.check_in(line, people=2, by=by, expected_version=line.version)
    with clock.fixed(at(9)):
        move(line, later)

    assert (line.state, line.checked_in_at, line.starts_at) == (LineState.APPROVED, None, later.start)


def test_a_day_that_was_postponed_from_is_no_reserve_day_any_more() -> None:
    booking = make_booking(state=LineState.APPROVED, reserve_dates=(LATER.isoformat(),))
    postpone(booking)

    with pytest.raises(NotReserved):
        postpone(booking)


def test_a_whole_booking_is_not_cancelled_when_some_of_it_has_begun() -> None:
    booking = make_booking(state=LineState.APPROVED)
    line, by = booking.lines[0], actor_of(booking.requested_by)
    with clock.fixed(at(8)):
        day_service.check_in(line, people=2, by=by, expected_version=line.version)

        with pytest.raises(NoSuchStep):
            cancel_service.cancel_booking(booking, reason="", by=by, expected_version=booking.version)

    assert line.state is LineState.ONGOING


def test_an_owner_who_cancels_late_takes_no_fee() -> None:
    line = make_booking(make_resource(price_ore=100_00, cancel_minutes=24 * 60), state=LineState.APPROVED).lines[0]

    with clock.fixed(line.starts_at - timedelta(hours=2)):
        manager = actor_of(make_manager(line.resource.site))
        cancel_service.cancel_line(line, reason="Hallen har fått en läcka", by=manager, expected_version=line.version)

    assert (line.state, line.fee_ore) == (LineState.CANCELLED, 0)


def test_what_a_late_change_has_bound_is_let_go_when_the_owner_puts_the_rest_off() -> None:
    resource = make_resource(price_ore=100_00, cancel_minutes=24 * 60, notice_minutes=0)
    line = make_booking(resource, state=LineState.APPROVED).lines[0]
    booking, by, manager = line.booking, actor_of(line.booking.requested_by), actor_of(make_manager(resource.site))
    part = between(11, 20)  # an hour of it is kept

    with clock.fixed(at(7)):
        change(line, part)
        approval_service.decide_line(line, LineState.APPROVED, reason="", by=manager, expected_version=line.version)
        before = (line.fee_ore, line.bound_ore)
        change_service.postpone_without_day(booking, reason="Kuling", by=manager, expected_version=booking.version)
        cancel_service.cancel_booking(booking, reason="", by=by, expected_version=booking.version)

    assert before == (300_00, 100_00)
    assert (line.state, line.fee_ore) == (LineState.CANCELLED, 300_00)
