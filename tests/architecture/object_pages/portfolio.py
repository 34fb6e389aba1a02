"""Papers, reports and the overview."""

from datetime import date

from missions_app import clock
from missions_app.portfolio import dossier_service, report_service
from tests.architecture.object_pages import Arranged, ObjectPage
from tests.factories.experiments import make_planned
from tests.journeys import people


def paper() -> Arranged:
    found = make_planned()
    return Arranged({"reference": found.mission.reference, "gate_id": "g5"}, found.region.people["coordinator"])


def report() -> Arranged:
    """A report that only the secretariat and the bodies read yet."""
    found = make_planned()
    made = report_service.make_report(
        title="Första kvartalet",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 3, 31),
        by=found.region.actor("decider"),
    )
    return Arranged({"reference": made.reference}, found.region.people["decider"])


def figure() -> Arranged:
    arranged = report()
    return Arranged({**arranged.values, "key": "organisations"}, arranged.reader)


def live_figure() -> Arranged:
    found = make_planned()
    return Arranged({"key": "organisations"}, found.region.people["decider"])


def mission() -> Arranged:
    found = make_planned()
    return Arranged({"reference": found.mission.reference}, found.region.people["coordinator"])


def dossier() -> Arranged:
    """A dossier of a mission one has a part in."""
    with clock.fixed(people.day(0)):
        found = make_planned()
    made = dossier_service.make_dossier(found.mission, date(2026, 3, 10), by=found.region.actor("coordinator"))
    return Arranged({"reference": made.reference, "cut_off": "2026-03-10"}, found.region.people["coordinator"])


PAGES = [
    ObjectPage("portfolio.list_dossiers", mission),
    ObjectPage("portfolio.show_dossier", dossier),
    ObjectPage("portfolio.fetch_dossier", dossier),
    ObjectPage("api_portfolio.show_dossier", dossier),
    ObjectPage("portfolio.show_paper", paper),
    ObjectPage("portfolio.show_report", report),
    ObjectPage("portfolio.show_figure", figure),
    ObjectPage("portfolio.word_report", report),
    ObjectPage("portfolio.show_overview_figure", live_figure),
    ObjectPage("api_portfolio.show_report", report),
    ObjectPage("api_portfolio.show_paper", paper),
]
