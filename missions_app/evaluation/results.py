"""What the approved measurements say about a case's indicators: the same values for pages, papers and the API."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from missions_app import clock, db
from missions_app.bookings.models import Booking, Line
from missions_app.evaluation import queries
from missions_app.evaluation.progress import (
    Latest,
    Milestone,
    Point,
    change_share,
    latest,
    milestones,
    progress,
    reached,
)
from missions_app.evaluation.verdict import Outcome, Verdict, verdict
from missions_app.experiments.models import Experiment
from missions_app.indicators.models import IndicatorPlan
from missions_app.indicators.small_numbers import is_small

EFFECTS = ("outcome", "impact")


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """One indicator as it stands.

    baseline: the plan's, None when it is missing or too small to be shown. share: of the way from baseline to target
    (1.0 is there). change: against the baseline, as a share of it. reached: whether the target is reached. None is
    unknown. hides: something is kept back because the count is small; hides_now: the newest value is.
    """

    plan: IndicatorPlan
    points: Sequence[Point]
    baseline: float | None
    now: Latest | None
    share: float | None
    change: float | None
    reached: bool | None
    milestones: Sequence[Milestone]
    hides: bool = False
    hides_now: bool = False

    @property
    def gone(self) -> float | None:
        """The share of a way towards something better. What was to be kept and was not has gone no such way, however
        little it has moved."""
        return 0.0 if self.plan.direction == "hold" and self.reached is False else self.share


def for_public(result: IndicatorResult) -> IndicatorResult:
    """The same as everybody may see it: without counts so small that somebody could be recognised behind them, and
    without what they could be worked out from."""
    plan = result.plan
    points = [Point(one.on, None, is_small=True) if is_small(one.value, plan.unit) else one for one in result.points]
    small = any(one.is_small for one in points)
    hidden_base = is_small(result.baseline, plan.unit)
    if not small and not hidden_base:
        return result
    newest = max(reversed(points), key=lambda one: one.on, default=None)
    hides_now = newest is not None and newest.is_small
    return replace(
        result, points=points, baseline=None if hidden_base else result.baseline,
        now=None if hides_now else result.now, share=None, change=None, reached=None, milestones=(), hides=True,
        hides_now=hides_now,
    )  # fmt: skip


def results_of(plans: Sequence[IndicatorPlan], *, until: date | None = None) -> list[IndicatorResult]:
    """Each indicator on its approved values, in the given order; with `until` only values up to that day."""
    found = queries.approved_points(plans)
    return [result_of(plan, [one for one in found[plan.id] if until is None or one.on <= until]) for plan in plans]


def short_answer(results: Sequence[IndicatorResult]) -> Verdict:
    """What the indicators of effect say together; all of them where none measures an effect."""
    effects = [one for one in results if one.plan.level in EFFECTS] or results
    return verdict([Outcome(one.reached, one.gone) for one in effects])


def test_days(mission_id: int) -> list[tuple[date, str]]:
    """(first day of use, title) of every experiment of a mission that has been on a site, oldest first."""
    rows = db.session.execute(
        select(func.min(Line.checked_in_at), Experiment.title)
        .join(Booking, Booking.id == Line.booking_id)
        .join(Experiment, Experiment.id == Booking.experiment_id)
        .where(Experiment.mission_id == mission_id, Line.checked_in_at.is_not(None))
        .group_by(Experiment.id, Experiment.title)
    )
    return sorted((clock.day_of(began), title) for began, title in rows if began)


def result_of(plan: IndicatorPlan, points: Sequence[Point]) -> IndicatorResult:
    """One indicator on some approved values, oldest first."""
    now = latest(points)
    value = now.value if now else None
    base, target, low, direction = plan.baseline_value, plan.target_value, plan.target_low, plan.direction
    return IndicatorResult(
        plan=plan, points=points, baseline=base, now=now,
        milestones=milestones(
            plan.milestones, points, direction=direction, baseline=base, today=clock.today(), limits=(low, target)
        ),
        share=progress(baseline=base, target=target, value=value, direction=direction, low=low),
        change=change_share(baseline=base, value=value),
        reached=reached(baseline=base, target=target, value=value, direction=direction, low=low),
    )  # fmt: skip
