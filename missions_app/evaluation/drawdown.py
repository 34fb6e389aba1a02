"""A test report that was handed in draws its organisation's promise of data down, by one set of data."""

from missions_app import clock
from missions_app.accounts.actor import SYSTEM
from missions_app.audit.trail import Recorded
from missions_app.experiments.models import Experiment
from missions_app.missions import queries as missions
from missions_app.partnerships import drawdown_service

DATA = "data"


def on_recorded(event: Recorded) -> None:
    """After the report: the experiment's own organisation has brought its data."""
    if event.action != "report.submitted" or not isinstance(event.subject, Experiment):
        return
    experiment = event.subject
    drawdown_service.draw_for(
        missions.get_by_id(experiment.mission_id), experiment.organisation_id, DATA, 1.0, clock.today(),
        source_kind=drawdown_service.REPORT, source_key=experiment.reference, source=experiment.reference, by=SYSTEM,
    )  # fmt: skip
