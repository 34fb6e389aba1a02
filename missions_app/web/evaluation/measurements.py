"""Measurements: handed in one by one or as a sheet, approved, corrected; each with a page of its own."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app.bookings import queries as bookings
from missions_app.edge import spreadsheet
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.edge.words import sentence
from missions_app.errors import DomainError, NotFound
from missions_app.evaluation import import_service, measurement_service, policy, queries
from missions_app.evaluation.measurement_service import Value
from missions_app.evaluation.models import Measurement
from missions_app.experiments import policy as experiments_policy
from missions_app.experiments import queries as experiments
from missions_app.i18n import _, both, lazy
from missions_app.indicators.queries import get_indicator, indicators_of
from missions_app.indicators.small_numbers import SMALLEST_SHOWN, is_small
from missions_app.indicators.splits import parts_of
from missions_app.indicators.units import units_for
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.portfolio import queries as portfolio
from missions_app.portfolio.policy import can_read_report
from missions_app.web.evaluation.blueprint import bp
from missions_app.web.evaluation.stories import crumbs_of_evaluation
from missions_app.web.experiments.experiments import crumbs_of
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, LinesField, LocalDateField, NumberField, VersionMixin, choices, show_error
from missions_app.web.missions.missions import crumbs_of as mission_crumbs
from missions_app.workflow.method_service import method_of

MEASUREMENT = "/missions/<reference>/measurements/<int:measurement_id>"


class ValueFields(Form):
    """A value, when, and where it comes from."""

    indicator = SelectField(lazy("What was measured"), validators=[InputRequired()])
    value = NumberField(
        lazy("Value"), validators=[Optional()], description=lazy("Leave it empty if no value could be had.")
    )
    unit = SelectField(lazy("Unit"), validators=[Optional()])
    measured_on = LocalDateField(lazy("Day"), validators=[InputRequired()])
    uncertainty = StringField(
        lazy("How sure it is"), validators=[Optional(), Length(max=200)], description=lazy("For example ± 12 per cent.")
    )
    source = TextAreaField(
        lazy("Where the value comes from"), validators=[InputRequired(), Length(max=2000)],
        description=lazy("Without a value: why there is none."),
    )  # fmt: skip
    parts = LinesField(
        lazy("The value divided"), validators=[Optional()],
        description=lazy("If the indicator is divided: one part on each line, such as Karlskrona: 12."),
    )  # fmt: skip
    evidence_link = StringField(lazy("Link to the evidence"), validators=[Optional(), Length(max=500)])

    def typed(self) -> Value:
        """What was typed."""
        return Value(
            self.value.data, self.measured_on.data, self.source.data or "", self.uncertainty.data or "",
            self.unit.data or "", self.evidence_link.data or "", self.parts.data or {},
        )  # fmt: skip


class MeasurementForm(ValueFields):
    """A new value."""

    booking = SelectField(lazy("Measured during the booking"), validators=[Optional()])
    reason = TextAreaField(
        lazy("Why it comes late"), validators=[Optional(), Length(max=2000)],
        description=lazy("Only when the day lies in a period that has been reported."),
    )  # fmt: skip

    def offer(self, mission: Mission) -> None:
        """The indicators of the mission and the units they may be typed in."""
        plans = indicators_of(mission.journey)
        self.indicator.choices = choices(
            (str(one.id), f"{both(one.label_sv, one.label_en)}, {one.unit}") for one in plans
        )
        units = dict.fromkeys(unit for plan in plans for unit in units_for(plan.unit))
        self.unit.choices = choices(((unit, unit) for unit in units), empty=_("The indicator’s own"))


class CorrectionForm(VersionMixin, ValueFields):
    """A corrected value and why."""

    indicator = None
    reason = TextAreaField(lazy("Why it is corrected"), validators=[InputRequired(), Length(max=2000)])


class SheetForm(Form):
    """A sheet of values, as a file or pasted."""

    file = FileField(lazy("File"), description=lazy("CSV or XLSX, with the names of the columns in row 1."))
    sheet = TextAreaField(lazy("Or paste the rows here"), validators=[Optional(), Length(max=1_000_000)])

    def text(self) -> str:
        """What was sent, from whichever of the two."""
        if self.file.data:
            return spreadsheet.as_text(self.file.data.read())
        return self.sheet.data or ""


def _mission(reference: str) -> Mission:
    mission = missions.get_mission(reference)
    authorise(policy.can_read_results, mission)
    return mission


def _measurement(reference: str, measurement_id: int) -> Measurement:
    found, mission = queries.get_measurement(measurement_id), _mission(reference)
    if found.mission_id != mission.id:
        raise NotFound()
    return found


def _own_page(measurement: Measurement) -> str:
    return url_for(
        "evaluation.show_measurement", reference=measurement.mission.reference, measurement_id=measurement.id
    )


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
    """Hand in a value of an experiment."""
    experiment = experiments.get_experiment(reference)
    authorise(policy.can_measure, experiment)
    form = MeasurementForm()
    form.offer(experiment.mission)
    used = {one.reference: one for one in bookings.bookings_of_experiment(experiment.id)}
    form.booking.choices = choices(((key, key) for key in used), empty=_("None"))

    def act() -> None:
        measurement_service.submit_measurement(
            experiment=experiment, indicator=get_indicator(experiment.mission.journey, int(form.indicator.data)),
            value=form.typed(), booking=used.get(form.booking.data or ""), reason=form.reason.data or "", by=actor(),
        )  # fmt: skip

    return form_page(form, act, heading=_("Hand in a measurement"), crumbs=crumbs_of(experiment), button=_("Hand in"),
                     done=_("Handed in. It counts when somebody else has approved it."),
                     back=url_for("evaluation.list_measurements", reference=reference))  # fmt: skip


@bp.route("/missions/<reference>/measurements/new", methods=["GET", "POST"])
@signed_in
def submit_mission_measurement(reference: str) -> ResponseReturnValue:
    """Hand in a value that no single experiment gave."""
    mission = missions.get_mission(reference)
    plans = indicators_of(mission.journey)
    authorise(policy.can_measure_indicators, (mission, plans))
    form = MeasurementForm()
    del form.booking
    form.offer(mission)
    if not policy.can_measure_mission(actor(), mission):
        own = {str(one.id) for one in plans if policy.answers_for(actor(), one)}
        form.indicator.choices = [one for one in form.indicator.choices if one.value in own]
    reads = policy.can_read_results(actor(), mission)

    def act() -> None:
        measurement_service.submit_for_mission(
            mission=mission, indicator=get_indicator(mission.journey, int(form.indicator.data)), value=form.typed(),
            reason=form.reason.data or "", by=actor(),
        )  # fmt: skip

    return form_page(
        form, act, heading=_("Hand in a measurement"), button=_("Hand in"),
        crumbs=crumbs_of_evaluation(mission) if reads else mission_crumbs(mission),
        done=_("Handed in. It counts when somebody else has approved it."),
    )  # fmt: skip


@bp.get(MEASUREMENT)
@public
def show_measurement(reference: str, measurement_id: int) -> ResponseReturnValue:
    """The raw value: what, when, by which method, with which evidence, and how it came to count. For those who read
    the mission's results; of what a published report rests on, everybody reads the value and where it comes from."""
    measurement, mission = queries.get_measurement(measurement_id), missions.get_mission(reference)
    reports = [one for one in portfolio.reports_using(measurement.id) if can_read_report(actor(), one)]
    whole = policy.can_read_results(actor(), mission)
    if not whole and not reports:
        authorise(policy.can_read_results, mission)
    if measurement.mission_id != mission.id:
        raise NotFound()
    chain, unit = queries.corrections_of(measurement), measurement.indicator.unit
    hides = not whole and any(
        is_small(value, unit) for one in chain for value in (one.value, *map(float, one.parts.values()))
    )
    return render_template(
        "evaluation/show_measurement.html", one=measurement, mission=mission, whole=whole, hides=hides,
        least_shown=SMALLEST_SHOWN,
        parts=parts_of(measurement.indicator.split_by, method_of(mission.journey.method_version)),
        chain=[one for one in chain if whole or one.approved_at],
        crumbs=crumbs_of_evaluation(mission) if whole else mission_crumbs(mission),
        can_approve=policy.can_approve_measurement(actor(), measurement),
        can_file=policy.can_file(actor(), measurement) and chain[-1] is measurement, reports=reports,
    )  # fmt: skip


