"""How a mission is measured: its own indicators, and what its challenge left open, such as a baseline from before the
test."""

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.evaluation import policy, queries
from missions_app.evaluation.errors import ValuesFiled
from missions_app.indicators import indicator_service
from missions_app.indicators.indicator_service import Baseline, IndicatorValues
from missions_app.indicators.models import IndicatorPlan
from missions_app.missions.models import Mission
from missions_app.workflow import journey_service

# What every value is held against stands still once values are in.
SETTLED = ("library_key", "label_sv", "unit", "direction", "baseline_value", "baseline_on", "split_by")


def add_indicator(mission: Mission, values: IndicatorValues, *, by: Actor) -> IndicatorPlan:
    """Measure the mission by one more indicator. Raises NotAllowed and those of indicator_service."""
    permit(policy.can_plan_measuring, by, mission)
    with db.transaction():
        journey_service.lock(mission.journey)
        plan = indicator_service.add_indicator(mission.journey, values, by=by)
        trail.record("mission.indicator_saved", mission, by=by, indicator=plan.id)
        return plan


def save_indicator(
    mission: Mission, plan: IndicatorPlan, values: IndicatorValues, *, by: Actor, expected_version: int | None
) -> None:
    """Change one of the mission's indicators.

    Raises:
        NotAllowed, ValuesFiled (what values are held against would change under them), StaleVersion, and those of
        indicator_service.
    """
    permit(policy.can_plan_measuring, by, mission)
    with db.transaction():
        journey_service.lock(mission.journey)
        before = {name: getattr(plan, name) for name in SETTLED}
        filed = bool(queries.history_of([plan]))
        indicator_service.save_indicator(
            plan, values, journey=mission.journey, by=by, expected_version=expected_version
        )
        changed = [name for name in SETTLED if getattr(plan, name) != before[name]]
        if filed and changed:
            raise ValuesFiled(field=changed[0])
        trail.record("mission.indicator_saved", mission, by=by, indicator=plan.id)


def enter_baseline(
    mission: Mission, plan: IndicatorPlan, baseline: Baseline, *, by: Actor, expected_version: int | None
) -> None:
    """Give one of the mission's indicators the baseline it lacks: whoever plans the measuring, or answers for the
    indicator. Raises NotAllowed, and those of indicator_service."""
    permit(policy.can_enter_baseline, by, (mission, plan))
    with db.transaction():
        journey_service.lock(mission.journey)
        indicator_service.enter_baseline(
            plan, baseline, journey=mission.journey, by=by, expected_version=expected_version
        )
        trail.record("mission.indicator_saved", mission, by=by, indicator=plan.id)


def remove_indicator(mission: Mission, plan: IndicatorPlan, *, by: Actor, expected_version: int | None) -> None:
    """Stop measuring the mission by an indicator that nobody has filed values of.

    Raises:
        NotAllowed, ValuesFiled, StaleVersion.
    """
    permit(policy.can_plan_measuring, by, mission)
    with db.transaction():
        journey_service.lock(mission.journey)
        if queries.history_of([plan]):
            raise ValuesFiled()
        indicator_service.remove_indicator(plan, by=by, expected_version=expected_version)
        trail.record("mission.indicator_removed", mission, by=by, indicator=plan.id)
