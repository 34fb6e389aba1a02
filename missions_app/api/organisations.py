"""Organisations: entries, capabilities, members."""

from typing import Any

from marshmallow import fields

from missions_app.accounts import queries as account_queries
from missions_app.accounts.actor import organisation_scope
from missions_app.api.base import ApiBlueprint, Filters, Input, Output, created
from missions_app.api.shapes import input_of, output_of
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.organisations import (
    membership_service,
    offer_service,
    organisation_service,
    policy,
    queries,
)
from missions_app.organisations.models import (
    MembershipRequest,
    MembershipState,
    Offer,
    Organisation,
    OrganisationState,
)
from missions_app.organisations.offer_service import OfferContent
from missions_app.organisations.rules import Profile
from missions_app.secrecy.masking import Circle, shown, visible

bp = ApiBlueprint("organisations", "Organisations, what they can do, and who belongs to them")


class CapabilityOut(Output):
    """What an organisation can do. `evidence` is null where it is claimed as a trade secret."""

    peak = fields.String()
    level = fields.Integer()
    evidence = fields.String(allow_none=True)
    visibility = fields.String()


class OrganisationRow(Output):
    """An organisation in a list."""

    slug = fields.String()
    name = fields.String()
    sector = fields.String()
    subtype = fields.String()
    size_class = fields.String()
    municipality = fields.String()
    number = fields.String(allow_none=True)
    is_example = fields.Boolean()
    state = fields.Enum(enum=OrganisationState, by_value=True)
    version = fields.Integer()


class OrganisationOut(OrganisationRow):
    """A whole entry."""

    owner = fields.String(allow_none=True, metadata={"description": "slug of the organisation that controls it"})
    contact_function = fields.String()
    contact_email = fields.String()
    website = fields.String()
    description_sv = fields.String()
    description_en = fields.String()
    is_undertaking = fields.Boolean()
    is_outside_region = fields.Boolean()
    country = fields.String()
    provenance = fields.String()
    capabilities = fields.List(fields.Nested(CapabilityOut))


class OrganisationIn(Input):
    """An entry as it is to be. Ids are the method's."""

    name = fields.String(required=True)
    sector = fields.String(required=True)
    subtype = fields.String(load_default="")
    size_class = fields.String(load_default="")
    municipality = fields.String(load_default="")
    number = fields.String(load_default="")
    contact_function = fields.String(load_default="")
    contact_email = fields.String(load_default="")
    website = fields.String(load_default="")
    description_sv = fields.String(load_default="")
    description_en = fields.String(load_default="")
    is_undertaking = fields.Boolean(load_default=False)
    is_outside_region = fields.Boolean(load_default=False)
    country = fields.String(load_default="SE")
    provenance = fields.String(load_default="")


class CapabilityIn(Input):
    """One thing an organisation can do."""

    peak = fields.String(required=True)
    level = fields.Integer(required=True, metadata={"description": "1 to 3"})
    evidence = fields.String(load_default="")
    visibility = fields.String(load_default="public")


class CapabilitiesIn(Input):
    """Everything an organisation can do; what is left out is taken away."""

    capabilities = fields.List(fields.Nested(CapabilityIn), required=True)


class OrganisationFilters(Filters):
    """Part of a name or a whole number, a sector, a municipality, a peak."""

    q = fields.String(load_default="")
    sector = fields.String(load_default="")
    municipality = fields.String(load_default="")
    peak = fields.String(load_default="")


class JoinIn(Input):
    """A word to those who answer."""

    message = fields.String(load_default="")


class JoinOut(Output):
    """A request to belong to an organisation."""

    id = fields.Integer()
    name = fields.String(attribute="user.name")
    message = fields.String()
    state = fields.Enum(enum=MembershipState, by_value=True)
    requested_on = fields.Date()


class AnswerJoinIn(Input):
    """Yes or no, and why."""

    accept = fields.Boolean(required=True)
    reason = fields.String(load_default="")


class MemberIn(Input):
    """Somebody to let in, by address."""

    email = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(load_default="member")