@bp.post(f"{MEASUREMENT}/approve")
@signed_in
def approve_measurement(reference: str, measurement_id: int) -> ResponseReturnValue:
    """Let a value count."""
    measurement = _measurement(reference, measurement_id)
    version = request.form.get("version", type=int) or 0
    measurement_service.approve_measurement(measurement, by=actor(), expected_version=version)
    flash(_("The measurement is approved and counts now."))
    return redirect(_own_page(measurement), 303)


@bp.route(f"{MEASUREMENT}/correct", methods=["GET", "POST"])
@signed_in
def correct_measurement(reference: str, measurement_id: int) -> ResponseReturnValue:
    """Hand in a better value; the old one stays readable."""
    measurement = _measurement(reference, measurement_id)
    authorise(policy.can_file, measurement)
    form = CorrectionForm(obj=measurement)
    form.unit.choices = choices((unit, unit) for unit in units_for(measurement.indicator.unit))

    def act() -> None:
        measurement_service.correct_measurement(
            measurement, form.typed(), reason=form.reason.data or "", by=actor(),
            expected_version=form.expected_version,
        )  # fmt: skip

    return form_page(form, act, heading=_("Correct a measurement"), crumbs=crumbs_of_evaluation(measurement.mission),
                     button=_("Hand in"), done=_("Handed in. The old value counts until the correction is approved."),
                     back=_own_page(measurement))  # fmt: skip


@bp.route("/missions/<reference>/measurements/import", methods=["GET", "POST"])
@signed_in
def import_measurements(reference: str) -> ResponseReturnValue:
    """A whole sheet: first what would become of each row, then all of it."""
    mission = missions.get_mission(reference)
    authorise(policy.can_measure_mission, mission)
    form, fates, text = SheetForm(), [], ""
    if form.validate_on_submit():
        try:
            text = form.text()
            if request.form.get("act") == "import":
                count = import_service.import_measurements(mission, text, by=actor())
                flash(_("%(count)d measurements are handed in. They count when somebody else has approved them.",
                        count=count))  # fmt: skip
                return redirect(url_for("evaluation.show_evaluation", reference=reference), 303)
            fates = import_service.judge(mission, text, by=actor())
        except DomainError as error:
            if any(str(problem.field).startswith("line ") for problem in error.problems):
                fates = import_service.judge(mission, text, by=actor())
            else:
                show_error(form, error)
    return render_template(
        "evaluation/import_measurements.html", form=form, mission=mission, fates=fates, text=text,
        sentence=sentence, columns=import_service.COLUMNS, crumbs=crumbs_of_evaluation(mission),
        plans=indicators_of(mission.journey),
    )  # fmt: skip


@bp.get("/missions/<reference>/measurements/template.csv")
@signed_in
def measurement_template(reference: str) -> ResponseReturnValue:
    """An empty sheet."""
    authorise(policy.can_measure_mission, missions.get_mission(reference))
    headers = {"Content-Disposition": 'attachment; filename="matvarden.csv"'}
    return Response("\ufeff" + import_service.template(), mimetype="text/csv", headers=headers)
