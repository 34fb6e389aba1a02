"""Measurements: submitted, approved before they count, corrected but never overwritten."""

from dataclasses import dataclass
from datetime import date

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.documents.models import Document
from missions_app.errors import InvalidInput, Problem
from missions_app.evaluation import policy
from missions_app.evaluation.errors import AlreadySettled, BaselineMissing, NotBegun, OwnMeasurement
from missions_app.evaluation.models import Measurement, MeasurementState
from missions_app.experiments.models import Experiment
from missions_app.i18n import N_
from missions_app.indicators.models import IndicatorPlan
from missions_app.workflow.method_service import method_of

LEAST_REASON = 20


@dataclass(frozen=True, slots=True)
class Value:
    """A value in the indicator's unit on a day, with its source and how sure it is."""

    value: float
    measured_on: date
    source: str
    uncertainty: str = ""


def submit_measurement(
    *, experiment: Experiment, indicator: IndicatorPlan, value: Value, by: Actor, evidence: Document | None = None
) -> Measurement:
    """File a measurement of an experiment; it counts once somebody else has approved it.

    Raises:
        NotAllowed, NotBegun (the experiment is still being planned), BaselineMissing, InvalidInput.
    """
    permit(policy.can_measure, by, experiment)
    with db.transaction() as session:
        stage = method_of(experiment.journey.method_version).stage_of("experiment", experiment.journey.state)
        if stage.id != "test":
            raise NotBegun()
        if indicator.baseline_value is None:
            raise BaselineMissing(field="indicator")
        _check(value)
        measurement = Measurement(
            indicator=indicator, experiment=experiment, measured_on=value.measured_on, value=value.value,
            uncertainty=value.uncertainty.strip(), source=value.source.strip(), evidence=evidence,
            state=MeasurementState.SUBMITTED, submitted_by_id=by.user_id, submitted_at=clock.now(),
        )  # fmt: skip
        session.add(measurement)
        session.flush()
        trail.record("measurement.submitted", experiment, by=by, indicator=indicator.id, measurement=measurement.id)
        return measurement


def approve_measurement(measurement: Measurement, *, by: Actor, expected_version: int) -> None:
    """Let a measurement count. Nobody approves their own.

    Raises:
        NotAllowed, OwnMeasurement, AlreadySettled, StaleVersion.
    """
    permit(policy.can_approve_measurement, by, measurement)
    with db.transaction():
        db.expect_version(measurement, expected_version)
        if measurement.state is not MeasurementState.SUBMITTED:
            raise AlreadySettled()
        if measurement.submitted_by_id == by.user_id:
            raise OwnMeasurement()
        measurement.state = MeasurementState.APPROVED
        measurement.approved_by_id, measurement.approved_at = by.user_id, clock.now()
        if measurement.corrects_id is not None:
            _retire(measurement.corrects_id)
        trail.record("measurement.approved", _subject(measurement), by=by, measurement=measurement.id)


def correct_measurement(
    measurement: Measurement, value: Value, *, reason: str, by: Actor, expected_version: int
) -> Measurement:
    """Replace a measurement by a new one that names it; the old one stays readable and counts until then."""
    if measurement.experiment is None:
        raise AlreadySettled()
    permit(policy.can_measure, by, measurement.experiment)
    with db.transaction() as session:
        db.expect_version(measurement, expected_version)
        if measurement.state is MeasurementState.CORRECTED:
            raise AlreadySettled()
        _check(value)
        if len(reason.strip()) < LEAST_REASON:
            raise InvalidInput.of(
                [
                    Problem(
                        "reason_missing",
                        N_("Write why the value is corrected, at least %(least)d characters."),
                        "reason",
                        {"least": LEAST_REASON},
                    )
                ]
            )
        correction = Measurement(
            indicator=measurement.indicator, experiment=measurement.experiment, measured_on=value.measured_on,
            value=value.value, uncertainty=value.uncertainty.strip(), source=value.source.strip(),
            evidence=measurement.evidence, state=MeasurementState.SUBMITTED, submitted_by_id=by.user_id,
            submitted_at=clock.now(), corrects_id=measurement.id, reason=reason.strip(),
        )  # fmt: skip
        session.add(correction)
        session.flush()
        trail.record(
            "measurement.correction_submitted",
            measurement.experiment,
            by=by,
            measurement=correction.id,
            corrects=measurement.id,
        )
        return correction


def _retire(measurement_id: int) -> None:
    old = db.session.get_one(Measurement, measurement_id)
    if old.state is MeasurementState.SUBMITTED:
        old.approved_by_id, old.approved_at = old.submitted_by_id, clock.now()
    old.state = MeasurementState.CORRECTED


def _check(value: Value) -> None:
    problems = []
    if value.measured_on > clock.today():
        problems.append(
            Problem(
                "in_the_future", N_("The day of the measurement lies ahead. Choose today or earlier."), "measured_on"
            )
        )
    if not value.source.strip():
        problems.append(Problem("source_missing", N_("Say where the value comes from."), "source"))
    if problems:
        raise InvalidInput.of(problems)


def _subject(measurement: Measurement) -> object:
    return measurement.experiment or measurement
