"""Another time: asked for by those who booked, or postponed for weather or safety: by them to a reserve date, by the
owner to any day."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.bookings import (
    consents,
    coverage,
    late_fees,
    letters,
    policy,
    prices,
    reservations,
    reserve_days,
    rules,
    sending,
    states,
)
from missions_app.bookings.errors import Incomplete, NotReserved
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState, ReservationKind
from missions_app.bookings.steps import method_for, no_step, require_step
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.sites.models import Approval

HELD = (LineState.SUBMITTED, LineState.NEEDS_INFO, LineState.CONDITIONAL)
CERTAIN = (LineState.APPROVED, LineState.ONGOING)


def can_change_time(line: Line) -> bool:
    """Whether a sent line is in a state that those who booked may ask for another time from."""
    return line.state in (*HELD, LineState.APPROVED)


def moved_with(*lines: Line) -> Sequence[Line]:
    """What has to be locked when some lines of a booking get other times: all of it where there are reserve dates."""
    return lines[0].booking.lines if lines[0].booking.reserve_dates else lines


def can_move(line: Line) -> bool:
    """Whether a line is in a state that the owner may give it another time from."""
    to = LineState.APPROVED if line.state is LineState.POSTPONED else LineState.POSTPONED
    return states.declared(method_for(line.booking), line.state, to, states.MANAGER)


@db.retried
def change_time(line: Line, use: Interval, *, by: Actor, expected_version: int) -> None:
    """Another time for a line that has been sent. A shorter one within what was approved keeps the approval; a longer
    one or another day asks the owner again. The time before is given back only if the new one can be had; where it is
    too late to cancel free of charge, what is given back of it costs as if it was cancelled.

    Raises:
        NotAllowed, StaleVersion, NoSuchStep, Incomplete (every rule broken), Taken (then nothing has changed).
    """
    permit(policy.can_change, by, line.booking)
    with db.transaction() as session:
        reservations.lock_lines(moved_with(line))
        db.expect_version(line, expected_version)
        was = sending.use_of(line)
        within = was.contains(use)
        if not can_change_time(line) or (line.state is LineState.CONDITIONAL and not within):
            raise no_step(line)
        _require_another(line, use)
        asks_again = line.state is LineState.APPROVED and not within and line.resource.approval is not Approval.NONE
        if asks_again:
            require_step(line, LineState.SUBMITTED, states.LEAD)
        problems = sending.set_aside(line, sending.rule_problems(line, use), by=by, reason="")
        if within:
            problems = [one for one in problems if one.code in rules.OF_SHORTENING]
        if problems:
            raise Incomplete.of(problems)
        fee = late_fees.charge(line, use)
        if asks_again:
            line.state, line.decided_at, line.decided_by_id = LineState.SUBMITTED, None, None
            consents.forget([line])
            line.booking.held_until = clock.now() + sending.hold_time(line.booking, [line])
        replace_times([line], {line.id: use})
        trail.record("booking.changed", line.booking, by=by, line=line.id, from_start=was.start.isoformat(),
                     from_end=was.end.isoformat(), to_start=use.start.isoformat(), to_end=use.end.isoformat(),
                     asks_again=asks_again, fee_ore=fee)  # fmt: skip
        session.flush()
        letters.tell_change_asked(line, was, needs_answer=line.state is not LineState.APPROVED, fee_ore=fee)


def _require_another(line: Line, use: Interval) -> None:
    if use == sending.use_of(line):
        raise same_time()


def same_time() -> InvalidInput:
    """The refusal of a change that changes nothing."""
    return Incomplete.of([Problem("same_time", N_("It has that time already. Choose another."), "starts")])


@db.retried
def move_line(
    line: Line, use: Interval, *, reason: str, by: Actor, expected_version: int, override_reason: str = ""
) -> None:
    """Postpone an approved line to any time in one step, or give one that waits for a new day its time; the site's
    manager does it, permits are tried for the new time.

    Raises:
        NotAllowed, NoSuchStep, StaleVersion, Incomplete, Taken (then nothing has changed).
    """
    permit(policy.manages_line, by, line)
    with db.transaction():
        reservations.lock_lines(moved_with(line))
        db.expect_version(line, expected_version)
        _require_reason(reason)
        waits = line.state is LineState.POSTPONED
        if not can_move(line):
            raise no_step(line)
        if not waits:
            _require_another(line, use)
        left = _problems(line, use, by=by, reason=override_reason)
        if left:
            raise Incomplete.of(left)
        _postpone(line.booking, [line], {line.id: use}, reason=reason, by=by)


@db.retried
def postpone_to_reserve(
    booking: Booking, day: date, *, reason: str, by: Actor, expected_version: int, override_reason: str = ""
) -> None:
    """Move the whole booking to one of its reserve dates in one step. Those who have said yes have said it to these
    dates, so a manager of any of the sites may, and so may those who booked as long as the day is held for them and the
    time to decide has not passed. A line that still waits for an answer or a condition waits for it on the new day.
    Later reserve dates stay held, earlier ones are given back.

    Raises:
        NotAllowed, NotReserved, NoSuchStep, StaleVersion, Incomplete (no reason, a rule broken), Taken.
    """
    permit(policy.takes_part_in, by, booking)
    is_manager = policy.manages_any(by, booking)
    with db.transaction():
        reservations.lock_lines(booking.lines)
        db.expect_version(booking, expected_version)
        _require_reason(reason)
        if day.isoformat() not in booking.reserve_dates:
            raise NotReserved(field="day")
        moving = moving_of(booking)
        if not moving:
            raise no_step(booking.lines[0])
        if is_manager:
            for line in moving:
                if line.state in CERTAIN:
                    require_step(line, LineState.POSTPONED, states.MANAGER)
        elif day not in days_open_to_askers(booking):
            text = N_("It is too late, or the day is no longer held for you. Ask the owner to postpone it.")
            raise Incomplete.of([Problem("not_theirs_to_postpone", text, "day")])
        uses = {line.id: sending.reserve_use(line, day.isoformat()) for line in moving}
        left = [one for line in moving for one in _problems(line, uses[line.id], by=by, reason=override_reason)]
        if left:
            raise Incomplete.of(left)
        later = [one for one in booking.reserve_dates if date.fromisoformat(one) > day]
        role = states.MANAGER if is_manager else states.LEAD
        _postpone(booking, moving, uses, reason=reason, by=by, role=role, reserve_dates=later)


def days_open_to_askers(booking: Booking) -> list[date]:
    """The reserve dates to which those who booked may postpone by themselves: what is still held for them, until the
    time to decide on the weather, or until the first use begins."""
    moving = moving_of(booking)
    if not moving or any(line.state is LineState.ONGOING for line in booking.lines):
        return []
    if clock.now() >= (booking.go_no_go_at or min(line.starts_at for line in moving)):
        return []
    held = reserve_days.held(booking)
    holding = [line for line in moving if line.resource.requests_hold or line.state is LineState.APPROVED]
    return [
        date.fromisoformat(day)
        for day in booking.reserve_dates
        if sending.shift_to(booking, date.fromisoformat(day)) > 0
        and all(day in held.get(line.id, ()) for line in holding)
    ]


def moving_of(booking: Booking) -> list[Line]:
    """The lines that move when a booking is postponed to a reserve date; none when nothing of it is approved."""
    if not any(line.state in CERTAIN for line in booking.lines):
        return []
    return [line for line in booking.lines if line.state in (*CERTAIN, *HELD)]


def resting_of(booking: Booking, by: Actor) -> list[Line]:
    """The lines that somebody may postpone without a new day: what is approved at sites they manage."""
    return [line for line in booking.lines if line.state in CERTAIN and policy.manages_line(by, line)]


@db.retried
def postpone_without_day(booking: Booking, *, reason: str, by: Actor, expected_version: int) -> None:
    """No day is left that would do: what is approved at the manager's sites rests, and its time and reserve dates are
    free for others. It costs nobody anything. The manager gives each line another day with `move_line`, or those who
    booked cancel.

    Raises:
        NotAllowed, StaleVersion, NoSuchStep (nothing of it is approved), Incomplete (no reason).
    """
    permit(policy.manages_any, by, booking)
    with db.transaction() as session:
        reservations.lock_lines(booking.lines)
        db.expect_version(booking, expected_version)
        _require_reason(reason)
        resting = resting_of(booking, by)
        if not resting:
            raise no_step(booking.lines[0])
        for line in resting:
            require_step(line, LineState.POSTPONED, states.MANAGER)
            line.state, line.checked_in_at, line.people_present, line.bound_ore = LineState.POSTPONED, None, None, 0
            trail.record("booking.put_off", booking, by=by, role=states.MANAGER, line=line.id,
                         from_start=line.starts_at.isoformat(), reason=reason.strip())  # fmt: skip
        reservations.release(*resting)
        if all(line.state in (*states.OVER, LineState.POSTPONED) for line in booking.lines):
            booking.reserve_dates, booking.go_no_go_at, booking.decided_go_at = [], None, None
        session.flush()
        letters.tell_put_off(booking, resting, reason=reason.strip(), by_id=by.user_id)


def _held_until(line: Line) -> datetime | None:
    """Until when a line's time is kept: a request waits for its answer, a yes with conditions until use begins."""
    if line.state is LineState.CONDITIONAL:
        return line.starts_at
    return line.booking.held_until if line.state in HELD else None


