"""Measurements: submitted, approved before they count, corrected but never overwritten."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import isfinite

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.bookings.models import Booking
from missions_app.documents.models import Document
from missions_app.errors import InvalidInput, Problem
from missions_app.evaluation import parts, policy, queries
from missions_app.evaluation.errors import AlreadySettled, BaselineMissing, CorrectionWaits, NotBegun, OwnMeasurement
from missions_app.evaluation.models import LockedPeriod, Measurement, MeasurementState
from missions_app.experiments.models import Experiment
from missions_app.i18n import N_
from missions_app.indicators import units
from missions_app.indicators.models import IndicatorPlan
from missions_app.indicators.splits import parts_of
from missions_app.missions.models import Mission
from missions_app.missions.queries import challenges_of
from missions_app.workflow import gate_queries
from missions_app.workflow.method_service import method_of

A_MOMENT = timedelta(seconds=10)
LONGEST = {"uncertainty": 200, "evidence_link": 500}
LEAST_REASON = 20
# The kind of requirement that asks indicators for a baseline.
COMPLETE = "indicator_complete"


@dataclass(frozen=True, slots=True)
class Value:
    """A value on a day, with its source and how sure it is.

    value: None when none could be had; then source says why. unit: the unit it is typed in, "" for the indicator's.
    parts: the value divided as the indicator says, by a part's key or name.
    """

    value: float | None
    measured_on: date
    source: str
    uncertainty: str = ""
    unit: str = ""
    evidence_link: str = ""
    parts: Mapping[str, float] = field(default_factory=dict)


def submit_measurement(
    *, experiment: Experiment, indicator: IndicatorPlan, value: Value, by: Actor, evidence: Document | None = None,
    booking: Booking | None = None, reason: str = "",
) -> Measurement:  # fmt: skip
    """File a measurement of an experiment; it counts once somebody else has approved it.

    Args:
        booking: the use of a site that it was taken during. reason: needed when the day lies in a locked period.

    Raises:
        NotAllowed, NotBegun (the experiment is still being planned: nothing is booked for it), BaselineMissing (unless
        the method's requirement of one is waived), InvalidInput.
    """
    permit(policy.can_measure, by, experiment)
    with db.transaction():
        stage = method_of(experiment.journey.method_version).stage_of("experiment", experiment.journey.state)
        if stage.id != "test":
            raise NotBegun()
        _require_baseline(indicator, experiment.mission)
        known = _sent_just_now(indicator, value, experiment, by)
        filed = Measurement(mission_id=experiment.mission_id, experiment=experiment, evidence=evidence, booking=booking)
        return known or _file(filed, indicator, value, reason, by)


def submit_for_mission(
    *, mission: Mission, indicator: IndicatorPlan, value: Value, by: Actor, evidence: Document | None = None,
    reason: str = "",
) -> Measurement:  # fmt: skip
    """File a measurement that no single experiment gave, such as a year's statistics. So may the people of the
    organisation that answers for the indicator.

    Raises:
        NotAllowed, BaselineMissing, InvalidInput.
    """
    permit(policy.can_measure_indicators, by, (mission, [indicator]))
    with db.transaction():
        _require_baseline(indicator, mission)
        known = _sent_just_now(indicator, value, None, by)
        filed = Measurement(mission_id=mission.id, evidence=evidence)
        return known or _file(filed, indicator, value, reason, by)


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
    """Replace a measurement by a new one that names it; the old one stays readable and counts until then.

    Raises:
        NotAllowed, AlreadySettled, CorrectionWaits, StaleVersion, InvalidInput.
    """
    permit(policy.can_file, by, measurement)
    with db.transaction():
        db.lock_row(measurement)
        db.expect_version(measurement, expected_version)
        if measurement.state is MeasurementState.CORRECTED:
            raise AlreadySettled()
        if waiting := queries.correction_of(measurement):
            if waiting.submitted_by_id == by.user_id and _tells(waiting, value, reason):
                return waiting  # the form was sent twice
            raise CorrectionWaits()
        if len(reason.strip()) < LEAST_REASON:
            text = N_("Write why the value is corrected, at least %(least)d characters.")
            raise InvalidInput.of([Problem("reason_missing", text, "reason", {"least": LEAST_REASON})])
        correction = Measurement(
            mission_id=measurement.mission_id, experiment=measurement.experiment, evidence=measurement.evidence,
            booking=measurement.booking, corrects_id=measurement.id,
        )  # fmt: skip
        return _file(correction, measurement.indicator, value, reason, by, action="measurement.correction_submitted")


def lock_period(*, title: str, starts_on: date, ends_on: date, by: Actor) -> LockedPeriod:
    """Settle the figures of some days, when they have been reported. The caller has checked the right."""
    with db.transaction() as session:
        period = LockedPeriod(
            title=title, starts_on=starts_on, ends_on=ends_on, locked_at=clock.now(), locked_by_id=by.user_id
        )
        session.add(period)
        session.flush()
        trail.record("period.locked", period, by=by, starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat())
        return period


def _file(
    measurement: Measurement, indicator: IndicatorPlan, value: Value, reason: str, by: Actor,
    *, action: str = "measurement.submitted",
) -> Measurement:  # fmt: skip
    period = queries.locked_period_on(value.measured_on)
    mission = db.session.get_one(Mission, measurement.mission_id)
    known = parts_of(indicator.split_by, method_of(mission.journey.method_version))
    _check(value, indicator, period, reason, known)
    measurement.indicator, measurement.late_in = indicator, period
    measurement.measured_on, measurement.reason = value.measured_on, reason.strip()
    measurement.value, measurement.entered = _in_unit_of(indicator, value)
    measurement.parts = parts.in_unit(value.parts, known, given=value.unit or indicator.unit, wanted=indicator.unit)
    measurement.uncertainty, measurement.source = value.uncertainty.strip(), value.source.strip()
    measurement.evidence_link = value.evidence_link.strip()
    measurement.state = MeasurementState.SUBMITTED
    measurement.submitted_by_id, measurement.submitted_at = by.user_id, clock.now()
    db.session.add(measurement)
    db.session.flush()
    trail.record(
        action, _subject(measurement), by=by, indicator=indicator.id, measurement=measurement.id,
        corrects=measurement.corrects_id,
    )  # fmt: skip
    return measurement


def _sent_just_now(
    indicator: IndicatorPlan, value: Value, experiment: Experiment | None, by: Actor
) -> Measurement | None:
    """The very same value that the same person sent a moment ago: whoever sends a form twice files it once."""
    db.lock_row(indicator)
    known = db.session.scalars(
        select(Measurement)
        .where(
            Measurement.indicator_id == indicator.id, Measurement.state == MeasurementState.SUBMITTED,
            Measurement.submitted_by_id == by.user_id, Measurement.submitted_at > clock.now() - A_MOMENT,
            Measurement.measured_on == value.measured_on, Measurement.corrects_id.is_(None),
            Measurement.experiment_id == (experiment.id if experiment else None),
        )
        .order_by(Measurement.id.desc())
    )  # fmt: skip
    told = (value.value, value.source.strip(), value.uncertainty.strip(), value.evidence_link.strip())
    return next(
        (
            one
            for one in known
            if value.unit in ("", indicator.unit)
            and (one.value, one.source, one.uncertainty, one.evidence_link) == told
            and one.parts == value.parts
        ),
        None,
    )


def _require_baseline(indicator: IndicatorPlan, mission: Mission) -> None:
    """A value means nothing without a baseline; whoever has waived the requirement has said why it may be without."""
    if indicator.baseline_value is not None:
        return
    for journey in (mission.journey, *(one.journey for one in challenges_of(mission))):
        method = method_of(journey.method_version)
        waived = [method.find_criterion(one.criterion) for one in gate_queries.valid_waivers(journey)]
        if any(one is not None and one.check == COMPLETE for one in waived):
            return
    raise BaselineMissing(field="indicator")


def _in_unit_of(indicator: IndicatorPlan, value: Value) -> tuple[float | None, str]:
    """The value in the indicator's unit, and as it was typed where that was another one."""
    if value.value is None or value.unit in ("", indicator.unit):
        return value.value, ""
    return units.convert(value.value, given=value.unit, wanted=indicator.unit), f"{value.value:g} {value.unit}"


def _tells(one: Measurement, value: Value, reason: str) -> bool:
    told = (value.value, value.measured_on, value.source.strip(), value.uncertainty.strip(), reason.strip())
    return told == (one.value, one.measured_on, one.source, one.uncertainty, one.reason)


def _retire(measurement_id: int) -> None:
    """What is corrected counts no more, nor what it corrected itself."""
    old = db.session.get_one(Measurement, measurement_id)
    if old.state is MeasurementState.SUBMITTED:
        old.approved_by_id, old.approved_at = old.submitted_by_id, clock.now()
    old.state = MeasurementState.CORRECTED
    if old.corrects_id is not None:
        _retire(old.corrects_id)


def _check(
    value: Value, indicator: IndicatorPlan, period: LockedPeriod | None, reason: str, known: Mapping[str, str]
) -> None:
    problems = parts.problems(value.value, value.parts, known, additive=units.is_additive(indicator.unit))
    if not all(isfinite(one) for one in (value.value or 0.0, *value.parts.values())):
        problems.append(Problem("not_a_number", N_("Write a number, such as 2.4."), "value"))
    for name, most in LONGEST.items():
        if len(getattr(value, name)) > most:
            problems.append(Problem("too_long", N_("Write at most %(most)d characters."), name, {"most": most}))
    if value.measured_on > clock.today():
        text = N_("The day of the measurement lies ahead. Choose today or earlier.")
        problems.append(Problem("in_the_future", text, "measured_on"))
    if not value.source.strip():
        problems.append(Problem("source_missing", N_("Say where the value comes from."), "source"))
    if value.unit and value.unit not in units.units_for(indicator.unit):
        text = N_("A value in %(given)s cannot be turned into %(unit)s.")
        problems.append(Problem("wrong_unit", text, "unit", {"given": value.unit, "unit": indicator.unit}))
    if value.evidence_link.strip() and not value.evidence_link.strip().startswith(("https://", "http://")):
        text = N_("Write the whole address, beginning with https://.")
        problems.append(Problem("not_an_address", text, "evidence_link"))
    if period is not None and len(reason.strip()) < LEAST_REASON:
        text = N_(
            "These days have been reported in “%(title)s”. The value can still be entered, as a correction: "
            "say why it comes late, at least %(least)d characters."
        )
        problems.append(Problem("period_locked", text, "reason", {"title": period.title, "least": LEAST_REASON}))
    if problems:
        raise InvalidInput.of(problems)


def _subject(measurement: Measurement) -> Experiment | Mission:
    return measurement.experiment or db.session.get_one(Mission, measurement.mission_id)
