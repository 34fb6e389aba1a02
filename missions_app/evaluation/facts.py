"""What results tell the gates, by the names of workflow/facts.py."""

from functools import partial
from typing import Any

from missions_app.evaluation import queries
from missions_app.evaluation.models import MeasurementState
from missions_app.evaluation.progress import latest
from missions_app.experiments.models import Experiment
from missions_app.indicators.models import IndicatorPlan
from missions_app.indicators.queries import indicators_of
from missions_app.missions.models import Mission

REPORT = ("trl_end", "trl_evidence", "srl_end", "srl_evidence")


def facts_of_experiment(experiment: Experiment) -> dict[str, Any]:
    """Measurements, readiness after the test, and barriers found."""
    report = queries.report_of(experiment.id)
    facts: dict[str, Any] = {name: getattr(report, name) if report else None for name in REPORT}
    facts["measurements"] = [
        {"indicator": one.indicator_id, "verified": one.state is MeasurementState.APPROVED}
        for one in queries.measurements_of(experiment.id)
        if one.state is not MeasurementState.CORRECTED
    ]
    barriers = queries.barriers_of(experiment.mission_id)
    facts["barriers"] = [{"id": one.id} for one in barriers if one.experiment_id == experiment.id]
    return facts


def facts_of_mission(mission: Mission) -> dict[str, Any]:
    """The story, statements, lessons and data sets."""
    said = partial(queries.said_of, mission.id)
    return {
        "indicators": lambda: _indicators(mission),
        "contribution_story": lambda: "".join(one.story for one in said().stories),
        "rival_explanations": lambda: "".join(one.rival_explanations for one in said().stories),
        "statements": lambda: [{"from": one.partner_role} for one in said().statements],
        "lessons": lambda: [{"tag_method": one.tag == "method"} for one in said().lessons],
        "datasets": lambda: [
            {"open": one.is_open, "published": one.published_on is not None, "title": one.title}
            for one in said().datasets
        ],
    }


def _indicators(mission: Mission) -> list[dict[str, Any]]:
    plans = indicators_of(mission.journey)
    points = queries.approved_points(plans)
    return [_indicator(one, latest(points[one.id]) is not None) for one in plans]


def _indicator(plan: IndicatorPlan, has_value: bool) -> dict[str, Any]:
    return {
        "id": plan.library_key or plan.label_sv,
        "level": plan.level,
        "unit": plan.unit,
        "direction": plan.direction,
        "baseline": plan.baseline_value,
        "baseline_date": plan.baseline_on.isoformat() if plan.baseline_on else None,
        "target": plan.target_value,
        "target_low": plan.target_low,
        "target_date": plan.target_on.isoformat() if plan.target_on else None,
        "source": plan.source,
        "owner": plan.owner_function or (plan.owner.name if plan.owner else ""),
        "targeted": plan.target_value is not None,
        "latest_value": has_value,
    }
