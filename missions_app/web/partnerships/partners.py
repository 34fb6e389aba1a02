"""Who takes part: interest, invitations, roles, leaving."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.i18n import _
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.organisations import queries as organisations
from missions_app.partnerships import matching, partner_service, policy, queries
from missions_app.partnerships.models import PartnerState
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


@bp.get("/missions/<reference>/partnership")
@public
def show_partnership(reference: str) -> ResponseReturnValue:
    """What is missing, who could fill it, and who brings what."""
    mission = missions.get_mission(reference)
    method = method_of(mission.journey.method_version)
    part = policy.can_read_partnership(actor(), mission)
    partners = [one for one in queries.partners_of(mission) if part or one.state is PartnerState.COMMITTED]
    committed = [one for one in partners if one.state is PartnerState.COMMITTED]
    needs, covered = queries.needs_of(mission), queries.covered_needs(mission)
    present = {one.organisation.sector for one in committed}
    missing = tuple(one.id for one in method.sector if one.id not in present)
    taken = {one.organisation_id for one in partners if one.state is not PartnerState.LEFT}
    candidates = [one for one in queries.candidates() if one.organisation_id not in taken] if part else []
    open_needs = [one for one in needs if one.id not in covered]
    wanted = {one.id: matching.Wanted(one.peak, missing) for one in open_needs}
    return render_template(
        "partnerships/show_partnership.html",
        mission=mission,
        method=method,
        partners=partners,
        needs=needs,
        covered=covered,
        open_needs=open_needs,
        matches={key: matching.matches(one, candidates)[:3] for key, one in wanted.items()},
        commitments=queries.commitments_of(mission) if part else [],
        missing=missing,
        has_part=part,
        reads=lambda one: policy.can_read_words(actor(), one),
        can_coordinate=policy.can_coordinate(actor(), mission),
        speaks_for={key for key in actor().organisations() if policy.can_speak_for(actor(), key)},
    )


@bp.route("/missions/<reference>/interest", methods=["GET", "POST"])
@signed_in
def show_interest(reference: str) -> ResponseReturnValue:
    """Say that your organisation would like to take part."""
    mission = missions.get_mission(reference)
    form = forms.InterestForm()
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
