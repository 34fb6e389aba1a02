"""Pages behind links in e-mails. Opening a link changes nothing, since mail programs open them too; a button does."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app.accounts import links, password_service, request_service
from missions_app.accounts.models import EmailTokenPurpose, User
from missions_app.edge.access import actor, public
from missions_app.errors import DomainError
from missions_app.i18n import _
from missions_app.web.accounts import forms
from missions_app.web.accounts.blueprint import bp
from missions_app.web.forms import Form, show_error


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
def accept_invitation(token: str) -> ResponseReturnValue:
    """Choose the first password."""
    link = links.find_link(token, EmailTokenPurpose.INVITATION)
    done = _("Your account is open. Sign in with your new password.")
    return _choose_password(token, link.user, password_service.accept_invitation, done)


@bp.route("/password/<token>", methods=["GET", "POST"])
@public
def reset_password(token: str) -> ResponseReturnValue:
    """Choose a new password."""
    link = links.find_link(token, EmailTokenPurpose.RESET)
    done = _("The password is changed. Sign in with the new one.")
    return _choose_password(token, link.user, password_service.reset_password, done)


def _choose_password(token: str, user: User, choose: Callable[[str, str], User], done: str) -> ResponseReturnValue:
    form, email = forms.NewPasswordForm(), user.email
    if form.validate_on_submit():
        try:
            choose(token, form.password.data)
        except DomainError as error:
            show_error(form, error)
        else:
            flash(done)
            return redirect(url_for("accounts.sign_in"), 303)
    return render_template("accounts/new_password.html", form=form, email=email)


@bp.route("/account/confirm/<token>", methods=["GET", "POST"])
@public
def confirm_request(token: str) -> ResponseReturnValue:
    """Show that the address is the asker's own."""
    asked = request_service.find_request(token)
    form, email = Form(), asked.email
    if form.validate_on_submit():
        request_service.confirm_request(token)
        flash(_("Thank you. The secretariat answers, usually within two working days."))
        return redirect(url_for("accounts.sign_in"), 303)
    return render_template("accounts/confirm.html", form=form, email=email, purpose="request")


@bp.route("/account/email/<token>", methods=["GET", "POST"])
@public
def confirm_email(token: str) -> ResponseReturnValue:
    """Show that the new address is the user's own."""
    link = links.find_link(token, EmailTokenPurpose.CHANGE_EMAIL)
    form, email = Form(), link.data.get("email", "")
    if form.validate_on_submit():
        password_service.confirm_email(token)
        flash(_("Your new address is in use."))
        return redirect(url_for("accounts.show_account" if actor().is_signed_in else "accounts.sign_in"), 303)
    return render_template("accounts/confirm.html", form=form, email=email, purpose="email")
