"""The indicators of a frozen record as results to draw: what a dossier shows is drawn from what it holds, so that it is
the same whenever it is made."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from missions_app import clock
from missions_app.evaluation.progress import Point
from missions_app.evaluation.results import IndicatorResult, result_of
from missions_app.i18n import _, dated
from missions_app.indicators.models import IndicatorPlan
from missions_app.portfolio.charts import DayInWords, LineChart, line_chart
from missions_app.portfolio.thread import DECISION


def results_in(record: Mapping[str, Any]) -> list[IndicatorResult]:
    """Each indicator of the record on the values that had not been corrected by then."""
    rows = {table["key"]: _rows(table) for table in record["tables"]}
    values = rows.get("measurements", [])
    corrected = {one["corrects"] for one in values}
    found = []
    for one in rows.get("indicators", []):
        points = [
            Point(date.fromisoformat(row["day"]), row["value"])
            for row in values
            if row["indicator"] == one["number"] and row["number"] not in corrected
        ]
        found.append(result_of(_plan(one), sorted(points, key=lambda point: point.on)))
    return found


def events_in(record: Mapping[str, Any]) -> list[tuple[date, str]]:
    """(day, what, in the reader's language) for every decision that the record tells of."""
    thread = [row for table in record["tables"] if table["key"] == "thread" for row in _rows(table)]
    return [
        (clock.day_of(datetime.fromisoformat(one["at"])), f"{_(one['act'])} ({one['reference']})")
        for one in thread
        if one["act"].startswith(DECISION)
    ]


def charts_in(record: Mapping[str, Any], *, day: DayInWords = dated) -> list[LineChart]:
    """The line of every indicator that has values, with what was decided meanwhile."""
    events = events_in(record)
    charts = (line_chart(one, events, day=day) for one in results_in(record) if one.points)
    return [one for one in charts if one is not None]


def _rows(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def _plan(row: Mapping[str, Any]) -> IndicatorPlan:
    """The indicator as it was, outside the database."""
    on_the_way = (one.split(": ") for one in (row["milestones"] or "").split("; ") if one)
    return IndicatorPlan(
        label_sv=row["title"]["sv"], label_en=row["title"]["en"], unit=row["unit"], direction=row["direction"],
        baseline_value=row["baseline"], baseline_on=_day(row["from"]), target_value=row["target"],
        target_low=row.get("low"), target_on=_day(row["until"]), source=row["source"] or "",
        milestones={day: float(value) for day, value in on_the_way},
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
