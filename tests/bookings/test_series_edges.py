"""Series: what has begun is never touched, every date is like the first, and changes are told, priced, asked anew."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import (
    booking_service,
    change_service,
    consents,
    day_service,
    sending,
    series_queries,
    series_service,
)
from missions_app.bookings.content import LineWish
from missions_app.bookings.errors import NoSuchStep
from missions_app.bookings.models import Line, LineState, Reservation, Series
from missions_app.bookings.recurrence import Answer
from missions_app.bookings.series_check import Choice, OnConflict
from missions_app.bookings.series_service import Scope
from missions_app.errors import StaleVersion
from missions_app.sites.models import Approval
from tests.factories.accounts import actor_of
from tests.factories.bookings import make_booking
from tests.factories.outbox import queued_mail
from tests.factories.series import asker_of, make_draft, make_series, weekly
from tests.factories.sites import make_manager, make_resource

pytestmark = pytest.mark.usefixtures("session")


def lines_of(series: Series) -> list[Line]:
    return list(series_queries.lines_of(series))


def change(
    series: Series, at: str = "", scope: Scope = Scope.ALL, starts: int = 13, ends: int = 15, **more: object
) -> Series:
    return series_service.change_series(
        series, at, scope, starts=time(starts), ends=time(ends), by=actor_of(asker_of(series)),
        expected_version=more.pop("version", series.version), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def answer(series: Series, to: LineState = LineState.APPROVED) -> int:
    manager = actor_of(make_manager(series.resource.site))
    return series_service.decide_series(
        series, to, reason="Så blir det den här gången.", by=manager, expected_version=series.version
    )


def test_every_date_has_as_many_units_as_much_time_around_it_and_its_price() -> None:
    resource = make_resource(pool_size=3, price_ore=100_00)
    line = make_draft(resource)
    wish = LineWish(resource, sending.use_of(line), 2, extra_setup_minutes=30, extra_cleanup_minutes=60)
    by = actor_of(line.booking.requested_by)
    booking_service.change_draft_line(line, wish, by=by, expected_version=line.version)

    series = series_service.book_series(line, weekly(3), by=by, expected_version=line.booking.version)

    assert {
        (one.units_wanted, one.extra_setup_minutes, one.extra_cleanup_minutes, one.price_ore)
        for one in lines_of(series)
    } == {(2, 30, 60, 2 * 2 * 100_00)}


def test_a_line_becomes_a_series_once() -> None:
    line = make_draft()
    by = actor_of(line.booking.requested_by)
    series_service.book_series(line, weekly(2), by=by, expected_version=line.booking.version)

    with pytest.raises(NoSuchStep):
        series_service.book_series(line, weekly(2), by=by, expected_version=line.booking.version)


def test_the_owner_answers_what_has_not_begun() -> None:
    series = make_series(make_resource(hold_hours=1000), pattern=weekly(3))
    first, *rest = lines_of(series)

    with clock.fixed(first.starts_at):
        number = answer(series)

    assert number == 2
    assert [first.state, *(one.state for one in rest)] == [LineState.SUBMITTED] + [LineState.APPROVED] * 2


def test_a_date_that_is_cancelled_is_touched_no_more() -> None:
    series = make_series(pattern=weekly(3))
    by, at = actor_of(asker_of(series)), lines_of(series)[0].occurs_on or ""
    series_service.cancel_dates(series, at, Scope.THIS, reason="", by=by, expected_version=series.version)
    gone = lines_of(series)[0]
    was = gone.starts_at

    later = change(series)

    assert (gone.state, gone.starts_at) == (LineState.CANCELLED, was)
    assert [one.state for one in lines_of(later) if one is not gone] == [LineState.SUBMITTED] * 2


def test_what_is_in_use_keeps_its_time_when_the_rest_is_changed() -> None:
    series = make_series(pattern=weekly(2))
    answer(series)
    first, second = lines_of(series)
    with clock.fixed(first.starts_at - timedelta(hours=1)):
        day_service.check_in(first, people=2, by=actor_of(asker_of(series)), expected_version=first.version)
        change(series)

    assert [one.starts_at.astimezone(clock.zone()).hour for one in (first, second)] == [9, 13]
    assert first.state is LineState.ONGOING


@pytest.mark.parametrize("act", ["change", "cancel", "answer"])
def test_whoever_saw_the_series_before_it_was_changed_is_told(act: str) -> None:
    series = make_series(pattern=weekly(4))
    seen, at = series.version, lines_of(series)[3].occurs_on or ""
    by, manager = actor_of(asker_of(series)), actor_of(make_manager(series.resource.site))
    if act == "change":
        change(series, at, Scope.THIS)
    elif act == "cancel":
        series_service.cancel_dates(series, at, Scope.THIS, reason="", by=by, expected_version=seen)
    else:
        answer(series)

    acts: list[Callable[[], object]] = [
        lambda: change(series, version=seen),
        lambda: series_service.cancel_dates(series, "", Scope.ALL, reason="", by=by, expected_version=seen),
        lambda: series_service.decide_series(
            series, LineState.DECLINED, reason="Vi har stängt då.", by=manager, expected_version=seen
        ),
    ]
    for stale in acts:
        with pytest.raises(StaleVersion):
            stale()


def test_dates_that_ask_again_are_asked_of_every_manager_and_held_until_the_new_deadline(session: Session) -> None:
    series = make_series(make_resource(approval=Approval.SEVERAL, approvals_needed=2, hold_hours=48), weekly(2))
    for _manager in range(2):
        answer(series)
    with clock.fixed(clock.now() + timedelta(days=3)):
        change(series)
        due = clock.now() + timedelta(hours=48)
        change(series, starts=9, ends=11)

    assert series.booking.held_until == due
    assert set(session.scalars(select(Reservation.expires_at).where(Reservation.active))) == {due}
    assert [list(consents.consents_of(one)) for one in lines_of(series)] == [[], []]


def test_where_nobody_has_to_say_yes_all_dates_are_confirmed_at_their_new_time() -> None:
    series = make_series(make_resource(approval=Approval.NONE), weekly(2))

    change(series)

    assert {one.state for one in lines_of(series)} == {LineState.APPROVED}


def test_the_owner_is_told_of_new_times_and_a_date_that_is_left_out_is_given_back(session: Session) -> None:
    series = make_series(pattern=weekly(3))
    manager, second = make_manager(series.resource.site), lines_of(series)[1]
    taken = sending.use_of(second).shifted(timedelta(hours=4))
    make_booking(series.resource, use=taken)
    at = taken.start.astimezone(clock.zone()).strftime("%Y-%m-%dT%H:%M")

    change(series, on_conflict=OnConflict.SKIP, choices={at: Choice(Answer.LEAVE_OUT)})

    assert [one.state for one in lines_of(series)].count(LineState.CANCELLED) == 1
    assert second.state is LineState.CANCELLED
    letter = queued_mail("booking_series_changed")
    assert (letter["to"], letter["data"]["dates"], letter["data"]["needs_answer"]) == (manager.email, 2, True)
    assert queued_mail("booking_cancelled")["to"] == manager.email


def test_a_date_that_rests_is_not_given_its_old_day_back_with_the_answer_to_the_others(session: Session) -> None:
    series = make_series(pattern=weekly(3))
    answer(series)
    change(series, lines_of(series)[0].occurs_on or "", Scope.THIS)
    manager = actor_of(make_manager(series.resource.site))
    change_service.postpone_without_day(
        series.booking, reason="Kuling", by=manager, expected_version=series.booking.version
    )

    number = answer(series)

    assert number == 1
    assert [one.state for one in lines_of(series)] == [LineState.APPROVED] + [LineState.POSTPONED] * 2
    assert len(session.scalars(select(Reservation).where(Reservation.active)).all()) == 1


def test_a_cancelled_date_follows_the_part_that_its_place_is_in() -> None:
    series = make_series(pattern=weekly(4))
    first, second, third, _fourth = lines_of(series)
    by = actor_of(asker_of(series))
    series_service.cancel_dates(
        series, third.occurs_on or "", Scope.THIS, reason="", by=by, expected_version=series.version
    )

    later = change(series, second.occurs_on or "", Scope.FOLLOWING)

    assert (first.series_id, third.series_id) == (series.id, later.id)
    assert (third.occurs_on or "").endswith("T13:00")
