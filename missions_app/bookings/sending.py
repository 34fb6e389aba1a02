"""What happens when a request is sent: is it complete, does it keep to every rule, is its time held, which permits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.audit import trail
from missions_app.bookings import checking, coverage, permits, policy, prices, queries, reservations, rules, states
from missions_app.bookings.errors import ClocksChange, Incomplete
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import (
    MOVING,
    Booking,
    BookingPermit,
    Line,
    LineState,
    PermitState,
    ReservationKind,
    RuleOverride,
)
from missions_app.bookings.recurrence import Clocks, clocks_at
from missions_app.bookings.reservations import Wish
from missions_app.bookings.steps import method_for
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.sites import weather
from missions_app.sites.models import Approval, Resource

LEAST_REASON = 10
# True of a request whichever day it is used on: not told again of every reserve date.
SAID_ONCE = ("over_quota", "too_many_people", "no_people")
MOST_RESERVE_DATES = 5
RESERVES = "reserve_dates"


def use_of(line: Line) -> Interval:
    """A line's time of use."""
    return Interval(line.starts_at, line.ends_at)


def wish_of(line: Line, use: Interval | None = None) -> Wish:
    """What a line occupies: its use, now or at another time, with what it adds to the resource's own buffers."""
    before, after = timedelta(minutes=line.extra_setup_minutes), timedelta(minutes=line.extra_cleanup_minutes)
    return Wish(line.resource, (use or use_of(line)).widened(before, after), line.units_wanted, line)


def days_later(use: Interval, days: int) -> Interval:
    """The same local times so many days later, whatever the clocks do in between.

    Raises:
        ClocksChange: one of the times is not there that day, or comes twice.
    """
    return Interval(_later(use.start, days), _later(use.end, days)) if days else use


def _later(moment: datetime, days: int) -> datetime:
    zone = clock.zone()
    local = moment.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    if clocks_at(local, zone) is not Clocks.PLAIN:
        raise ClocksChange(day=local.date())
    return local.replace(tzinfo=zone).astimezone(UTC)


def decided_later(moment: datetime, days: int) -> datetime:
    """When a decision about the weather is due when the use comes so many days later: the same local time, or as long
    before where the clocks change."""
    try:
        return _later(moment, days)
    except ClocksChange:
        return moment + timedelta(days=days)


def shift_to(booking: Booking, day: date) -> int:
    """How many days later a booking comes when its first line begins on another day."""
    return (day - booking.first_day).days


def reserve_use(line: Line, day: str) -> Interval:
    """A line's time of use on one of its booking's reserve dates."""
    return days_later(use_of(line), shift_to(line.booking, date.fromisoformat(day)))


def days_for(line: Line) -> list[date]:
    """The days on which a line itself would begin on its booking's reserve dates to come."""
    shifts = (shift_to(line.booking, date.fromisoformat(day)) for day in line.booking.reserve_dates)
    return [clock.day_of(line.starts_at) + timedelta(days) for days in shifts if days > 0]


def rule_problems(line: Line, use: Interval | None = None) -> list[Problem]:
    """Every rule of the resource that a line breaks, at its own time or another."""
    return checking.problems_of(line, use)


def require_complete(
    booking: Booking, lines: Sequence[Line], *, by: Actor, override_reason: str = "", has_reserve_dates: bool = True
) -> None:
    """Refuse with everything that is missing and every rule that is broken. What a manager may set aside is kept as
    set aside, with who and why.

    Args:
        has_reserve_dates: whether there is a reserve date to choose; nobody is asked for what they cannot give.
    """
    problems: list[Problem] = []
    which = len({line.resource_id for line in lines}) > 1
    for line, broken in zip(lines, checking.problems_of_lines(lines), strict=True):
        left = set_aside(line, broken, by=by, reason=override_reason)
        problems += [_about(line, one) if which else one for one in left]
    if override_reason.strip() and problems:
        problems += reason_problems(override_reason, "override_reason")
    problems += _reserve_problems(booking, lines, by=by, reason=override_reason)
    lacking = missing(booking, lines) + _weather_problems(booking)
    if not has_reserve_dates:
        lacking = [one for one in lacking if one.code not in ("missing", "reserve_before_use") or one.field != RESERVES]
    problems += lacking + own_use_problems(booking, by)
    if problems:
        raise Incomplete.of(problems)


