"""Measurements: the raw values that everything else rests on."""

import dataclasses
from typing import Any

from missions_app.api.base import ApiBlueprint, created
from missions_app.api.evaluation_shapes import CorrectIn, MeasureIn, MeasurementOut, SheetIn, SheetOut
from missions_app.api.indicator_shapes import IndicatorIn, IndicatorOut
from missions_app.api.readable import readable_experiment, readable_results
from missions_app.api.shapes import input_of
from missions_app.edge.access import actor, signed_in
from missions_app.edge.words import sentence
from missions_app.errors import NotFound
from missions_app.evaluation import import_service, measurement_service, plan_service, queries
from missions_app.evaluation.measurement_service import Value
from missions_app.evaluation.models import Measurement
from missions_app.indicators import queries as indicators
from missions_app.indicators.indicator_service import Baseline, IndicatorValues
from missions_app.indicators.models import IndicatorPlan
from missions_app.missions import queries as missions

bp = ApiBlueprint("measurements", "Raw values, approved before they count")
EXPERIMENT = "/experiments/<reference>"
MISSION = "/missions/<reference>"
MEASUREMENT = f"{EXPERIMENT}/measurements/<int:measurement_id>"


def _measurement(reference: str, measurement_id: int) -> Measurement:
    measurement = queries.get_measurement(measurement_id)
    if measurement.experiment_id != readable_experiment(reference).id:
        raise NotFound()
    return measurement


def _value(body: dict[str, Any]) -> Value:
    """The value of a sent measurement; what else was sent stays in the body."""
    return Value(**{one.name: body.pop(one.name) for one in dataclasses.fields(Value) if one.name in body})


@bp.get(f"{EXPERIMENT}/measurements")
@signed_in
@bp.response(200, MeasurementOut(many=True))
def list_measurements(reference: str) -> Any:
    """Every value, corrected ones included."""
    return queries.measurements_of(readable_experiment(reference).id)


@bp.post(f"{EXPERIMENT}/measurements")
@signed_in
@bp.arguments(MeasureIn)
@bp.response(201, MeasurementOut)
def submit_measurement(body: dict[str, Any], reference: str) -> Any:
    """Submit a value; it counts when somebody else has approved it."""
    experiment = readable_experiment(reference)
    indicator = indicators.get_indicator(experiment.mission.journey, body.pop("indicator_id"))
    measurement = measurement_service.submit_measurement(
        experiment=experiment, indicator=indicator, value=_value(body), reason=body["reason"], by=actor()
    )
    return created(measurement, "measurements.list_measurements", reference=reference)


@bp.get(f"{MISSION}/indicators")
@signed_in
@bp.response(200, IndicatorOut(many=True))
def list_indicators(reference: str) -> Any:
    """How the mission is measured."""
    return indicators.indicators_of(readable_results(reference).journey)


@bp.post(f"{MISSION}/indicators")
@signed_in
@bp.arguments(IndicatorIn)
@bp.response(201, IndicatorOut)
def add_indicator(body: dict[str, Any], reference: str) -> Any:
    """One more indicator, from the library or an own one."""
    mission = readable_results(reference)
    values = IndicatorValues(**{**body, "owner_id": body["owner_id"] or mission.problem_owner_id})
    plan = plan_service.add_indicator(mission, values, by=actor())
    return created(plan, "measurements.list_indicators", reference=reference)


@bp.put(f"{MISSION}/indicators/<int:indicator_id>")
@signed_in
@bp.versioned
@bp.arguments(IndicatorIn)
@bp.response(200, IndicatorOut)
def save_indicator(body: dict[str, Any], reference: str, indicator_id: int, expected_version: int) -> IndicatorPlan:
    """Complete or change an indicator; what filed values are held against stays."""
    mission = readable_results(reference)
    plan = indicators.get_indicator(mission.journey, indicator_id)
    values = IndicatorValues(**{**body, "owner_id": body["owner_id"] or plan.owner_id})
    plan_service.save_indicator(mission, plan, values, by=actor(), expected_version=expected_version)
    return plan