def _problems(line: Line, use: Interval, *, by: Actor, reason: str) -> list[Problem]:
    """What stands in the way of a time that the owner chooses: how soon and how far ahead is the owner's own affair."""
    problems = sending.set_aside(line, sending.rule_problems(line, use), by=by, reason=reason)
    return [one for one in problems if one.code not in ("too_short_notice", "too_far_ahead")]


def _postpone(
    booking: Booking, moving: Sequence[Line], uses: dict[int, Interval], *, reason: str, by: Actor,
    role: str = states.MANAGER, reserve_dates: Sequence[str] | None = None,
) -> None:  # fmt: skip
    was = [(line, line.starts_at) for line in moving]
    for line in moving:
        # The owner moves it, or has agreed to the day beforehand: nobody has given anything back.
        line.state = line.state if line.state in HELD else LineState.APPROVED
        line.checked_in_at, line.bound_ore = None, 0
    replace_times(moving, uses, reserve_dates=reserve_dates)
    if reserve_dates is not None:
        booking.reserve_dates = list(reserve_dates)
    booking.decided_go_at = None
    if booking.go_no_go_at is not None:
        days = (clock.day_of(moving[0].starts_at) - clock.day_of(was[0][1])).days
        booking.go_no_go_at = sending.decided_later(booking.go_no_go_at, days)
    uncovered = coverage.uncovered_permits(booking)
    for line, before in was:
        trail.record("booking.postponed", booking, by=by, role=role, line=line.id,
                     from_start=before.isoformat(), to_start=line.starts_at.isoformat(), reason=reason.strip(),
                     uncovered_permits=uncovered)  # fmt: skip
    letters.tell_moved(booking, was, reason=reason.strip(), uncovered=uncovered, by_id=by.user_id)


