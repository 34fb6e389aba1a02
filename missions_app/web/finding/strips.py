"""One day from six to twenty as half hours, for the strip beside a resource: what is yours, taken and closed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from missions_app import clock
from missions_app.bookings.availability import open_intervals
from missions_app.bookings.grid import Span
from missions_app.bookings.intervals import Interval
from missions_app.bookings.merits import Choice

FIRST = time(6)
CELLS = 28
HALF_HOUR = 1800
DAY = timedelta(days=1)

Piece = tuple[int, int, str]


def strip(choice: Choice, use: Interval, taken: Mapping[int, Sequence[Span]]) -> list[Piece]:
    """(first half hour, last, kind) of everything on the day a use begins; kind is mine, busy or closed."""
    day = clock.day_of(use.start)
    opens = [
        (int(one.start.timestamp()), int(one.end.timestamp()))
        for one in open_intervals(choice.bookable.opening, day - DAY, day + DAY, clock.zone())
    ]
    begin = _begin(day)
    busy = choice.bookable.taken(taken, choice.need.units)
    mine = [(int(use.start.timestamp()), int(use.end.timestamp()))]
    return [
        *_pieces(begin, _outside(opens, begin), "closed"), *_pieces(begin, busy, "busy"), *_pieces(begin, mine, "mine")
    ]  # fmt: skip


def _begin(day: date) -> int:
    return int(datetime.combine(day, FIRST, clock.zone()).timestamp())


def _outside(spans: Sequence[Span], begin: int) -> Iterator[Span]:
    at, end = begin, begin + CELLS * HALF_HOUR
    for start, stop in sorted(spans):
        if start > at:
            yield at, min(start, end)
        at = max(at, stop)
    if at < end:
        yield at, end


def _pieces(begin: int, spans: Sequence[Span] | Iterator[Span], kind: str) -> Iterator[Piece]:
    for start, end in spans:
        first, last = max(0, (start - begin) // HALF_HOUR), min(CELLS, -(-(end - begin) // HALF_HOUR))
        if first < last:
            yield first, last, kind
