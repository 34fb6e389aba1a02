"""Opening hours as people write them: "8-12, 13.00-17.00". Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time

Periods = Sequence[tuple[time, time]]
_period = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s*(?:[-–—]|till|to)\s*(\d{1,2})(?:[.:](\d{2}))?")


@dataclass(frozen=True, slots=True)
class Hours:
    """Periods of a day as a value of a sentence."""

    periods: tuple[tuple[time, time], ...]

    def in_(self, locale: str) -> str:
        """As they are written in a language."""
        return written(self.periods, "." if locale == "sv" else ":")


class Clash(ValueError):
    """A period that does not end after it begins, or, with `second`, two that overlap."""

    def __init__(self, first: tuple[time, time], second: tuple[time, time] | None = None) -> None:
        super().__init__(written([first, second] if second else [first]))
        self.first, self.second = first, second


def read(text: str) -> list[tuple[time, time]]:
    """The periods of a day in order; none of an empty text. An end at 24 or 00 is midnight.

    Raises:
        ValueError: it is no such text; Clash: a period ends before it begins, or two overlap.
    """
    found = []
    for part in (one.strip() for one in re.split(r"[,;]|\boch\b|\band\b", text) if one.strip()):
        match = _period.fullmatch(part)
        if match is None:
            raise ValueError(part)
        hour, minute, until, until_minute = (int(one or 0) for one in match.groups())
        found.append((time(hour, minute), time(0 if until == 24 else until, until_minute)))
    found.sort()
    check(found)
    return found


def check(periods: Periods) -> None:
    """Refuse periods that end before they begin or overlap: Clash."""
    before: tuple[time, time] | None = None
    for period in sorted(periods):
        if _minutes(period[0]) >= _end(period):
            raise Clash(period)
        if before and _minutes(period[0]) < _end(before):
            raise Clash(before, period)
        before = period


def written(periods: Iterable[tuple[time, time]], separator: str = ".") -> str:
    """The periods as they are written: "08.00–12.00, 13.00–17.00"."""
    return ", ".join(f"{_text(opens, separator)}–{_text(closes, separator, end=True)}" for opens, closes in periods)


def _text(at: time, separator: str, *, end: bool = False) -> str:
    return f"24{separator}00" if end and at == time(0) else f"{at:%H}{separator}{at:%M}"


def _end(period: tuple[time, time]) -> int:
    return _minutes(period[1]) or 24 * 60


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
