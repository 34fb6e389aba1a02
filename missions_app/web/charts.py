"""Charts as plain values for the SVG macro: places in a picture of 560 x 240, texts in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from missions_app.evaluation.progress import Latest, Point, latest
from missions_app.i18n import _, both
from missions_app.indicators.models import IndicatorPlan
from missions_app.web.filters import number, short_date

LEFT, RIGHT, TOP, BOTTOM = 48, 480, 16, 212
STEPS = 3


@dataclass(frozen=True, slots=True)
class LineChart:
    """A line over time with baseline and target; ticks, dates, events and gaps are (place, text).

    The line is broken where a value is missing.
    """

    description: str
    caption: str
    ticks: list[tuple[float, str]]
    dates: list[tuple[float, str]]
    events: list[tuple[float, str]]
    gaps: list[float]
    paths: list[str]
    dots: list[tuple[float, float]]
    base: float | None
    base_text: str
    target: float | None
    target_text: str
    last_text: str


def line_chart(
    plan: IndicatorPlan, points: Sequence[Point], events: Sequence[tuple[date, str]] = ()
) -> LineChart | None:
    """An indicator's approved values, oldest first, and what happened meanwhile; None when there is nothing to draw."""
    values = [one for one in (*(p.value for p in points), plan.baseline_value, plan.target_value) if one is not None]
    days = [one for one in (*(p.on for p in points), plan.baseline_on, plan.target_on) if one is not None]
    if not values or not days:
        return None
    low, high = min([*values, 0.0]), max(values)
    high = high if high > low else low + 1
    first, last = min(days), max(days)
    span = max((last - first).days, 1)

    def x(day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - first).days / span, 1)

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low), 1)

    dots = [(x(one.on), y(one.value)) for one in points if one.value is not None]
    now = latest(points)
    unit = plan.unit
    return LineChart(
        description=_describe(plan, now),
        caption=f"{both(plan.label_sv, plan.label_en)}, {unit}. {plan.source}".strip(),
        ticks=[
            (y(low + (high - low) * step / STEPS), number(low + (high - low) * step / STEPS, 1))
            for step in range(STEPS + 1)
        ],
        dates=[(x(first), short_date(first)), (x(last), short_date(last))],
        events=[(x(on), text) for on, text in events if first <= on <= last],
        gaps=[x(one.on) for one in points if one.value is None],
        paths=[
            " ".join(f"{'M' if index == 0 else 'L'}{x(on)} {y(value)}" for index, (on, value) in enumerate(part))
            for part in _unbroken(points)
        ],
        dots=dots,
        base=y(plan.baseline_value) if plan.baseline_value is not None else None,
        base_text=_("Before %(value)s", value=number(plan.baseline_value)),
        target=y(plan.target_value) if plan.target_value is not None else None,
        target_text=_("Target %(value)s", value=number(plan.target_value)),
        last_text=_("Now %(value)s", value=number(now.value)) if now else "",
    )


def _unbroken(points: Sequence[Point]) -> list[list[tuple[date, float]]]:
    """The stretches of the line between missing values."""
    parts: list[list[tuple[date, float]]] = [[]]
    for one in points:
        if one.value is None:
            parts.append([])
        else:
            parts[-1].append((one.on, one.value))
    return [part for part in parts if len(part) > 1]


def _describe(plan: IndicatorPlan, now: Latest | None) -> str:
    parts = [both(plan.label_sv, plan.label_en)]
    if plan.baseline_value is not None:
        parts.append(_("before the mission %(value)s %(unit)s", value=number(plan.baseline_value), unit=plan.unit))
    if now is not None:
        parts.append(_("now %(value)s %(unit)s", value=number(now.value), unit=plan.unit))
    if plan.target_value is not None:
        parts.append(_("target %(value)s %(unit)s", value=number(plan.target_value), unit=plan.unit))
    return ", ".join(parts)