def reason_problems(reason: str, field: str = "reason") -> list[Problem]:
    """Why a reason is not enough: it is not there, or says too little."""
    if not reason.strip():
        return rules.missing_answers({}, [field])
    if len(reason.strip()) >= LEAST_REASON:
        return []
    text = N_("Write at least %(least)d characters about why.")
    return [Problem("reason_too_short", text, field, {"least": LEAST_REASON})]


def _about(line: Line, problem: Problem) -> Problem:
    """What is wrong with one part of a request, with its name; what is said once for all of it stays as it is."""
    if problem.field not in ("starts_at", "ends_at", None):
        return problem
    values = {"resource": line.resource.name, "problem": problem}
    return replace(problem, message=N_("%(resource)s: %(problem)s"), params=values)


def _reserve_problems(booking: Booking, lines: Sequence[Line], *, by: Actor, reason: str) -> list[Problem]:
    """What a reserve date breaks, told at the dates. Quotas are not counted twice: only one of the dates is used."""
    found: dict[str, Problem] = {}
    for day in booking.reserve_dates:
        if shift_to(booking, date.fromisoformat(day)) <= 0:
            continue
        for line in lines:
            for one in _broken_on(line, day, by=by, reason=reason):
                found.setdefault(one.code, replace(one, field="reserve_dates"))
    resources = dict.fromkeys(line.resource for line in lines) if booking.reserve_dates and not found else ()
    if any(_takes_twice(booking, one) for one in resources):
        text = N_(
            "The reserve dates come too close: the booking itself or another of the dates takes some of the same time. "
            "Choose days further apart."
        )
        return [Problem("reserves_overlap", text, "reserve_dates")]
    return list(found.values())


def _takes_twice(booking: Booking, resource: Resource) -> bool:
    """Whether the reserve dates of a booking would occupy a resource twice at once. In a pool others of its units may
    do; lines in each other's way are another matter."""
    if resource.pool_id is not None:
        return False
    same = [one for one in booking.lines if one.resource is resource and one.state in (LineState.DRAFT, *MOVING)]
    days = [day for day in booking.reserve_dates if shift_to(booking, date.fromisoformat(day)) > 0]
    uses = [wish_of(one).occupied for one in same]
    reserves = [wish_of(one, reserve_use(one, day)).occupied for one in same for day in days]
    return _overlap([*uses, *reserves]) and not _overlap(uses)


def _overlap(intervals: Iterable[Interval]) -> bool:
    return any(before.overlaps(after) for before, after in pairwise(sorted(intervals)))


def _broken_on(line: Line, day: str, *, by: Actor, reason: str) -> Sequence[Problem]:
    try:
        use = reserve_use(line, day)
    except ClocksChange as error:
        return error.problems
    broken = [one for one in rule_problems(line, use) if one.code not in SAID_ONCE]
    return set_aside(line, broken, by=by, reason=reason)


def set_aside(
    line: Line, problems: Sequence[Problem], *, by: Actor, reason: str, anew: Collection[str] = ()
) -> list[Problem]:
    """What is left of some broken rules when a manager of the site sets aside those that can be. anew: the rules for
    which it does not count that they were set aside before."""
    known = {one.rule for one in queries.overrides_of(line)} if line.id is not None and problems else set()
    left = [one for one in problems if one.code not in known - set(anew)]
    if len(reason.strip()) < LEAST_REASON or not policy.manages_line(by, line) or by.user_id is None:
        return left
    for code in {one.code for one in left} - rules.FIRM:
        db.session.add(
            RuleOverride(line=line, rule=code, reason=reason.strip(), given_at=clock.now(), given_by_id=by.user_id)
        )
        trail.record("booking.rule_set_aside", line.booking, by=by, role="site_manager", line=line.id, rule=code,
                     reason=reason.strip())  # fmt: skip
    return [one for one in left if one.code in rules.FIRM]


