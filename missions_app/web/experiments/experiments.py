"""Planning an experiment, and its page."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app.accounts import queries as accounts
from missions_app.bookings import policy as booking_policy
from missions_app.bookings import queries as bookings
from missions_app.bookings import states
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.evaluation import queries as evaluation
from missions_app.experiments import experiment_service, log_service, policy, queries
from missions_app.experiments.models import Experiment
from missions_app.experiments.rules import ASSESSED, Plan
from missions_app.i18n import _, current_locale, lazy
from missions_app.missions import queries as missions
from missions_app.organisations import queries as organisations
from missions_app.partnerships import queries as partnerships
from missions_app.partnerships.models import PartnerState
from missions_app.portfolio.thread import thread_for
from missions_app.web.experiments.blueprint import bp
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, LocalDateField, VersionMixin
from missions_app.web.missions.missions import crumbs_of as mission_crumbs
from missions_app.web.stages import steps_of
from missions_app.workflow import gate_queries, journey_queries
from missions_app.workflow.method_service import method_of

TEXT = 10_000


class PlanForm(VersionMixin, Form):
    """The plan."""

    title = StringField(lazy("Title"), validators=[InputRequired(), Length(max=200)])
    summary = TextAreaField(lazy("In short, for everybody"), validators=[Optional(), Length(max=TEXT)])
    question = TextAreaField(lazy("Which question shall it answer?"), validators=[Optional(), Length(max=TEXT)])
    hypothesis = TextAreaField(lazy("What do you expect?"), validators=[Optional(), Length(max=TEXT)])
    method = TextAreaField(lazy("How do you find out?"), validators=[Optional(), Length(max=TEXT)])
    success_threshold = TextAreaField(lazy("What counts as success?"), validators=[Optional(), Length(max=TEXT)])
    stop_rule = TextAreaField(lazy("When do you stop early?"), validators=[Optional(), Length(max=TEXT)])
    data_plan = TextAreaField(lazy("What happens with the data?"), validators=[Optional(), Length(max=TEXT)])
    risks = TextAreaField(
        lazy("What can go wrong, and what do you do about it?"), validators=[Optional(), Length(max=TEXT)],
        description=lazy("Risks of one place are listed with its booking, where whoever owns the place accepts them."),
    )  # fmt: skip
    personal_data_assessment = TextAreaField(
        lazy("Personal data: what, and why it is right"), validators=[Optional(), Length(max=TEXT)],
        description=lazy("Holds for every booking of the experiment that says nothing else."),
    )  # fmt: skip
    camera_assessment = TextAreaField(
        lazy("Cameras: what, and why it is right"), validators=[Optional(), Length(max=TEXT)]
    )
    ethics_assessment = TextAreaField(lazy("Ethics: what has been weighed"), validators=[Optional(), Length(max=TEXT)])
    trl_start = SelectField(lazy("Technology readiness before (TRL)"), validators=[Optional()])
    srl_start = SelectField(lazy("Societal readiness before (SRL)"), validators=[Optional()])
    planned_from = LocalDateField(lazy("First day, about"), validators=[Optional()])
    planned_until = LocalDateField(lazy("Last day, about"), validators=[Optional()])

    def plan(self) -> Plan:
        """What was written."""
        return Plan(
            title=self.title.data or "", summary=self.summary.data or "", question=self.question.data or "",
            hypothesis=self.hypothesis.data or "", method=self.method.data or "",
            success_threshold=self.success_threshold.data or "", stop_rule=self.stop_rule.data or "",
            data_plan=self.data_plan.data or "", risks=self.risks.data or "",
            **{name: self[name].data or "" for name in ASSESSED}, trl_start=int(self.trl_start.data or 0) or None,
            srl_start=int(self.srl_start.data or 0) or None, planned_from=self.planned_from.data,
            planned_until=self.planned_until.data,
        )  # fmt: skip


class NewExperimentForm(PlanForm):
    """Whose experiment it is, and its plan."""

    organisation = SelectField(lazy("Which partner runs it"), validators=[InputRequired()])
    email = StringField(
        lazy("E-mail address of the person who leads it"), validators=[InputRequired(), Length(max=254)],
        description=lazy("The person needs an account here."),
    )  # fmt: skip
    track = SelectField(lazy("Solution track"), validators=[Optional()])


def _levels(form: PlanForm, journey: object) -> None:
    method = method_of(journey.method_version)  # type: ignore[attr-defined]
    locale = current_locale()
    for field, levels in ((form.trl_start, method.trl), (form.srl_start, method.srl)):
        field.choices = [
            ("", _("Not chosen")),
            *((str(one.level), f"{one.level} – {one.label.in_(locale)}") for one in levels),
        ]


def crumbs_of(experiment: Experiment) -> list[tuple[str, str]]:
    """The way to an experiment's page."""
    page = url_for("experiments.show_experiment", reference=experiment.reference)
    return [*mission_crumbs(experiment.mission), (f"{experiment.title} {experiment.reference}", page)]


