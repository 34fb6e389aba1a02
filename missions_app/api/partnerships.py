"""Partnerships: who takes part, what is needed, what is promised and kept, and the money."""

from typing import Any

from marshmallow import fields

from missions_app.api.base import ApiBlueprint, Input, Output, created
from missions_app.api.schemas import Day
from missions_app.api.shapes import ReasonIn, input_of, output_of
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.errors import NotFound
from missions_app.missions import queries as missions
from missions_app.organisations import queries as organisations
from missions_app.partnerships import (
    call_service,
    invitation_service,
    need_service,
    partner_service,
    policy,
    queries,
)
from missions_app.partnerships.call_service import CallContent
from missions_app.partnerships.models import (
    Commitment,
    Invitation,
    Need,
    OpenCall,
    Partner,
    PartnerState,
)
from missions_app.partnerships.need_service import NeedContent

bp = ApiBlueprint("partnerships", "Who brings what to a mission, and what is still missing")
MISSION = "/missions/<reference>"
PARTNER = f"{MISSION}/partners/<int:partner_id>"
NEED = f"{MISSION}/needs/<int:need_id>"
NeedOut = output_of(
    Need,
    "id",
    "kind",
    "text",
    "text_en",
    "priority",
    "peak",
    "role",
    "quantity",
    "needed_from",
    "needed_until",
    "plan_date",
    "plan_text",
    "version",
)
InvitationOut = output_of(Invitation, "id", "roles", "message", "expires_on", "version", name="PartnerInvitationOut")


class PartnerOut(output_of(Partner, "id", "roles", "state", "is_newcomer", "version", name="PartnerRow")):
    """An organisation in a mission. What it wrote when it joined or left is null for those who take no part."""

    organisation = fields.String(attribute="organisation.slug")
    message = fields.Function(lambda one: one.message if policy.can_read_partner(actor(), one) else None)
    left_because = fields.Function(lambda one: one.left_because if policy.can_read_partner(actor(), one) else None)


class CommitmentOut(
    output_of(
        Commitment,
        "id",
        "kind",
        "quantity",
        "value_ore",
        "period_from",
        "period_until",
        "state",
        "version",
        name="CommitmentRow",
    )
):
    """A promise. Its words are null where they are claimed as secret and not the caller's to read."""

    partner_id = fields.Integer()
    need_id = fields.Integer(allow_none=True)
    text = fields.Function(lambda one: one.text if policy.can_read_words(actor(), one) else None)
    condition = fields.Function(lambda one: one.condition if policy.can_read_words(actor(), one) else None)


class JoiningIn(Input):
    """An organisation that wants to take part or is asked to."""

    organisation = fields.String(required=True)
    roles = fields.List(fields.String(), load_default=list)
    message = fields.String(load_default="")


class AddressIn(Input):
    """Somebody to invite whose organisation is not known here."""

    email = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    message = fields.String(load_default="")


class AnswerInvitationIn(Input):
    """For which organisation, in which roles."""

    organisation = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)


class RolesIn(Input):
    """The roles somebody holds."""

    roles = fields.List(fields.String(), required=True)
    receives_benefit = fields.Boolean(load_default=False)


class NeedPlanIn(Input):
    """How an uncovered need is to be covered."""

    plan_text = fields.String(required=True)
    plan_date = Day(required=True, allow_none=True)


class PartnershipOut(Output):
    """Who takes part and what is needed; promises only for those who take part."""

    partners = fields.List(fields.Nested(PartnerOut))
    needs = fields.List(fields.Nested(NeedOut))
    covered_needs = fields.List(fields.Integer())
    commitments = fields.List(fields.Nested(CommitmentOut))


@bp.get(f"{MISSION}/partnership")
@public
@bp.response(200, PartnershipOut)
def show_partnership(reference: str) -> dict[str, Any]:
    """Who brings what; visitors see who has joined and what is needed."""
    mission = missions.get_mission(reference)
    part = policy.can_read_partnership(actor(), mission)
    return {
        "partners": [one for one in queries.partners_of(mission) if part or one.state is PartnerState.COMMITTED],
        "needs": queries.needs_of(mission), "covered_needs": sorted(queries.covered_needs(mission)),
        "commitments": queries.commitments_of(mission) if part else [],
    }  # fmt: skip


@bp.post(f"{MISSION}/interests")
@signed_in
@bp.arguments(JoiningIn)
@bp.response(201, PartnerOut)
def show_interest(body: dict[str, Any], reference: str) -> Any:
    """Say that an organisation would like to take part."""
    partner = partner_service.show_interest(
        mission=missions.get_mission(reference), organisation=organisations.get_organisation(body["organisation"]),
        roles=body["roles"], message=body["message"], by=actor(),
    )  # fmt: skip
    return created(partner, "partnerships.show_partnership", reference=reference)


