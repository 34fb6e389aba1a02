"""What came out: measurements, test reports, lessons, barriers, data sets, what people saw, and the closing report."""

import dataclasses
from typing import Any

from missions_app.api.base import IF_MATCH, ApiBlueprint, created, expected_version
from missions_app.api.documents import DocumentOut
from missions_app.api.evaluation_shapes import (
    BarrierIn,
    BarrierOut,
    ChangeIn,
    ChangeOut,
    ClosingIn,
    CorrectIn,
    DatasetIn,
    DatasetRow,
    EvaluationOut,
    FollowIn,
    LessonIn,
    LessonOut,
    MeasureIn,
    MeasurementOut,
    PublishIn,
    ReportOut,
    SheetIn,
    SheetOut,
    StatementIn,
    StatementOut,
    StoryOut,
)
from missions_app.api.shapes import input_of
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.edge.words import sentence
from missions_app.errors import NotFound
from missions_app.evaluation import (
    closing_service,
    import_service,
    learning_service,
    measurement_service,
    policy,
    queries,
    report_service,
    story_service,
)
from missions_app.evaluation.measurement_service import Value
from missions_app.evaluation.models import (
    Barrier,
    ContributionStory,
    Dataset,
    Measurement,
    TestReport,
)
from missions_app.evaluation.progress import latest, progress
from missions_app.evaluation.report_service import ReportContent
from missions_app.evaluation.story_service import Story
from missions_app.experiments import policy as experiment_policy
from missions_app.experiments import queries as experiments
from missions_app.experiments.models import Experiment
from missions_app.indicators import queries as indicators
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.organisations import queries as organisations

bp = ApiBlueprint("evaluation", "Results, from the raw measurement to what was learnt")
EXPERIMENT = "/experiments/<reference>"
MISSION = "/missions/<reference>"
MEASUREMENT = f"{EXPERIMENT}/measurements/<int:measurement_id>"
# What is written for the first time has no version yet; after that an edit names the one that was seen.
MAYBE_MATCH = IF_MATCH | {"required": False, "description": "The version you have seen, once there is one."}


def _experiment(reference: str) -> Experiment:
    experiment = experiments.get_experiment(reference)
    authorise(experiment_policy.can_read_plan, experiment)
    return experiment


def _mission(reference: str) -> Mission:
    mission = missions.get_mission(reference)
    authorise(policy.can_read_results, mission)
    return mission


def _measurement(reference: str, measurement_id: int) -> Measurement:
    measurement = queries.get_measurement(measurement_id)
    if measurement.experiment_id != _experiment(reference).id:
        raise NotFound()
    return measurement


def _value(body: dict[str, Any]) -> Value:
    """The value of a sent measurement; what else was sent stays in the body."""
    return Value(**{one.name: body.pop(one.name) for one in dataclasses.fields(Value) if one.name in body})


def _found(body: dict[str, Any], reference: str) -> dict[str, Any]:
    """Who found something, where, and what."""
    experiment = body.pop("experiment")
    found_in = experiments.get_experiment(experiment) if experiment else None
    return {"mission": missions.get_mission(reference), "experiment": found_in, "by": actor(), **body}


def _progress(mission: Mission) -> list[dict[str, Any]]:
    plans = indicators.indicators_of(mission.journey)
    newest = {key: latest(points) for key, points in queries.approved_points(plans).items()}
    return [
        {
            "indicator_id": one.id, "label_sv": one.label_sv, "label_en": one.label_en, "unit": one.unit,
            "baseline": one.baseline_value, "target": one.target_value, "latest": now.value if now else None,
            "latest_on": now.on if now else None,
            "progress": progress(
                baseline=one.baseline_value, target=one.target_value, value=now.value if now else None,
                direction=one.direction,
            ),
        }
        for one in plans
        for now in (newest[one.id],)
    ]  # fmt: skip


