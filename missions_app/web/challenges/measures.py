"""How a challenge's target is measured: choosing, changing and taking away indicators."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.challenges import drafting, plan_service, policy
from missions_app.challenges.models import Challenge
from missions_app.challenges.rules import EFFECT
from missions_app.edge.access import actor, signed_in
from missions_app.edge.errors import status_of
from missions_app.errors import DomainError
from missions_app.i18n import _, ngettext
from missions_app.indicators import library, queries
from missions_app.indicators.models import IndicatorPlan
from missions_app.indicators.rules import missing
from missions_app.web.challenges import words
from missions_app.web.challenges.blueprint import bp
from missions_app.web.challenges.editing import writable
from missions_app.web.forms import show_error
from missions_app.web.indicator_form import OWN, IndicatorForm, indicator_form, notes_of, values_of
from missions_app.workflow.method import Method


@bp.route("/challenges/<reference>/indicators/new", methods=["GET", "POST"])
@signed_in
def add_indicator(reference: str) -> ResponseReturnValue:
    """One more indicator, from the theme's list or an own one."""
    challenge = writable(reference)
    form = _form(challenge, None)
    if form.validate_on_submit():
        try:
            plan = plan_service.add_indicator(challenge, values_of(form, challenge.organisation_id), by=actor())
        except DomainError as error:
            show_error(form, error)
            return _page(challenge, form, None), status_of(error)
        return _saved(challenge, plan)
    return _page(challenge, form, None)


@bp.route("/challenges/<reference>/indicators/<int:indicator_id>", methods=["GET", "POST"])
@signed_in
def edit_indicator(reference: str, indicator_id: int) -> ResponseReturnValue:
    """Change an indicator."""
    challenge = writable(reference)
    plan = queries.get_indicator(challenge.journey, indicator_id)
    form = _form(challenge, plan)
    if form.validate_on_submit():
        try:
            plan_service.save_indicator(
                challenge,
                plan,
                values_of(form, challenge.organisation_id),
                by=actor(),
                expected_version=form.expected_version,
            )
        except DomainError as error:
            show_error(form, error)
            return _page(challenge, form, plan), status_of(error)
        return _saved(challenge, plan)
    return _page(challenge, form, plan)


@bp.post("/challenges/<reference>/indicators/<int:indicator_id>/remove")
@signed_in
def remove_indicator(reference: str, indicator_id: int) -> ResponseReturnValue:
    """Take an indicator away; the history keeps it."""
    challenge = writable(reference)
    plan = queries.get_indicator(challenge.journey, indicator_id)
    version = request.form.get("version", default=-1, type=int)
    plan_service.remove_indicator(challenge, plan, by=actor(), expected_version=version)
    flash(_("The indicator is taken away. The history keeps it."))
    return _back(challenge)


def _saved(challenge: Challenge, plan: IndicatorPlan) -> ResponseReturnValue:
    """Back to the draft, told what the indicator still lacks: it may be saved half done."""
    lacking = len(missing(plan))
    flash(
        ngettext(
            "The indicator is saved. %(num)d thing in it is missing before you can submit.",
            "The indicator is saved. %(num)d things in it are missing before you can submit.",
            lacking,
        )
        if lacking
        else _("The indicator is saved.")
    )
    return _back(challenge)


def _form(challenge: Challenge, plan: IndicatorPlan | None) -> IndicatorForm:
    offered = _offered(policy.method_for(challenge), challenge, plan)
    form = indicator_form(offered, plan, target_on=challenge.target_date)
    if plan is None and not form.library_key.raw_data:
        form.library_key.data = _wished(offered)
    return form


def _wished(offered: list[Any]) -> str:
    """The indicator the link was about; else none is chosen on the writer's behalf."""
    wished = request.args.get("choice", "")
    return wished if wished in {one.id for one in offered} else OWN


def _offered(method: Method, challenge: Challenge, plan: IndicatorPlan | None) -> list[Any]:
    """Those that share words with the challenge first, then the theme's, then effects followed everywhere. Without a
    theme only the first: a list of everything helps nobody."""
    text = " ".join([challenge.title, challenge.problem, challenge.affected, challenge.target_statement])
    found = drafting.indicators_for(text, challenge.theme, method, most=5)
    if challenge.theme:
        found += library.indicators_for(method, challenge.theme)
        found += [one for one in library.shared_indicators(method) if one.level == EFFECT]
    wanted = (plan.library_key if plan else "", request.args.get("choice", ""))
    chosen = [one for one in method.indicator if one.id in wanted]
    return list({one.id: one for one in [*chosen, *found]}.values())


def _back(challenge: Challenge) -> ResponseReturnValue:
    return redirect(url_for("challenges.edit_challenge", reference=challenge.reference, _anchor="target"), 303)


def _said(challenge: Challenge) -> list[str]:
    """What the writer has said about how it is and how it shall be: the figures are usually there."""
    return [text for text in (challenge.problem.rpartition("\n\n")[2], challenge.target_statement) if text][:2]


def _page(challenge: Challenge, form: IndicatorForm, plan: IndicatorPlan | None) -> str:
    method = policy.method_for(challenge)
    back = url_for("challenges.edit_challenge", reference=challenge.reference)
    crumbs = [(_("Challenges"), url_for("challenges.list_challenges")), (words.title_of(challenge), back)]
    return render_template(
        "challenges/edit_indicator.html", form=form, plan=plan, notes=notes_of(_offered(method, challenge, plan)),
        theme=method.find_term("theme", challenge.theme), said=_said(challenge), owner=challenge.organisation,
        trail=[*crumbs, (_("Indicator"), "")], back=back,
        remove=plan and url_for("challenges.remove_indicator", indicator_id=plan.id, reference=challenge.reference),
    )  # fmt: skip
