"""Experiments."""

from tests.architecture.object_pages import Arranged, ObjectPage
from tests.factories.experiments import make_planned


def planned() -> Arranged:
    found = make_planned()
    return Arranged({"reference": found.experiment.reference}, found.region.people["researcher"])


def mission() -> Arranged:
    found = make_planned()
    return Arranged({"reference": found.mission.reference}, found.region.people["coordinator"])


PAGES = [
    ObjectPage("experiments.plan_experiment", mission),
    ObjectPage("experiments.edit_plan", planned),
    ObjectPage("api_experiments.show_plan", planned),
]
# Title, summary and the way there are for everybody.
OPEN = {
    "experiments.show_experiment", "api_experiments.show_experiment", "api_experiments.list_of_mission",
    "api_experiments.show_thread",
}  # fmt: skip