@bp.get(f"{EXPERIMENT}/measurements")
@signed_in
@bp.response(200, MeasurementOut(many=True))
def list_measurements(reference: str) -> Any:
    """Every value, corrected ones included."""
    return queries.measurements_of(_experiment(reference).id)


@bp.post(f"{EXPERIMENT}/measurements")
@signed_in
@bp.arguments(MeasureIn)
@bp.response(201, MeasurementOut)
def submit_measurement(body: dict[str, Any], reference: str) -> Any:
    """Submit a value; it counts when somebody else has approved it."""
    experiment = _experiment(reference)
    indicator = indicators.get_indicator(experiment.mission.journey, body.pop("indicator_id"))
    measurement = measurement_service.submit_measurement(
        experiment=experiment, indicator=indicator, value=_value(body), reason=body["reason"], by=actor()
    )
    return created(measurement, "evaluation.list_measurements", reference=reference)


@bp.get(f"{MISSION}/measurements")
@signed_in
@bp.response(200, MeasurementOut(many=True))
def list_mission_measurements(reference: str) -> Any:
    """Every value of every indicator of a mission, newest day first, corrected ones included."""
    return queries.history_of(indicators.indicators_of(_mission(reference).journey))


@bp.post(f"{MISSION}/measurements")
@signed_in
@bp.arguments(MeasureIn)
@bp.response(201, MeasurementOut)
def submit_mission_measurement(body: dict[str, Any], reference: str) -> Any:
    """Submit a value that no single experiment gave."""
    mission = _mission(reference)
    indicator = indicators.get_indicator(mission.journey, body.pop("indicator_id"))
    measurement = measurement_service.submit_for_mission(
        mission=mission, indicator=indicator, value=_value(body), reason=body["reason"], by=actor()
    )
    return created(measurement, "evaluation.list_mission_measurements", reference=reference)


@bp.post(f"{MISSION}/measurements/<int:measurement_id>/approve")
@signed_in
@bp.versioned
@bp.response(200, MeasurementOut)
def approve_mission_measurement(reference: str, measurement_id: int, expected_version: int) -> Measurement:
    """Let a value of the mission count, whichever way it came in."""
    measurement, mission = queries.get_measurement(measurement_id), _mission(reference)
    if measurement.mission_id != mission.id:
        raise NotFound()
    measurement_service.approve_measurement(measurement, by=actor(), expected_version=expected_version)
    return measurement


@bp.post(f"{MISSION}/measurements/sheet")
@signed_in
@bp.arguments(SheetIn)
@bp.response(200, SheetOut)
def import_measurements(body: dict[str, Any], reference: str) -> dict[str, Any]:
    """A whole sheet as CSV. With `dry_run` nothing is filed and every row's fate is told; else all rows or none."""
    mission = _mission(reference)
    if body["dry_run"]:
        fates = import_service.judge(mission, body["sheet"], by=actor())
        rows = [{"line": one.line, "problems": [sentence(problem) for problem in one.problems]} for one in fates]
        return {"filed": 0, "rows": rows}
    return {"filed": import_service.import_measurements(mission, body["sheet"], by=actor()), "rows": []}


@bp.post(f"{MEASUREMENT}/approve")
@signed_in
@bp.versioned
@bp.response(200, MeasurementOut)
def approve_measurement(reference: str, measurement_id: int, expected_version: int) -> Measurement:
    """Let a value count."""
    measurement = _measurement(reference, measurement_id)
    measurement_service.approve_measurement(measurement, by=actor(), expected_version=expected_version)
    return measurement


@bp.post(f"{MEASUREMENT}/corrections")
@signed_in
@bp.versioned
@bp.arguments(CorrectIn)
@bp.response(201, MeasurementOut)
def correct_measurement(body: dict[str, Any], reference: str, measurement_id: int, expected_version: int) -> Any:
    """Replace a wrong value by a new one, which waits for approval; the old one stays readable."""
    measurement, reason = _measurement(reference, measurement_id), body.pop("reason")
    correction = measurement_service.correct_measurement(
        measurement, _value(body), reason=reason, by=actor(), expected_version=expected_version
    )
    return created(correction, "evaluation.list_measurements", reference=reference)


