"""What the figures of a report and their groups are called."""

from typing import Any

from missions_app.i18n import N_, _, both

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
    "follow_up": N_("Follow-up funding"),
    "follow_up_outside": N_("of it from the state or the EU"),
    "uses": N_("Times a site was used"),
    "clashes": N_("Clashes noted"),
}
UNITS = {"SEK": "kr"}


def figure_label(figure: Any) -> str:
    """A figure's name in the reader's language."""
    if figure.label:
        text = both(figure.label["sv"], figure.label["en"])
        return f"{figure.key.partition('.')[2]} {text}" if figure.group == "eu" else text
    return _(FIGURES[figure.key])


def figure_unit(figure: Any) -> str:
    """The unit behind the number, "" for a plain count."""
    return UNITS.get(figure.unit, str(figure.unit))
