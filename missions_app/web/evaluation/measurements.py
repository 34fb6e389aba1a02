"""Measurements of an experiment: handed in, approved, corrected."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import NotFound
from missions_app.evaluation import measurement_service, policy, queries
from missions_app.evaluation.measurement_service import Value
from missions_app.evaluation.models import Measurement
from missions_app.experiments import policy as experiments_policy
from missions_app.experiments import queries as experiments
from missions_app.i18n import _, both, lazy
from missions_app.indicators.queries import get_indicator, indicators_of
from missions_app.web.evaluation.blueprint import bp
from missions_app.web.experiments.experiments import crumbs_of
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, LocalDateField, NumberField, VersionMixin


class MeasurementForm(Form):
    """A value, when, and where it comes from."""

    indicator = SelectField(lazy("What was measured"), validators=[InputRequired()])
    value = NumberField(lazy("Value"), validators=[InputRequired()])
    measured_on = LocalDateField(lazy("Day"), validators=[InputRequired()])
    uncertainty = StringField(
        lazy("How sure it is"), validators=[Optional(), Length(max=200)], description=lazy("For example ± 12 per cent.")
    )
    source = TextAreaField(lazy("Where the value comes from"), validators=[InputRequired(), Length(max=2000)])


class CorrectionForm(VersionMixin, Form):
    """A corrected value and why."""

    value = NumberField(lazy("Value"), validators=[InputRequired()])
    measured_on = LocalDateField(lazy("Day"), validators=[InputRequired()])
    uncertainty = StringField(lazy("How sure it is"), validators=[Optional(), Length(max=200)])
    source = TextAreaField(lazy("Where the value comes from"), validators=[InputRequired(), Length(max=2000)])
    reason = TextAreaField(lazy("Why it is corrected"), validators=[InputRequired(), Length(max=2000)])


def _measurement(reference: str, measurement_id: int) -> Measurement:
    found = queries.get_measurement(measurement_id)
    if found.experiment is None or found.experiment.reference != reference:
        raise NotFound()
    return found


@bp.get("/experiments/<reference>/measurements")
@signed_in
def list_measurements(reference: str) -> ResponseReturnValue:
    """Every value, who handed it in and whether it counts."""
    experiment = experiments.get_experiment(reference)
    authorise(experiments_policy.can_read_plan, experiment)
    return render_template(
        "evaluation/list_measurements.html", experiment=experiment, measurements=queries.measurements_of(experiment.id),
        crumbs=crumbs_of(experiment), can_measure=policy.can_measure(actor(), experiment),
        can_approve=policy.can_approve_measurement,
    )  # fmt: skip


@bp.route("/experiments/<reference>/measurements/new", methods=["GET", "POST"])
@signed_in
def submit_measurement(reference: str) -> ResponseReturnValue:
    """Hand in a value."""
    experiment = experiments.get_experiment(reference)
    authorise(policy.can_measure, experiment)
    form = MeasurementForm()
    plans = indicators_of(experiment.mission.journey)
    form.indicator.choices = [(str(one.id), f"{both(one.label_sv, one.label_en)}, {one.unit}") for one in plans]

    def act() -> None:
        measurement_service.submit_measurement(
            experiment=experiment,
            indicator=get_indicator(experiment.mission.journey, int(form.indicator.data)),
            value=Value(form.value.data, form.measured_on.data, form.source.data or "", form.uncertainty.data or ""),
            by=actor(),
        )

    return form_page(form, act, heading=_("Hand in a measurement"), crumbs=crumbs_of(experiment), button=_("Hand in"),
                     done=_("Handed in. It counts when somebody else has approved it."),
                     back=url_for("evaluation.list_measurements", reference=reference))  # fmt: skip


@bp.post("/experiments/<reference>/measurements/<int:measurement_id>/approve")
@signed_in
def approve_measurement(reference: str, measurement_id: int) -> ResponseReturnValue:
    """Let a value count."""
    measurement = _measurement(reference, measurement_id)
    version = request.form.get("version", type=int) or 0
    measurement_service.approve_measurement(measurement, by=actor(), expected_version=version)
    flash(_("The measurement is approved and counts now."))
    return redirect(url_for("evaluation.list_measurements", reference=reference), 303)


@bp.route("/experiments/<reference>/measurements/<int:measurement_id>/correct", methods=["GET", "POST"])
@signed_in
def correct_measurement(reference: str, measurement_id: int) -> ResponseReturnValue:
    """Hand in a better value; the old one stays readable."""
    measurement = _measurement(reference, measurement_id)
    experiment = experiments.get_experiment(reference)
    authorise(policy.can_measure, experiment)
    form = CorrectionForm(obj=measurement)

    def act() -> None:
        measurement_service.correct_measurement(
            measurement,
            Value(form.value.data, form.measured_on.data, form.source.data or "", form.uncertainty.data or ""),
            reason=form.reason.data or "",
            by=actor(),
            expected_version=form.expected_version,
        )

    return form_page(form, act, heading=_("Correct a measurement"), crumbs=crumbs_of(experiment), button=_("Hand in"),
                     done=_("Handed in. The old value counts until the correction is approved."),
                     back=url_for("evaluation.list_measurements", reference=reference))  # fmt: skip
