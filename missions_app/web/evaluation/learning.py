"""Lessons and barriers."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.edge.paging import page_of
from missions_app.evaluation import learning_service, queries
from missions_app.experiments import policy as experiments_policy
from missions_app.experiments import queries as experiments
from missions_app.i18n import _, lazy
from missions_app.web.evaluation.blueprint import bp
from missions_app.web.experiments.experiments import crumbs_of
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, choices_from
from missions_app.workflow.method_service import method_in_force, method_of

TEXT = 5000


class LessonForm(Form):
    """Something learnt."""

    tag = SelectField(lazy("What it is about"), validators=[InputRequired()])
    context = TextAreaField(lazy("In which situation"), validators=[InputRequired(), Length(max=TEXT)])
    learnt = TextAreaField(lazy("What you learnt"), validators=[InputRequired(), Length(max=TEXT)])
    so_what = TextAreaField(lazy("What others should do"), validators=[InputRequired(), Length(max=TEXT)])


class BarrierForm(Form):
    """Something that stops a solution."""

    title = StringField(lazy("The barrier in a few words"), validators=[InputRequired(), Length(max=200)])
    kind = SelectField(lazy("Kind"), validators=[InputRequired()])
    rule = TextAreaField(lazy("Which rule or routine"), validators=[Optional(), Length(max=TEXT)])
    owner = StringField(lazy("Who can change it"), validators=[Optional(), Length(max=200)])
    evidence = TextAreaField(lazy("What shows it"), validators=[Optional(), Length(max=TEXT)])
    effect = TextAreaField(lazy("What it leads to"), validators=[Optional(), Length(max=TEXT)])
    bottleneck = SelectField(lazy("Which bottleneck it belongs to"), validators=[Optional()])


@bp.get("/experiments/<reference>/learning")
@signed_in
def list_learning(reference: str) -> ResponseReturnValue:
    """What was learnt and what stood in the way."""
    experiment = experiments.get_experiment(reference)
    authorise(experiments_policy.can_read_plan, experiment)
    lessons = [one for one in queries.lessons_of(experiment.mission_id) if one.experiment_id == experiment.id]
    barriers = [one for one in queries.barriers_of(experiment.mission_id) if one.experiment_id == experiment.id]
    return render_template(
        "evaluation/list_learning.html",
        experiment=experiment,
        lessons=lessons,
        barriers=barriers,
        crumbs=crumbs_of(experiment),
        method=method_of(experiment.journey.method_version),
        can_report=experiments_policy.can_report(actor(), experiment),
    )


@bp.route("/experiments/<reference>/lessons/new", methods=["GET", "POST"])
@signed_in
def add_lesson(reference: str) -> ResponseReturnValue:
    """Keep something learnt."""
    experiment = experiments.get_experiment(reference)
    authorise(experiments_policy.can_report, experiment)
    form = LessonForm()
    form.tag.choices = choices_from(method_of(experiment.journey.method_version).lesson_tag)

    def act() -> None:
        learning_service.add_lesson(
            mission=experiment.mission, experiment=experiment, tag=form.tag.data, context=form.context.data or "",
            learnt=form.learnt.data or "", so_what=form.so_what.data or "", by=actor(),
        )  # fmt: skip

    return form_page(
        form,
        act,
        heading=_("Add a lesson"),
        crumbs=crumbs_of(experiment),
        button=_("Add"),
        done=_("Added."),
        back=url_for("evaluation.list_learning", reference=reference),
    )


@bp.route("/experiments/<reference>/barriers/new", methods=["GET", "POST"])
@signed_in
def add_barrier(reference: str) -> ResponseReturnValue:
    """Enter a barrier in the register."""
    experiment = experiments.get_experiment(reference)
    authorise(experiments_policy.can_report, experiment)
    method = method_of(experiment.journey.method_version)
    form = BarrierForm()
    form.kind.choices = choices_from(method.barrier_type)
    form.bottleneck.choices = choices_from(method.bottleneck, empty=_("None in particular"))

    def act() -> None:
        learning_service.add_barrier(
            mission=experiment.mission, experiment=experiment, title=form.title.data or "", kind=form.kind.data,
            rule=form.rule.data or "", owner=form.owner.data or "", evidence=form.evidence.data or "",
            effect=form.effect.data or "", bottleneck=form.bottleneck.data or "", by=actor(),
        )  # fmt: skip

    return form_page(form, act, heading=_("Enter a barrier"), crumbs=crumbs_of(experiment), button=_("Enter"),
                     done=_("Entered. A barrier found is a result."),
                     back=url_for("evaluation.list_learning", reference=reference))  # fmt: skip


@bp.get("/barriers")
@public
def list_barriers() -> ResponseReturnValue:
    """The register of barriers: what stands in the way in the region."""
    return render_template(
        "evaluation/list_barriers.html", barriers=page_of(queries.register_of_barriers()), method=method_in_force(),
        page_url=lambda number: url_for("evaluation.list_barriers", page=number), asked=request.args.get("page", "1"),
    )  # fmt: skip
