"""One's own account: who you are, where you are signed in, who acts for you."""

import json

from flask import Response, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from missions_app.accounts import (
    account_service,
    export,
    grant_service,
    password_service,
    queries,
    sign_in_service,
    token_service,
)
from missions_app.accounts.models import User
from missions_app.edge import sessions
from missions_app.edge.access import actor, signed_in
from missions_app.errors import DomainError, InvalidInput, NotFound, Problem
from missions_app.i18n import N_, _
from missions_app.web.accounts import forms
from missions_app.web.accounts.blueprint import bp
from missions_app.web.accounts.words import browser_words, role_rows
from missions_app.web.forms import choices, show_error

NEW_TOKEN = "new_token"


def own_user() -> User:
    """The reader's own account."""
    return queries.get_user(actor().user_id or 0)


@bp.route("/account", methods=["GET", "POST"])
@signed_in
def show_account() -> ResponseReturnValue:
    """Name, language, rights, deputies, sessions and tokens."""
    user = own_user()
    form = forms.AccountForm(obj=user)
    if form.validate_on_submit():
        try:
            account_service.edit_account(
                user, name=form.name.data, function=form.function.data or "", locale=form.locale.data, by=actor(),
                expected_version=form.expected_version,
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Saved."))
            return redirect(url_for("accounts.show_account"), 303)
    limits = {"idle": sessions.idle_limit(), "absolute": sessions.absolute_limit()}
    return render_template(
        "accounts/show_account.html", form=form, user=user, rights=role_rows(queries.grants_of(user)),
        sessions=sign_in_service.sessions_of(user.id, **limits), here=sessions.current_session_id(),
        lent=role_rows(grant_service.lent_by(user)), tokens=token_service.tokens_of(user.id),
        new_token=session.pop(NEW_TOKEN, ""), browser_words=browser_words, limits=limits,
    )  # fmt: skip


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
def change_password() -> ResponseReturnValue:
    """Change the password; other browsers are signed out."""
    form = forms.ChangePasswordForm()
    if form.validate_on_submit():
        try:
            password_service.change_password(
                own_user(), present=form.present.data, new=form.new.data, by=actor(),
                keep_session=sessions.current_session_id(),
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The password is changed. Other browsers are signed out."))
            return redirect(url_for("accounts.show_account"), 303)
    return render_template("accounts/change_password.html", form=form)


@bp.route("/account/email", methods=["GET", "POST"])
@signed_in
def change_email() -> ResponseReturnValue:
    """Ask for a new address."""
    form, user = forms.ChangeEmailForm(), own_user()
    if form.validate_on_submit():
        try:
            password_service.request_email_change(user, form.email.data, password=form.password.data, by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Follow the link that was sent to the new address. Until then the old one is used."))
            return redirect(url_for("accounts.show_account"), 303)
    return render_template("accounts/change_email.html", form=form, user=user)


@bp.post("/account/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign one other browser out."""
    sign_in_service.end_session(sign_in_service.get_session(session_id, by=actor()), by=actor())
    flash(_("The browser is signed out."))
    return redirect(url_for("accounts.show_account", _anchor="sessions"), 303)


@bp.post("/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session but this one."""
    sign_in_service.sign_out_everywhere(own_user(), by=actor(), keep=sessions.current_session_id())
    flash(_("All other browsers are signed out."))
    return redirect(url_for("accounts.show_account", _anchor="sessions"), 303)


@bp.route("/account/deputies/new", methods=["GET", "POST"])
@signed_in
def lend_role() -> ResponseReturnValue:
    """Let a deputy act in one's own role for some days."""
    form = forms.DeputyForm()
    own = [one for one in queries.grants_of(own_user()) if one.deputy_for_id is None]
    if not own:
        raise NotFound()
    form.grant_id.choices = choices((str(row.id), row.words) for row in role_rows(own))
    if form.validate_on_submit():
        try:
            _lend(form)
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Your deputy has got a mail."))
            return redirect(url_for("accounts.show_account", _anchor="deputies"), 303)
    return render_template("accounts/lend_role.html", form=form)


def _lend(form: forms.DeputyForm) -> None:
    first, last = form.valid_from.data, form.valid_until.data
    if first is None or last is None:
        raise InvalidInput
    deputy = queries.find_user_by_email(form.email.data)
    if deputy is None:
        text = N_("Choose another person who has an open account.")
        raise InvalidInput.of([Problem("wrong_deputy", text, "email")])
    grant_service.lend(
        grant_service.get_grant(form.grant_id.data), deputy, valid_from=first, valid_until=last, by=actor()
    )


@bp.post("/account/deputies/<int:grant_id>/end")
@signed_in
def end_lending(grant_id: int) -> ResponseReturnValue:
    """Take a role back from a deputy."""
    lent = grant_service.get_grant(grant_id)
    if lent.deputy_for_id is None:
        raise NotFound()
    grant_service.end_lending(lent, by=actor())
    flash(_("The deputy no longer acts for you."))
    return redirect(url_for("accounts.show_account", _anchor="deputies"), 303)


@bp.get("/account/data.json")
@signed_in
def export_data() -> ResponseReturnValue:
    """Everything kept about the user, as a file."""
    body = json.dumps(export.own_data(own_user()), ensure_ascii=False, indent=2, default=str)
    name = 'attachment; filename="missions-account.json"'
    return Response(body, mimetype="application/json", headers={"Content-Disposition": name})
