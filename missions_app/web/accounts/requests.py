"""Asking for an account, and answering who asks."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.accounts import request_service
from missions_app.accounts.policy import can_manage_accounts
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.errors import DomainError
from missions_app.i18n import _, current_locale
from missions_app.web.accounts import forms
from missions_app.web.accounts.blueprint import bp
from missions_app.web.accounts.signing_in import origin, waiting_page
from missions_app.web.forms import show_error


@bp.route("/account/request", methods=["GET", "POST"])
@public
def request_account() -> ResponseReturnValue:
    """Ask for an account. The answer is the same for every address."""
    form, error = forms.RequestAccountForm(), DomainError()
    if form.validate_on_submit():
        try:
            request_service.request_account(
                email=form.email.data, name=form.name.data, function=form.function.data or "",
                organisation=form.organisation.data or "", message=form.message.data or "", locale=current_locale(),
                origin=origin(),
            )  # fmt: skip
        except DomainError as refusal:
            error = refusal
            show_error(form, error)
        else:
            return redirect(url_for("accounts.request_sent"), 303)
    return waiting_page(render_template("accounts/request_account.html", form=form), error)


@bp.get("/account/request/sent")
@public
def request_sent() -> ResponseReturnValue:
    """What happens now."""
    return render_template("accounts/request_sent.html")


@bp.get("/accounts/requests")
@signed_in
def list_requests() -> ResponseReturnValue:
    """Requests that wait for an answer."""
    authorise(can_manage_accounts, None)
    return render_template("accounts/list_requests.html", requests=request_service.open_requests())


@bp.route("/accounts/requests/<int:request_id>", methods=["GET", "POST"])
@signed_in
def show_request(request_id: int) -> ResponseReturnValue:
    """One request, and the answer to it."""
    authorise(can_manage_accounts, None)
    asked = request_service.get_request(request_id)
    form = forms.AnswerForm(obj=asked)
    if form.validate_on_submit():
        accept = request.form.get("answer") == "accept"
        try:
            request_service.answer_request(
                asked, accept=accept, reason=form.reason.data or "", by=actor(),
                expected_version=form.expected_version,
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("An invitation is on its way.") if accept else _("The answer is on its way."))
            return redirect(url_for("accounts.list_requests"), 303)
    return render_template("accounts/show_request.html", form=form, asked=asked)
