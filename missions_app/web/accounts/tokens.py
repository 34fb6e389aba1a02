"""Tokens for machines."""

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from missions_app.accounts import token_service
from missions_app.edge.access import actor, signed_in
from missions_app.errors import DomainError
from missions_app.i18n import _
from missions_app.web.accounts import forms
from missions_app.web.accounts.account import NEW_TOKEN
from missions_app.web.accounts.blueprint import bp
from missions_app.web.accounts.words import scope_words
from missions_app.web.forms import choices, show_error


@bp.route("/account/tokens/new", methods=["GET", "POST"])
@signed_in
def make_token() -> ResponseReturnValue:
    """Make a token for a machine; it is shown once, on the account page."""
    form = forms.TokenForm()
    form.scopes.choices = choices((scope, scope_words(scope)) for scope in token_service.SCOPES)
    if form.validate_on_submit():
        try:
            _token, text = token_service.make_token(
                name=form.name.data, scopes=form.scopes.data, days=form.days.data or 0, by=actor()
            )
        except DomainError as error:
            show_error(form, error)
        else:
            session[NEW_TOKEN] = text
            return redirect(url_for("accounts.show_account"), 303)
    return render_template("accounts/make_token.html", form=form)


@bp.post("/account/tokens/<int:token_id>/revoke")
@signed_in
def revoke_token(token_id: int) -> ResponseReturnValue:
    """Make a token useless."""
    token_service.revoke_token(token_service.get_token(token_id, by=actor()), by=actor())
    flash(_("The token no longer works."))
    return redirect(url_for("accounts.show_account", _anchor="tokens"), 303)