def replace_times(
    lines: Sequence[Line], uses: dict[int, Interval], *, reserve_dates: Sequence[str] | None = None
) -> None:
    """Give back what some lines of a booking occupy and occupy their new times, each until its owner's answer is due.
    Their reserve dates move with them; and since those count from the booking's first line, so do the others' when
    another day is the first. The units of all of it are locked.

    Args:
        reserve_dates: those to hold from now on; what is held now unless it says otherwise.
    """
    booking = lines[0].booking
    kept = reserve_days.held(booking) if reserve_dates is None else {line.id: list(reserve_dates) for line in lines}
    first = sending.first_day(booking)
    reservations.release(*lines)
    for line in lines:
        line.starts_at, line.ends_at = uses[line.id].start, uses[line.id].end
        line.price_ore = prices.price_of(line.resource, uses[line.id], line.units_wanted, own_use=booking.is_own_use)
    following = [] if sending.first_day(booking) == first else [one for one in booking.lines if one not in lines]
    for line in following:
        reservations.release_reserves(line)
    holding = [line for line in lines if line.resource.requests_hold or line.state is LineState.APPROVED]
    # All leave before any comes back, and times of use come before reserve dates.
    for until, group in _by_deadline(holding):
        reservations.occupy([sending.wish_of(line) for line in group], ReservationKind.REQUEST, expires_at=until)
    for until, group in _by_deadline([*holding, *(one for one in following if one.id in kept)]):
        wishes = [
            sending.wish_of(line, sending.reserve_use(line, day))
            for line in group
            for day in kept.get(line.id, ())
            if sending.shift_to(booking, date.fromisoformat(day)) > 0
        ]
        if wishes:
            reservations.occupy(wishes, ReservationKind.RESERVE, expires_at=until)


def _by_deadline(lines: Iterable[Line]) -> list[tuple[datetime | None, list[Line]]]:
    found: dict[datetime | None, list[Line]] = {}
    for line in lines:
        found.setdefault(_held_until(line), []).append(line)
    return list(found.items())


@db.retried
def decide_go(booking: Booking, *, by: Actor) -> None:
    """It goes ahead on its first date: the reserve dates are given back at once. Those who book and the owners may.

    Raises:
        NotAllowed, NoSuchStep (nothing of it is approved).
    """
    permit(policy.takes_part_in, by, booking)
    with db.transaction():
        reservations.lock_lines(booking.lines)
        if not any(line.state in (LineState.APPROVED, LineState.ONGOING) for line in booking.lines):
            raise no_step(booking.lines[0])
        free_reserve_dates(booking)
        booking.decided_go_at = clock.now()
        trail.record("booking.goes_ahead", booking, by=by)


def give_up_reserve_date(booking: Booking, day: str) -> None:
    """Let go of one reserve date of a booking, for all of its lines. The caller's transaction has locked its units and
    says why."""
    found = reserve_days.holds_on(booking, day)
    booking.reserve_dates = [one for one in booking.reserve_dates if one != day]
    reservations.release_reservations(found)


def free_reserve_dates(booking: Booking) -> None:
    """Give back the reserve dates of a booking that no longer needs them; its units are locked by the caller."""
    if not booking.reserve_dates:
        return
    for line in booking.lines:
        reservations.release_reserves(line)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Incomplete.of(rules.missing_answers({}, ["reason"]))
