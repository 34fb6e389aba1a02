"""Another time: asked for by those who booked, or postponed for weather or safety: by them to a reserve date, by the
owner to any day."""

from collections.abc import Collection, Iterable, Sequence
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
from missions_app.bookings.errors import Incomplete, NotReserved, OnlyShorter
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState, ReservationKind
from missions_app.bookings.steps import is_over, method_for, no_step, require_step, why_kept
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.sites.models import Approval

HELD = (LineState.SUBMITTED, LineState.NEEDS_INFO, LineState.CONDITIONAL)
CERTAIN = (LineState.APPROVED, LineState.ONGOING)


def can_change_time(line: Line) -> bool:
    """Whether a sent line is in a state that those who booked may ask for another time from."""
    return line.state in (*HELD, LineState.APPROVED) and not is_over(line)


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
        NotAllowed, StaleVersion, NoSuchStep, OnlyShorter, UseIsOver, Incomplete (every rule broken), Taken (then
        nothing has changed).
    """
    permit(policy.can_change, by, line.booking)
    with db.transaction() as session:
        reservations.lock_lines(moved_with(line))
        db.expect_version(line, expected_version)
        was = sending.use_of(line)
        within = was.contains(use)
        if not can_change_time(line):
            raise why_kept(line)
        if line.state is LineState.CONDITIONAL and not within:
            raise OnlyShorter()
        _require_another(line, use)
        asks_again = line.state is LineState.APPROVED and not within and line.resource.approval is not Approval.NONE
        if asks_again:
            require_step(line, LineState.SUBMITTED, states.LEAD)
        broken, anew = sending.rule_problems(line, use), () if within else rules.asked_again(was, use)
        problems = sending.set_aside(line, broken, by=by, reason="", anew=anew)
        if within:
            problems = [one for one in problems if one.code in rules.OF_SHORTENING]
        if problems:
            raise Incomplete.of(problems)
        fee = late_fees.charge(line, use)
        if asks_again:
            line.state, line.decided_at, line.decided_by_id = LineState.SUBMITTED, None, None
            consents.forget([line])
            sending.await_answer(line.booking, [line])
        replace_times([line], {line.id: use}, anew=[] if within else [line])
        trail.record("booking.changed", line.booking, by=by, line=line.id, from_start=was.start.isoformat(),
                     from_end=was.end.isoformat(), to_start=use.start.isoformat(), to_end=use.end.isoformat(),
                     asks_again=asks_again, fee_ore=fee)  # fmt: skip
        session.flush()
        letters.tell_change_asked(line, was, by_id=by.user_id, fee_ore=fee)


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
        if clock.now() > prices.free_until(line):
            line.cancel_minutes = 0  # nobody has asked those who booked whether it suits them


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
    permit(policy.decides_day, by, booking)
    is_manager = policy.keeps_any(by, booking)
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
            raise not_theirs()
        uses = {line.id: sending.reserve_use(line, day.isoformat()) for line in moving}
        left = [one for line in moving for one in _problems(line, uses[line.id], by=by, reason=override_reason)]
        if left:
            raise Incomplete.of(left)
        later = [one for one in booking.reserve_dates if date.fromisoformat(one) > day]
        role = states.MANAGER if is_manager else states.LEAD
        _postpone(booking, moving, uses, reason=reason, by=by, role=role, reserve_dates=later)


def not_theirs() -> InvalidInput:
    """The refusal to postpone for those who booked."""
    text = N_("It is too late, or the day is no longer held for you. Ask the owner to postpone it.")
    return Incomplete.of([Problem("not_theirs_to_postpone", text, "day")])


def days_left(booking: Booking) -> list[date]:
    """The reserve dates to which a booking can still be postponed, held or not; none when nothing of it is approved."""
    days = [date.fromisoformat(one) for one in booking.reserve_dates] if moving_of(booking) else []
    return [day for day in days if day >= clock.today() and sending.shift_to(booking, day) > 0]


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
    return [day for day in days_left(booking) if all(day.isoformat() in held.get(line.id, ()) for line in holding)]


def moving_of(booking: Booking) -> list[Line]:
    """The lines that move when a booking is postponed to a reserve date; none when nothing of it is approved."""
    if not any(line.state in CERTAIN for line in booking.lines):
        return []
    return booking.moving


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
        if not booking.moving:
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
    was, is_whole = [(line, line.starts_at) for line in moving], _is_whole(moving)
    for line in moving:
        # The owner moves it, or has agreed to the day beforehand: nobody has given anything back. Those who put it off
        # when it was too late to cancel free of charge go on owing what that would have cost.
        bound = prices.late_fee(line, clock.now()) if role == states.LEAD else 0
        line.state = line.state if line.state in HELD else LineState.APPROVED
        line.checked_in_at, line.people_present, line.bound_ore = None, None, bound
    replace_times(moving, uses, reserve_dates=reserve_dates)
    if is_whole:
        booking.decided_go_at = None
    uncovered = coverage.uncovered_permits(booking)
    for line, before in was:
        trail.record("booking.postponed", booking, by=by, role=role, line=line.id,
                     from_start=before.isoformat(), to_start=line.starts_at.isoformat(), reason=reason.strip(),
                     uncovered_permits=uncovered)  # fmt: skip
    letters.tell_moved(booking, was, reason=reason.strip(), uncovered=uncovered, by_id=by.user_id)


def _is_whole(lines: Sequence[Line]) -> bool:
    """Whether nothing of a booking stays where it is when some lines of it move."""
    return all(line in lines for line in lines[0].booking.moving)


def replace_times(
    lines: Sequence[Line], uses: dict[int, Interval], *, anew: Collection[Line] = (),
    reserve_dates: Sequence[str] | None = None,
) -> None:  # fmt: skip
    """Give back what some lines of a booking occupy and occupy their new times, each until its owner's answer is due.
    The reserve dates stay on their days when all of the booking moves; else the lines' move with them, and nobody
    else's. The decision on the weather comes as long before the booking as it did. The units are locked.

    Args:
        anew: those that are asked for anew, on today's terms; the others keep theirs.
        reserve_dates: those that are left; all of them unless it says otherwise. What is held of them stays held.
    """
    booking, first = lines[0].booking, lines[0].booking.first_day
    is_whole, days = _is_whole(lines), booking.reserve_dates if reserve_dates is None else list(reserve_dates)
    held = reserve_days.held(booking)
    places = {line: [days.index(day) for day in held.get(line.id, ()) if day in days] for line in lines}
    reservations.release(*lines)
    for line in lines:
        prices.move(line, uses[line.id])
        if line in anew:
            prices.agree(line)
    if is_whole:
        booking.reserve_dates = days
    _decide_later(booking, (booking.first_day - first).days, is_whole=is_whole)
    days = booking.reserve_dates
    kept = {line: [days[place] for place in each] for line, each in places.items()}
    holding = _by_deadline(line for line in lines if line.resource.requests_hold or line.state is LineState.APPROVED)
    # All leave before any comes back, and times of use come before reserve dates.
    for until, group in holding:
        reservations.occupy([sending.wish_of(line) for line in group], ReservationKind.REQUEST, expires_at=until)
    for until, group in holding:
        if wishes := sending.reserve_wishes(group, kept):
            reservations.occupy(wishes, ReservationKind.RESERVE, expires_at=until)


def _decide_later(booking: Booking, days: int, *, is_whole: bool) -> None:
    if not days:
        return
    if booking.go_no_go_at is not None:
        booking.go_no_go_at = sending.decided_later(booking.go_no_go_at, days)
    if is_whole:
        booking.decided_go_at = None  # that was said of another day


def _by_deadline(lines: Iterable[Line]) -> list[tuple[datetime | None, list[Line]]]:
    found: dict[datetime | None, list[Line]] = {}
    for line in lines:
        found.setdefault(_held_until(line), []).append(line)
    return list(found.items())


def can_decide_go(booking: Booking) -> bool:
    """Whether something of it is certain, and nobody has said yet that it goes ahead."""
    return booking.decided_go_at is None and any(line.state in CERTAIN for line in booking.lines)


@db.retried
def decide_go(booking: Booking, *, by: Actor) -> None:
    """It goes ahead on its first date: the reserve dates are given back at once, and both sides are told. Those who
    book and the owners may; saying it again changes nothing.

    Raises:
        NotAllowed, NoSuchStep (nothing of it is approved).
    """
    permit(policy.decides_day, by, booking)
    with db.transaction():
        reservations.lock_lines(booking.lines)
        if not any(line.state in CERTAIN for line in booking.lines):
            raise no_step(booking.lines[0])
        if not can_decide_go(booking):
            return
        free_reserve_dates(booking)
        booking.decided_go_at = clock.now()
        trail.record("booking.goes_ahead", booking, by=by)
        letters.tell_goes_ahead(booking, by_id=by.user_id)


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
