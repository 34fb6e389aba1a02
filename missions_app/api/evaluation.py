"""What came out: test reports, lessons, barriers, data sets, what people saw, and the closing report."""

from typing import Any

from missions_app.api.base import IF_MATCH, ApiBlueprint, created, expected_version
from missions_app.api.documents import DocumentOut
from missions_app.api.evaluation_shapes import (
    BarrierIn,
    BarrierOut,
    ChangeIn,
    ChangeOut,
    ClosingIn,
    DatasetIn,
    DatasetRow,
    EvaluationOut,
    FollowIn,
    LessonFilters,
    LessonIn,
    LessonOut,
    OfferOut,
    PublishIn,
    ReportOut,
    StatementIn,
    StatementOut,
    StoryOut,
)
from missions_app.api.readable import readable_experiment, readable_results
from missions_app.api.shapes import input_of
from missions_app.edge.access import actor, public, signed_in
from missions_app.errors import NotFound
from missions_app.evaluation import (
    closing_service,
    learning_service,
    queries,
    report_service,
    story_service,
)
from missions_app.evaluation.models import (
    Barrier,
    ContributionStory,
    Dataset,
    TestReport,
)
from missions_app.evaluation.offered import lessons_for
from missions_app.evaluation.report_service import ReportContent
from missions_app.evaluation.results import results_of, short_answer
from missions_app.evaluation.story_service import Story
from missions_app.experiments import queries as experiments
from missions_app.indicators import queries as indicators
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.organisations import queries as organisations

bp = ApiBlueprint("evaluation", "Results, from the raw measurement to what was learnt")
EXPERIMENT = "/experiments/<reference>"
MISSION = "/missions/<reference>"
# What is written for the first time has no version yet; after that an edit names the one that was seen.
MAYBE_MATCH = IF_MATCH | {"required": False, "description": "The version you have seen, once there is one."}


def _found(body: dict[str, Any], reference: str) -> dict[str, Any]:
    """Who found something, where, and what."""
    experiment = body.pop("experiment")
    found_in = experiments.get_experiment(experiment) if experiment else None
    return {"mission": missions.get_mission(reference), "experiment": found_in, "by": actor(), **body}


def _progress(mission: Mission) -> list[dict[str, Any]]:
    return [
        {
            "indicator_id": one.plan.id, "label_sv": one.plan.label_sv, "label_en": one.plan.label_en,
            "unit": one.plan.unit, "baseline": one.plan.baseline_value, "target": one.plan.target_value,
            "target_low": one.plan.target_low,
            "latest": one.now.value if one.now else None, "latest_on": one.now.on if one.now else None,
            "progress": one.share, "reached": one.reached,
            "milestones": [
                {"on": row.on, "value": row.value, "actual": row.actual, "reached": row.reached}
                for row in one.milestones
            ],
        }
        for one in results_of(indicators.indicators_of(mission.journey))
    ]  # fmt: skip


@bp.get(f"{EXPERIMENT}/report")
@signed_in
@bp.response(200, ReportOut)
def show_report(reference: str) -> TestReport:
    """The test report."""
    report = queries.report_of(readable_experiment(reference).id)
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
    experiment = readable_experiment(reference)
    seen = expected_version() if queries.report_of(experiment.id) else None
    return report_service.save_report(experiment, ReportContent(**body), by=actor(), expected_version=seen)


@bp.post(f"{EXPERIMENT}/report/submit")
@signed_in
@bp.versioned
@bp.response(200, ReportOut)
def submit_report(reference: str, expected_version: int) -> TestReport:
    """Hand the report in; it becomes a document, signed by you, and can no longer be changed."""
    return report_service.submit_report(readable_experiment(reference), by=actor(), expected_version=expected_version)


@bp.get(f"{EXPERIMENT}/lessons")
@signed_in
@bp.response(200, LessonOut(many=True))
def list_lessons_of(reference: str) -> Any:
    """What was learnt in one experiment."""
    experiment = readable_experiment(reference)
    return [one for one in queries.lessons_of(experiment.mission_id) if one.experiment_id == experiment.id]


@bp.get(f"{EXPERIMENT}/barriers")
@signed_in
@bp.response(200, BarrierOut(many=True))
def list_barriers_of(reference: str) -> Any:
    """What stood in the way of one experiment."""
    experiment = readable_experiment(reference)
    return [one for one in queries.barriers_of(experiment.mission_id) if one.experiment_id == experiment.id]


@bp.get(f"{MISSION}/evaluation")
@signed_in
@bp.response(200, EvaluationOut)
def show_evaluation(reference: str) -> dict[str, Any]:
    """Everything that a mission's evaluation rests on."""
    mission = readable_results(reference)
    return {
        "indicators": _progress(mission),
        "verdict": short_answer(results_of(indicators.indicators_of(mission.journey))),
        "story": story_service.story_of(mission),
        "statements": queries.statements_of(mission.id), "lessons": queries.lessons_of(mission.id),
        "barriers": queries.barriers_of(mission.id), "datasets": queries.datasets_of(mission.id),
        "changes": queries.changes_of(mission.id),
    }  # fmt: skip


@bp.get(f"{MISSION}/lessons")
@signed_in
@bp.response(200, LessonOut(many=True))
def list_lessons(reference: str) -> Any:
    """What was learnt."""
    return queries.lessons_of(readable_results(reference).id)


@bp.post(f"{MISSION}/lessons")
@signed_in
@bp.arguments(LessonIn)
@bp.response(201, LessonOut)
def add_lesson(body: dict[str, Any], reference: str) -> Any:
    """Something learnt, so that others may use it."""
    lesson = learning_service.add_lesson(**_found(body, reference))
    return created(lesson, "evaluation.list_lessons", reference=reference)


@bp.get("/lessons")
@signed_in
@bp.arguments(LessonFilters, location="query")
@bp.response(200, OfferOut(many=True))
def offer_lessons(filters: dict[str, Any]) -> Any:
    """What others have learnt that shares words with a text, the closest first."""
    return lessons_for(filters["text"], filters["theme"], most=filters["most"])


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
    mission, dataset = readable_results(reference), queries.get_dataset(dataset_id)
    if dataset.mission_id != mission.id:
        raise NotFound()
    learning_service.publish_dataset(dataset, by=actor(), expected_version=expected_version, on=body["on"])
    return dataset


@bp.get(f"{MISSION}/story")
@signed_in
@bp.response(200, StoryOut)
def show_story(reference: str) -> ContributionStory:
    """The contribution story; its ETag is what a change of it needs."""
    story = story_service.story_of(readable_results(reference))
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
    mission = readable_results(reference)
    seen = expected_version() if story_service.story_of(mission) else None
    return story_service.save_story(mission, Story(**body), by=actor(), expected_version=seen)


@bp.post(f"{MISSION}/statements")
@signed_in
@bp.arguments(StatementIn)
@bp.response(201, StatementOut)
def state_outcome(body: dict[str, Any], reference: str) -> Any:
    """What the owner, the users or another party say of the outcome."""
    organisation = organisations.get_organisation(body.pop("organisation"))
    statement = story_service.state_outcome(
        mission=readable_results(reference), organisation=organisation, by=actor(), **body
    )
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
