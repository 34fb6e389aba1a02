"""Invitations: to an organisation, to an address, and the answer of whoever has the address."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import DomainError, NotFound
from missions_app.i18n import _
from missions_app.missions import queries as missions
from missions_app.organisations import queries as organisations
from missions_app.partnerships import invitation_service, partner_service, policy, queries
from missions_app.web.form_page import form_page
from missions_app.web.forms import choices, show_error
from missions_app.web.partnerships import forms
from missions_app.web.partnerships.blueprint import bp
from missions_app.web.partnerships.partners import partnership_crumbs, role_choices


@bp.route("/missions/<reference>/invitations/new", methods=["GET", "POST"])
@signed_in
def invite(reference: str) -> ResponseReturnValue:
    """Invite an organisation."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    role = request.args.get("role", "")
    form = forms.InviteForm(organisation=request.args.get("organisation", ""), roles=[role] if role else [])
    form.organisation.choices = choices((one.slug, one.name) for one in organisations.all_active())
    form.roles.choices = role_choices(mission)

    def act() -> None:
        partner_service.invite(
            mission=mission,
            organisation=organisations.get_organisation(form.organisation.data),
            roles=form.roles.data or [],
            message=form.message.data or "",
            by=actor(),
        )

    return form_page(
        form,
        act,
        heading=_("Invite an organisation"),
        crumbs=partnership_crumbs(mission),
        button=_("Invite"),
        done=_("The invitation is sent."),
    )


@bp.route("/missions/<reference>/invitations/address", methods=["GET", "POST"])
@signed_in
def invite_address(reference: str) -> ResponseReturnValue:
    """Invite somebody by e-mail."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    form = forms.InviteAddressForm()
    form.roles.choices = role_choices(mission)

    def act() -> None:
        invitation_service.invite_address(
            mission,
            email=form.email.data or "",
            roles=form.roles.data or [],
            message=form.message.data or "",
            by=actor(),
        )

    return form_page(form, act, heading=_("Invite by e-mail"), crumbs=partnership_crumbs(mission), button=_("Invite"),
                     done=_("The invitation is sent."))  # fmt: skip


@bp.route("/partnership-invitations/<int:invitation_id>", methods=["GET", "POST"])
@signed_in
def answer_invitation(invitation_id: int) -> ResponseReturnValue:
    """Accept for an organisation one speaks for. Whoever has another address is not told that it exists."""
    invitation = queries.get_invitation(invitation_id)
    if not invitation_service.is_for(invitation, actor()):
        raise NotFound()
    form = forms.AnswerForm(obj=invitation)
    mine = [one for one in organisations.organisations_of(actor()) if policy.can_speak_for(actor(), one.id)]
    form.organisation.choices = choices((one.slug, one.name) for one in mine)
    form.roles.choices = role_choices(invitation.mission)
    if form.validate_on_submit():
        try:
            invitation_service.accept(
                invitation, organisation=organisations.get_organisation(form.organisation.data),
                roles=form.roles.data or [], by=actor(), expected_version=form.expected_version,
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("You have joined."))
            return redirect(url_for("partnerships.show_partnership", reference=invitation.mission.reference), 303)
    return render_template(
        "partnerships/answer_invitation.html", invitation=invitation, form=form, mine=mine,
        crumbs=partnership_crumbs(invitation.mission),
    )  # fmt: skip


@bp.route("/partnership-invitations/<int:invitation_id>/decline", methods=["GET", "POST"])
@signed_in
def decline_invitation(invitation_id: int) -> ResponseReturnValue:
    """Say no, with a reason if one wishes."""
    invitation = queries.get_invitation(invitation_id)
    if not invitation_service.is_for(invitation, actor()):
        raise NotFound()
    form = forms.DeclineForm(version=invitation.version)

    def act() -> None:
        invitation_service.decline(
            invitation, reason=form.reason.data or "", by=actor(), expected_version=form.expected_version
        )

    return form_page(
        form, act, heading=_("Decline the invitation"), crumbs=partnership_crumbs(invitation.mission),
        button=_("Decline"), done=_("You have declined the invitation."), back=url_for("work.show_work"),
    )  # fmt: skip


@bp.post("/missions/<reference>/address-invitations/<int:invitation_id>/cancel")
@signed_in
def cancel_invitation(reference: str, invitation_id: int) -> ResponseReturnValue:
    """Take an unanswered invitation to an address back."""
    invitation = queries.get_invitation(invitation_id)
    if invitation.mission.reference != reference:
        raise NotFound()
    authorise(policy.can_coordinate, invitation.mission)
    invitation_service.cancel(invitation, by=actor(), expected_version=invitation.version)
    flash(_("The invitation is taken back."))
    return redirect(url_for("partnerships.show_partnership", reference=reference), 303)
