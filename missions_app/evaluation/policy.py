"""Who may do what with results. Pure."""

from collections.abc import Sequence

from missions_app.accounts.actor import Actor, mission_scope, organisation_scope
from missions_app.accounts.policy import is_secretariat
from missions_app.evaluation.models import Measurement
from missions_app.experiments import policy as experiments
from missions_app.experiments.models import Experiment
from missions_app.indicators.models import IndicatorPlan
from missions_app.missions.models import Mission

MEMBER_ROLES = ("member", "org_admin", "problem_owner_rep")


def can_measure(actor: Actor, experiment: Experiment) -> bool:
    """Whoever leads the experiment or coordinates the mission submits measurements."""
    return experiments.can_report(actor, experiment)


def can_measure_mission(actor: Actor, mission: Mission) -> bool:
    """The coordinator, the owner of the problem and the secretariat file values that no single experiment gave."""
    return can_evaluate(actor, mission) or actor.has("problem_owner_rep", organisation_scope(mission.problem_owner_id))


def answers_for(actor: Actor, plan: IndicatorPlan) -> bool:
    """A member of the organisation that answers for an indicator."""
    return plan.owner_id is not None and any(actor.has(one, organisation_scope(plan.owner_id)) for one in MEMBER_ROLES)


def can_measure_indicators(actor: Actor, case: tuple[Mission, Sequence[IndicatorPlan]]) -> bool:
    """Whoever files values of the whole mission, and those who answer for one of these indicators of it."""
    mission, plans = case
    return can_measure_mission(actor, mission) or any(answers_for(actor, one) for one in plans)


def can_file(actor: Actor, measurement: Measurement) -> bool:
    """Whoever may file values where this one was filed."""
    if measurement.experiment is not None:
        return can_measure(actor, measurement.experiment)
    return can_measure_indicators(actor, (measurement.mission, [measurement.indicator]))


def can_evaluate(actor: Actor, mission: Mission) -> bool:
    """The coordinator writes the evaluation's texts; the secretariat helps."""
    return actor.has("coordinator", mission_scope(mission.id)) or is_secretariat(actor)


def can_plan_measuring(actor: Actor, mission: Mission) -> bool:
    """Whoever may file the mission's values says how the mission is measured."""
    return can_measure_mission(actor, mission)


def can_enter_baseline(actor: Actor, case: tuple[Mission, IndicatorPlan]) -> bool:
    """Whoever says how the mission is measured, and those who answer for the indicator."""
    mission, plan = case
    return can_plan_measuring(actor, mission) or answers_for(actor, plan)


def can_approve_measurement(actor: Actor, measurement: Measurement) -> bool:
    """The coordinator of the mission or the secretariat approves; never the one who submitted (a rule). What comes
    late into a locked period is for the secretariat."""
    if is_secretariat(actor):
        return True
    return measurement.late_in_id is None and actor.has("coordinator", mission_scope(measurement.mission_id))


def can_state(actor: Actor, party: tuple[Mission, int]) -> bool:
    """A member of an organisation (its id) speaks for it; the coordinator may record what was said."""
    mission, organisation_id = party
    own = any(actor.has(role, organisation_scope(organisation_id)) for role in MEMBER_ROLES)
    return own or can_evaluate(actor, mission)


def can_read_results(actor: Actor, mission: Mission) -> bool:
    """Everyone with a part in the mission, bodies and the secretariat; the public reads what is published."""
    held = {scope for _role, scope in actor.grants}
    return is_secretariat(actor) or bool(actor.bodies()) or bool(held & mission.scopes)
