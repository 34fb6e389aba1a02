"""Who takes part: interest, invitations, roles, leaving."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from missions_app.bookings.relying import relying_on
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import DomainError
from missions_app.i18n import _, list_of, ngettext
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.organisations import queries as organisations
from missions_app.partnerships import partner_service, policy, queries
from missions_app.partnerships.models import Partner, PartnerState
from missions_app.web.filters import role_label
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, choices, choices_from, show_error
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


def join_page(
    form: Form, act: Callable[[], Any], mission: Mission, *, heading: str, button: str, done: str, said: str = "",
    can_send: bool = True, other_ways: Sequence[tuple[str, str]] = (), back: str = "",
) -> ResponseReturnValue:  # fmt: skip
    """A page on which somebody says that an organisation takes part: what it means stands before the first field."""
    crumbs = partnership_crumbs(mission)
    if form.validate_on_submit():
        try:
            act()
        except DomainError as error:
            show_error(form, error)
        else:
            flash(done)
            return redirect(back or crumbs[-1][1], 303)
    return render_template(
        "partnerships/join_form.html", form=form, mission=mission, heading=heading, crumbs=crumbs, button=button,
        said=said, can_send=can_send, other_ways=other_ways,
    )  # fmt: skip


@bp.route("/missions/<reference>/interest", methods=["GET", "POST"])
@signed_in
def show_interest(reference: str) -> ResponseReturnValue:
    """Say that your organisation would like to take part, in three fields."""
    mission = missions.get_mission(reference)
    role = request.args.get("role", "")
    form = forms.InterestForm(organisation=request.args.get("organisation", ""), roles=[role] if role else [])
    mine = [one for one in organisations.organisations_of(actor()) if policy.can_show_interest(actor(), one.id)]
    form.organisation.choices = choices((one.slug, one.name) for one in mine)
    form.roles.choices = role_choices(mission)

    def act() -> None:
        partner_service.show_interest(
            mission=mission, organisation=organisations.get_organisation(form.organisation.data),
            roles=form.roles.data or [], message=form.message.data or "", by=actor(),
        )  # fmt: skip

    return join_page(form, act, mission, heading=_("Show interest"), button=_("Show interest"),
                     done=_("Sent. The coordinator answers you within ten days."), can_send=bool(mine))  # fmt: skip


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
    keys, ways = {"reference": reference, "partner_id": partner_id}, []
    if partner.state is PartnerState.INVITED and policy.can_speak_for(actor(), partner.organisation_id):
        ways.append((_("Answer with other terms"), url_for("partnerships.counter_offer", **keys)))  # type: ignore[arg-type]
    ways.append((_("Decline"), url_for("partnerships.leave", **keys)))  # type: ignore[arg-type]
    return join_page(
        form, act, mission, heading=_("Join: %(name)s", name=partner.organisation.name), button=_("Join"),
        done=_("The organisation has joined."), said=partner.message, other_ways=ways,
        back=url_for("partnerships.show_partner", reference=reference, partner_id=partner_id),
    )  # fmt: skip


@bp.route("/missions/<reference>/partners/<int:partner_id>/counter", methods=["GET", "POST"])
@signed_in
def counter_offer(reference: str, partner_id: int) -> ResponseReturnValue:
    """Answer an invitation with other roles or other terms."""
    mission = missions.get_mission(reference)
    partner = queries.get_partner(mission, partner_id)
    authorise(policy.can_speak_for, partner.organisation_id)
    form = forms.CounterForm(
        version=partner.version, roles=partner.counter_roles or partner.roles, message=partner.counter_message
    )
    form.roles.choices = role_choices(mission)

    def act() -> None:
        partner_service.counter_offer(
            partner, roles=form.roles.data or [], message=form.message.data or "", by=actor(),
            expected_version=form.expected_version,
        )  # fmt: skip

    return join_page(
        form, act, mission, heading=_("Answer with other terms: %(name)s", name=partner.organisation.name),
        button=_("Send"), done=_("Sent. The invitation stands until the coordinator has answered."),
        said=partner.message, back=url_for("partnerships.show_partner", reference=reference, partner_id=partner_id),
    )  # fmt: skip


@bp.route("/missions/<reference>/partners/<int:partner_id>/counter/answer", methods=["GET", "POST"])
@signed_in
def answer_counter(reference: str, partner_id: int) -> ResponseReturnValue:
    """The coordinator says yes or no to other terms."""
    mission = missions.get_mission(reference)
    partner = queries.get_partner(mission, partner_id)
    authorise(policy.can_coordinate, mission)
    form = forms.AnswerCounterForm(version=partner.version)
    form.answer.choices = choices((("yes", _("Yes, let them join on these terms")), ("no", _("No"))))
    method = method_of(mission.journey.method_version)

    def act() -> None:
        partner_service.answer_counter(
            partner, accept=form.answer.data == "yes", reason=form.reason.data or "", by=actor(),
            expected_version=form.expected_version,
        )  # fmt: skip

    roles = list_of(role_label(role, method) for role in partner.counter_roles)
    return form_page(
        form, act, heading=_("Other terms: %(name)s", name=partner.organisation.name),
        crumbs=partnership_crumbs(mission), button=_("Answer"), done=_("Your answer is sent."),
        read_first=(_("What they propose"), f"{roles}\n\n{partner.counter_message}"),
        back=url_for("partnerships.show_partner", reference=reference, partner_id=partner_id),
    )  # fmt: skip


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
    others = [
        one for one in queries.partners_of(mission) if one.state is PartnerState.COMMITTED and one.id != partner.id
    ]
    form.moved_to.choices = choices(((str(one.id), one.organisation.name) for one in others), empty=_("Nobody"))
    had_joined = partner.state is PartnerState.COMMITTED
    if not had_joined:
        del form.moved_to

    def act() -> None:
        chosen = form.moved_to.data if form.moved_to else ""
        partner_service.leave(
            partner, reason=form.reason.data or "", by=actor(), expected_version=form.expected_version,
            moved_to=next((one for one in others if str(one.id) == chosen), None),
        )  # fmt: skip

    told = _(
        "Promises that have not been kept are withdrawn. Checkpoints, other partners and those whose bookings relied "
        "on the organisation are told."
    )
    return form_page(
        form, act, heading=_("Leave: %(name)s", name=partner.organisation.name), crumbs=partnership_crumbs(mission),
        button=_("Leave"), done=_("The organisation has left. What it did stays in the record."),
        intro=told,
        read_first=(_("What relies on it"), _relying(partner)) if had_joined else None,
    )  # fmt: skip


def _relying(partner: Partner) -> str:
    """What would be missed: promises not yet kept, needs left open, agreements and coming bookings."""
    found = relying_on(partner)
    lines = [
        ngettext("%(num)d promise not kept yet", "%(num)d promises not kept yet", len(found.promises)),
        *(_("Need left open: %(need)s", need=one.need.text) for one in found.promises if one.need is not None),
        *(_("Agreement: %(title)s", title=one.title) for one in found.agreements),
        *(_("Booking: %(reference)s", reference=one.reference) for one in found.bookings),
    ]
    return "\n".join(lines)
