"""Reading the indicators of a case."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from missions_app import db
from missions_app.errors import NotFound
from missions_app.indicators.models import IndicatorPlan
from missions_app.reading import once
from missions_app.workflow.models import Journey


@once
def indicators_of(journey: Journey) -> Sequence[IndicatorPlan]:
    """The indicators a case is measured by, in its order."""
    return db.session.scalars(
        select(IndicatorPlan)
        .where(IndicatorPlan.journey_id == journey.id, IndicatorPlan.removed_at.is_(None))
        .options(joinedload(IndicatorPlan.owner))
        .order_by(IndicatorPlan.position, IndicatorPlan.id)
    ).all()


def get_indicator(journey: Journey, indicator_id: int) -> IndicatorPlan:
    """An indicator of this very case, also a removed one, or NotFound."""
    plan = db.session.get(IndicatorPlan, indicator_id)
    if plan is None or plan.journey_id != journey.id:
        raise NotFound()
    return plan


def next_position(journey: Journey) -> int:
    """The place after the last indicator of a case."""
    last = db.session.scalar(select(func.max(IndicatorPlan.position)).where(IndicatorPlan.journey_id == journey.id))
    return (last or 0) + 1
