"""Planning experiments."""

from dataclasses import fields

from missions_app import db
from missions_app.accounts.actor import Actor, experiment_scope
from missions_app.accounts.grant_service import grant
from missions_app.accounts.models import User
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import InvalidInput
from missions_app.experiments import policy, queries
from missions_app.experiments.errors import MissionNotReady, NotAPartner, PlanLocked
from missions_app.experiments.models import Experiment
from missions_app.experiments.rules import Plan, plan_problems
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.partnerships import queries as partnerships
from missions_app.partnerships.models import PartnerState
from missions_app.references.numbering import next_reference
from missions_app.workflow import journey_service
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Journey
from missions_app.workflow.subjects import Subject

PLANNING = "planning"


def plan_experiment(
    *, mission: Mission, organisation: Organisation, lead: User, plan: Plan, by: Actor, track_id: int | None = None,
    repeats: Experiment | None = None,
) -> Experiment:  # fmt: skip
    """A new experiment of a mission, in planning. Its lead gets the role for this experiment.

    Args:
        organisation: runs it. lead: the person who answers for it.
        repeats: the experiment of an earlier round that it takes up again.

    Raises:
        NotAllowed, MissionNotReady, NotAPartner, InvalidInput (lists every problem of the plan).
    """
    permit(policy.can_plan_experiment, by, mission)
    with db.transaction() as session:
        state = method_of(mission.journey.method_version).state("mission", mission.journey.state)
        if state.kind != "open" or state.stage not in ("partnership", "testing"):
            raise MissionNotReady(state=state.label)
        partner = partnerships.find_partner(mission, organisation)
        if partner is None or partner.state is not PartnerState.COMMITTED:
            raise NotAPartner(field="organisation")
        _check(plan)
        experiment = Experiment(
            mission=mission, organisation=organisation, lead=lead, track_id=track_id,
            journey=journey_service.start_journey("experiment", by=by), round=repeats.round + 1 if repeats else 1,
            repeats_id=repeats.id if repeats else None, **_values(plan),
        )  # fmt: skip
        experiment.reference = next_reference("F")
        session.add(experiment)
        session.flush()
        grant(lead, "experiment_lead", experiment_scope(experiment.id), by=by)
        trail.record("experiment.planned", experiment, by=by, mission=mission.reference)
        return experiment


def edit_plan(experiment: Experiment, plan: Plan, *, by: Actor, expected_version: int) -> None:
    """Save the plan while the experiment is being planned.

    Raises:
        NotAllowed, PlanLocked, StaleVersion, InvalidInput.
    """
    permit(policy.can_edit_plan, by, experiment)
    with db.transaction():
        journey_service.lock(experiment.journey)
        if experiment.journey.state != PLANNING:
            raise PlanLocked()
        db.expect_version(experiment, expected_version)
        _check(plan)
        changed = [name for name, value in _values(plan).items() if getattr(experiment, name) != value]
        for name in changed:
            setattr(experiment, name, getattr(plan, name))
        if changed:
            trail.record("experiment.plan_saved", experiment, by=by, fields=changed)


def new_round(subject: Subject, decision: object, by: Actor) -> None:
    """After "iterate": plan every completed experiment of the last round again, with the same people and partners."""
    mission = subject
    completed = [one for one in queries.experiments_of(mission.id) if one.journey.state == "completed"]
    latest = max((one.round for one in completed), default=0)
    for old in (one for one in completed if one.round == latest):
        if old.lead is None:
            continue
        plan = Plan(**{field.name: getattr(old, field.name) for field in fields(Plan)})
        with db.transaction() as session:
            again = Experiment(
                mission=old.mission, organisation=old.organisation, lead=old.lead, track_id=old.track_id,
                journey=journey_service.start_journey("experiment", by=by), round=old.round + 1, repeats_id=old.id,
                **{**_values(plan), "planned_from": None, "planned_until": None},
            )  # fmt: skip
            again.reference = next_reference("F")
            session.add(again)
            session.flush()
            grant(old.lead, "experiment_lead", experiment_scope(again.id), by=by)
            trail.record("experiment.planned", again, by=by, mission=old.mission.reference, repeats=old.reference)


def load(journey: Journey) -> Experiment:
    """The experiment that travels a journey."""
    return queries.experiment_of_journey(journey)


def _values(plan: Plan) -> dict[str, object]:
    return {field.name: getattr(plan, field.name) for field in fields(plan)}


def _check(plan: Plan) -> None:
    problems = plan_problems(plan)
    if problems:
        raise InvalidInput.of(problems)
