"""Where the rows behind figures lead, and what they are about."""

from typing import Any

from flask import url_for

from missions_app.bookings.policy import can_read
from missions_app.bookings.queries import find_booking
from missions_app.edge.access import actor
from missions_app.i18n import current_locale
from missions_app.portfolio.charts import LineChart, line_chart
from missions_app.portfolio.figure import coverage, is_divided, is_never_summed, parts_in, plain_of
from missions_app.portfolio.figure_words import GROUPS, figure_label, figure_unit
from missions_app.portfolio.trends import result_in
from missions_app.web.filters import short_date

PAGES = {
    "mission": "missions.show_mission",
    "challenge": "challenges.show_challenge",
    "experiment": "experiments.show_experiment",
    "booking": "bookings.show_booking",
}


def row_of(row: Any) -> dict[str, Any]:
    """A row as plain values, whether frozen or just counted."""
    return dict(plain_of(row))


def row_text(row: Any) -> str:
    """What a row is about."""
    return str(row_of(row)["en" if current_locale() == "en" else "sv"])


def row_url(row: Any) -> str:
    """Where the record behind a row is."""
    plain = row_of(row)
    kind, reference, key = plain["kind"], plain["reference"], plain["id"]
    if kind == "measurement":
        if key is None:
            return url_for("missions.show_mission", reference=reference, _anchor="target")
        return url_for("evaluation.show_measurement", reference=reference, measurement_id=key)
    if kind == "booking" and not _may_read(reference):
        return ""
    if kind == "barrier":
        return url_for("evaluation.show_barrier", barrier_id=int(reference))
    if kind == "organisation":
        return url_for("organisations.show_organisation", slug=reference)
    return url_for(PAGES[kind], reference=reference) if kind in PAGES else ""


def charts_of(figure: Any) -> list[LineChart]:
    """The lines of the missions behind a figure that has some."""
    results = (result_in(row_of(row), figure.label, figure.unit) for row in figure.rows)
    charts = (line_chart(one, day=short_date) for one in results if one is not None)
    return [one for one in charts if one is not None]


def _may_read(reference: str) -> bool:
    """Whether the reader may open a booking: a count leads no further for those who may not."""
    booking = find_booking(reference)
    return booking is not None and actor().is_signed_in and can_read(actor(), booking)


def row_value(row: Any) -> float | None:
    """How much a row counts."""
    value = row_of(row)["value"]
    return None if value is None else float(value)


__all__ = [
    "GROUPS", "charts_of", "coverage", "figure_label", "figure_unit", "is_divided", "is_never_summed", "parts_in",
    "row_of", "row_text", "row_url", "row_value",
]  # fmt: skip
