"""A figure of a report, the rows it was counted from, and the days it is about. Pure but for the region's zone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from missions_app import clock


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was counted."""

    sv: str
    en: str
    value: float | None
    kind: str = ""
    reference: str = ""
    id: int | None = None

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; value is None where nothing has been entered that it could be counted from."""

    group: str
    key: str
    value: float | None
    rows: Sequence[Row]
    unit: str = ""
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """The days a report is about, both included, and the instants they begin and end."""

    starts_on: date
    ends_on: date

    @property
    def begins(self) -> datetime:
        """The first instant."""
        return datetime.combine(self.starts_on, time(), clock.zone())

    @property
    def ends(self) -> datetime:
        """The first instant after."""
        return datetime.combine(self.ends_on + timedelta(days=1), time(), clock.zone())
