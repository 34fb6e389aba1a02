"""The first time that fits somebody who waits. Pure."""

import math
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from missions_app.bookings.bookables import Bookable, Taken
from missions_app.bookings.grid import STEP, Grid, bits
from missions_app.bookings.intervals import Interval
from missions_app.bookings.starts import free_starts, opened

MOST_DAYS = 370
# What is open round the clock is offered by day, unless so long a use does not fit into one.
BY_DAY = (time(6), time(20))
HALF_HOUR = timedelta(seconds=STEP)


def first_fit(
    wishes: Sequence[tuple[Bookable, int]], taken: Taken, within: Interval, *, length: timedelta, shortest: timedelta,
    weekdays: Collection[int], now: datetime, zone: ZoneInfo, without: Collection[datetime] = (),
) -> Interval | None:  # fmt: skip
    """The earliest time of use at which all of some resources can be had; shorter only when nothing longer fits.

    Args:
        wishes: (resource, units of its pool). within: where the whole use has to lie.
        without: starts that have been offered already.
    """
    first = within.start.astimezone(zone).date()
    days = min((within.end.astimezone(zone).date() - first).days + 1, MOST_DAYS)
    grid = Grid(int(datetime.combine(first, time(0), zone).timestamp()), (days + 1) * 86400 // STEP)
    has_hours = any(bookable.opening.weekly for bookable, _units in wishes)
    while length >= shortest:
        mask = grid.between(
            math.ceil(within.start.timestamp()), math.floor((within.end - length).timestamp())
        )  # fmt: skip
        for bookable, units in wishes:
            is_open = opened(bookable.opening, grid, length, zone) if mask else 0
            mask &= free_starts(bookable, units, grid, is_open, taken, length=length, now=now) if is_open else 0
        for slot in bits(mask):
            start = datetime.fromtimestamp(grid.at(slot), UTC)
            if start in without or (weekdays and start.astimezone(zone).weekday() not in weekdays):
                continue
            if has_hours or _is_by_day(start.astimezone(zone), length):
                return Interval(start, start + length)
        length -= HALF_HOUR
    return None


def _is_by_day(start: datetime, length: timedelta) -> bool:
    """Whether a use of so long lies between morning and evening, or begins then because it is longer than that."""
    opens, closes = (datetime.combine(start.date(), one, start.tzinfo) for one in BY_DAY)
    return opens <= start and (start + length <= closes or (length > closes - opens and start < closes))
