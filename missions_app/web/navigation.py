"""The main menu and what every page needs around itself."""

from dataclasses import dataclass
from importlib.metadata import version

from flask import Flask, current_app, request, url_for

from missions_app.edge.access import actor
from missions_app.i18n import N_, _


@dataclass(frozen=True, slots=True)
class Item:
    """One link of the main menu."""

    label: str
    url: str
    is_current: bool


VERSION = version("missions")

VISITOR = (
    (N_("Start"), "start.show_start", "start"),
    (N_("Challenges"), "challenges.list_challenges", "challenges"),
    (N_("Missions"), "missions.list_missions", "missions"),
    (N_("Sites"), "sites.list_sites", "sites"),
    (N_("Find time"), "finding.find_time", "finding"),
    (N_("Method"), "workflow.show_method", "workflow"),
)
SIGNED_IN = (
    (N_("My work"), "work.show_work", "work"),
    (N_("Challenges"), "challenges.list_challenges", "challenges"),
    (N_("Missions"), "missions.list_missions", "missions"),
    (N_("Sites"), "sites.list_sites", "sites"),
    (N_("Find time"), "finding.find_time", "finding"),
    (N_("Calendar"), "bookings.show_calendar", "bookings"),
    (N_("Evaluation"), "portfolio.list_reports", "portfolio"),
)


def main_menu() -> list[Item]:
    """The links of the main menu, those of a visitor or of somebody signed in; only pages that exist."""
    items = SIGNED_IN if actor().is_signed_in else VISITOR
    blueprint = request.blueprint if request else None
    return [
        Item(_(label), url_for(endpoint), blueprint == domain)
        for label, endpoint, domain in items
        if endpoint in current_app.view_functions
    ]


def register(app: Flask) -> None:
    """Give every template the menu, the reader and the installation."""

    @app.context_processor
    def around() -> dict[str, object]:
        settings = app.extensions["settings"]
        return {
            "main_menu": main_menu, "reader": actor(), "is_demo": settings.is_demo, "region": app.extensions["region"],
            "app_version": VERSION, "path": request.full_path.rstrip("?") if request else "/",
        }  # fmt: skip
