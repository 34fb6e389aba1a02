"""Partnerships that change: coordination that passes on when both agree, and what relies on a partner."""

from typing import Any

from marshmallow import fields

from missions_app.api.base import ApiBlueprint, Input, Output
from missions_app.api.partnerships import PARTNER, partner_of
from missions_app.api.shapes import output_of
from missions_app.bookings.relying import Relying, relying_on
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.missions import queries as missions
from missions_app.partnerships import coordination_service, policy
from missions_app.partnerships.coordination_models import CoordinationOffer

bp = ApiBlueprint("coordination", "Who is asked to coordinate a mission, and what relies on a partner")
OFFER = "/missions/<reference>/coordination-offer"


class CoordinationOut(
    output_of(CoordinationOffer, "id", "offered_at", "answered_at", "accepted", "reason", "version", name="OfferRow")
):
    """An organisation that is asked to coordinate; `before` does until it has accepted."""

    organisation = fields.String(attribute="organisation.slug")
    before = fields.String(attribute="before.slug")


class AnswerCoordinationIn(Input):
    """Yes, or no with a reason."""

    accept = fields.Boolean(required=True)
    reason = fields.String(load_default="")


@bp.get(OFFER)
@signed_in
@bp.response(200, CoordinationOut)
def show_offer(reference: str) -> CoordinationOffer:
    """The offer that waits for an answer."""
    offer = coordination_service.get_offer(missions.get_mission(reference))
    authorise(policy.can_read_offer, offer)
    return offer


@bp.post(f"{OFFER}/answer")
@signed_in
@bp.versioned
@bp.arguments(AnswerCoordinationIn)
@bp.response(200, CoordinationOut)
def answer_offer(body: dict[str, Any], reference: str, expected_version: int) -> CoordinationOffer:
    """The organisation's answer."""
    offer = coordination_service.get_offer(missions.get_mission(reference))
    coordination_service.answer(offer, by=actor(), expected_version=expected_version, **body)
    return offer


@bp.delete(OFFER)
@signed_in
@bp.versioned
@bp.response(204)
def withdraw_offer(reference: str, expected_version: int) -> None:
    """Take it back."""
    offer = coordination_service.get_offer(missions.get_mission(reference))
    coordination_service.withdraw(offer, by=actor(), expected_version=expected_version)


class RelyingOut(Output):
    """What would be missed if the partner left: the keys of promises, needs and agreements, references of bookings."""

    promises = fields.Function(lambda one: [promise.id for promise in one.promises])
    needs = fields.Function(lambda one: [promise.need_id for promise in one.promises if promise.need_id])
    agreements = fields.Function(lambda one: [agreement.id for agreement in one.agreements])
    bookings = fields.Function(lambda one: [booking.reference for booking in one.bookings])


@bp.get(f"{PARTNER}/relying")
@signed_in
@bp.response(200, RelyingOut)
def show_relying(reference: str, partner_id: int) -> Relying:
    """What relies on a partner."""
    partner = partner_of(reference, partner_id)
    authorise(policy.can_change_partner, partner)
    return relying_on(partner)