@bp.post(f"{MISSION}/invitations")
@signed_in
@bp.arguments(JoiningIn)
@bp.response(201, PartnerOut)
def invite(body: dict[str, Any], reference: str) -> Any:
    """Invite an organisation."""
    partner = partner_service.invite(
        mission=missions.get_mission(reference), organisation=organisations.get_organisation(body["organisation"]),
        roles=body["roles"], message=body["message"], by=actor(),
    )  # fmt: skip
    return created(partner, "partnerships.show_partnership", reference=reference)


@bp.post(f"{MISSION}/address-invitations")
@signed_in
@bp.arguments(AddressIn)
@bp.response(201, InvitationOut)
def invite_address(body: dict[str, Any], reference: str) -> Invitation:
    """Invite somebody by e-mail."""
    return invitation_service.invite_address(missions.get_mission(reference), by=actor(), **body)


@bp.post("/partnership-invitations/<int:invitation_id>/accept")
@signed_in
@bp.versioned
@bp.arguments(AnswerInvitationIn)
@bp.response(200, PartnerOut)
def answer_invitation(body: dict[str, Any], invitation_id: int, expected_version: int) -> Partner:
    """Join for an organisation one speaks for."""
    return invitation_service.accept(
        queries.get_invitation(invitation_id), organisation=organisations.get_organisation(body["organisation"]),
        roles=body["roles"], by=actor(), expected_version=expected_version,
    )  # fmt: skip


@bp.post("/partnership-invitations/<int:invitation_id>/decline")
@signed_in
@bp.versioned
@bp.arguments(ReasonIn)
@bp.response(204)
def decline_invitation(body: dict[str, Any], invitation_id: int, expected_version: int) -> None:
    """Say no, with a reason if one wishes."""
    invitation = queries.get_invitation(invitation_id)
    invitation_service.decline(invitation, reason=body["reason"], by=actor(), expected_version=expected_version)


def partner_of(reference: str, partner_id: int) -> Partner:
    """A partner whom the caller may read about."""
    partner = queries.get_partner(missions.get_mission(reference), partner_id)
    authorise(policy.can_read_partner, partner)
    return partner


class LeaveIn(ReasonIn):
    """Why, and which partner (its id) is asked to take over what is left of the promises."""

    moved_to = fields.Integer(load_default=None, allow_none=True)


class CounterIn(Input):
    """Other roles, and other terms in words."""

    roles = fields.List(fields.String(), required=True)
    message = fields.String(required=True)


class AnswerCounterIn(Input):
    """Yes or no to other terms; a no needs a reason."""

    accept = fields.Boolean(required=True)
    reason = fields.String(load_default="")


class CallRow(output_of(OpenCall, "text_sv", "text_en", "opens_on", "closes_on", "version", name="OpenCallRow")):
    """An open call."""

    mission = fields.String(attribute="mission.reference")


@bp.get("/calls")
@public
@bp.paged(CallRow)
def list_calls() -> Any:
    """The calls that are open today, the one that closes first on top."""
    return call_service.open_calls()


@bp.get(f"{MISSION}/call")
@public
@bp.response(200, CallRow)
def show_call(reference: str) -> OpenCall:
    """The mission's open call."""
    return call_service.get_call(missions.get_mission(reference))


@bp.post(f"{MISSION}/call")
@signed_in
@bp.arguments(input_of(CallContent))
@bp.response(201, CallRow)
def publish_call(body: dict[str, Any], reference: str) -> Any:
    """Ask everybody for what is missing."""
    call = call_service.publish_call(missions.get_mission(reference), CallContent(**body), by=actor())
    return created(call, "partnerships.show_call", reference=reference)


@bp.put(f"{MISSION}/call")
@signed_in
@bp.versioned
@bp.arguments(input_of(CallContent))
@bp.response(200, CallRow)
def edit_call(body: dict[str, Any], reference: str, expected_version: int) -> OpenCall:
    """Word the call anew, or give it other days."""
    call = call_service.get_call(missions.get_mission(reference))
    call_service.edit_call(call, CallContent(**body), by=actor(), expected_version=expected_version)
    return call


@bp.delete(f"{MISSION}/call")
@signed_in
@bp.versioned
@bp.response(204)
def withdraw_call(reference: str, expected_version: int) -> None:
    """Close the call before its time."""
    call = call_service.get_call(missions.get_mission(reference))
    call_service.withdraw_call(call, by=actor(), expected_version=expected_version)


