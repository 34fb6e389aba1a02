"""Where the rows behind figures lead, and what they are about."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from missions_app.i18n import current_locale
from missions_app.portfolio.figure_words import GROUPS, figure_label, figure_unit

PAGES = {
    "mission": "missions.show_mission",
    "challenge": "challenges.show_challenge",
    "experiment": "experiments.show_experiment",
    "booking": "bookings.show_booking",
}


def row_of(row: Any) -> dict[str, Any]:
    """A row as plain values, whether frozen or just counted."""
    return dict(row) if isinstance(row, Mapping) else dict(row.plain())


def row_text(row: Any) -> str:
    """What a row is about."""
    return str(row_of(row)["en" if current_locale() == "en" else "sv"])


def row_url(row: Any) -> str:
    """Where the record behind a row is."""
    plain = row_of(row)
    kind, reference, key = plain["kind"], plain["reference"], plain["id"]
    if kind == "measurement":
        if key is None:
            return url_for("evaluation.show_evaluation", reference=reference)
        return url_for("evaluation.show_measurement", reference=reference, measurement_id=key)
    if kind == "barrier":
        return url_for("evaluation.show_barrier", barrier_id=int(reference))
    if kind == "organisation":
        return url_for("organisations.show_organisation", slug=reference)
    return url_for(PAGES[kind], reference=reference) if kind in PAGES else ""


def row_value(row: Any) -> float | None:
    """How much a row counts."""
    value = row_of(row)["value"]
    return None if value is None else float(value)


__all__ = ["GROUPS", "figure_label", "figure_unit", "row_of", "row_text", "row_url", "row_value"]
