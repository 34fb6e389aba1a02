"""Counts so small that somebody could be recognised behind them: they are kept from public pages. Pure."""

from types import SimpleNamespace

from missions_app.indicators.models import IndicatorPlan

# Public pages do not show counts of people or organisations below this.
SMALLEST_SHOWN = 5
# Units that count people, or what may be people.
COUNTS = frozenset({"antal", "personer", "invånare", "årsarbetskrafter"})


def is_small(count: float | None, unit: str) -> bool:
    """Whether a count is so small that somebody could be recognised behind it. None is missing, not small."""
    return unit in COUNTS and count is not None and 0 < count < SMALLEST_SHOWN


def without_small_baseline(plan: IndicatorPlan) -> IndicatorPlan | SimpleNamespace:
    """An indicator as everybody may see it: itself, or a copy without its baseline, marked `baseline_is_small`."""
    if not is_small(plan.baseline_value, plan.unit):
        return plan
    columns = {one.key: getattr(plan, one.key) for one in IndicatorPlan.__table__.columns}
    return SimpleNamespace(**{**columns, "baseline_value": None, "baseline_is_small": True})
