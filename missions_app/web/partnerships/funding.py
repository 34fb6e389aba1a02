"""The funding plan."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app.edge.access import actor, authorise, signed_in
from missions_app.i18n import _
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.partnerships import (
    follow_up_service,
    funding_call_service,
    funding_rules,
    funding_service,
    policy,
    queries,
    rules,
)
from missions_app.partnerships.funding_rules import KRONOR, MICRO
from missions_app.partnerships.funding_service import LineContent
from missions_app.partnerships.money_columns import Amount
from missions_app.partnerships.rules import Line
from missions_app.web.form_page import form_page
from missions_app.web.forms import choices_from
from missions_app.web.partnerships import forms
from missions_app.web.partnerships.blueprint import bp
from missions_app.web.partnerships.commitments import seen_version
from missions_app.web.partnerships.funding_words import FUNDING_LEVELS
from missions_app.web.partnerships.partners import partnership_crumbs
from missions_app.workflow.method_service import method_of


@bp.get("/missions/<reference>/funding")
@signed_in
def show_funding(reference: str) -> ResponseReturnValue:
    """The funding plan: what each line pays for, from whom, and whether somebody else pays for the same."""
    mission = missions.get_mission(reference)
    authorise(policy.can_read_partnership, mission)
    lines, everywhere = queries.funding_of(mission), queries.all_funding()
    mine = {one.id: one for one in everywhere if one.mission_id == mission.id}
    method = method_of(mission.journey.method_version)
    plan = funding_rules.matrix(lines, [one.id for one in method.funding_phase])
    return render_template(
        "partnerships/show_funding.html", mission=mission, lines=lines, crumbs=partnership_crumbs(mission),
        method=method, can_coordinate=policy.can_coordinate(actor(), mission), plan=plan,
        unfunded=[one for one in method.funding_phase if not plan.by_phase.get(one.id)] if lines else [],
        fitting=funding_call_service.fitting(mission), follow_up=follow_up_service.follow_up_of(mission),
        levels=FUNDING_LEVELS,
        doubled={key: _others(one, everywhere) for key, one in mine.items() if rules.doubly_funded(one, everywhere)},
    )  # fmt: skip


def _others(line: Line, everywhere: Sequence[Line]) -> list[str]:
    """The missions whose lines take the same cost to the same source."""
    return sorted({one.reference for one in everywhere if rules.doubly_funded(line, [one])})


def _form(mission: Mission, form: forms.FundingForm) -> forms.FundingForm:
    form.phase.choices = choices_from(method_of(mission.journey.method_version).funding_phase)
    return form


def _content(form: forms.FundingForm) -> LineContent:
    return LineContent(
        phase=form.phase.data, source=form.source.data or "", cost=form.cost.data or "",
        is_secured=form.is_secured.data, is_own=form.is_own.data, **amount_of(form),
    )  # fmt: skip


def amount_of(form: forms.FundingForm | forms.FollowUpForm) -> dict[str, Any]:
    """The amount as typed: öre, or hundredths of another currency with the rate of a day."""
    amount, currency, rate = form.amount.data or 0, form.currency.data or KRONOR, form.rate.data
    if currency == KRONOR:
        return {"currency": currency, "amount_ore": amount}
    return {
        "currency": currency, "foreign_minor": amount, "rate_micro": round(rate * MICRO) if rate else None,
        "rate_on": form.rate_on.data,
    }  # fmt: skip


def typed_amount(row: Amount) -> dict[str, Any]:
    """An amount as it is typed."""
    return {"amount": row.foreign_minor or row.amount_ore, "rate": row.rate_micro and row.rate_micro / MICRO}


@bp.route("/missions/<reference>/funding/new", methods=["GET", "POST"])
@signed_in
def add_funding(reference: str) -> ResponseReturnValue:
    """A line of the funding plan."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    form = _form(mission, forms.FundingForm())
    return form_page(
        form, lambda: funding_service.add_funding(mission, _content(form), by=actor()), heading=_("Add a line"),
        crumbs=partnership_crumbs(mission), button=_("Add"), done=_("Added."),
        back=url_for("partnerships.show_funding", reference=reference),
    )  # fmt: skip


@bp.route("/missions/<reference>/funding/<int:line_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_funding(reference: str, line_id: int) -> ResponseReturnValue:
    """Change a line."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    line = queries.get_line(mission, line_id)
    form = _form(mission, forms.FundingForm(obj=line, **typed_amount(line)))

    def act() -> None:
        funding_service.edit_funding(line, _content(form), by=actor(), expected_version=form.expected_version)

    return form_page(form, act, heading=_("Change the line"), crumbs=partnership_crumbs(mission), button=_("Save"),
                     done=_("Saved."), back=url_for("partnerships.show_funding", reference=reference))  # fmt: skip


@bp.post("/missions/<reference>/funding/<int:line_id>/remove")
@signed_in
def remove_funding(reference: str, line_id: int) -> ResponseReturnValue:
    """Take a line out of the plan."""
    line = queries.get_line(missions.get_mission(reference), line_id)
    funding_service.remove_funding(line, by=actor(), expected_version=seen_version())
    flash(_("The line is taken out. It stays in the history."))
    return redirect(url_for("partnerships.show_funding", reference=reference), 303)
