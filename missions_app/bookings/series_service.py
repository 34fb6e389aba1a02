"""Series of bookings: asked for, answered, changed and cancelled, one date, this and the following, or all.

A series is sent through the same door as a single request, so the same rules decide. What has passed is never touched.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from enum import StrEnum

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.accounts.secrets import new_token
from missions_app.audit import trail
from missions_app.bookings import (
    approval_service,
    booking_service,
    cancel_service,
    change_service,
    consents,
    late_fees,
    letters,
    policy,
    prices,
    queries,
    reservations,
    sending,
    series_queries,
    states,
)
from missions_app.bookings.errors import ConditionsLeft, Incomplete, NeedsNewDay
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Line, LineState, Series
from missions_app.bookings.recurrence import Pattern, begun_at, ended_before, pattern_problems
from missions_app.bookings.series_check import (
    Choices,
    DateCheck,
    OnConflict,
    check_dates,
    key_of,
    reserve_problems,
    settled,
)
from missions_app.bookings.series_errors import NothingToChange
from missions_app.bookings.steps import method_for, no_step, require_step
from missions_app.errors import Conflict
from missions_app.sites.models import Approval

# What rests gets its new day, and with it its hours, from the owner.
FIXED = (LineState.DRAFT, LineState.POSTPONED)


class Scope(StrEnum):
    """Which dates an edit is about."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


def preview(line: Line, pattern: Pattern, *, choices: Choices | None = None,
            on_conflict: OnConflict = OnConflict.ASK) -> list[DateCheck]:  # fmt: skip
    """Every date a draft's line would get, each with its conflicts. Nothing is held.

    Raises:
        Incomplete: the pattern cannot be.
    """
    _require_pattern(pattern)
    return check_dates(line, pattern, choices=choices, on_conflict=on_conflict)


@db.retried
def book_series(
    line: Line, pattern: Pattern, *, by: Actor, expected_version: int, choices: Choices | None = None,
    on_conflict: OnConflict = OnConflict.REFUSE,
) -> Series:  # fmt: skip
    """Let a draft's line come back, and send the request: every date is held, or none.

    Args:
        line: not sent yet; it becomes the first date.
        choices: what was chosen for dates that conflict or about which the clocks ask, by local start.

    Raises:
        NotAllowed, StaleVersion, NoSuchStep, SeriesRefused (each date that cannot be had is named), Incomplete, Taken.
    """
    booking = line.booking
    permit(policy.can_change, by, booking)
    _require_pattern(pattern)
    with db.transaction() as session:
        reservations.lock_units([line.resource])
        db.expect_version(booking, expected_version)
        if line.state is not LineState.DRAFT or line.series_id is not None:
            raise no_step(line)
        checks = settled(preview(line, pattern, choices=choices, on_conflict=on_conflict))
        series = _new_series(line, pattern)
        session.flush()
        with session.no_autoflush:
            for number, check in enumerate(checks):
                one = line if number == 0 else _like(line)
                _place(one, series, check)
                session.add(one)
        trail.record("booking.series_drafted", booking, by=by, series=series.id, dates=len(checks))
        session.flush()
        dates = [one for one in booking.lines if one.series_id == series.id]
        if problems := reserve_problems(dates):
            raise Incomplete.of(problems)
        booking_service.submit_booking(booking, by=by, expected_version=booking.version)
        return series