def missing(booking: Booking, lines: Sequence[Line], whole: Interval | None = None) -> list[Problem]:
    """What a request has to say and does not yet. whole: from its first use to its last, where that is not its lines'
    but that of a series to come."""
    method = method_for(booking)
    whole = whole or Interval(min(line.starts_at for line in lines), max(line.ends_at for line in lines))
    levels = [risk.level for risk in queries.risks_of(booking)]
    small = booking.experiment is None and rules.is_small_test(
        whole, booking.people_on_site, levels, method.booking.low_threshold
    )
    given: dict[str, Any] = {**booking.details, **{c.key: getattr(booking, c.key) for c in Booking.__table__.columns}}
    given["weather_limits"] = weather.in_figures(limits_of(booking), booking.weather_limits)
    needed = rules.needed_answers(method.booking, outdoor=booking.is_outdoor, answers=booking.answers, small=small)
    problems = rules.missing_answers(given, needed)
    if booking.experiment is None and not booking.is_own_use:
        problems += rules.missing_answers(given, ["reason"])
    last = rules.days_of(whole, clock.zone())[1]
    if booking.insurance_valid_to is not None and booking.insurance_valid_to < last:
        text = N_("The insurance ends before the booking does. It has to hold until %(day)s.")
        problems.append(Problem("insurance_too_short", text, "insurance_valid_to", {"day": last}))
    return problems


def limits_of(booking: Booking) -> dict[str, float]:
    """The weather limits that hold for a booking: its own and those of the places, the strictest of each."""
    return weather.strictest([booking.limits, _limits_of_places(booking)])


def _limits_of_places(booking: Booking) -> dict[str, float]:
    return weather.strictest(line.resource.limits for line in booking.lines if line.state not in states.OVER)


def _weather_problems(booking: Booking) -> list[Problem]:
    problems = []
    for one in weather.out_of_range(booking.limits):
        text = N_("Write a figure from %(least)d to %(most)d.")
        problems.append(
            Problem("out_of_range", text, f"limit_{one.name}", {"least": int(one.least), "most": int(one.most)})
        )
    for one in weather.looser(booking.limits, _limits_of_places(booking)):
        text = N_("The place stops at %(figure)s %(unit)s. Write a stricter limit, or leave it empty.")
        values = {"figure": float(_limits_of_places(booking)[one.name]), "unit": one.unit}
        problems.append(Problem("limit_too_loose", text, f"limit_{one.name}", values))
    left = [line for line in booking.lines if line.state not in states.OVER] or booking.lines
    first = min(line.starts_at for line in left)
    if booking.go_no_go_at is not None and booking.go_no_go_at >= first:
        text = N_("Decide on the weather before the booking begins.")
        problems.append(Problem("go_no_go_too_late", text, "go_no_go_at"))
    elif booking.go_no_go_at is not None and booking.submitted_at is None and booking.go_no_go_at <= clock.now():
        text = N_("The time has passed. Choose a later one.")
        problems.append(Problem("go_no_go_passed", text, "go_no_go_at"))
    if len(booking.reserve_dates) > MOST_RESERVE_DATES:
        text = N_("Choose at most %(most)d reserve dates.")
        problems.append(Problem("too_many_reserve_dates", text, "reserve_dates", {"most": MOST_RESERVE_DATES}))
    if any(shift_to(booking, date.fromisoformat(day)) <= 0 for day in booking.reserve_dates):
        text = N_("A reserve date comes after the booking. Choose a later day.")
        problems.append(Problem("reserve_before_use", text, "reserve_dates"))
    return problems


def own_use_problems(booking: Booking, by: Actor) -> list[Problem]:
    """What stands in the way of calling a booking the owner's own use, which costs nothing and needs no answer."""
    if not booking.is_own_use or by.is_system:
        return []
    if all(
        policy.manages_line(by, line) and line.resource.site.owner_id == booking.organisation_id
        for line in booking.lines
    ):
        return []
    text = N_("Own use is for the owner's managers, at the owner's own sites.")
    return [Problem("not_own_site", text, "is_own_use")]


def hold(booking: Booking, lines: Sequence[Line]) -> None:
    """Hold the time and the reserve dates of every line that is sent, or of none. What is sent again is held anew, for
    as long and on the reserve dates that hold now.

    Raises:
        Taken: some time is gone; nothing is held.
    """
    again, is_first = [line for line in lines if line.state is LineState.NEEDS_INFO], not booking.moving
    booking.submitted_at = booking.submitted_at or clock.now()
    await_answer(booking, lines)
    for line in lines:
        at_once = line.resource.approval is Approval.NONE or booking.is_own_use
        if line.state is LineState.DRAFT:
            prices.agree(line)
        line.state = LineState.APPROVED if at_once else LineState.SUBMITTED
    if is_first:
        booking.reserves_from = booking.first_day
    waiting = [line for line in lines if line.resource.requests_hold and line.state is LineState.SUBMITTED]
    certain = [line for line in lines if line.state is LineState.APPROVED]
    if waiting or certain:
        reservations.lock_units([line.resource for line in (*waiting, *certain)])
    if again:
        reservations.release(*again)
    db.session.add(booking)
    occupy_all(waiting, expires_at=booking.held_until)
    occupy_all(certain, expires_at=None)


