"""At which starts a resource can be had: opening hours, lengths, notice, horizon, buffers and what is taken. Pure."""

import math
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from missions_app.bookings.availability import Opening, open_intervals
from missions_app.bookings.bookables import Bookable, Taken
from missions_app.bookings.grid import Grid

DAY = timedelta(days=1)


def opened(opening: Opening, grid: Grid, length: timedelta, zone: ZoneInfo) -> int:
    """The starts at which something of that length lies within opening hours."""
    seconds = int(length.total_seconds())
    first, last = (datetime.fromtimestamp(at, zone).date() for at in (grid.origin, grid.end + seconds))
    stretches = open_intervals(opening, first - DAY, last + DAY, zone)
    return grid.within(((int(one.start.timestamp()), int(one.end.timestamp())) for one in stretches), seconds)


def free_starts(
    one: Bookable, units: int, grid: Grid, is_open: int, taken: Taken, *, length: timedelta, now: datetime
) -> int:
    """The starts at which so many units of a resource can be had for the whole length. is_open: see `opened`."""
    terms = one.terms
    if not one.units or not terms.shortest <= length <= terms.longest or length % terms.step:
        return 0
    allowed = is_open & grid.between(
        math.ceil((now + terms.notice).timestamp()), math.floor((now + terms.horizon).timestamp())
    )
    if not allowed:
        return 0
    seconds, setup, cleanup = (int(each.total_seconds()) for each in (length, terms.setup, terms.cleanup))
    return allowed & ~grid.touching(one.taken(taken, units), seconds, setup, cleanup)
