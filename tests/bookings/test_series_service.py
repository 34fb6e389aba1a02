"""Series: booked whole or not at all, edited in parts, answered in one step, and the past left alone."""

import time as stopwatch
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import SYSTEM
from missions_app.bookings import cancel_service, series_queries, series_service
from missions_app.bookings.errors import Incomplete, OwnRequest
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState, Reservation, Series
from missions_app.bookings.recurrence import Answer, Every, Pattern
from missions_app.bookings.series_check import Choice, OnConflict
from missions_app.bookings.series_errors import NothingToChange, SeriesRefused
from missions_app.bookings.series_service import Scope
from missions_app.errors import NotAllowed, StaleVersion
from missions_app.sites import rule_service
from missions_app.sites.models import Approval
from missions_app.sites.rule_models import QuotaPeriod
from missions_app.sites.rule_service import QuotaEntry
from tests.factories.accounts import actor_of, make_user
from tests.factories.bookings import make_booking
from tests.factories.outbox import all_mail
from tests.factories.series import asker_of, make_draft, make_series, weekly
from tests.factories.sites import make_manager, make_resource

OCTOBER = datetime(2026, 10, 1, 8, tzinfo=UTC)


def local_times(series: Series) -> list[tuple[date, time]]:
    lines = [one for one in series_queries.lines_of(series) if one.state is not LineState.CANCELLED]
    return [(at.date(), at.time()) for at in (one.starts_at.astimezone(clock.zone()) for one in lines)]


def occupied(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Reservation).where(Reservation.active)) or 0


def states_of(series: Series) -> list[LineState]:
    return [one.state for one in series_queries.lines_of(series)]


