"""The first time that fits somebody who waits. Pure."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from missions_app.bookings.availability import Opening
from missions_app.bookings.bookables import Bookable, Taken
from missions_app.bookings.grid import STEP, Grid, bits
from missions_app.bookings.intervals import Interval
from missions_app.bookings.merits import Choice, collides, in_one_pool
from missions_app.bookings.needs import Match, Need
from missions_app.bookings.readers import Admission, Reader
from missions_app.bookings.starts import allowed_starts, free_starts, opened

DAY = timedelta(days=1)
MOST_DAYS = 370
# What is open round the clock is offered by day. What is too long to fit into one begins then, where it can.
BY_DAY = (time(6), time(20))
DAYLIGHT = timedelta(hours=14)
HALF_HOUR = timedelta(seconds=STEP)
Opens = Callable[[Opening, Grid, timedelta, ZoneInfo], int]


@dataclass(frozen=True, slots=True)
class Hours:
    """Which local hours of the day suit: a use begins no earlier and ends no later; None is any, and an end at 00.00 is
    the midnight that ends the day."""

    earliest: time | None = None
    latest: time | None = None

    def __bool__(self) -> bool:
        return self.earliest is not None or self.latest is not None

    def suit(self, use: Interval, zone: ZoneInfo) -> bool:
        """Whether a use keeps to them: within one day, or, when it lasts for days and nights, from no earlier on its
        first day to no later on its last."""
        start, end = use.start.astimezone(zone), use.end.astimezone(zone)
        if self.earliest is not None and start.time() < self.earliest:
            return False
        last = start.date() if use.length < DAY else (end - timedelta(microseconds=1)).date()
        return self.latest is None or end <= self.end_of(last).replace(tzinfo=zone)

    def have_room(self, length: timedelta) -> bool:
        """Whether so long a use can keep to them on any day."""
        if self.latest is None or length >= DAY:
            return True
        day = date(2000, 1, 1)
        return self.end_of(day) - datetime.combine(day, self.earliest or time(0)) >= length

    def are_turned(self) -> bool:
        """Whether the latest comes before the earliest."""
        if self.earliest is None or self.latest is None:
            return False
        return self.earliest >= self.latest and self.latest != time(0)

    def end_of(self, day: date) -> datetime:
        """The latest local moment (naive) of a day."""
        latest = self.latest or time(0)
        return datetime.combine(day + DAY if latest == time(0) else day, latest)


ANY_HOURS = Hours()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What somebody waits for: any time within `within` on some weekdays (none means any) at the hours that suit, of a
    length, or shorter down to the shortest when nothing longer fits."""

    within: Interval
    length: timedelta
    shortest: timedelta | None = None
    weekdays: tuple[int, ...] = ()
    purpose: str = ""
    hours: Hours = ANY_HOURS


def starts_on(days: Iterable[date], hours: Hours, length: timedelta, grid: Grid, zone: ZoneInfo) -> int:
    """The starts on some days of a use of that length that hours suit: see `Hours.suit`."""
    mask = 0
    for day in days:
        begin = datetime.combine(day, hours.earliest or time(0), zone).timestamp()
        end = hours.end_of(day).replace(tzinfo=zone).timestamp() - length.total_seconds()
        if hours.latest is None or length >= DAY:
            end = datetime.combine(day + DAY, time(0), zone).timestamp() - 1
        suiting = grid.between(int(begin), int(end))
        if hours.latest is not None and length >= DAY:
            starts = {slot: datetime.fromtimestamp(grid.at(slot), UTC) for slot in bits(suiting)}
            suiting = sum(1 << slot for slot, at in starts.items() if hours.suit(Interval(at, at + length), zone))
        mask |= suiting
    return mask


def choices_of(wishes: Sequence[tuple[Bookable, int]]) -> list[Choice]:
    """Some resources, each with how many units of its pool, as what meets needs."""
    return [Choice(bookable, Need(units=units), Match(1)) for bookable, units in wishes]


def are_apart(wishes: Sequence[tuple[Bookable, int]]) -> bool:
    """Whether all of it can be had at the same time when nobody else has any of it."""
    choices = choices_of(wishes)
    return not any(collides(one, choices[:number]) for number, one in enumerate(choices))


