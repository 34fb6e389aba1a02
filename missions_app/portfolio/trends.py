"""The way an indicator has gone, kept with a frozen figure, so that a report is drawn from what it holds."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from missions_app.evaluation.models import Measurement
from missions_app.evaluation.progress import Point
from missions_app.evaluation.results import IndicatorResult, result_of
from missions_app.indicators.models import IndicatorPlan

LEAST = 2  # of one value there is no line


def trend_of(plan: IndicatorPlan, values: Sequence[Measurement]) -> dict[str, Any] | None:
    """The values that counted, oldest first, and what they are held against; None while there is no line."""
    if sum(one.value is not None for one in values) < LEAST:
        return None
    return {
        "direction": plan.direction, "baseline": plan.baseline_value, "from": _text(plan.baseline_on),
        "target": plan.target_value, "low": plan.target_low, "until": _text(plan.target_on),
        "milestones": dict(plan.milestones),
        "points": [[one.measured_on.isoformat(), one.value] for one in values],
    }  # fmt: skip


def result_in(row: Mapping[str, Any], label: Mapping[str, str], unit: str) -> IndicatorResult | None:
    """A row with its trend as a result to draw, named after the row; None where there is none."""
    trend = row.get("trend")
    if not trend:
        return None
    plan = IndicatorPlan(
        label_sv=f"{label['sv']}, {row['sv']}", label_en=f"{label['en']}, {row['en']}", unit=unit, source="",
        direction=trend["direction"], baseline_value=trend["baseline"], baseline_on=_day(trend["from"]),
        target_value=trend["target"], target_low=trend.get("low"), target_on=_day(trend["until"]),
        milestones=trend["milestones"],
    )  # fmt: skip
    return result_of(plan, [Point(date.fromisoformat(day), value) for day, value in trend["points"]])


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
