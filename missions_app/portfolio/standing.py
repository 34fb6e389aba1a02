"""How the indicators of missions under way stand against their targets, theme by theme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import select

from missions_app import db
from missions_app.evaluation.queries import newest_approved
from missions_app.evaluation.results import IndicatorResult, result_of
from missions_app.indicators.models import IndicatorPlan
from missions_app.missions.models import Mission
from missions_app.missions.queries import missions_under_way
from missions_app.workflow.method_service import method_in_force


class Stand(Enum):
    """What an indicator's newest approved value says about its target."""

    REACHED = "reached"
    ON_THE_WAY = "on_the_way"
    NOT_ON_THE_WAY = "not_on_the_way"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """One indicator of one mission, as its newest approved value stands."""

    mission: Mission
    result: IndicatorResult

    @property
    def stand(self) -> Stand:
        """Unknown while the target, or a value to hold against it, is missing."""
        return stand_of(self.result.reached, self.result.gone)


def stand_of(reached: bool | None, share: float | None) -> Stand:
    """Where a value stands that has reached its target or not, and gone this share of the way to it."""
    if reached:
        return Stand.REACHED
    if share is None:
        return Stand.UNKNOWN
    return Stand.ON_THE_WAY if share > 0 else Stand.NOT_ON_THE_WAY


def standings() -> Mapping[str, Sequence[Standing]]:
    """Every indicator of the missions that have not ended, by theme in the method's order; within it mission by mission
    in the mission's own order. A theme without such indicators is left out."""
    under_way = {one.journey_id: one for one in missions_under_way()}
    plans = db.session.scalars(
        select(IndicatorPlan)
        .where(IndicatorPlan.journey_id.in_(under_way), IndicatorPlan.removed_at.is_(None))
        .order_by(IndicatorPlan.position, IndicatorPlan.id)
    ).all()
    values = newest_approved(plans)
    by_theme: dict[str, list[Standing]] = {theme: [] for theme in method_in_force().ids("theme")}
    for plan in plans:
        mission = under_way[plan.journey_id]
        newest = values.get(plan.id)
        found = by_theme.setdefault(mission.theme, [])
        found.append(Standing(mission, result_of(plan, [newest] if newest else [])))
    return {theme: sorted(found, key=lambda one: one.mission.reference) for theme, found in by_theme.items() if found}