@bp.route("/missions/<reference>/experiments/new", methods=["GET", "POST"])
@signed_in
def plan_experiment(reference: str) -> ResponseReturnValue:
    """Plan a new experiment."""
    mission = missions.get_mission(reference)
    authorise(policy.can_plan_experiment, mission)
    form = NewExperimentForm(version=0)
    _levels(form, mission.journey)
    committed = [one.organisation for one in partnerships.partners_of(mission) if one.state is PartnerState.COMMITTED]
    form.organisation.choices = [(one.slug, one.name) for one in committed]
    form.track.choices = [
        ("", _("None in particular")),
        *((str(one.id), one.title) for one in missions.tracks_of(mission)),
    ]

    def act() -> None:
        experiment_service.plan_experiment(
            mission=mission, organisation=organisations.get_organisation(form.organisation.data),
            lead=accounts.get_user_by_email(form.email.data or ""), plan=form.plan(), by=actor(),
            track_id=int(form.track.data) if form.track.data else None,
        )  # fmt: skip

    return form_page(form, act, heading=_("Plan a new experiment"), crumbs=mission_crumbs(mission), button=_("Plan"),
                     done=_("The experiment is planned. Whoever leads it can book now."))  # fmt: skip


@bp.route("/experiments/<reference>/plan", methods=["GET", "POST"])
@signed_in
def edit_plan(reference: str) -> ResponseReturnValue:
    """Write the plan."""
    experiment = queries.get_experiment(reference)
    authorise(policy.can_edit_plan, experiment)
    form = PlanForm(obj=experiment)
    _levels(form, experiment.journey)
    if not form.is_typed:
        form.trl_start.data, form.srl_start.data = str(experiment.trl_start or ""), str(experiment.srl_start or "")

    def act() -> None:
        experiment_service.edit_plan(experiment, form.plan(), by=actor(), expected_version=form.expected_version)

    return form_page(
        form, act, heading=_("Test plan"), crumbs=crumbs_of(experiment), button=_("Save"), done=_("Saved.")
    )


@bp.get("/experiments/<reference>")
@public
def show_experiment(reference: str) -> ResponseReturnValue:
    """Where the experiment stands and what is left; visitors see the summary and the result."""
    experiment = queries.get_experiment(reference)
    part = policy.can_read_plan(actor(), experiment)
    method = method_of(experiment.journey.method_version)
    gate = next((one for one in method.gates_of("experiment") if experiment.journey.state in one.from_states), None)
    booked = bookings.bookings_of_experiment(experiment.id) if part else []
    booked = [one for one in booked if booking_policy.can_read(actor(), one)]
    report = evaluation.report_of(experiment.id)
    return render_template(
        "experiments/show_experiment.html",
        experiment=experiment,
        method=method,
        has_part=part,
        steps=steps_of(experiment),
        gate=gate_queries.standing(experiment, gate.id) if gate and part else None,
        moves=journey_queries.possible_moves(experiment, actor()),
        bookings=booked,
        booking_states={one.id: states.booking_state([line.state for line in one.lines]) for one in booked},
        report=report if report and (part or report.submitted_at) else None,
        measurements=evaluation.measurements_of(experiment.id),
        can_edit=policy.can_edit_plan(actor(), experiment),
        crumbs=crumbs_of(experiment),
        log=log_service.log_of(experiment) if part else [],
        may_remove=lambda entry: policy.can_remove_photo(actor(), entry),
        thread=thread_for([experiment]),
        lessons=[
            one for one in evaluation.open_lessons_of(experiment.mission_id) if one.experiment_id == experiment.id
        ],
    )
