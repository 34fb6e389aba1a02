"""Experiments."""

from missions_app import clock, db
from missions_app.documents import picture_service
from missions_app.experiments.log_models import LogEntry
from tests.architecture.object_pages import Arranged, ObjectPage
from tests.factories.experiments import make_planned
from tests.factories.pictures import make_png


def planned() -> Arranged:
    found = make_planned()
    return Arranged({"reference": found.experiment.reference}, found.region.people["researcher"])


def mission() -> Arranged:
    found = make_planned()
    return Arranged({"reference": found.mission.reference}, found.region.people["coordinator"])


def photographed() -> Arranged:
    """A note with a picture in the log of a test that runs."""
    found = make_planned()
    with db.transaction() as session:
        entry = LogEntry(
            experiment=found.experiment, happened_at=clock.now(), text="Pumpen stannade.", photo_text="Pumpen",
            photo=picture_service.take_in(make_png())[0], noted_at=clock.now(),
        )  # fmt: skip
        session.add(entry)
    values = {"reference": found.experiment.reference, "entry_id": entry.id}
    return Arranged(values, found.region.people["researcher"])


PAGES = [
    ObjectPage("experiments.plan_experiment", mission),
    ObjectPage("experiments.edit_plan", planned),
    ObjectPage("experiments.note_in_log", planned),
    ObjectPage("experiments.show_log_photo", photographed),
    ObjectPage("api_experiments.show_plan", planned),
    ObjectPage("api_experiments.list_log", planned),
]
# Title, summary and the way there are for everybody.
OPEN = {
    "experiments.show_experiment", "api_experiments.show_experiment", "api_experiments.list_of_mission",
    "api_experiments.show_thread",
}  # fmt: skip
