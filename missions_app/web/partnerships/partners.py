"""Who takes part: interest, invitations, roles, leaving."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from missions_app.edge.access import actor, authorise, signed_in
from missions_app.i18n import _
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.organisations import queries as organisations
from missions_app.partnerships import partner_service, policy, queries
from missions_app.web.form_page import form_page
from missions_app.web.forms import choices, choices_from
from missions_app.web.missions.missions import crumbs_of
from missions_app.web.partnerships import forms
from missions_app.web.partnerships.blueprint import bp
from missions_app.workflow.method_service import method_of


def partnership_crumbs(mission: Mission) -> list[tuple[str, str]]:
    """The way to a mission's partnership page."""
    return [
        *crumbs_of(mission),
        (_("Partnership"), url_for("partnerships.show_partnership", reference=mission.reference)),
    ]


def role_choices(mission: Mission) -> list[SelectChoice]:
    """The method's partner roles."""
    return choices_from(method_of(mission.journey.method_version).partner_role)


@bp.route("/missions/<reference>/interest", methods=["GET", "POST"])
@signed_in
def show_interest(reference: str) -> ResponseReturnValue:
    """Say that your organisation would like to take part."""
    mission = missions.get_mission(reference)
    role = request.args.get("role", "")
    form = forms.InterestForm(organisation=request.args.get("organisation", ""), roles=[role] if role else [])
    form.organisation.choices = choices((one.slug, one.name) for one in organisations.organisations_of(actor()))
    form.roles.choices = role_choices(mission)

    def act() -> None:
        partner_service.show_interest(
            mission=mission,
            organisation=organisations.get_organisation(form.organisation.data),
            roles=form.roles.data or [],
            message=form.message.data or "",
            by=actor(),
        )

    return form_page(
        form,
        act,
        heading=_("Show interest"),
        crumbs=partnership_crumbs(mission),
        button=_("Show interest"),
        done=_("Sent. The coordinator answers you."),
        read_first=(
            _("What becomes public"),
            _(
                "Your interest becomes a public document but is not shown openly. Your name among the partners is "
                "shown openly when you have joined."
            ),
        ),
    )


@bp.route("/missions/<reference>/partners/<int:partner_id>/join", methods=["GET", "POST"])
@signed_in
def commit(reference: str, partner_id: int) -> ResponseReturnValue:
    """Accept an invitation, or let somebody in who showed interest."""
    mission = missions.get_mission(reference)
    partner = queries.get_partner(mission, partner_id)
    authorise(policy.can_change_partner, partner)
    form = forms.RolesForm(obj=partner)
    form.roles.choices = role_choices(mission)

    def act() -> None:
        partner_service.commit(partner, roles=form.roles.data or [], by=actor(), expected_version=form.expected_version)

    del form.receives_benefit
    return form_page(
        form,
        act,
        heading=_("Join: %(name)s", name=partner.organisation.name),
        crumbs=partnership_crumbs(mission),
        button=_("Join"),
        done=_("The organisation has joined."),
    )


@bp.route("/missions/<reference>/partners/<int:partner_id>/roles", methods=["GET", "POST"])
@signed_in
def set_roles(reference: str, partner_id: int) -> ResponseReturnValue:
    """Change a partner's roles."""
    mission = missions.get_mission(reference)
    partner = queries.get_partner(mission, partner_id)
    authorise(policy.can_coordinate, mission)
    form = forms.RolesForm(obj=partner)
    form.roles.choices = role_choices(mission)

    def act() -> None:
        partner_service.set_roles(
            partner, form.roles.data or [], receives_benefit=form.receives_benefit.data, by=actor(),
            expected_version=form.expected_version,
        )  # fmt: skip

    return form_page(
        form,
        act,
        heading=_("Roles: %(name)s", name=partner.organisation.name),
        crumbs=partnership_crumbs(mission),
        button=_("Save"),
        done=_("Saved."),
    )


@bp.route("/missions/<reference>/partners/<int:partner_id>/leave", methods=["GET", "POST"])
@signed_in
def leave(reference: str, partner_id: int) -> ResponseReturnValue:
    """Leave, or decline an invitation."""
    mission = missions.get_mission(reference)
    partner = queries.get_partner(mission, partner_id)
    authorise(policy.can_change_partner, partner)
    form = forms.LeaveForm(version=partner.version)

    def act() -> None:
        partner_service.leave(
            partner, reason=form.reason.data or "", by=actor(), expected_version=form.expected_version
        )

    return form_page(
        form, act, heading=_("Leave: %(name)s", name=partner.organisation.name), crumbs=partnership_crumbs(mission),
        button=_("Leave"), done=_("The organisation has left. What it did stays in the record."),
        intro=_("Promises that have not been kept are withdrawn, and checkpoints that relied on them are told."),
    )  # fmt: skip
