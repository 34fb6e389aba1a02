"""Signing in and out, and a forgotten password."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.accounts import password_service, sign_in_service
from missions_app.accounts.demonstration import DemoAccount, demo_accounts
from missions_app.edge import sessions
from missions_app.edge.access import actor, public
from missions_app.edge.errors import retry_after
from missions_app.errors import DomainError, TooOften
from missions_app.i18n import _
from missions_app.web.accounts import forms
from missions_app.web.accounts.blueprint import bp
from missions_app.web.accounts.words import role_labels
from missions_app.web.forms import show_error
from missions_app.web.language import local_path


def origin() -> str:
    """Where the request comes from, for counting attempts."""
    return request.remote_addr or ""


def waiting_page(page: str, error: DomainError) -> Response:
    """A page again; with 429 and the time to wait when that is what is wrong."""
    response = make_response(page)
    if isinstance(error, TooOften):
        response.status_code = 429
        response.headers["Retry-After"] = retry_after(error) or "60"
    return response


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in, and come back to the page asked for."""
    form, error = forms.SignInForm(), DomainError()
    target = local_path(request.args.get("next") or url_for("work.show_work"))
    if request.method == "GET" and actor().is_signed_in:
        return redirect(target, 303)
    if form.validate_on_submit():
        try:
            _user, token = sign_in_service.sign_in(
                email=form.email.data, password=form.password.data, origin=origin(), agent=request.user_agent.string
            )
        except DomainError as refusal:
            error = refusal
            show_error(form, error)
        else:
            sessions.begin(token)
            return redirect(target, 303)
    page = render_template(
        "accounts/sign_in.html", form=form, kept="kept" in request.args, examples=_examples(), role_labels=role_labels
    )
    return waiting_page(page, error)


def _examples() -> list[DemoAccount]:
    return demo_accounts() if sessions.settings().is_demo else []


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Sign out of this browser."""
    sessions.end()
    flash(_("You are signed out."))
    return redirect("/", 303)


@bp.route("/password", methods=["GET", "POST"])
@public
def request_reset() -> ResponseReturnValue:
    """Ask for a link to a new password. The answer is the same for every address."""
    form, error = forms.ResetForm(), DomainError()
    if form.validate_on_submit():
        try:
            password_service.request_reset(form.email.data, origin=origin())
        except DomainError as refusal:
            error = refusal
            show_error(form, error)
        else:
            flash(_("If the address has an account, a link is on its way to it. It works for two hours."))
            return redirect(url_for("accounts.sign_in"), 303)
    return waiting_page(render_template("accounts/request_reset.html", form=form), error)
