"""Results."""

from missions_app import clock, db
from missions_app.evaluation import learning_service, story_service
from missions_app.evaluation.models import Measurement, MeasurementState, TestReport
from missions_app.evaluation.story_service import Story
from missions_app.indicators.models import IndicatorPlan
from missions_app.indicators.queries import indicators_of
from tests.architecture.object_pages import Arranged, ObjectPage
from tests.factories.experiments import make_planned


def experiment() -> Arranged:
    found = make_planned()
    return Arranged({"reference": found.experiment.reference}, found.region.people["researcher"])


def mission() -> Arranged:
    found = make_planned()
    return Arranged({"reference": found.mission.reference}, found.region.people["coordinator"])


def indicator() -> Arranged:
    """An indicator of a mission."""
    found = make_planned()
    plan = indicators_of(found.mission.journey)[0]
    values = {"reference": found.mission.reference, "indicator_id": plan.id}
    return Arranged(values, found.region.people["coordinator"])


def unmeasured() -> Arranged:
    """An indicator that has no baseline yet."""
    found = indicator()
    with db.transaction() as session:
        session.get_one(IndicatorPlan, found.values["indicator_id"]).baseline_value = None
    return found


def told() -> Arranged:
    """A mission whose story has been begun."""
    found = make_planned()
    content = Story(story="Gatan torkar fortare.", rival_explanations="Vintern var torr.")
    story_service.save_story(found.mission, content, by=found.region.actor("coordinator"), expected_version=None)
    return Arranged({"reference": found.mission.reference}, found.region.people["coordinator"])


def reported() -> Arranged:
    """An experiment whose report has been begun."""
    found = make_planned()
    with db.transaction() as session:
        session.add(TestReport(experiment=found.experiment))
    return Arranged({"reference": found.experiment.reference}, found.region.people["researcher"])


def measured() -> Arranged:
    """An experiment with a value that waits."""
    found = make_planned()
    with db.transaction() as session:
        measurement = Measurement(
            indicator=indicators_of(found.mission.journey)[0], mission=found.mission, experiment=found.experiment,
            measured_on=clock.today(),
            value=15.0, source="Nivågivare", state=MeasurementState.SUBMITTED, submitted_at=clock.now(),
        )  # fmt: skip
        session.add(measurement)
    values = {"reference": found.mission.reference, "measurement_id": measurement.id}
    return Arranged(values, found.region.people["coordinator"])


def found_barrier() -> Arranged:
    """A barrier in the register."""
    found = make_planned()
    barrier = learning_service.add_barrier(
        mission=found.mission, title="Regel", kind="local_rule", by=found.region.actor("coordinator")
    )
    return Arranged({"barrier_id": barrier.id}, found.region.people["coordinator"])


PAGES = [
    ObjectPage("evaluation.list_learning", experiment),
    ObjectPage("evaluation.add_lesson", experiment),
    ObjectPage("evaluation.add_barrier", experiment),
    ObjectPage("evaluation.list_measurements", experiment),
    ObjectPage("evaluation.submit_measurement", experiment),
    ObjectPage("evaluation.show_measurement", measured),
    ObjectPage("evaluation.correct_measurement", measured),
    ObjectPage("evaluation.submit_mission_measurement", mission),
    ObjectPage("evaluation.import_measurements", mission),
    ObjectPage("evaluation.measurement_template", mission),
    ObjectPage("evaluation.add_indicator", mission),
    ObjectPage("evaluation.edit_indicator", indicator),
    ObjectPage("evaluation.enter_baseline", unmeasured),
    ObjectPage("evaluation.list_datasets", mission),
    ObjectPage("evaluation.add_dataset", mission),
    ObjectPage("evaluation.add_change", mission),
    ObjectPage("evaluation.follow_barrier", found_barrier),
    ObjectPage("evaluation.edit_report", experiment),
    ObjectPage("evaluation.show_evaluation", mission),
    ObjectPage("evaluation.edit_story", mission),
    ObjectPage("evaluation.state_outcome", mission),
    ObjectPage("evaluation.add_mission_lesson", mission),
    ObjectPage("evaluation.publish_closing_report", mission),
    ObjectPage("api_measurements.list_measurements", experiment),
    ObjectPage("api_measurements.list_mission_measurements", mission),
    ObjectPage("api_measurements.list_indicators", mission),
    ObjectPage("api_evaluation.list_lessons_of", experiment),
    ObjectPage("api_evaluation.list_barriers_of", experiment),
    ObjectPage("api_evaluation.show_report", reported),
    ObjectPage("api_evaluation.show_evaluation", mission),
    ObjectPage("api_evaluation.list_lessons", mission),
    ObjectPage("api_evaluation.show_story", told),
]
# The register of barriers is for everybody.
OPEN = {"api_evaluation.show_barrier", "evaluation.show_barrier"}
