"""Half-open intervals of time and what they do to each other. Pure; all instants aware, in UTC."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

Moment = TypeVar("Moment", int, datetime)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """[start, end): start belongs to it, end does not, so that neighbours do not overlap."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError("an interval ends after it starts")

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start

    def overlaps(self, other: "Interval") -> bool:
        """Whether they share any instant."""
        return self.start < other.end and other.start < self.end

    def widened(self, before: timedelta, after: timedelta) -> "Interval":
        """With time added around it."""
        return Interval(self.start - before, self.end + after)

    def shifted(self, by: timedelta) -> "Interval":
        """Moved in time."""
        return Interval(self.start + by, self.end + by)

    def contains(self, other: "Interval") -> bool:
        """Whether the other lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same instants in as few intervals as possible, in order; touching ones are joined."""
    result: list[Interval] = []
    for one in sorted(intervals):
        if result and one.start <= result[-1].end:
            result[-1] = Interval(result[-1].start, max(result[-1].end, one.end))
        else:
            result.append(one)
    return result


def gaps(window: Interval, taken: Iterable[Interval]) -> list[Interval]:
    """What is left of a window, in order."""
    free: list[Interval] = []
    at = window.start
    for one in merged(taken):
        if one.end <= window.start or one.start >= window.end:
            continue
        if one.start > at:
            free.append(Interval(at, min(one.start, window.end)))
        at = max(at, one.end)
    if at < window.end:
        free.append(Interval(at, window.end))
    return free


def peak(intervals: Sequence[Interval], within: Interval) -> int:
    """The largest number of intervals that hold at the same instant of a window."""
    changes = sorted(
        change
        for one in intervals
        if one.overlaps(within)
        for change in ((max(one.start, within.start), 1), (min(one.end, within.end), -1))
    )
    # At one instant ends come before starts: -1 sorts before 1.
    most = now = 0
    for _at, step in changes:
        now += step
        most = max(most, now)
    return most


def crowded(intervals: Sequence[Interval], allowed: int) -> list[Interval]:
    """When more than `allowed` of the intervals hold at once, in order."""
    spans = crowded_spans([(one.start, one.end) for one in intervals], allowed)
    return merged([Interval(start, end) for start, end in spans])


def crowded_spans(spans: Iterable[tuple[Moment, Moment]], allowed: int) -> list[tuple[Moment, Moment]]:
    """When more than `allowed` of the half-open spans hold at once, in order."""
    # At one moment ends come before starts: -1 sorts before 1.
    changes = sorted(change for start, end in spans for change in ((start, 1), (end, -1)))
    result: list[tuple[Moment, Moment]] = []
    number, since = 0, None
    for at, step in changes:
        number += step
        if number > allowed and since is None:
            since = at
        elif number <= allowed and since is not None:
            if since < at:
                result.append((since, at))
            since = None
    return result
