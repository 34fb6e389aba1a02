"""At which starts a resource can be had: opening hours, lengths, notice, horizon, buffers and what is taken, and what a
quota or a qualification leaves of them. Pure, and exact: what is left out is what the rules of a request refuse."""

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from missions_app.bookings.availability import Opening, open_intervals
from missions_app.bookings.bookables import Bookable, Taken
from missions_app.bookings.grid import Grid, Span
from missions_app.bookings.intervals import Interval
from missions_app.bookings.rules import Allowance, Needed, Terms, left_within, midnight, periods_of, stretches

DAY = timedelta(days=1)


def opened(opening: Opening, grid: Grid, length: timedelta, zone: ZoneInfo) -> int:
    """The starts at which something of that length lies within opening hours."""
    seconds = int(length.total_seconds())
    first, last = (datetime.fromtimestamp(at, zone).date() for at in (grid.origin, grid.end + seconds))
    stretches = open_intervals(opening, first - DAY, last + DAY, zone)
    return grid.within(((int(one.start.timestamp()), int(one.end.timestamp())) for one in stretches), seconds)


def allowed_starts(terms: Terms, is_open: int, grid: Grid, *, length: timedelta, now: datetime) -> int:
    """The starts at which terms allow a use of that length, of those at which it is open: see `opened`."""
    if not terms.shortest <= length <= terms.longest or length % terms.step:
        return 0
    return is_open & grid.between(
        math.ceil((now + terms.notice).timestamp()), math.floor((now + terms.horizon).timestamp())
    )


def free_starts(one: Bookable, units: int, grid: Grid, allowed: int, taken: Taken, length: timedelta) -> int:
    """The starts at which so many units of a resource can be had for the whole length: see `allowed_starts`."""
    if not one.units or not allowed:
        return 0
    seconds, setup, cleanup = (int(each.total_seconds()) for each in (length, one.terms.setup, one.terms.cleanup))
    return allowed & ~grid.touching(one.taken(taken, units), seconds, setup, cleanup)


def qualified_starts(needed: Sequence[Needed], grid: Grid, length: timedelta, zone: ZoneInfo) -> int:
    """The starts at which whoever holds what they hold may use something for so long: see `qualification_problems`."""
    seconds, mask = int(length.total_seconds()), grid.whole
    for one in needed:
        mask &= grid.within(_held_spans(one, grid.end + seconds, zone), seconds)
    return mask


def _held_spans(needed: Needed, far: int, zone: ZoneInfo) -> list[Span]:
    """When a qualification is held."""
    return [
        (
            int(midnight(first, zone).timestamp()),
            int(midnight(last + DAY, zone).timestamp()) if last < date.max else far,
        )
        for first, last in stretches(needed.held)
    ]


def starts_within_quota(quota: Allowance, units: int, grid: Grid, length: timedelta, zone: ZoneInfo) -> int:
    """The starts at which so many units for so long stay within a quota in every period: see `quota_problems`."""
    seconds, over = int(length.total_seconds()), 0
    searched = Interval(datetime.fromtimestamp(grid.origin, UTC), datetime.fromtimestamp(grid.end + seconds, UTC))
    for period in periods_of(searched, quota.period, zone):
        begin, end = int(period.start.timestamp()), int(period.end.timestamp())
        room = int(left_within(quota, period).total_seconds()) // units
        # Too much lies within the period where more than the room does, counted from either of its ends.
        if min(seconds, end - begin) > room:
            over |= grid.between(begin + room - seconds + 1, end - room - 1)
    return grid.whole & ~over