@db.retried
def change_series(
    series: Series, at: str, scope: Scope, *, starts: time, ends: time, by: Actor, expected_version: int,
    choices: Choices | None = None, on_conflict: OnConflict = OnConflict.REFUSE,
) -> Series:  # fmt: skip
    """Other hours for one date, for this and the following, or for all that have not begun. A shorter time within what
    was approved keeps the approval; any other asks the owner again. What is postponed without a day is left as it is.

    Args:
        at: the date's local start by the rule, 2026-10-25T09:00; of no meaning for all.

    Returns:
        The series that holds the changed dates: the same, or the part that was split off.

    Raises:
        NotAllowed, StaleVersion, NothingToChange, NoSuchStep, SeriesRefused (then nothing has changed), Incomplete.
    """
    permit(policy.can_change, by, series.booking)
    with db.transaction() as session:
        lines = _locked(series, expected_version)
        changing = _changeable(_changing(lines, at, scope))
        pattern = replace(series.pattern, starts=starts, ends=ends)
        named = {key_of(_at(starts, _local_of(one).date())): one for one in changing}
        # A date that has been moved by itself stays on its day.
        moved = {key: _at(starts, clock.day_of(one.starts_at)) for key, one in named.items()}
        checks = check_dates(
            changing[0], pattern, choices=choices, on_conflict=on_conflict, starts=moved, changing=named
        )
        settled(checks)
        left_out = [one for one, check in zip(changing, checks, strict=True) if check.is_left_out]
        if left_out:
            reservations.release(*left_out)  # others may take their time
        kept = [(one, check) for one, check in zip(changing, checks, strict=True) if not check.is_left_out]
        if not left_out and all(check.use == sending.use_of(one) for one, check in kept):
            raise change_service.same_time()
        fee = _retime([(one, check.use) for one, check in kept if check.use])
        target = series if scope is Scope.THIS else _split(series, lines, changing, pattern)
        if scope is not Scope.THIS:
            for one, check in zip(changing, checks, strict=True):
                one.series_id, one.occurs_on = target.id, check.key
        series.own_version += 1
        trail.record("booking.series_changed", series.booking, by=by, series=series.id, scope=scope.value,
                     dates=len(kept), starts=starts.isoformat(), ends=ends.isoformat(), fee_ore=fee)  # fmt: skip
        session.flush()
        if kept:
            letters.tell_series_changed(target.booking, [one for one, _check in kept], by_id=by.user_id, fee_ore=fee)
        if left_out:
            cancel_service.cancel_lines(left_out, reason="", by=by)
        return target


@db.retried
def cancel_dates(series: Series, at: str, scope: Scope, *, reason: str, by: Actor, expected_version: int) -> None:
    """Give back one date, this and the following, or all that have not begun. The owner may too, with a reason.

    Raises:
        NotAllowed, StaleVersion, NothingToChange, NoSuchStep, Incomplete (an owner gives no reason).
    """
    with db.transaction():
        lines = _locked(series, expected_version)
        changing = _changing(lines, at, scope)
        cancel_service.cancel_lines(changing, reason=reason, by=by)
        series.own_version += 1
        trail.record("booking.series_cancelled", series.booking, by=by, series=series.id, scope=scope.value,
                     dates=len(changing))  # fmt: skip


@db.retried
def decide_series(series: Series, to: LineState, *, reason: str, by: Actor, expected_version: int) -> int:
    """The owner's answer to every date that it may be given to, in one step. Returns how many dates it was about.

    Raises:
        NotAllowed, OwnRequest, StaleVersion, NothingToChange, NeedsNewDay (what is left rests), ConditionsLeft (what is
        left waits for them), Incomplete (reason missing), Taken.
    """
    with db.transaction():
        lines = _locked(series, expected_version)
        waiting = answered_by(lines, to)
        if to is LineState.APPROVED and consents.needed(lines[0]) > 1:
            # A date that was changed since is asked about anew; the others have this manager's yes.
            waiting = consents.still_to_agree(waiting, by=by) or waiting
        if not waiting:
            raise nothing_to_answer(lines, to)
        answered = approval_service.decide_lines(waiting, to, reason=reason, by=by, override_reason=reason)
        series.own_version += 1
        trail.record("booking.series_decided", series.booking, by=by, role=states.MANAGER, series=series.id,
                     to_state=to.value, dates=len(waiting))  # fmt: skip
        if answered:
            letters.tell_decided(answered)
        return len(waiting)


def _locked(series: Series, expected_version: int) -> Sequence[Line]:
    """The dates of a series, locked with what moves along with them and read anew: as they were seen. That a hold has
    run out since is nobody's change."""
    lines = series_queries.lines_of(series)
    moving = change_service.moved_with(*lines)
    reservations.lock_units([line.resource for line in moving])
    db.session.refresh(series)
    series_queries.read_anew(series)
    db.expect_version(series, expected_version)
    reservations.lock_lines(moving)
    return lines


def answered_by(lines: Sequence[Line], to: LineState) -> list[Line]:
    """The dates of a series that an answer is about: those to come that could be answered so one by one. A date with
    conditions that are not met waits for them and not for a yes."""
    found = [one for one in _to_come(lines) if to in states.answers_to(method_for(one.booking), one.state)]
    left = queries.unmet_before(one.id for one in found) if to is LineState.APPROVED else ()
    return [one for one in found if one.id not in left]


def _to_come(lines: Sequence[Line]) -> list[Line]:
    return [one for one in lines if one.starts_at > clock.now()]


