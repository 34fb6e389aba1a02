"""When a resource is open and free, and which times are nearest to a wanted one. Pure; local times by a given zone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from zoneinfo import ZoneInfo

from missions_app.bookings.intervals import Interval, gaps, merged

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """Opening hours in local time: weekday (0 is Monday) -> periods, and dates that are otherwise. One value is itself
    alone, so that what was worked out for it can be remembered.

    Without any weekly periods the resource is always open. A period that ends at 00.00 ends at midnight.
    """

    weekly: Mapping[int, Sequence[tuple[time, time]]]
    exceptions: Mapping[date, Sequence[tuple[time, time]]]

    def periods(self, day: date) -> Sequence[tuple[time, time]]:
        """The local periods of a date."""
        if day in self.exceptions:
            return self.exceptions[day]
        if not self.weekly:
            return [(time(0), time(0))]
        return self.weekly.get(day.weekday(), [])


def open_intervals(opening: Opening, first: date, last: date, zone: ZoneInfo) -> list[Interval]:
    """When the resource is open from first to last date, touching periods joined."""
    return merged(_each_period(opening, first, last, zone))


def _each_period(opening: Opening, first: date, last: date, zone: ZoneInfo) -> Iterator[Interval]:
    day = first
    while day <= last:
        for opens, closes in opening.periods(day):
            end_day = day if closes != time(0) else day + DAY
            start = datetime.combine(day, opens, zone).astimezone(UTC)
            end = datetime.combine(end_day, closes, zone).astimezone(UTC)
            if start < end:
                yield Interval(start, end)
        day += DAY


def is_open(use: Interval, opening: Opening, zone: ZoneInfo) -> bool:
    """Whether use lies within one stretch of opening hours."""
    first, last = use.start.astimezone(zone).date() - DAY, use.end.astimezone(zone).date() + DAY
    return any(one.contains(use) for one in open_intervals(opening, first, last, zone))


def nearest_free(
    use: Interval, *, taken: Iterable[Interval], opening: Opening, zone: ZoneInfo, setup: timedelta, cleanup: timedelta,
    step: timedelta, earliest: datetime, days: int = 14,
) -> Iterator[Interval]:  # fmt: skip
    """The free times of the same length, the nearest to a wanted one first; each is made when it is asked for.

    Args:
        taken: occupied intervals, set-up and clean-up included.
        setup, cleanup: what this use would add around itself.
        step: starts are whole steps from the opening of their stretch.
        earliest: nothing starts before.
        days: how far from the wanted day they may be.
    """
    occupied = merged(taken)
    first = max(use.start - days * DAY, earliest).astimezone(zone).date()
    last = (use.end + days * DAY).astimezone(zone).date()
    rows: list[Iterator[datetime]] = []
    for stretch in open_intervals(opening, first, last, zone):
        for gap in gaps(stretch.widened(setup, cleanup), occupied):
            start = max(gap.start + setup, stretch.start, earliest)
            latest = min(gap.end - cleanup, stretch.end) - use.length
            steps = range(-(-(start - stretch.start) // step), (latest - stretch.start) // step + 1)
            rows += _away_from(use.start, stretch.start, step, steps)
    starts = merge(*rows, key=lambda start: (abs(start - use.start), start))
    return (Interval(start, start + use.length) for start in starts)


def _away_from(wanted: datetime, opens: datetime, step: timedelta, steps: range) -> list[Iterator[datetime]]:
    """The starts so many steps from an opening, in two rows that both lead away from the wanted one."""
    at = -(-(wanted - opens) // step)
    earlier = reversed(range(steps.start, min(at, steps.stop)))
    later = range(max(at, steps.start), steps.stop)
    return [(opens + number * step for number in row) for row in (earlier, later)]
