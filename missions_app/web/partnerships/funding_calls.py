"""The calendar of funders' calls."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.i18n import _
from missions_app.partnerships import funding_call_service, policy
from missions_app.web.form_page import form_page
from missions_app.web.forms import choices_from
from missions_app.web.partnerships import forms
from missions_app.web.partnerships.blueprint import bp
from missions_app.web.partnerships.commitments import seen_version
from missions_app.workflow.method_service import method_in_force


@bp.get("/funding-calls")
@public
def list_funding_calls() -> ResponseReturnValue:
    """Which funders have calls open or to come; for those who coordinate, which of their missions each fits."""
    calls, mine = funding_call_service.calls(), funding_call_service.running_missions_of(actor())
    return render_template(
        "partnerships/list_funding_calls.html", calls=calls, method=method_in_force(),
        can_keep=policy.can_keep_calls(actor()), has_missions=bool(mine),
        fitting=funding_call_service.missions_that_fit(calls, mine) if mine else {},
    )  # fmt: skip


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Funders' calls"), url_for("partnerships.list_funding_calls"))]


def _fill_choices(form: forms.FundingCallForm) -> None:
    method = method_in_force()
    form.phases.choices, form.themes.choices = choices_from(method.funding_phase), choices_from(method.theme)
    form.sectors.choices = choices_from(method.sector)


@bp.route("/funding-calls/new", methods=["GET", "POST"])
@signed_in
def enter_funding_call() -> ResponseReturnValue:
    """Put a call in the calendar."""
    authorise(policy.can_keep_calls, None)
    form = forms.FundingCallForm()
    _fill_choices(form)
    return form_page(
        form, lambda: funding_call_service.enter_call(form.content(), by=actor()),
        heading=_("Enter a funder's call"), crumbs=_crumbs(), button=_("Enter"), done=_("Saved."),
    )  # fmt: skip


@bp.route("/funding-calls/<int:call_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_funding_call(call_id: int) -> ResponseReturnValue:
    """Correct a call."""
    authorise(policy.can_keep_calls, None)
    call = funding_call_service.get_call(call_id)
    form = forms.FundingCallForm(obj=call)
    _fill_choices(form)

    def act() -> None:
        funding_call_service.change_call(call, form.content(), by=actor(), expected_version=form.expected_version)

    return form_page(form, act, heading=_("Change the funder's call"), crumbs=_crumbs(), button=_("Save"),
                     done=_("Saved."))  # fmt: skip


@bp.post("/funding-calls/<int:call_id>/take-out")
@signed_in
def take_out_funding_call(call_id: int) -> ResponseReturnValue:
    """Take a call out of the calendar."""
    call = funding_call_service.get_call(call_id)
    funding_call_service.take_out(call, by=actor(), expected_version=seen_version())
    flash(_("Taken out."))
    return redirect(url_for("partnerships.list_funding_calls"), 303)
