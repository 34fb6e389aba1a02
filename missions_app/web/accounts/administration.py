"""Looking after accounts: inviting, roles in the region, closing, erasing."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.accounts import account_service, grant_service, queries, request_service
from missions_app.accounts.actor import REGION
from missions_app.accounts.models import User
from missions_app.accounts.policy import GIVEN_BY, can_erase, can_give, can_manage_accounts, permit
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.paging import page_of, url_of_page
from missions_app.errors import DomainError, NotFound
from missions_app.i18n import _
from missions_app.web.accounts import forms
from missions_app.web.accounts.blueprint import bp
from missions_app.web.accounts.words import role_label, role_rows
from missions_app.web.forms import choices, show_error

ACTS: dict[str, Callable[..., None]] = {
    "suspend": account_service.suspend,
    "restore": account_service.restore,
    "invite-again": account_service.invite_again,
}


def _givable() -> list[str]:
    return [role for role in GIVEN_BY if can_give(actor(), role)]


@bp.get("/accounts")
@signed_in
def list_accounts() -> ResponseReturnValue:
    """Every account, by name."""
    authorise(can_manage_accounts, None)
    text = (request.args.get("q") or "").strip()
    page = page_of(queries.accounts(text))
    waiting, can_invite = request_service.count_open(), bool(_givable())
    return render_template(
        "accounts/list_accounts.html",
        rows=page,
        text=text,
        waiting=waiting,
        can_invite=can_invite,
        page_url=url_of_page,
    )


@bp.route("/accounts/invite", methods=["GET", "POST"])
@signed_in
def invite_user() -> ResponseReturnValue:
    """Let somebody in with a role in the whole region."""
    authorise(can_manage_accounts, None)
    form = forms.InviteForm()
    form.role.choices = choices((role, role_label(role)) for role in _givable())
    if form.validate_on_submit():
        try:
            permit(can_give, actor(), form.role.data)
            user = account_service.invite(
                email=form.email.data, name=form.name.data, role=form.role.data, scope=REGION, by=actor()
            )
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The role is given. Who had no account gets an invitation by mail."))
            return redirect(url_for("accounts.show_user", user_id=user.id), 303)
    return render_template("accounts/invite_user.html", form=form)


@bp.get("/accounts/<int:user_id>")
@signed_in
def show_user(user_id: int) -> ResponseReturnValue:
    """One account: its rights and what can be done with it."""
    authorise(can_manage_accounts, None)
    user = queries.get_user(user_id)
    grants = queries.grants_of(user)
    held = {one.role for one in grants if one.scope_kind == REGION.kind}
    return render_template(
        "accounts/show_user.html", user=user, rights=role_rows(grants), can_erase=can_erase(actor(), user),
        givable=[(role, role_label(role)) for role in _givable() if role not in held], takable=_givable(),
    )  # fmt: skip


@bp.post("/accounts/<int:user_id>/<any(suspend, restore, 'invite-again'):act>")
@signed_in
def change_user(user_id: int, act: str) -> ResponseReturnValue:
    """Suspend or restore an account, or send its invitation again."""
    authorise(can_manage_accounts, None)
    ACTS[act](queries.get_user(user_id), by=actor(), expected_version=_version())
    flash(_("Done."))
    return redirect(url_for("accounts.show_user", user_id=user_id), 303)


def _version() -> int:
    return request.form.get("version", default=-1, type=int)


@bp.route("/accounts/<int:user_id>/erase", methods=["GET", "POST"])
@signed_in
def erase_user(user_id: int) -> ResponseReturnValue:
    """Turn a person into a pseudonym, after asking once more."""
    user = _erasable(user_id)
    form = forms.AnswerForm(obj=user)
    if form.validate_on_submit():
        try:
            account_service.erase(user, by=actor(), expected_version=form.expected_version)
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The person is erased."))
            return redirect(url_for("accounts.list_accounts"), 303)
    return render_template("accounts/erase_user.html", form=form, user=user)


def _erasable(user_id: int) -> User:
    authorise(can_manage_accounts, None)
    user = queries.get_user(user_id)
    authorise(can_erase, user)
    return user


@bp.post("/accounts/<int:user_id>/roles")
@signed_in
def give_role(user_id: int) -> ResponseReturnValue:
    """Give a role in the whole region."""
    grant_service.give_region_role(queries.get_user(user_id), request.form.get("role", ""), by=actor())
    flash(_("The role is given."))
    return redirect(url_for("accounts.show_user", user_id=user_id), 303)


@bp.post("/accounts/<int:user_id>/roles/<int:grant_id>/end")
@signed_in
def take_role(user_id: int, grant_id: int) -> ResponseReturnValue:
    """Take a role in the whole region back."""
    given = grant_service.get_grant(grant_id)
    if given.user_id != user_id:
        raise NotFound()
    grant_service.take_region_role(given, by=actor())
    flash(_("The role is taken back."))
    return redirect(url_for("accounts.show_user", user_id=user_id), 303)