@bp.get(f"{EXPERIMENT}/report")
@signed_in
@bp.response(200, ReportOut)
def show_report(reference: str) -> TestReport:
    """The test report."""
    report = queries.report_of(_experiment(reference).id)
    if report is None:
        raise NotFound()
    return report


@bp.put(f"{EXPERIMENT}/report")
@signed_in
@bp.doc(parameters=[MAYBE_MATCH])
@bp.arguments(input_of(ReportContent))
@bp.response(200, ReportOut)
def save_report(body: dict[str, Any], reference: str) -> TestReport:
    """Write the report; it is a draft until it is submitted. All but the first time the version seen is needed."""
    experiment = _experiment(reference)
    seen = expected_version() if queries.report_of(experiment.id) else None
    return report_service.save_report(experiment, ReportContent(**body), by=actor(), expected_version=seen)


@bp.post(f"{EXPERIMENT}/report/submit")
@signed_in
@bp.versioned
@bp.response(200, ReportOut)
def submit_report(reference: str, expected_version: int) -> TestReport:
    """Hand the report in; it becomes a document, signed by you, and can no longer be changed."""
    return report_service.submit_report(_experiment(reference), by=actor(), expected_version=expected_version)


@bp.get(f"{EXPERIMENT}/lessons")
@signed_in
@bp.response(200, LessonOut(many=True))
def list_lessons_of(reference: str) -> Any:
    """What was learnt in one experiment."""
    experiment = _experiment(reference)
    return [one for one in queries.lessons_of(experiment.mission_id) if one.experiment_id == experiment.id]


@bp.get(f"{EXPERIMENT}/barriers")
@signed_in
@bp.response(200, BarrierOut(many=True))
def list_barriers_of(reference: str) -> Any:
    """What stood in the way of one experiment."""
    experiment = _experiment(reference)
    return [one for one in queries.barriers_of(experiment.mission_id) if one.experiment_id == experiment.id]


@bp.get(f"{MISSION}/evaluation")
@signed_in
@bp.response(200, EvaluationOut)
def show_evaluation(reference: str) -> dict[str, Any]:
    """Everything that a mission's evaluation rests on."""
    mission = _mission(reference)
    return {
        "indicators": _progress(mission), "story": story_service.story_of(mission),
        "statements": queries.statements_of(mission.id), "lessons": queries.lessons_of(mission.id),
        "barriers": queries.barriers_of(mission.id), "datasets": queries.datasets_of(mission.id),
        "changes": queries.changes_of(mission.id),
    }  # fmt: skip


@bp.get(f"{MISSION}/lessons")
@signed_in
@bp.response(200, LessonOut(many=True))
def list_lessons(reference: str) -> Any:
    """What was learnt."""
    return queries.lessons_of(_mission(reference).id)


@bp.post(f"{MISSION}/lessons")
@signed_in
@bp.arguments(LessonIn)
@bp.response(201, LessonOut)
def add_lesson(body: dict[str, Any], reference: str) -> Any:
    """Something learnt, so that others may use it."""
    lesson = learning_service.add_lesson(**_found(body, reference))
    return created(lesson, "evaluation.list_lessons", reference=reference)


@bp.get("/barriers")
@public
@bp.paged(BarrierOut)
def list_barriers() -> Any:
    """The register of barriers, newest first."""
    return queries.register_of_barriers()


@bp.get("/barriers/<int:barrier_id>")
@public
@bp.response(200, BarrierOut)
def show_barrier(barrier_id: int) -> Barrier:
    """One barrier of the register."""
    return queries.get_barrier(barrier_id)


