"""What figures and their groups are called, and where their rows lead."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from missions_app.i18n import N_, _, both, current_locale

GROUPS: dict[str, str] = {
    "flow": N_("Missions by stage"),
    "decisions": N_("Decisions and waivers"),
    "tests": N_("Test reports"),
    "indicators": N_("Indicators, change since the baseline"),
    "learning": N_("What was learnt"),
    "partners": N_("Who takes part"),
    "money": N_("Money and work"),
    "sites": N_("Use of sites"),
    "clashes": N_("Clashes between goals"),
    "eu": N_("The programme’s common indicators"),
}
FIGURES: dict[str, str] = {
    "decisions": N_("Decisions at checkpoints"),
    "waivers": N_("Requirements set aside"),
    "reports": N_("Test reports handed in"),
    "reports_in_time": N_("of them within thirty days of the test"),
    "barriers": N_("Barriers found"),
    "lessons": N_("Lessons kept"),
    "organisations": N_("Organisations that take part"),
    "newcomers": N_("of them for the first time"),
    "promised": N_("Promised"),
    "delivered": N_("Delivered"),
    "uses": N_("Times a site was used"),
    "clashes": N_("Clashes noted"),
}
UNITS = {"SEK": "kr"}
PAGES = {
    "mission": "missions.show_mission",
    "challenge": "challenges.show_challenge",
    "experiment": "experiments.show_experiment",
    "booking": "bookings.show_booking",
}


def figure_label(figure: Any) -> str:
    """A figure's name in the reader's language."""
    if figure.label:
        text = both(figure.label["sv"], figure.label["en"])
        return f"{figure.key.partition('.')[2]} {text}" if figure.group == "eu" else text
    return _(FIGURES[figure.key])


def figure_unit(figure: Any) -> str:
    """The unit behind the number, "" for a plain count."""
    return UNITS.get(figure.unit, str(figure.unit))


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