class MemberOut(Output):
    """Somebody who belongs to an organisation, in one role."""

    user_id = fields.Integer()
    name = fields.String()
    function = fields.String()
    role = fields.String()


OfferIn = input_of(OfferContent)
OfferOut = output_of(
    Offer, "id", "kind", "text_sv", "text_en", "peak", "available_from", "available_until", "visibility", "version",
    name="OrganisationOfferOut",
)  # fmt: skip


@bp.get("/organisations/<slug>/offers")
@public
@bp.response(200, OfferOut(many=True))
def list_offers(slug: str) -> list[Offer]:
    """What an organisation can lend, as far as the caller may read it."""
    organisation = queries.get_readable(slug, actor())
    circle = Circle(owners=frozenset({organisation_scope(organisation.id)}))
    return [one for one in queries.offers_of(organisation) if visible(actor(), one.visibility, circle)]


@bp.post("/organisations/<slug>/offers")
@signed_in
@bp.arguments(OfferIn)
@bp.response(201, OfferOut)
def add_offer(body: dict[str, Any], slug: str) -> Any:
    """Say what an organisation can lend."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_edit_organisation, organisation)
    offer = offer_service.add_offer(organisation, OfferContent(**body), by=actor())
    return created(offer, "organisations.list_offers", slug=slug)


@bp.put("/organisations/<slug>/offers/<int:offer_id>")
@signed_in
@bp.versioned
@bp.arguments(OfferIn)
@bp.response(200, OfferOut)
def edit_offer(body: dict[str, Any], slug: str, offer_id: int, expected_version: int) -> Offer:
    """Word an offer anew."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_edit_organisation, organisation)
    offer = queries.get_offer(organisation, offer_id)
    offer_service.edit_offer(offer, OfferContent(**body), by=actor(), expected_version=expected_version)
    return offer


@bp.delete("/organisations/<slug>/offers/<int:offer_id>")
@signed_in
@bp.versioned
@bp.response(204)
def withdraw_offer(slug: str, offer_id: int, expected_version: int) -> None:
    """It can no longer be lent."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_edit_organisation, organisation)
    offer_service.withdraw_offer(
        queries.get_offer(organisation, offer_id), by=actor(), expected_version=expected_version
    )


def _whole(organisation: Organisation) -> dict[str, Any]:
    circle = Circle(owners=frozenset({organisation_scope(organisation.id)}))
    fields_of = OrganisationOut().fields.keys() - {"owner", "capabilities"}
    row: dict[str, Any] = {name: getattr(organisation, name) for name in fields_of}
    capabilities = [
        {
            "peak": one.peak, "level": one.level, "visibility": one.visibility,
            "evidence": shown(actor(), one.evidence, one.visibility, circle),
        }
        for one in queries.capabilities_of(organisation)
    ]  # fmt: skip
    owner = organisation.owner
    return {**row, "owner": owner.slug if owner else None, "capabilities": capabilities}


@bp.get("/organisations")
@public
@bp.paged(OrganisationRow, OrganisationFilters)
def list_organisations(filters: dict[str, Any]) -> Any:
    """Active organisations in Swedish order."""
    return queries.organisations(text=filters.pop("q").strip(), **filters)


class NewOrganisationIn(OrganisationIn):
    """A new entry; `is_another` says that it is none of those whose names look alike."""

    is_another = fields.Boolean(load_default=False)


@bp.post("/organisations")
@signed_in
@bp.arguments(NewOrganisationIn)
@bp.response(201, OrganisationOut)
def add_organisation(body: dict[str, Any]) -> Any:
    """Enter an organisation (the secretariat), or ask for one to be registered (everybody else)."""
    is_another = body.pop("is_another")
    profile = Profile(**body)
    if policy.can_add_organisation(actor()):
        organisation = organisation_service.add_organisation(profile, by=actor(), is_another=is_another)
    else:
        user = account_queries.get_user(actor().user_id or 0)
        organisation = organisation_service.request_organisation(profile, by=actor(), user=user, is_another=is_another)
    return created(_whole(organisation), "organisations.show_organisation", slug=organisation.slug)


@bp.get("/organisations/<slug>")
@public
@bp.response(200, OrganisationOut)
def show_organisation(slug: str) -> dict[str, Any]:
    """One organisation."""
    organisation = queries.get_readable(slug, actor())
    return _whole(organisation)


@bp.put("/organisations/<slug>")
@signed_in
@bp.versioned
@bp.arguments(OrganisationIn)
@bp.response(200, OrganisationOut)
def edit_organisation(body: dict[str, Any], slug: str, expected_version: int) -> dict[str, Any]:
    """Change an entry."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_edit_organisation, organisation)
    organisation_service.edit_organisation(organisation, Profile(**body), by=actor(), expected_version=expected_version)
    return _whole(organisation)


