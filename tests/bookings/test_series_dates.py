"""Which dates a change of a series is about, and which day, time and answer each of them has afterwards."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.bookings import change_service, day_service, series_queries, series_service
from missions_app.bookings.errors import AlreadyAgreed, Incomplete
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Line, LineState, Series
from missions_app.bookings.recurrence import Answer, Every
from missions_app.bookings.series_check import Choice, OnConflict
from missions_app.bookings.series_errors import SeriesRefused
from missions_app.bookings.series_service import Scope
from missions_app.sites.models import Approval
from tests.factories.accounts import actor_of
from tests.factories.bookings import make_booking
from tests.factories.outbox import all_mail
from tests.factories.series import asker_of, make_draft, make_series, weekly
from tests.factories.sites import make_manager, make_resource


def move(series: Series, at: str, scope: Scope, starts: int, ends: int, **more: object) -> Series:
    return series_service.change_series(
        series, at, scope, starts=time(starts), ends=time(ends), by=actor_of(asker_of(series)),
        expected_version=series.version, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def when(line: Line) -> tuple[date, int]:
    local = line.starts_at.astimezone(clock.zone())
    return local.date(), local.hour


def next_day(line: Line) -> date:
    """Those who booked move one date by itself to the day after; which day that is."""
    use = Interval(line.starts_at + timedelta(days=1), line.ends_at + timedelta(days=1))
    change_service.change_time(line, use, by=actor_of(line.booking.requested_by), expected_version=line.version)
    return clock.day_of(use.start)


@pytest.mark.parametrize("scope", Scope)
def test_a_date_that_was_moved_to_another_day_stays_on_it_when_its_hours_change(session: Session, scope: Scope) -> None:
    series = make_series()
    second = series_queries.lines_of(series)[1]
    day = next_day(second)

    move(series, second.occurs_on or "", scope, 13, 15)

    assert when(second) == (day, 13)


def test_a_moved_date_that_is_refused_is_chosen_about_by_its_own_name(session: Session) -> None:
    resource = make_resource()
    series = make_series(resource, weekly(2, every=Every.DAY))
    first, second = series_queries.lines_of(series)
    day = clock.day_of(second.starts_at)
    # The first date is moved to the afternoon of the day of the second.
    use = Interval(second.starts_at + timedelta(hours=4), second.ends_at + timedelta(hours=4))
    change_service.change_time(first, use, by=actor_of(asker_of(series)), expected_version=first.version)

    with pytest.raises(SeriesRefused) as refused:
        move(series, "", Scope.ALL, 15, 17)
    named = [one.field for one in refused.value.problems]
    move(series, "", Scope.ALL, 15, 17, on_conflict=OnConflict.SKIP, choices={named[0]: Choice(Answer.LEAVE_OUT)})

    assert len(named) == 1
    assert when(first) == (day, 15)
    assert (first.state, second.state) == (LineState.SUBMITTED, LineState.CANCELLED)


def test_dates_made_shorter_keep_what_was_right_when_they_were_booked(session: Session) -> None:
    series = make_series(make_resource(notice_minutes=0))
    owner = actor_of(make_manager(series.resource.site))
    series_service.decide_series(series, LineState.APPROVED, reason="", by=owner, expected_version=series.version)
    series.resource.notice_minutes = 30 * 24 * 60
    session.commit()

    move(series, "", Scope.ALL, 9, 10)

    lines = series_queries.lines_of(series)
    assert [one.state for one in lines] == [LineState.APPROVED] * 3
    assert {one.ends_at - one.starts_at for one in lines} == {timedelta(hours=1)}
    with pytest.raises(SeriesRefused):
        move(series, "", Scope.ALL, 13, 15)


def test_a_date_that_has_been_checked_in_early_is_not_among_those_to_come(session: Session) -> None:
    series = make_series(make_resource(notice_minutes=0))
    owner = actor_of(make_manager(series.resource.site))
    series_service.decide_series(series, LineState.APPROVED, reason="", by=owner, expected_version=series.version)
    first, second, third = series_queries.lines_of(series)
    with clock.fixed(first.starts_at - timedelta(hours=1)):
        day_service.check_in(first, people=2, by=owner, expected_version=first.version)
        later = move(series, "", Scope.ALL, 13, 15)
        series_service.cancel_dates(
            later, "", Scope.ALL, reason="", by=actor_of(asker_of(series)), expected_version=later.version
        )

    assert [one.state for one in (first, second, third)] == [
        LineState.ONGOING, LineState.CANCELLED, LineState.CANCELLED,
    ]  # fmt: skip
    assert (when(first)[1], when(second)[1]) == (9, 13)


def test_a_date_that_rests_without_a_day_does_not_stop_the_others(session: Session) -> None:
    series = make_series(pattern=weekly(3))
    owner = actor_of(make_manager(series.resource.site))
    series_service.decide_series(series, LineState.APPROVED, reason="", by=owner, expected_version=series.version)
    first, second, third = series_queries.lines_of(series)
    second.state = LineState.POSTPONED
    session.commit()

    move(series, "", Scope.ALL, 13, 15)

    assert [when(one)[1] for one in (first, second, third)] == [13, 9, 13]
    assert second.state is LineState.POSTPONED


def test_what_is_left_out_of_a_change_gives_its_time_to_the_other_dates(session: Session) -> None:
    resource = make_resource()
    series = make_series(resource, weekly(3, every=Every.DAY, starts=8, ends=7))
    lines = series_queries.lines_of(series)
    third = lines[2]
    named = datetime.combine(clock.day_of(lines[1].starts_at), time(20)).strftime("%Y-%m-%dT%H:%M")

    move(series, "", Scope.ALL, 20, 19, on_conflict=OnConflict.SKIP, choices={named: Choice(Answer.LEAVE_OUT)})

    assert [one.state for one in lines] == [LineState.SUBMITTED, LineState.CANCELLED, LineState.SUBMITTED]
    assert when(third)[1] == 20


def test_a_series_whose_first_date_was_left_out_is_still_one_when_all_change(session: Session) -> None:
    line, pattern = make_draft(), weekly(3)
    first = series_service.preview(line, pattern)[0]
    assert first.use
    make_booking(line.resource, use=first.use)
    series = series_service.book_series(
        line, pattern, by=actor_of(line.booking.requested_by), expected_version=line.booking.version,
        on_conflict=OnConflict.SKIP, choices={first.key: Choice(Answer.LEAVE_OUT)},
    )  # fmt: skip

    changed = move(series, "", Scope.ALL, 13, 15)

    assert changed is series
    assert series_queries.series_of(series.booking) == [series]


def test_another_time_is_offered_only_where_it_helps(session: Session) -> None:
    resource = make_resource(longest_minutes=60)
    checks = series_service.preview(make_draft(resource), weekly(2))
    assert [check.free for check in checks] == [(), ()]


def test_a_time_chosen_on_another_day_is_tried_there(session: Session) -> None:
    line, pattern = make_draft(), weekly(2)
    first = series_service.preview(line, pattern)[0]
    assert first.use
    chosen = Interval(first.use.start + timedelta(days=30), first.use.end + timedelta(days=30))
    make_booking(line.resource, use=chosen)

    checks = series_service.preview(line, pattern, choices={first.key: Choice(use=chosen)})

    assert [one.is_taken for one in checks] == [True, False]


@pytest.mark.parametrize(
    ("days", "refused"), [((7,), [7]), ((1,), []), ((1, 8), [8]), ((3,), [3])],
    ids=["on the next date", "free", "on another reserve date", "somebody else's"],
)  # fmt: skip
def test_a_reserve_date_that_no_date_of_a_series_could_move_to_is_named(
    session: Session, days: tuple[int, ...], refused: list[int]
) -> None:
    pattern = weekly(3)
    named = [pattern.first_day + timedelta(days=one) for one in days]
    line = make_draft(reserve_dates=tuple(one.isoformat() for one in named))
    third = series_service.preview(line, pattern)[2].use
    assert third
    make_booking(line.resource, use=Interval(third.start + timedelta(days=3), third.end + timedelta(days=3)))
    found: list[tuple[str, object]] = []

    try:
        series_service.book_series(
            line, pattern, by=actor_of(line.booking.requested_by), expected_version=line.booking.version
        )
    except Incomplete as error:
        found = [(one.code, one.params["day"]) for one in error.problems]

    assert found == [("reserve_taken", pattern.first_day + timedelta(days=one)) for one in refused]


def test_a_manager_agrees_again_only_to_what_was_changed_since(session: Session) -> None:
    series = make_series(make_resource(approval=Approval.SEVERAL, approvals_needed=2))
    one, other = (actor_of(make_manager(series.resource.site)) for _number in range(2))

    def agree(by: Actor) -> None:
        series_service.decide_series(series, LineState.APPROVED, reason="", by=by, expected_version=series.version)

    agree(one)
    second = series_queries.lines_of(series)[1]
    move(series, second.occurs_on or "", Scope.THIS, 13, 15)
    agree(one)
    with pytest.raises(AlreadyAgreed):
        agree(one)
    agree(other)

    assert [line.state for line in series_queries.lines_of(series)] == [LineState.APPROVED] * 3


@pytest.mark.parametrize("scope", Scope)
def test_the_hours_that_all_of_it_has_already_are_no_change(session: Session, scope: Scope) -> None:
    series = make_series()
    with pytest.raises(Incomplete) as refused:
        move(series, series_queries.lines_of(series)[0].occurs_on or "", scope, 9, 11)
    assert [one.code for one in refused.value.problems] == ["same_time"]
    assert not [one for one in all_mail() if one["template"] == "booking_series_changed"]
