"""Dates of a series that wait for the same thing: one row, with their number."""

from collections.abc import Iterable
from dataclasses import dataclass

from missions_app.bookings.models import Line, LineState
from missions_app.i18n import ngettext
from missions_app.workflow.method_parts import Text


@dataclass(frozen=True, slots=True)
class Dates:
    """The name of what is booked, and how many dates of it are meant where there are several."""

    name: Text
    number: int = 1

    def in_(self, locale: str) -> str:
        """Both in a language; the number in the context's."""
        name = self.name.in_(locale)
        return name if self.number == 1 else f"{name}, {ngettext('%(num)d date', '%(num)d dates', self.number)}"


def as_one(lines: Iterable[Line]) -> list[tuple[Line, int]]:
    """Each line and 1, in order; of the dates of a series in one state the first, and how many they are."""
    found: dict[tuple[int | None, LineState, int | None], list[Line]] = {}
    for line in lines:
        single = line.id if line.series_id is None else None
        found.setdefault((line.series_id, line.state, single), []).append(line)
    return [(each[0], len(each)) for each in found.values()]


def dates_of(line: Line, number: int) -> Dates:
    """What a row is about."""
    return Dates(line.resource.name, number)
