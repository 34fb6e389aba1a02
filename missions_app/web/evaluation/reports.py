"""The test report: written in parts, handed in once."""

from dataclasses import fields
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import Length, Optional

from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import DomainError
from missions_app.evaluation import queries, report_service
from missions_app.evaluation.report_service import ReportContent
from missions_app.experiments import log_service
from missions_app.experiments import policy as experiments_policy
from missions_app.experiments import queries as experiments
from missions_app.i18n import _, current_locale, lazy
from missions_app.web.evaluation.blueprint import bp
from missions_app.web.experiments.experiments import crumbs_of
from missions_app.web.forms import Form, VersionMixin, choices_from, show_error
from missions_app.workflow.method_service import method_of

TEXT = 20_000


class ReportForm(VersionMixin, Form):
    """Every part of the report; only some are needed to hand it in."""

    summary = TextAreaField(lazy("Summary in plain words"), validators=[Optional(), Length(max=TEXT)],
                            description=lazy("At most 150 words. It becomes public."))  # fmt: skip
    what_was_done = TextAreaField(
        lazy("What was done, where, when and by whom"), validators=[Optional(), Length(max=TEXT)]
    )
    deviations = TextAreaField(lazy("What went otherwise than planned"), validators=[Optional(), Length(max=TEXT)])
    results = TextAreaField(lazy("Results"), validators=[Optional(), Length(max=TEXT)])
    threshold = RadioField(lazy("Against what counts as success"), validators=[Optional()])
    outcome = RadioField(lazy("The hypothesis"), validators=[Optional()])
    trl_end = SelectField(lazy("Technology readiness after (TRL)"), validators=[Optional()])
    trl_evidence = TextAreaField(lazy("What shows it"), validators=[Optional(), Length(max=TEXT)])
    srl_end = SelectField(lazy("Societal readiness after (SRL)"), validators=[Optional()])
    srl_evidence = TextAreaField(lazy("What shows it"), validators=[Optional(), Length(max=TEXT)])
    users_said = TextAreaField(lazy("What users said"), validators=[Optional(), Length(max=TEXT)])
    unexpected = TextAreaField(lazy("What nobody expected, good or bad"), validators=[Optional(), Length(max=TEXT)])
    data_location = TextAreaField(lazy("Where the data are"), validators=[Optional(), Length(max=TEXT)])
    recommendation = TextAreaField(lazy("What you recommend now"), validators=[Optional(), Length(max=TEXT)])

    def content(self) -> ReportContent:
        """What was written."""
        values: dict[str, Any] = {one.name: self[one.name].data or "" for one in fields(ReportContent)}
        values["trl_end"], values["srl_end"] = int(self.trl_end.data or 0) or None, int(self.srl_end.data or 0) or None
        return ReportContent(**values)


@bp.route("/experiments/<reference>/report", methods=["GET", "POST"])
@signed_in
def edit_report(reference: str) -> ResponseReturnValue:
    """Write the report, and hand it in when it is ready."""
    experiment = experiments.get_experiment(reference)
    authorise(experiments_policy.can_read_plan, experiment)
    report = queries.report_of(experiment.id)
    method = method_of(experiment.journey.method_version)
    form = ReportForm(obj=report)
    form.threshold.choices, form.outcome.choices = (
        choices_from(method.threshold_outcome),
        choices_from(method.test_outcome),
    )
    for field, levels in ((form.trl_end, method.trl), (form.srl_end, method.srl)):
        field.choices = [
            ("", _("Not chosen")),
            *((str(one.level), f"{one.level} – {one.label.in_(current_locale())}") for one in levels),
        ]
    if report is not None and request.method == "GET":
        form.trl_end.data, form.srl_end.data = str(report.trl_end or ""), str(report.srl_end or "")
    if form.validate_on_submit():
        try:
            saved = report_service.save_report(
                experiment, form.content(), by=actor(), expected_version=form.expected_version if report else None
            )
            if request.form.get("act") == "submit":
                report_service.submit_report(experiment, by=actor(), expected_version=saved.version)
        except DomainError as error:
            show_error(form, error)
        else:
            flash(
                _("The report is handed in. Thank you for reporting.")
                if saved.submitted_at
                else _("Saved. Nothing is handed in yet.")
            )
            return redirect(url_for("evaluation.edit_report", reference=reference), 303)
    return render_template(
        "evaluation/edit_report.html",
        form=form,
        experiment=experiment,
        report=report,
        method=method,
        crumbs=crumbs_of(experiment),
        deviations=[one for one in log_service.log_of(experiment) if one.is_deviation],
        can_report=experiments_policy.can_report(actor(), experiment),
    )
