"""How a mission is measured: its indicators, chosen, completed and taken away."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length

from missions_app.edge import once
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.errors import status_of
from missions_app.errors import DomainError
from missions_app.evaluation import plan_service, policy
from missions_app.i18n import _, both, lazy
from missions_app.indicators import library, queries
from missions_app.indicators.indicator_service import Baseline
from missions_app.indicators.models import IndicatorPlan
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.web.challenges.words import BASELINES
from missions_app.web.evaluation.blueprint import bp
from missions_app.web.evaluation.stories import crumbs_of_evaluation
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, LocalDateField, NumberField, VersionMixin, choices, show_error
from missions_app.web.indicator_form import IndicatorForm, indicator_form, notes_of, values_of
from missions_app.web.missions.missions import crumbs_of
from missions_app.workflow.method_service import method_of


class BaselineForm(VersionMixin, Form):
    """Where an indicator began."""

    value = NumberField(lazy("Baseline"))
    on = LocalDateField(lazy("The baseline is from"))
    kind = RadioField(lazy("How do you know the baseline?"), default="measured")
    method = TextAreaField(lazy("How the baseline was measured"), validators=[Length(max=2000)])
    uncertainty = StringField(lazy("How uncertain the figures are"), validators=[Length(max=200)])


@bp.route("/missions/<reference>/indicators/new", methods=["GET", "POST"])
@signed_in
def add_indicator(reference: str) -> ResponseReturnValue:
    """One more indicator, from the theme's list or an own one."""
    return _edit(_mission(reference), None)


@bp.route("/missions/<reference>/indicators/<int:indicator_id>", methods=["GET", "POST"])
@signed_in
def edit_indicator(reference: str, indicator_id: int) -> ResponseReturnValue:
    """Complete or change an indicator: the baseline from before the test, the target, the milestones."""
    mission = _mission(reference)
    return _edit(mission, queries.get_indicator(mission.journey, indicator_id))


@bp.route("/missions/<reference>/indicators/<int:indicator_id>/baseline", methods=["GET", "POST"])
@signed_in
def enter_baseline(reference: str, indicator_id: int) -> ResponseReturnValue:
    """Enter the baseline that an indicator lacks."""
    mission = missions.get_mission(reference)
    plan = queries.get_indicator(mission.journey, indicator_id)
    authorise(policy.can_enter_baseline, (mission, plan))
    form = BaselineForm(version=plan.version)
    form.kind.choices = choices(
        (key, _(BASELINES[key])) for key in library.BASELINE_KINDS if key != library.BEFORE_TEST
    )
    form.value.description = plan.unit

    def act() -> None:
        baseline = Baseline(
            value=form.value.data, on=form.on.data, kind=form.kind.data, method=form.method.data or "",
            uncertainty=form.uncertainty.data or "",
        )  # fmt: skip
        plan_service.enter_baseline(mission, plan, baseline, by=actor(), expected_version=form.expected_version)

    return form_page(
        form, act, heading=_("Baseline: %(what)s", what=both(plan.label_sv, plan.label_en)),
        crumbs=crumbs_of(mission), button=_("Save"), done=_("The baseline is saved."),
        intro=_("How it was before the first test. Values are held against it, so it is not changed once they are in."),
    )  # fmt: skip


@bp.post("/missions/<reference>/indicators/<int:indicator_id>/remove")
@signed_in
def remove_indicator(reference: str, indicator_id: int) -> ResponseReturnValue:
    """Take an indicator away that has no values."""
    mission = _mission(reference)
    plan = queries.get_indicator(mission.journey, indicator_id)
    version = request.form.get("version", default=-1, type=int)
    plan_service.remove_indicator(mission, plan, by=actor(), expected_version=version)
    flash(_("The indicator is taken away. The history keeps it."))
    return _back(mission)


def _mission(reference: str) -> Mission:
    mission = missions.get_mission(reference)
    authorise(policy.can_plan_measuring, mission)
    return mission


def _edit(mission: Mission, plan: IndicatorPlan | None) -> ResponseReturnValue:
    offered = _offered(mission, plan)
    form = indicator_form(offered, plan)
    if form.validate_on_submit():
        values = values_of(form, plan.owner_id if plan else mission.problem_owner_id)
        try:
            if plan is None:
                once.send(lambda: plan_service.add_indicator(mission, values, by=actor()), lambda _made: _own(mission))
            else:
                plan_service.save_indicator(mission, plan, values, by=actor(), expected_version=form.expected_version)
        except DomainError as error:
            show_error(form, error)
            return _page(mission, form, plan, offered), status_of(error)
        flash(_("The indicator is saved."))
        return _back(mission)
    return _page(mission, form, plan, offered)


def _offered(mission: Mission, plan: IndicatorPlan | None) -> list[Any]:
    """The theme's indicators, those followed everywhere, and the one chosen already."""
    method = method_of(mission.journey.method_version)
    chosen = [one for one in method.indicator if plan and one.id == plan.library_key]
    found = [*chosen, *library.indicators_for(method, mission.theme), *library.shared_indicators(method)]
    return list({one.id: one for one in found}.values())


def _own(mission: Mission) -> str:
    return url_for("evaluation.show_evaluation", reference=mission.reference)


def _back(mission: Mission) -> ResponseReturnValue:
    return redirect(_own(mission), 303)


def _page(mission: Mission, form: IndicatorForm, plan: IndicatorPlan | None, offered: list[Any]) -> str:
    method = method_of(mission.journey.method_version)
    return render_template(
        "challenges/edit_indicator.html", form=form, plan=plan, notes=notes_of(offered), said=[],
        theme=method.find_term("theme", mission.theme), owner=mission.problem_owner,
        trail=[*crumbs_of_evaluation(mission), (_("Indicator"), "")],
        back=url_for("evaluation.show_evaluation", reference=mission.reference),
        remove=plan and url_for("evaluation.remove_indicator", indicator_id=plan.id, reference=mission.reference),
    )  # fmt: skip