@bp.post("/organisations/<slug>/answer")
@signed_in
@bp.versioned
@bp.arguments(AnswerJoinIn)
@bp.response(200, OrganisationOut)
def answer_organisation(body: dict[str, Any], slug: str, expected_version: int) -> dict[str, Any]:
    """Accept or close an organisation that somebody asked for."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_add_organisation, organisation)
    organisation_service.answer_organisation(
        organisation, accept=body["accept"], by=actor(), expected_version=expected_version
    )
    return _whole(organisation)


@bp.put("/organisations/<slug>/capabilities")
@signed_in
@bp.arguments(CapabilitiesIn)
@bp.response(200, OrganisationOut)
def set_capabilities(body: dict[str, Any], slug: str) -> dict[str, Any]:
    """Say what an organisation can do."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_edit_organisation, organisation)
    levels = {one["peak"]: (one["level"], one["evidence"], one["visibility"]) for one in body["capabilities"]}
    organisation_service.set_capabilities(organisation, levels, by=actor())
    return _whole(organisation)


@bp.get("/organisations/<slug>/members")
@signed_in
@bp.response(200, MemberOut(many=True))
def list_members(slug: str) -> list[dict[str, Any]]:
    """Who belongs to it, in which roles."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_read_members, organisation)
    return [
        {"user_id": user.id, "name": user.name, "function": user.function, "role": role}
        for user, role in queries.members_of(organisation)
    ]


@bp.post("/organisations/<slug>/members")
@signed_in
@bp.arguments(MemberIn)
@bp.response(201, MemberOut)
def invite_member(body: dict[str, Any], slug: str) -> dict[str, Any]:
    """Let somebody in by their address."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_manage_members, organisation)
    user = membership_service.invite_member(organisation, by=actor(), **body)
    return {"user_id": user.id, "name": user.name, "function": user.function, "role": body["role"]}


@bp.delete("/organisations/<slug>/members/<int:user_id>")
@signed_in
@bp.response(204)
def remove_member(slug: str, user_id: int) -> None:
    """Let a member go, or leave."""
    organisation, user = queries.get_organisation(slug), account_queries.get_user(user_id)
    if user.id != actor().user_id:
        authorise(policy.can_manage_members, organisation)
    membership_service.remove_member(organisation, user, by=actor())


@bp.post("/organisations/<slug>/join-requests")
@signed_in
@bp.arguments(JoinIn)
@bp.response(201, JoinOut)
def ask_to_join(body: dict[str, Any], slug: str) -> MembershipRequest:
    """Ask to belong to an organisation."""
    user = account_queries.get_user(actor().user_id or 0)
    organisation = queries.get_active(slug)
    return organisation_service.ask_to_join(organisation, user=user, message=body["message"], by=actor())


@bp.get("/organisations/<slug>/join-requests")
@signed_in
@bp.response(200, JoinOut(many=True))
def list_join_requests(slug: str) -> Any:
    """Requests that wait for an answer."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_answer_requests, organisation)
    return queries.open_requests(organisation)


@bp.post("/organisations/<slug>/join-requests/<int:request_id>/answer")
@signed_in
@bp.arguments(AnswerJoinIn)
@bp.response(200, JoinOut)
def answer_join_request(body: dict[str, Any], slug: str, request_id: int) -> MembershipRequest:
    """Let somebody in, or not."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_answer_requests, organisation)
    found = queries.get_request(organisation, request_id)
    organisation_service.answer_request(found, accept=body["accept"], reason=body["reason"], by=actor())
    return found