@bp.delete(f"{MISSION}/address-invitations/<int:invitation_id>")
@signed_in
@bp.versioned
@bp.response(204)
def cancel_invitation(reference: str, invitation_id: int, expected_version: int) -> None:
    """Take an unanswered invitation to an address back."""
    invitation = queries.get_invitation(invitation_id)
    if invitation.mission.reference != reference:
        raise NotFound()
    invitation_service.cancel(invitation, by=actor(), expected_version=expected_version)


@bp.post(f"{PARTNER}/counter-offer")
@signed_in
@bp.versioned
@bp.arguments(CounterIn)
@bp.response(200, PartnerOut)
def counter_offer(body: dict[str, Any], reference: str, partner_id: int, expected_version: int) -> Partner:
    """Answer an invitation with other roles or other terms."""
    partner = partner_of(reference, partner_id)
    partner_service.counter_offer(partner, by=actor(), expected_version=expected_version, **body)
    return partner


@bp.post(f"{PARTNER}/counter-offer/answer")
@signed_in
@bp.versioned
@bp.arguments(AnswerCounterIn)
@bp.response(200, PartnerOut)
def answer_counter(body: dict[str, Any], reference: str, partner_id: int, expected_version: int) -> Partner:
    """The coordinator's yes or no to other terms."""
    partner = partner_of(reference, partner_id)
    partner_service.answer_counter(partner, by=actor(), expected_version=expected_version, **body)
    return partner


@bp.post(f"{PARTNER}/join")
@signed_in
@bp.versioned
@bp.arguments(RolesIn)
@bp.response(200, PartnerOut)
def commit(body: dict[str, Any], reference: str, partner_id: int, expected_version: int) -> Partner:
    """Accept an invitation, or let somebody in who showed interest."""
    partner = partner_of(reference, partner_id)
    partner_service.commit(partner, roles=body["roles"], by=actor(), expected_version=expected_version)
    return partner


@bp.put(f"{PARTNER}/roles")
@signed_in
@bp.versioned
@bp.arguments(RolesIn)
@bp.response(200, PartnerOut)
def set_roles(body: dict[str, Any], reference: str, partner_id: int, expected_version: int) -> Partner:
    """Change a partner's roles."""
    partner = partner_of(reference, partner_id)
    partner_service.set_roles(partner, by=actor(), expected_version=expected_version, **body)
    return partner


@bp.post(f"{PARTNER}/leave")
@signed_in
@bp.versioned
@bp.arguments(LeaveIn)
@bp.response(200, PartnerOut)
def leave(body: dict[str, Any], reference: str, partner_id: int, expected_version: int) -> Partner:
    """Leave, decline or take an interest back."""
    partner = partner_of(reference, partner_id)
    other = queries.get_partner(partner.mission, body["moved_to"]) if body["moved_to"] else None
    partner_service.leave(partner, reason=body["reason"], by=actor(), expected_version=expected_version, moved_to=other)
    return partner


@bp.post(f"{MISSION}/needs")
@signed_in
@bp.arguments(input_of(NeedContent))
@bp.response(201, NeedOut)
def add_need(body: dict[str, Any], reference: str) -> Any:
    """Say what the mission needs."""
    need = need_service.add_need(missions.get_mission(reference), NeedContent(**body), by=actor())
    return created(need, "partnerships.show_partnership", reference=reference)


@bp.put(NEED)
@signed_in
@bp.versioned
@bp.arguments(input_of(NeedContent))
@bp.response(200, NeedOut)
def edit_need(body: dict[str, Any], reference: str, need_id: int, expected_version: int) -> Need:
    """Word a need anew."""
    need = queries.get_need(missions.get_mission(reference), need_id)
    need_service.edit_need(need, NeedContent(**body), by=actor(), expected_version=expected_version)
    return need


@bp.put(f"{NEED}/plan")
@signed_in
@bp.versioned
@bp.arguments(NeedPlanIn)
@bp.response(200, NeedOut)
def plan_need(body: dict[str, Any], reference: str, need_id: int, expected_version: int) -> Need:
    """Say how it is to be covered."""
    need = queries.get_need(missions.get_mission(reference), need_id)
    need_service.plan_need(need, by=actor(), expected_version=expected_version, **body)
    return need


@bp.delete(NEED)
@signed_in
@bp.versioned
@bp.response(204)
def withdraw_need(reference: str, need_id: int, expected_version: int) -> None:
    """It is not needed any more."""
    need = queries.get_need(missions.get_mission(reference), need_id)
    need_service.withdraw_need(need, by=actor(), expected_version=expected_version)
