"""What the approved measurements say about a case's indicators: the same values for pages, papers and the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from missions_app import clock, db
from missions_app.bookings.models import Booking, Line
from missions_app.evaluation import queries
from missions_app.evaluation.progress import Latest, Point, change_share, latest, progress, reached
from missions_app.evaluation.verdict import Outcome, Verdict, verdict
from missions_app.experiments.models import Experiment
from missions_app.indicators.models import IndicatorPlan

EFFECTS = ("outcome", "impact")


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """One indicator as it stands.

    share: of the way from baseline to target (1.0 is there). change: against the baseline, as a share of it.
    reached: whether the target is reached. None is unknown.
    """

    plan: IndicatorPlan
    points: Sequence[Point]
    now: Latest | None
    share: float | None
    change: float | None
    reached: bool | None


def results_of(plans: Sequence[IndicatorPlan], *, until: date | None = None) -> list[IndicatorResult]:
    """Each indicator on its approved values, in the given order; with `until` only values up to that day."""
    found = queries.approved_points(plans)
    return [_result(plan, [one for one in found[plan.id] if until is None or one.on <= until]) for plan in plans]


def short_answer(results: Sequence[IndicatorResult]) -> Verdict:
    """What the indicators of effect say together; all of them where none measures an effect."""
    effects = [one for one in results if one.plan.level in EFFECTS] or results
    return verdict([Outcome(one.reached, one.share) for one in effects])


def test_days(mission_id: int) -> list[tuple[date, str]]:
    """(first day of use, title) of every experiment of a mission that has been on a site, oldest first."""
    rows = db.session.execute(
        select(func.min(Line.checked_in_at), Experiment.title)
        .join(Booking, Booking.id == Line.booking_id)
        .join(Experiment, Experiment.id == Booking.experiment_id)
        .where(Experiment.mission_id == mission_id, Line.checked_in_at.is_not(None))
        .group_by(Experiment.id, Experiment.title)
    )
    return sorted((began.astimezone(clock.zone()).date(), title) for began, title in rows if began)


def _result(plan: IndicatorPlan, points: Sequence[Point]) -> IndicatorResult:
    now = latest(points)
    value = now.value if now else None
    base, target, direction = plan.baseline_value, plan.target_value, plan.direction
    return IndicatorResult(
        plan=plan, points=points, now=now,
        share=progress(baseline=base, target=target, value=value, direction=direction),
        change=change_share(baseline=base, value=value),
        reached=reached(baseline=base, target=target, value=value, direction=direction),
    )  # fmt: skip
