"""Papers, reports and the overview."""

from datetime import date

from missions_app.portfolio import report_service
from tests.architecture.object_pages import Arranged, ObjectPage
from tests.factories.experiments import make_planned


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


PAGES = [
    ObjectPage("portfolio.show_paper", paper),
    ObjectPage("portfolio.show_report", report),
    ObjectPage("portfolio.show_figure", figure),
    ObjectPage("portfolio.word_report", report),
    ObjectPage("portfolio.show_overview_figure", live_figure),
    ObjectPage("api_portfolio.show_report", report),
    ObjectPage("api_portfolio.show_paper", paper),
]