def nothing_to_answer(lines: Sequence[Line], to: LineState) -> Conflict:
    """Why an answer is about none of the dates."""
    at = {one.state for one in _to_come(lines)}
    if to is LineState.APPROVED and LineState.CONDITIONAL in at:
        return ConditionsLeft()
    return NeedsNewDay() if LineState.POSTPONED in at else NothingToChange()


def _require_pattern(pattern: Pattern) -> None:
    problems = pattern_problems(pattern)
    if problems:
        raise Incomplete.of(problems)


def _new_series(line: Line, pattern: Pattern) -> Series:
    series = Series(booking=line.booking, resource=line.resource, uid=f"{new_token()}@missions",
                    created_at=clock.now())  # fmt: skip
    series.pattern = pattern
    db.session.add(series)
    return series


def _like(line: Line) -> Line:
    return Line(
        booking=line.booking, resource=line.resource, units_wanted=line.units_wanted, state=LineState.DRAFT,
        extra_setup_minutes=line.extra_setup_minutes, extra_cleanup_minutes=line.extra_cleanup_minutes,
    )  # fmt: skip


def _place(line: Line, series: Series, check: DateCheck) -> None:
    if check.use is None:
        raise ValueError("a settled date has a time of use")
    line.series_id, line.occurs_on = series.id, check.key
    line.starts_at, line.ends_at = check.use.start, check.use.end
    prices.agree(line)


def _local_of(line: Line) -> datetime:
    return datetime.fromisoformat(line.occurs_on or "")


def _changing(lines: Sequence[Line], at: str, scope: Scope) -> list[Line]:
    """The dates an edit is about; never one that has begun or is over."""
    gone = (*states.OVER, *cancel_service.BEGUN)
    open_lines = [one for one in lines if one.starts_at > clock.now() and one.state not in gone]
    if scope is Scope.THIS:
        found = [one for one in open_lines if one.occurs_on == at]
    elif scope is Scope.FOLLOWING:
        found = [one for one in open_lines if (one.occurs_on or "") >= at]
    else:
        found = open_lines
    if not found:
        raise NothingToChange()
    return found


def _changeable(lines: Sequence[Line]) -> list[Line]:
    """Those of some dates that can get other hours; refuses when none can."""
    found = [one for one in lines if one.state not in FIXED]
    if not found:
        raise no_step(lines[0])
    return found


def _at(hour: time, day: date) -> datetime:
    """A local time of a day."""
    return datetime.combine(day, hour)


def _retime(dates: Sequence[tuple[Line, Interval]]) -> int:
    """Give some lines other times. Those that grow or move ask their owner again. What giving the old ones back costs,
    in öre."""
    again, anew, fee = [], [], 0
    for line, use in dates:
        within = Interval(line.starts_at, line.ends_at).contains(use)
        fee += late_fees.charge(line, use)
        anew += [] if within else [line]
        if line.state in (LineState.APPROVED, LineState.CONDITIONAL) and not within:
            if line.resource.approval is Approval.NONE:
                continue
            require_step(line, LineState.SUBMITTED, states.LEAD)
            line.state, line.decided_at, line.decided_by_id = LineState.SUBMITTED, None, None
            again.append(line)
    if not dates:
        return 0
    booking = dates[0][0].booking
    if again:
        consents.forget(again)
        sending.await_answer(booking, again)
    uses = {line.id: use for line, use in dates}
    change_service.replace_times([line for line, _use in dates], uses, anew=anew)
    return fee


def _split(series: Series, lines: Sequence[Line], changing: Sequence[Line], pattern: Pattern) -> Series:
    """The series whose rule the changed dates follow from now on. What came before keeps its own."""
    first = _local_of(changing[0])
    changed = begun_at(replace(pattern, starts=series.starts, ends=series.ends), first)
    changed = replace(changed, starts=pattern.starts, ends=pattern.ends)
    target, key = series, key_of(first)
    if all((one.occurs_on or "") >= key for one in lines):
        series.pattern = changed
    else:
        target = Series(booking=series.booking, resource=series.resource, uid=f"{new_token()}@missions",
                        created_at=clock.now())  # fmt: skip
        target.pattern = changed
        series.pattern = ended_before(series.pattern, first)
        db.session.add(target)
        db.session.flush()
    changed_ids = {one.id for one in changing}
    for line in lines:
        if (line.occurs_on or "") >= key and line.id not in changed_ids:
            # Dates that are over, or rest, keep their place in time, and follow the later rule.
            line.series_id, line.occurs_on = target.id, key_of(_at(pattern.starts, _local_of(line).date()))
    return target