@bp.post(f"{MISSION}/barriers")
@signed_in
@bp.arguments(BarrierIn)
@bp.response(201, BarrierOut)
def add_barrier(body: dict[str, Any], reference: str) -> Any:
    """Something that stands in the way. A barrier found is a result."""
    barrier = learning_service.add_barrier(**_found(body, reference))
    return created(barrier, "evaluation.show_barrier", barrier_id=barrier.id)


@bp.put("/barriers/<int:barrier_id>")
@signed_in
@bp.versioned
@bp.arguments(FollowIn)
@bp.response(200, BarrierOut)
def follow_barrier(body: dict[str, Any], barrier_id: int, expected_version: int) -> Barrier:
    """Where it stands now."""
    barrier = queries.get_barrier(barrier_id)
    learning_service.follow_barrier(barrier, by=actor(), expected_version=expected_version, **body)
    return barrier


@bp.post(f"{MISSION}/datasets")
@signed_in
@bp.arguments(DatasetIn)
@bp.response(201, DatasetRow)
def add_dataset(body: dict[str, Any], reference: str) -> Any:
    """Data that the mission leaves behind."""
    dataset = learning_service.add_dataset(**_found(body, reference))
    return created(dataset, "evaluation.show_evaluation", reference=reference)


@bp.post(f"{MISSION}/datasets/<int:dataset_id>/publish")
@signed_in
@bp.versioned
@bp.arguments(PublishIn)
@bp.response(200, DatasetRow)
def publish_dataset(body: dict[str, Any], reference: str, dataset_id: int, expected_version: int) -> Dataset:
    """Note that everybody can fetch it."""
    mission, dataset = _mission(reference), queries.get_dataset(dataset_id)
    if dataset.mission_id != mission.id:
        raise NotFound()
    learning_service.publish_dataset(dataset, by=actor(), expected_version=expected_version, on=body["on"])
    return dataset


@bp.get(f"{MISSION}/story")
@signed_in
@bp.response(200, StoryOut)
def show_story(reference: str) -> ContributionStory:
    """The contribution story; its ETag is what a change of it needs."""
    story = story_service.story_of(_mission(reference))
    if story is None:
        raise NotFound()
    return story


@bp.put(f"{MISSION}/story")
@signed_in
@bp.doc(parameters=[MAYBE_MATCH])
@bp.arguments(input_of(Story))
@bp.response(200, StoryOut)
def save_story(body: dict[str, Any], reference: str) -> ContributionStory:
    """How the mission contributed, and what else may explain it. All but the first time the version seen is needed."""
    mission = _mission(reference)
    seen = expected_version() if story_service.story_of(mission) else None
    return story_service.save_story(mission, Story(**body), by=actor(), expected_version=seen)


@bp.post(f"{MISSION}/statements")
@signed_in
@bp.arguments(StatementIn)
@bp.response(201, StatementOut)
def state_outcome(body: dict[str, Any], reference: str) -> Any:
    """What the owner, the users or another party say of the outcome."""
    organisation = organisations.get_organisation(body.pop("organisation"))
    statement = story_service.state_outcome(mission=_mission(reference), organisation=organisation, by=actor(), **body)
    return created(statement, "evaluation.show_evaluation", reference=reference)


@bp.post(f"{MISSION}/system-changes")
@signed_in
@bp.arguments(ChangeIn)
@bp.response(201, ChangeOut)
def add_change(body: dict[str, Any], reference: str) -> Any:
    """A rule, a habit or a market that has changed."""
    change = learning_service.add_change(mission=missions.get_mission(reference), by=actor(), **body)
    return created(change, "evaluation.show_evaluation", reference=reference)


@bp.post(f"{MISSION}/closing-report")
@signed_in
@bp.arguments(ClosingIn)
@bp.response(201, DocumentOut)
def publish_closing_report(body: dict[str, Any], reference: str) -> Any:
    """Write, sign and publish the closing report."""
    document = closing_service.publish_closing_report(missions.get_mission(reference), by=actor(), **body)
    return created(document, "documents.show_document", document_id=document.id)
