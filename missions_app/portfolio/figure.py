"""A figure of a report, the rows it was counted from, and the days it is about. Pure but for the region's zone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from missions_app import clock
from missions_app.indicators.small_numbers import is_small


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
    """One figure with its rows (Row, or plain values); value is None where nothing has been entered that it could be
    counted from. `is_small`: kept back, see for_public."""

    group: str
    key: str
    value: float | None
    rows: Sequence[Any]
    unit: str = ""
    label: Mapping[str, str] = field(default_factory=dict)
    is_small: bool = False


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


def for_public(figure: Any) -> Figure:
    """A counted or frozen figure without counts so small that somebody could be recognised behind them. The sum is kept
    back too where it is small itself, or would give away the only row that is."""
    rows = []
    for one in figure.rows:
        plain = dict(one) if isinstance(one, Mapping) else one.plain()
        small = is_small(plain["value"], figure.unit)
        rows.append({**plain, "value": None if small else plain["value"], "is_small": small})
    hidden = sum(one["is_small"] for one in rows)
    keeps = figure.value is not None and (hidden == 1 or is_small(abs(figure.value), figure.unit))
    return Figure(
        figure.group, figure.key, None if keeps else figure.value, rows, figure.unit, figure.label, is_small=keeps
    )
