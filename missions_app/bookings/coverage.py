"""Whether a booking's permits, insurance and qualifications cover its whole time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from missions_app import clock
from missions_app.bookings import permits, queries, rules, states
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, BookingPermit, Line, LineState
from missions_app.bookings.rules import Needed
from missions_app.errors import Problem
from missions_app.sites import rule_queries
from missions_app.workflow.method_parts import Text

TO_BE_USED = (LineState.SUBMITTED, LineState.NEEDS_INFO, LineState.CONDITIONAL, LineState.APPROVED)


def period_of(booking: Booking) -> tuple[date, date] | None:
    """The first and last local day of what is left of a booking, where an end at midnight belongs to the day before;
    None when nothing is left, or all of it waits for a day."""
    live = [line for line in booking.lines if line.state not in (*states.OVER, LineState.POSTPONED)]
    if not live:
        return None
    whole = Interval(min(line.starts_at for line in live), max(line.ends_at for line in live))
    return rules.days_of(whole, clock.zone())


def uncovered_permits(booking: Booking, there: Sequence[BookingPermit] | None = None) -> list[str]:
    """The permits of a booking that do not cover the whole of its time, by the method's keys.

    Args:
        there: its permits, where somebody has read them already.
    """
    period = period_of(booking)
    if period is None:
        return []
    return [
        one.permit
        for one in (queries.permits_of(booking) if there is None else there)
        if not permits.covers(one.state.value, one.valid_from, one.valid_until, one.reason, *period)
    ]


def is_insured(booking: Booking) -> bool:
    """Whether the insurance holds on the last day; a booking that gives none (a small test) lacks nothing."""
    period = period_of(booking)
    return period is None or booking.insurance_valid_to is None or booking.insurance_valid_to >= period[1]


def unqualified(bookings: Iterable[Booking]) -> Mapping[int, list[tuple[Line, Problem]]]:
    """What whoever is to use the lines of some bookings will not hold on the day, by the booking's id; those that lack
    nothing are left out, and so is what a manager has set aside. Three statements at most."""
    lines = [line for booking in bookings for line in booking.lines if line.state in TO_BE_USED]
    required = rule_queries.required_by([line.resource for line in lines]) if lines else {}
    lines = [line for line in lines if line.resource_id in required]
    if not lines:
        return {}
    held = rule_queries.held_by_any({_user_of(line.booking) for line in lines})
    aside = queries.rules_set_aside([line.id for line in lines])
    found: dict[int, list[tuple[Line, Problem]]] = {}
    for line in lines:
        needed = [
            Needed(Text(sv=one.name_sv, en=one.name_en or one.name_sv), held.get((_user_of(line.booking), one.id), ()))
            for one in required[line.resource_id]
        ]
        use = Interval(line.starts_at, line.ends_at)
        for problem in rules.qualification_problems(use, needed, clock.zone()):
            if (line.id, problem.code) not in aside:
                found.setdefault(line.booking_id, []).append((line, problem))
    return found


def _user_of(booking: Booking) -> int:
    return booking.booked_for_id or booking.requested_by_id