def lengths_between(longest: timedelta, shortest: timedelta, steps: Iterable[timedelta]) -> Iterator[timedelta]:
    """The lengths that are whole steps of everything, the longest first, about half an hour apart."""
    step = timedelta(minutes=math.lcm(*(int(one.total_seconds() // 60) for one in steps)))
    least, apart = -(-shortest // step) * step, -(-HALF_HOUR // step) * step
    length = longest // step * step
    while length > least:
        yield length
        length -= apart
    if least <= longest:
        yield least


def first_fit(
    wishes: Sequence[tuple[Bookable, int]], taken: Taken, within: Interval, *, length: timedelta, shortest: timedelta,
    weekdays: Collection[int], now: datetime, zone: ZoneInfo, hours: Hours = ANY_HOURS,
    without: Collection[Interval] = (), reader: Reader | None = None, opens: Opens = opened,
) -> Interval | None:  # fmt: skip
    """The earliest time of use at which all of some resources can be had; shorter only when nothing longer fits.

    Args:
        wishes: (resource, units of its pool). within: where the whole use has to lie.
        without: what has been offered already; nothing that lies over it is offered again, unless it is longer.
        reader: whose quotas and qualifications count; None is anybody.
        opens: `opened`, or one that remembers what it has answered.
    """
    first = within.start.astimezone(zone).date()
    days = min((within.end.astimezone(zone).date() - first).days + 1, MOST_DAYS)
    grid = Grid(int(datetime.combine(first, time(0), zone).timestamp()), (days + 1) * 86400 // STEP)
    has_hours = any(bookable.opening.weekly for bookable, _units in wishes)
    # Of one pool all of it has to be free together.
    choices = choices_of(wishes)
    if not are_apart(wishes):
        return None
    asked = [
        (in_one_pool(one, choices[:number] + choices[number + 1 :]) or [one])[0] for number, one in enumerate(choices)
    ]
    for tried in lengths_between(length, shortest, [bookable.terms.step for bookable, _units in wishes]):
        mask = grid.between(
            math.ceil(within.start.timestamp()), math.floor((within.end - tried).timestamp())
        )  # fmt: skip
        for bookable, units in ((one.bookable, one.need.units) for one in asked):
            is_open = opens(bookable.opening, grid, tried, zone) if mask else 0
            allowed = allowed_starts(bookable.terms, is_open, grid, length=tried, now=now)
            mask &= free_starts(bookable, units, grid, allowed, taken, tried)
        if mask and reader is not None:
            mask &= _admitted(reader, choices, grid, tried, zone)
        there = (use for use in _uses(mask, grid, tried) if not _is_offered(use, without))
        there = (use for use in there if not weekdays or use.start.astimezone(zone).weekday() in weekdays)
        if (found := _suiting(there, hours, zone, at_any_hour=has_hours)) is not None:
            return found
    return None


def _uses(mask: int, grid: Grid, length: timedelta) -> Iterator[Interval]:
    for slot in bits(mask):
        start = datetime.fromtimestamp(grid.at(slot), UTC)
        yield Interval(start, start + length)


def _is_offered(use: Interval, without: Collection[Interval]) -> bool:
    return any(use.overlaps(one) and use.length <= one.length for one in without)


def _suiting(uses: Iterable[Interval], hours: Hours, zone: ZoneInfo, *, at_any_hour: bool) -> Interval | None:
    """The first of some uses that hours suit. Where nobody says which do it is by day; what is too long for that comes
    at night when it can begin at no other time."""
    by_night = None
    for use in uses:
        if hours.suit(use, zone) if hours else at_any_hour or _is_by_day(use.start.astimezone(zone), use.length):
            return use
        if not hours and use.length > DAYLIGHT:
            by_night = by_night or use
    return by_night


def _admitted(reader: Reader, choices: Sequence[Choice], grid: Grid, length: timedelta, zone: ZoneInfo) -> int:
    """The starts at which somebody may have all of it together."""
    admission = Admission(reader, grid, length, zone)
    mask = admission.together([[one] for one in choices])
    for one in choices:
        mask &= admission.starts(one)
    return mask


def _is_by_day(start: datetime, length: timedelta) -> bool:
    """Whether a use of so long lies between morning and evening, or begins then because it is longer than that."""
    opens, closes = (datetime.combine(start.date(), one, start.tzinfo) for one in BY_DAY)
    return opens <= start and (start + length <= closes or (length > closes - opens and start < closes))
