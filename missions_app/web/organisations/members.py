"""Joining an organisation, and looking after who belongs to it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.accounts import queries as account_queries
from missions_app.accounts.models import User
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import DomainError
from missions_app.i18n import _
from missions_app.organisations import membership_service, organisation_service, policy, queries
from missions_app.organisations.models import Organisation
from missions_app.web.accounts.words import role_label
from missions_app.web.forms import choices, show_error
from missions_app.web.organisations import forms
from missions_app.web.organisations.blueprint import bp

GIVEN = tuple(role for role in membership_service.ROLES if role != "member")


@bp.route("/organisations/<slug>/join", methods=["GET", "POST"])
@signed_in
def join(slug: str) -> ResponseReturnValue:
    """Ask to belong to the organisation."""
    organisation, form = queries.get_active(slug), forms.JoinForm()
    if form.validate_on_submit():
        user = account_queries.get_user(actor().user_id or 0)
        try:
            organisation_service.ask_to_join(organisation, user=user, message=form.message.data or "", by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Your request is sent. You get a mail with the answer."))
            return redirect(url_for("organisations.show_organisation", slug=slug), 303)
    return render_template("organisations/join.html", form=form, organisation=organisation)


@bp.get("/organisations/<slug>/members")
@signed_in
def show_members(slug: str) -> ResponseReturnValue:
    """Who belongs to it, who asks to, and what can be done about it."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_read_members, organisation)
    manages = policy.can_manage_members(actor(), organisation)
    return render_template(
        "organisations/show_members.html", organisation=organisation, members=_members(organisation),
        requests=queries.open_requests(organisation) if manages else [], manages=manages, given=GIVEN,
        role_label=role_label, own=actor().user_id,
    )  # fmt: skip


def _members(organisation: Organisation) -> list[tuple[User, list[str]]]:
    roles: dict[User, list[str]] = {}
    for user, role in queries.members_of(organisation):
        roles.setdefault(user, []).append(role)
    return list(roles.items())


@bp.post("/organisations/<slug>/requests/<int:request_id>")
@signed_in
def answer_join(slug: str, request_id: int) -> ResponseReturnValue:
    """Let somebody in, or not."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_answer_requests, organisation)
    accept = request.form.get("answer") == "accept"
    organisation_service.answer_request(
        queries.get_request(organisation, request_id), accept=accept, by=actor(), reason=request.form.get("reason", "")
    )
    flash(_("The person now belongs to the organisation.") if accept else _("The answer is on its way."))
    return redirect(url_for("organisations.show_members", slug=slug), 303)


@bp.route("/organisations/<slug>/members/invite", methods=["GET", "POST"])
@signed_in
def invite_member(slug: str) -> ResponseReturnValue:
    """Let somebody in by their address."""
    organisation, form = queries.get_organisation(slug), forms.MemberForm()
    authorise(policy.can_manage_members, organisation)
    form.role.choices = choices((role, role_label(role)) for role in membership_service.ROLES)
    if form.validate_on_submit():
        try:
            membership_service.invite_member(
                organisation, email=form.email.data, name=form.name.data, role=form.role.data, by=actor()
            )
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Done. Who had no account gets an invitation by mail."))
            return redirect(url_for("organisations.show_members", slug=slug), 303)
    return render_template("organisations/invite_member.html", form=form, organisation=organisation)


@bp.post("/organisations/<slug>/members/<int:user_id>/roles")
@signed_in
def set_roles(slug: str, user_id: int) -> ResponseReturnValue:
    """Say which roles a member has."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_manage_members, organisation)
    roles = frozenset(request.form.getlist("role"))
    membership_service.set_roles(organisation, account_queries.get_user(user_id), roles, by=actor())
    flash(_("Saved."))
    return redirect(url_for("organisations.show_members", slug=slug), 303)


@bp.post("/organisations/<slug>/members/<int:user_id>/remove")
@signed_in
def remove_member(slug: str, user_id: int) -> ResponseReturnValue:
    """Let a member go, or leave."""
    organisation, leaves = queries.get_organisation(slug), user_id == actor().user_id
    if not leaves:
        authorise(policy.can_manage_members, organisation)
    membership_service.remove_member(organisation, account_queries.get_user(user_id), by=actor())
    flash(_("You have left the organisation.") if leaves else _("The person no longer belongs to the organisation."))
    there = "organisations.show_organisation" if leaves else "organisations.show_members"
    return redirect(url_for(there, slug=slug), 303)