def move(series: Series, at: str, scope: Scope, starts: int, ends: int, **more: object) -> Series:
    return series_service.change_series(
        series, at, scope, starts=time(starts), ends=time(ends), by=actor_of(asker_of(series)),
        expected_version=series.version, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_every_date_is_a_line_that_holds_its_time(session: Session) -> None:
    series = make_series(pattern=weekly(3))

    first = clock.today() + timedelta(days=10)
    assert local_times(series) == [(first + timedelta(days=7 * n), time(9)) for n in range(3)]
    assert states_of(series) == [LineState.SUBMITTED] * 3
    assert occupied(session) == 3


def test_one_date_that_is_taken_refuses_all_and_is_named_with_what_is_free(session: Session) -> None:
    resource = make_resource()
    line = make_draft(resource)
    pattern = weekly(3)
    second = pattern.first_day + timedelta(days=7)
    start = datetime.combine(second, time(10), clock.zone()).astimezone(UTC)
    make_booking(resource, use=Interval(start, start + timedelta(hours=2)))

    with pytest.raises(SeriesRefused) as refused:
        series_service.book_series(
            line, pattern, by=actor_of(line.booking.requested_by), expected_version=line.booking.version
        )

    assert [(one.code, one.field) for one in refused.value.problems] == [("taken", f"{second}T09:00")]
    free = refused.value.checks[1].free
    assert Interval(start + timedelta(hours=2), start + timedelta(hours=4)) in free or free[0].end <= start
    assert session.scalars(select(Series)).all() == []
    assert occupied(session) == 1


@pytest.mark.parametrize(
    ("on_conflict", "choice", "dates"),
    [
        (OnConflict.SKIP, lambda _use: Choice(Answer.LEAVE_OUT), 2),
        (OnConflict.ASK, lambda use: Choice(use=use.shifted(timedelta(hours=4))), 3),
    ],
)
def test_a_conflict_is_left_out_or_moved_only_when_it_is_named(
    session: Session, on_conflict: OnConflict, choice: Callable[[Interval], Choice], dates: int
) -> None:
    resource = make_resource()
    line, pattern = make_draft(resource), weekly(3)
    by, version = actor_of(line.booking.requested_by), line.booking.version
    taken = series_service.preview(line, pattern)[1]
    assert taken.use
    make_booking(resource, use=taken.use)

    with pytest.raises(SeriesRefused):
        series_service.book_series(line, pattern, by=by, expected_version=version, on_conflict=on_conflict)
    series = series_service.book_series(
        line, pattern, by=by, expected_version=version, on_conflict=on_conflict, choices={taken.key: choice(taken.use)}
    )

    assert len(states_of(series)) == dates
    assert occupied(session) == dates + 1


def test_dates_of_one_series_do_not_overlap_each_other(session: Session) -> None:
    resource = make_resource(cleanup_minutes=120)
    line = make_draft(resource)
    with pytest.raises(SeriesRefused) as refused:
        series_service.book_series(
            line, weekly(2, starts=10, ends=9, every=Every.DAY), by=actor_of(line.booking.requested_by),
            expected_version=line.booking.version,
        )  # fmt: skip
    assert [one.code for one in refused.value.problems] == ["taken"]


def test_a_night_when_the_clocks_change_is_asked_about_and_never_guessed(session: Session) -> None:
    with clock.fixed(OCTOBER):
        line = make_draft()
        night = Pattern(date(2026, 10, 24), time(2, 30), time(4), Every.DAY, count=2)
        by, version = actor_of(line.booking.requested_by), line.booking.version
        with pytest.raises(SeriesRefused) as refused:
            series_service.book_series(line, night, by=by, expected_version=version)
        series = series_service.book_series(
            line, night, by=by, expected_version=version, choices={"2026-10-25T02:30": Choice(Answer.LATER)}
        )

    assert [(one.code, one.field) for one in refused.value.problems] == [("clocks_change", "2026-10-25T02:30")]
    assert series_queries.lines_of(series)[1].starts_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_every_date_passes_the_rules_of_the_resource(session: Session) -> None:
    line = make_draft(make_resource(longest_minutes=60))
    checks = series_service.preview(line, weekly(2))
    assert [[one.code for one in check.problems] for check in checks] == [["too_long"], ["too_long"]]


def test_another_time_for_one_date_leaves_the_others(session: Session) -> None:
    series = make_series()
    lines = series_queries.lines_of(series)

    found = move(series, lines[1].occurs_on or "", Scope.THIS, 13, 15)

    assert found is series
    assert [at.hour for _day, at in local_times(series)] == [9, 13, 9]


def test_this_and_the_following_become_a_series_of_their_own(session: Session) -> None:
    series = make_series(pattern=weekly(4))
    lines = series_queries.lines_of(series)

    later = move(series, lines[2].occurs_on or "", Scope.FOLLOWING, 13, 16)

    assert (len(local_times(series)), len(local_times(later))) == (2, 2)
    assert {at.hour for _day, at in local_times(later)} == {13}
    assert (later.count, later.first_day) == (2, lines[2].starts_at.astimezone(clock.zone()).date())
    assert series.until == later.first_day - timedelta(days=1)


def test_all_means_all_that_have_not_begun(session: Session) -> None:
    series = make_series(pattern=weekly(3, days=2))
    first = series_queries.lines_of(series)[0]

    with clock.fixed(first.ends_at + timedelta(hours=1)):
        later = move(series, "", Scope.ALL, 14, 16)

    assert [at.hour for _day, at in local_times(series)] == [9]
    assert [at.hour for _day, at in local_times(later)] == [14, 14]


def test_dates_may_take_over_each_others_time_when_all_move(session: Session) -> None:
    series = make_series(pattern=weekly(3, every=Every.DAY, starts=8, ends=7))
    move(series, "", Scope.ALL, 20, 19)
    assert {at.hour for _day, at in local_times(series)} == {20}


def test_a_change_that_meets_somebody_else_changes_nothing(session: Session) -> None:
    resource = make_resource()
    series = make_series(resource)
    second = series_queries.lines_of(series)[1]
    make_booking(resource, use=Interval(second.starts_at + timedelta(hours=4), second.ends_at + timedelta(hours=4)))

    with pytest.raises(SeriesRefused):
        move(series, "", Scope.ALL, 13, 15)
    assert {at.hour for _day, at in local_times(series)} == {9}


def test_a_shorter_time_keeps_the_approval_and_a_longer_one_asks_again(session: Session) -> None:
    series = make_series()
    manager = actor_of(make_manager(series.resource.site))
    number = series_service.decide_series(
        series, LineState.APPROVED, reason="", by=manager, expected_version=series.version
    )
    move(series, "", Scope.ALL, 9, 10)
    shorter = states_of(series)
    move(series, "", Scope.ALL, 9, 12)

    assert (number, shorter) == (3, [LineState.APPROVED] * 3)
    assert states_of(series) == [LineState.SUBMITTED] * 3


def test_a_cancelled_rest_gives_its_time_back(session: Session) -> None:
    series = make_series(pattern=weekly(4))
    at = series_queries.lines_of(series)[2].occurs_on or ""
    series_service.cancel_dates(
        series, at, Scope.FOLLOWING, reason="", by=actor_of(asker_of(series)), expected_version=series.version
    )
    assert states_of(series) == [LineState.SUBMITTED] * 2 + [LineState.CANCELLED] * 2
    assert occupied(session) == 2


def test_what_is_over_cannot_be_changed(session: Session) -> None:
    series = make_series(pattern=weekly(1))
    line = series_queries.lines_of(series)[0]
    with clock.fixed(line.ends_at), pytest.raises(NothingToChange):
        move(series, "", Scope.ALL, 13, 15)


def test_strangers_old_versions_and_own_approval_are_refused(session: Session) -> None:
    series = make_series()
    asker = asker_of(series)
    with pytest.raises(NotAllowed):
        series_service.cancel_dates(
            series, "", Scope.ALL, reason="", by=actor_of(make_user()), expected_version=series.version
        )
    with pytest.raises(StaleVersion):
        series_service.cancel_dates(
            series, "", Scope.ALL, reason="", by=actor_of(asker), expected_version=series.version + 1
        )
    owner = actor_of(make_manager(series.resource.site))
    own = make_series(series.resource, weekly(1, days=12))
    own.booking.requested_by_id = owner.user_id
    session.flush()
    with pytest.raises(OwnRequest):
        series_service.decide_series(own, LineState.APPROVED, reason="", by=owner, expected_version=own.version)


def test_an_incomplete_request_is_not_sent_as_a_series_either(session: Session) -> None:
    line = make_draft(on_site_responsible="")
    with pytest.raises(Incomplete) as refused:
        series_service.book_series(
            line, weekly(), by=actor_of(line.booking.requested_by), expected_version=line.booking.version
        )
    assert [one.field for one in refused.value.problems] == ["on_site_responsible"]
    assert session.scalars(select(Line.state)).all() == [LineState.DRAFT]


def test_five_hundred_dates_are_booked_in_less_than_five_seconds(session: Session) -> None:
    resource = make_resource(approval=Approval.NONE, horizon_days=800)
    line = make_draft(resource)
    pattern = weekly(500, every=Every.DAY, days=2)
    began = stopwatch.process_time()  # the machine may have more to do; what is ours is measured
    series = series_service.book_series(
        line, pattern, by=actor_of(line.booking.requested_by), expected_version=line.booking.version
    )
    took = stopwatch.process_time() - began

    assert occupied(session) == 500
    assert session.scalars(select(Booking)).all() == [series.booking]
    assert took < 5, f"{took:.1f} s"


def test_five_hundred_dates_are_planned_anew_and_answered_in_less_than_five_seconds(session: Session) -> None:
    resource = make_resource(horizon_days=800, notice_minutes=0)
    rule_service.add_quota(QuotaEntry("Mycket", QuotaPeriod.YEAR, 3000), [resource], by=SYSTEM)
    series = make_series(resource, weekly(500, every=Every.DAY, days=2))
    by, owner = actor_of(asker_of(series)), actor_of(make_manager(resource.site))
    took = []

    def timed(act: Callable[[], object]) -> None:
        began = stopwatch.process_time()
        act()
        took.append(stopwatch.process_time() - began)

    def answer() -> int:
        return series_service.decide_series(
            series, LineState.APPROVED, reason="", by=owner, expected_version=series.version
        )

    def replan(starts: int, ends: int) -> None:
        series_service.change_series(
            series, "", Scope.ALL, starts=time(starts), ends=time(ends), by=by, expected_version=series.version
        )

    timed(answer)
    timed(lambda: replan(9, 10))
    kept = session.scalars(select(Line.state).distinct()).all()
    timed(lambda: replan(13, 15))
    asked = session.scalars(select(Line.state).distinct()).all()
    timed(answer)

    assert (kept, asked) == ([LineState.APPROVED], [LineState.SUBMITTED])
    assert occupied(session) == 500
    assert max(took) < 5, took


def test_dates_that_are_shortened_before_their_conditions_are_met_stay_held_until_they_begin(session: Session) -> None:
    series = make_series(pattern=weekly(2))
    manager = actor_of(make_manager(series.resource.site))
    series_service.decide_series(
        series, LineState.CONDITIONAL, reason="När skyddsronden är gjord.", by=manager, expected_version=series.version
    )
    deadline = series.booking.held_until

    with clock.fixed(deadline + timedelta(hours=1)):
        move(series, "", Scope.ALL, 9, 10)
        cancel_service.expire_holds({})
        session.expire_all()

        assert states_of(series) == [LineState.CONDITIONAL] * 2
        assert occupied(session) == 2


def test_nobody_is_told_of_an_answer_before_every_manager_has_agreed(session: Session) -> None:
    series = make_series(make_resource(approval=Approval.SEVERAL, approvals_needed=2))
    told = []
    for _manager in range(2):
        series_service.decide_series(
            series, LineState.APPROVED, reason="", by=actor_of(make_manager(series.resource.site)),
            expected_version=series.version,
        )  # fmt: skip
        told.append([one["to"] for one in all_mail() if one["template"] in ("booking_decided", "booking_confirmed")])

    assert told == [[], [asker_of(series).email]]
    assert states_of(series) == [LineState.APPROVED] * 3