@bp.put(f"{MISSION}/indicators/<int:indicator_id>/baseline")
@signed_in
@bp.versioned
@bp.arguments(input_of(Baseline))
@bp.response(200, IndicatorOut)
def enter_baseline(body: dict[str, Any], reference: str, indicator_id: int, expected_version: int) -> IndicatorPlan:
    """Enter the baseline that an indicator lacks; also for those who answer for the indicator."""
    mission = missions.get_mission(reference)
    plan = indicators.get_indicator(mission.journey, indicator_id)
    plan_service.enter_baseline(mission, plan, Baseline(**body), by=actor(), expected_version=expected_version)
    return plan


@bp.delete(f"{MISSION}/indicators/<int:indicator_id>")
@signed_in
@bp.versioned
@bp.response(204)
def remove_indicator(reference: str, indicator_id: int, expected_version: int) -> None:
    """Stop following an indicator that has no values."""
    mission = readable_results(reference)
    plan = indicators.get_indicator(mission.journey, indicator_id)
    plan_service.remove_indicator(mission, plan, by=actor(), expected_version=expected_version)


@bp.get(f"{MISSION}/measurements")
@signed_in
@bp.response(200, MeasurementOut(many=True))
def list_mission_measurements(reference: str) -> Any:
    """Every value of every indicator of a mission, newest day first, corrected ones included."""
    return queries.history_of(indicators.indicators_of(readable_results(reference).journey))


@bp.post(f"{MISSION}/measurements")
@signed_in
@bp.arguments(MeasureIn)
@bp.response(201, MeasurementOut)
def submit_mission_measurement(body: dict[str, Any], reference: str) -> Any:
    """Submit a value that no single experiment gave."""
    mission = readable_results(reference)
    indicator = indicators.get_indicator(mission.journey, body.pop("indicator_id"))
    measurement = measurement_service.submit_for_mission(
        mission=mission, indicator=indicator, value=_value(body), reason=body["reason"], by=actor()
    )
    return created(measurement, "measurements.list_mission_measurements", reference=reference)


@bp.post(f"{MISSION}/measurements/<int:measurement_id>/approve")
@signed_in
@bp.versioned
@bp.response(200, MeasurementOut)
def approve_mission_measurement(reference: str, measurement_id: int, expected_version: int) -> Measurement:
    """Let a value of the mission count, whichever way it came in."""
    measurement, mission = queries.get_measurement(measurement_id), readable_results(reference)
    if measurement.mission_id != mission.id:
        raise NotFound()
    measurement_service.approve_measurement(measurement, by=actor(), expected_version=expected_version)
    return measurement


@bp.post(f"{MISSION}/measurements/sheet")
@signed_in
@bp.arguments(SheetIn)
@bp.response(200, SheetOut)
def import_measurements(body: dict[str, Any], reference: str) -> dict[str, Any]:
    """A whole sheet as CSV. With `dry_run` nothing is filed and every row's fate is told; else all rows or none."""
    mission = readable_results(reference)
    if body["dry_run"]:
        fates = import_service.judge(mission, body["sheet"], by=actor())
        rows = [{"line": one.line, "problems": [sentence(problem) for problem in one.problems]} for one in fates]
        return {"filed": 0, "rows": rows}
    return {"filed": import_service.import_measurements(mission, body["sheet"], by=actor()), "rows": []}


@bp.post(f"{MEASUREMENT}/approve")
@signed_in
@bp.versioned
@bp.response(200, MeasurementOut)
def approve_measurement(reference: str, measurement_id: int, expected_version: int) -> Measurement:
    """Let a value count."""
    measurement = _measurement(reference, measurement_id)
    measurement_service.approve_measurement(measurement, by=actor(), expected_version=expected_version)
    return measurement


@bp.post(f"{MEASUREMENT}/corrections")
@signed_in
@bp.versioned
@bp.arguments(CorrectIn)
@bp.response(201, MeasurementOut)
def correct_measurement(body: dict[str, Any], reference: str, measurement_id: int, expected_version: int) -> Any:
    """Replace a wrong value by a new one, which waits for approval; the old one stays readable."""
    measurement, reason = _measurement(reference, measurement_id), body.pop("reason")
    correction = measurement_service.correct_measurement(
        measurement, _value(body), reason=reason, by=actor(), expected_version=expected_version
    )
    return created(correction, "measurements.list_measurements", reference=reference)
