"""A figure of a report, the rows it was counted from, and the days it is about. Pure but for the region's zone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from missions_app import clock
from missions_app.evaluation.rollup import PartTotal, roll_up_parts
from missions_app.indicators.small_numbers import is_small
from missions_app.indicators.units import is_additive


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was counted.

    part_sv, part_en: which part of a divided indicator the value is of. trend: the values up to then and what they are
    held against, see trends.py.
    """

    sv: str
    en: str
    value: float | None
    kind: str = ""
    reference: str = ""
    id: int | None = None
    part_sv: str = ""
    part_en: str = ""
    trend: Mapping[str, Any] | None = None

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


def for_everybody(trend: Mapping[str, Any] | None, unit: str) -> Mapping[str, Any] | None:
    """A trend, unless somebody could be recognised behind one of its counts."""
    if trend is None:
        return None
    shown = (trend["baseline"], *(value for _day, value in trend["points"]))
    return None if any(is_small(value, unit) for value in shown) else trend


def for_public(figure: Any) -> Figure:
    """A counted or frozen figure without counts so small that somebody could be recognised behind them. The sum is kept
    back too where it is small itself, or would give away the only row that is."""
    plains = [plain_of(one) for one in figure.rows]
    # One small part would be what is left of the whole: then nothing of that mission's parts is told.
    divided = {one["reference"] for one in plains if one.get("part_sv") and is_small(one["value"], figure.unit)}
    rows = []
    for plain in plains:
        is_part = bool(plain.get("part_sv"))
        small = plain["reference"] in divided if is_part else is_small(plain["value"], figure.unit)
        value, trend = None if small else plain["value"], for_everybody(plain.get("trend"), figure.unit)
        rows.append({**plain, "value": value, "is_small": small, "trend": trend})
    hidden = sum(one["is_small"] for one in rows)
    keeps = figure.value is not None and (hidden == 1 or is_small(abs(figure.value), figure.unit))
    return Figure(
        figure.group, figure.key, None if keeps else figure.value, rows, figure.unit, figure.label, is_small=keeps
    )


def is_divided(figure: Any) -> bool:
    """Whether its rows are parts of a divided indicator."""
    return any(plain_of(row).get("part_sv") for row in figure.rows)


def parts_in(figure: Any) -> list[tuple[dict[str, str], PartTotal | None, list[Mapping[str, Any]]]]:
    """(name in both languages, what it comes to, its rows) for every part of a divided indicator; None where a count
    that is kept back would give itself away."""
    rows = [plain_of(row) for row in figure.rows]
    totals = roll_up_parts(
        ((row["reference"], row["part_sv"], row["value"]) for row in rows), additive=is_additive(figure.unit)
    )
    found = []
    for part, total in totals.items():
        own = [row for row in rows if row["part_sv"] == part]
        hides = any(row.get("is_small") for row in own)
        found.append(({"sv": part, "en": own[0]["part_en"]}, None if hides else total, own))
    return found


def is_never_summed(figure: Any) -> bool:
    """Whether it is of shares, rates or levels over missions: one without a sum otherwise only lacks values."""
    return figure.group == "indicators" and not is_additive(figure.unit)


def coverage(figure: Any) -> tuple[int, int] | None:
    """(missions with a value, missions that follow the indicator) of an indicator over missions; None of other
    figures, and of those whose parts are covered each for itself."""
    if figure.group != "indicators" or is_divided(figure):
        return None
    rows = [plain_of(row) for row in figure.rows]
    return sum(row["value"] is not None or bool(row.get("is_small")) for row in rows), len(rows)


def plain_of(row: Any) -> Mapping[str, Any]:
    """A row as plain values, whether frozen or just counted."""
    return row if isinstance(row, Mapping) else row.plain()
