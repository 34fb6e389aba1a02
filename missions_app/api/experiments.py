"""Experiments of a mission: planned, what the plan says, and how it has gone."""

from typing import Any

from marshmallow import fields

from missions_app.accounts import queries as accounts
from missions_app.api.base import ApiBlueprint, Input, Output, created
from missions_app.api.schemas import Moment, decoded_picture
from missions_app.api.shapes import input_of, output_of
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.errors import NotFound
from missions_app.experiments import experiment_service, log_service, policy, queries
from missions_app.experiments.log_models import LogEntry
from missions_app.experiments.models import Experiment
from missions_app.experiments.rules import ASSESSED, Plan
from missions_app.i18n import _
from missions_app.missions import queries as missions
from missions_app.organisations import queries as organisations
from missions_app.portfolio.thread import thread_for

bp = ApiBlueprint("experiments", "Tests of a solution: the question, the plan, and how ready it was before")
EXPERIMENT = "/experiments/<reference>"
PlanRow = output_of(
    Experiment, "question", "hypothesis", "method", "success_threshold", "stop_rule", "data_plan", "risks",
    *ASSESSED, "trl_start", "srl_start", "planned_from", "planned_until", name="PlanRow",
)  # fmt: skip


LogOut = output_of(
    LogEntry,
    "id",
    "happened_at",
    "text",
    "is_deviation",
    "photo_text",
    "photo_removed_at",
    "noted_at",
    name="ExperimentLogOut",
)


class ExperimentOut(output_of(Experiment, "reference", "title", "summary", "round", "version", name="ExperimentRow")):
    """An experiment as everybody may read it. Its state and checkpoints are those of the case with its reference."""

    mission = fields.String(attribute="mission.reference")
    organisation = fields.String(attribute="organisation.slug")
    state = fields.String(attribute="journey.state")


class PlanOut(PlanRow, ExperimentOut):
    """An experiment with its whole plan."""

    lead = fields.Function(lambda one: one.lead.name if one.lead else None)
    track_id = fields.Integer(allow_none=True)


class ExperimentIn(input_of(Plan)):
    """A plan, who runs it and who leads it; which experiment of an earlier round it takes up again, if any."""

    organisation = fields.String(required=True, metadata={"description": "slug of one of the mission's partners"})
    lead = fields.String(required=True, metadata={"description": "e-mail address"})
    track_id = fields.Integer(load_default=None, allow_none=True)
    repeats = fields.String(load_default="", metadata={"description": "reference"})


class LogIn(Input):
    """A note in the log; the time is now when it is not given. A picture comes as base64 with what it shows."""

    text = fields.String(required=True)
    happened_at = Moment(load_default=None, allow_none=True)
    is_deviation = fields.Boolean(load_default=False)
    photo = fields.String(load_default="", metadata={"description": "JPEG, PNG or WebP as base64"})
    photo_text = fields.String(load_default="")


class EventOut(Output):
    """Something that happened, in words."""

    at = fields.DateTime()
    text = fields.Function(lambda one: _(one.sentence))
    is_decision = fields.Boolean()


def _in_mission(reference: str, mission_id: int) -> Experiment:
    experiment = queries.get_experiment(reference)
    if experiment.mission_id != mission_id:
        raise NotFound()
    return experiment


@bp.get("/experiments")
@public
@bp.paged(ExperimentOut)
def list_experiments() -> Any:
    """All experiments, newest first."""
    return queries.all_experiments()


@bp.get("/missions/<reference>/experiments")
@public
@bp.response(200, ExperimentOut(many=True))
def list_of_mission(reference: str) -> Any:
    """A mission's experiments, in the order they were planned."""
    return queries.experiments_of(missions.get_mission(reference).id)


@bp.post("/missions/<reference>/experiments")
@signed_in
@bp.arguments(ExperimentIn)
@bp.response(201, PlanOut)
def plan_experiment(body: dict[str, Any], reference: str) -> Any:
    """Plan an experiment. Whoever leads it may book and report."""
    mission = missions.get_mission(reference)
    authorise(policy.can_plan_experiment, mission)
    repeats, track_id = body.pop("repeats"), body.pop("track_id")
    experiment = experiment_service.plan_experiment(
        mission=mission, organisation=organisations.get_organisation(body.pop("organisation")),
        lead=accounts.get_user_by_email(body.pop("lead")), plan=Plan(**body), by=actor(),
        track_id=missions.get_track(mission, track_id).id if track_id else None,
        repeats=_in_mission(repeats, mission.id) if repeats else None,
    )  # fmt: skip
    return created(experiment, "experiments.show_experiment", reference=experiment.reference)


@bp.get(EXPERIMENT)
@public
@bp.response(200, ExperimentOut)
def show_experiment(reference: str) -> Experiment:
    """One experiment."""
    return queries.get_experiment(reference)


@bp.get(f"{EXPERIMENT}/plan")
@signed_in
@bp.response(200, PlanOut)
def show_plan(reference: str) -> Experiment:
    """The whole plan, for those with a part in it."""
    experiment = queries.get_experiment(reference)
    authorise(policy.can_read_plan, experiment)
    return experiment


@bp.put(f"{EXPERIMENT}/plan")
@signed_in
@bp.versioned
@bp.arguments(input_of(Plan))
@bp.response(200, PlanOut)
def edit_plan(body: dict[str, Any], reference: str, expected_version: int) -> Experiment:
    """Change the plan: question, hypothesis, method, what counts as success. It is fixed once the test has begun."""
    experiment = queries.get_experiment(reference)
    experiment_service.edit_plan(experiment, Plan(**body), by=actor(), expected_version=expected_version)
    return experiment


@bp.get(f"{EXPERIMENT}/thread")
@public
@bp.response(200, EventOut(many=True))
def show_thread(reference: str) -> Any:
    """What has happened, newest first, in words that everybody may read."""
    return thread_for([queries.get_experiment(reference)])


@bp.get(f"{EXPERIMENT}/log")
@signed_in
@bp.response(200, LogOut(many=True))
def list_log(reference: str) -> Any:
    """The log of the test, newest first."""
    experiment = queries.get_experiment(reference)
    authorise(policy.can_read_plan, experiment)
    return log_service.log_of(experiment)


@bp.post(f"{EXPERIMENT}/log")
@signed_in
@bp.arguments(LogIn)
@bp.response(201, LogOut)
def note_in_log(body: dict[str, Any], reference: str) -> Any:
    """Write something down while the test runs. Notes are never changed."""
    photo = decoded_picture(body.pop("photo"))
    return log_service.note(queries.get_experiment(reference), photo=photo, by=actor(), **body)


@bp.delete(f"{EXPERIMENT}/log/<int:entry_id>/photo")
@signed_in
@bp.response(204)
def remove_log_photo(reference: str, entry_id: int) -> None:
    """Take the picture of a note away; the note stands."""
    experiment = queries.get_experiment(reference)
    authorise(policy.can_read_plan, experiment)
    log_service.remove_photo(log_service.get_entry(experiment, entry_id), by=actor())