def await_answer(booking: Booking, lines: Iterable[Line]) -> None:
    """Some lines of a booking wait for their owners from now. What waits already does not get less time for it."""
    deadline = clock.now() + hold_time(booking, lines)
    booking.held_until = max(deadline, booking.held_until) if booking.held_until else deadline


def hold_time(booking: Booking, lines: Iterable[Line]) -> timedelta:
    """How long a request holds its time: what the most impatient of the owners gives, else the method's hours."""
    own = [line.resource.hold_hours for line in lines if line.resource.hold_hours is not None]
    return timedelta(hours=min(own, default=method_for(booking).limits.hold_hours))


def occupy_all(lines: Sequence[Line], *, expires_at: datetime | None, where_free: bool = False) -> None:
    """Occupy the use of some lines of a booking and each of its reserve dates to come, unless it has been said that it
    goes ahead without them.

    Args:
        where_free: reserve dates that others have by now are left to them; else nothing is occupied.
    """
    if not lines:
        return
    reservations.occupy([wish_of(line) for line in lines], ReservationKind.REQUEST, expires_at=expires_at)
    booking = lines[0].booking
    if booking.decided_go_at is None:
        wishes = reserve_wishes(lines, dict.fromkeys(lines, booking.reserve_dates))
        if where_free:
            for one in wishes:
                if not _is_taken(one):
                    reservations.occupy([one], ReservationKind.RESERVE, expires_at=expires_at)
        elif wishes:
            reservations.occupy(wishes, ReservationKind.RESERVE, expires_at=expires_at)


def _is_taken(wish: Wish) -> bool:
    taken = reservations.taken_on(wish.resource, wish.occupied, wish.units)
    return any(wish.occupied.overlaps(one) for one in taken)


def reserve_wishes(lines: Sequence[Line], days: Mapping[Line, Sequence[str]]) -> list[Wish]:
    """What some lines of a booking occupy on reserve dates of theirs. A date that the booking has come to, or that it
    or an earlier reserve date now takes some of, is of no use to it."""
    booking, found = lines[0].booking, []
    busy: dict[object, list[Interval]] = {}
    for line in booking.moving:
        busy.setdefault(_takes(line), []).append(wish_of(line).occupied)
    for line in lines:
        for day in days.get(line, ()):
            if shift_to(booking, date.fromisoformat(day)) <= 0:
                continue
            wish = wish_of(line, reserve_use(line, day))
            if not any(wish.occupied.overlaps(one) for one in busy.setdefault(_takes(line), [])):
                busy[_takes(line)].append(wish.occupied)
                found.append(wish)
    return found


def _takes(line: Line) -> object:
    """What can be taken by one line of a booking at a time: in a pool others of its units do."""
    return line.resource if line.resource.pool_id is None else line


def held_by_sites(booking: Booking) -> dict[str, Mapping[str, Any]]:
    """The permits that a site of the booking holds already, on every day of it, by the method's keys."""
    period = coverage.period_of(booking)
    if period is None:
        return {}
    sites = [line.resource.site for line in booking.lines if line.state not in states.OVER]
    return {key: one for site in sites for key, one in permits.held_through(site.permits_held, *period).items()}


def derive_permits(booking: Booking) -> None:
    """Add the permits that the answers ask for; those a site holds for the whole of it are granted at once."""
    needed = permits.needed(booking.answers, method_for(booking))
    if not needed:
        return
    kept = {one.permit for one in queries.permits_of(booking)}
    held = held_by_sites(booking)
    for one in needed:
        if one.id in kept:
            continue
        row = BookingPermit(booking=booking, permit=one.id, state=PermitState.NEEDED)
        if one.id in held:
            row.state = PermitState.GRANTED
            row.valid_from = date.fromisoformat(str(held[one.id]["valid_from"]))
            row.valid_until = date.fromisoformat(str(held[one.id]["valid_until"]))
            row.number = str(held[one.id].get("number", ""))
        db.session.add(row)
