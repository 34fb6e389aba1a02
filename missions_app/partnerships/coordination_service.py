"""Who coordinates: appointed where nobody does, handed over to another organisation only when both sides agree."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.models import User
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import NotFound
from missions_app.missions import mission_service
from missions_app.missions.errors import NotAMember
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.partnerships import checking, letters, partner_service, policy
from missions_app.partnerships.coordination_models import CoordinationOffer
from missions_app.partnerships.errors import OfferAnswered, OfferOpen


def appoint_or_offer(
    mission: Mission, *, organisation: Organisation, user: User, by: Actor, expected_version: int
) -> CoordinationOffer | None:
    """Let a person coordinate for an organisation. Where another organisation coordinates today it stays until the new
    one has accepted, and the offer is given back; else the person is appointed at once.

    Raises:
        NotAllowed, StaleVersion, NotAMember, OfferOpen, PartnershipClosed.
    """
    permit(policy.can_hand_over, by, mission)
    with db.transaction() as session:
        if mission.coordinator is None or mission.coordinator is organisation:
            mission_service.appoint_coordinator(
                mission, organisation=organisation, user=user, by=by, expected_version=expected_version
            )
            return None
        db.lock_row(mission)
        db.expect_version(mission, expected_version)
        partner_service.require_open(mission)
        if find_offer(mission) is not None:
            raise OfferOpen()
        if not mission_service.belongs_to(user, organisation):
            raise NotAMember(field="email", organisation=organisation.name)
        offer = CoordinationOffer(
            mission=mission, organisation=organisation, before=mission.coordinator, user=user, offered_at=clock.now(),
            offered_by_id=by.user_id,
        )  # fmt: skip
        session.add(offer)
        trail.record("mission.coordination_offered", mission, by=by, organisation=organisation.slug)
        letters.coordination_offered(mission, organisation, mission.coordinator, by)
        return offer


def answer(offer: CoordinationOffer, *, accept: bool, reason: str, by: Actor, expected_version: int) -> None:
    """The other organisation's yes or no. With a yes the role passes on: the person, the mission's coordinator, and the
    role in the partnership, which it joins if it was not in it. A no has a reason, and nothing changes.

    Raises:
        NotAllowed, StaleVersion, OfferAnswered, NotAMember (the person has left it), PartnershipClosed, InvalidInput.
    """
    permit(policy.can_speak_for, by, offer.organisation_id)
    with db.transaction():
        _lock(offer, expected_version)
        partner_service.require_open(offer.mission)
        if not accept:
            checking.refuse(checking.short_reason(reason, "reason"))
        offer.answered_at, offer.answered_by_id = clock.now(), by.user_id
        offer.accepted, offer.reason = accept, reason.strip()
        if accept:
            mission_service.put_coordinator(offer.mission, offer.organisation, offer.user, by=by)
            partner_service.pass_coordination_on(offer.mission, offer.before, offer.organisation, by=by)
        action = "mission.coordination_accepted" if accept else "mission.coordination_declined"
        trail.record(action, offer.mission, by=by, organisation=offer.organisation.slug, before=offer.before.slug)
        letters.coordination_answered(
            offer.mission, offer.organisation, offer.before, by, accepted=accept, reason=offer.reason
        )


def withdraw(offer: CoordinationOffer, *, by: Actor, expected_version: int) -> None:
    """Take an unanswered offer back.

    Raises:
        NotAllowed, StaleVersion, OfferAnswered.
    """
    permit(policy.can_hand_over, by, offer.mission)
    with db.transaction():
        _lock(offer, expected_version)
        offer.withdrawn_at = clock.now()
        trail.record("mission.coordination_withdrawn", offer.mission, by=by, organisation=offer.organisation.slug)


def find_offer(mission: Mission) -> CoordinationOffer | None:
    """The offer that waits for an answer, if there is one."""
    return db.session.scalars(_open().where(CoordinationOffer.mission_id == mission.id)).first()


def get_offer(mission: Mission) -> CoordinationOffer:
    """The offer that waits for an answer, or NotFound."""
    found = find_offer(mission)
    if found is None:
        raise NotFound()
    return found


def offers_to(organisation_ids: Collection[int]) -> Sequence[CoordinationOffer]:
    """The offers that wait for the answer of one of these organisations, oldest first."""
    return db.session.scalars(_open().where(CoordinationOffer.organisation_id.in_(organisation_ids))).all()


def _open() -> Select[CoordinationOffer]:
    return (
        select(CoordinationOffer)
        .where(CoordinationOffer.answered_at.is_(None), CoordinationOffer.withdrawn_at.is_(None))
        .options(joinedload(CoordinationOffer.mission), joinedload(CoordinationOffer.organisation))
        .order_by(CoordinationOffer.id)
    )


def _lock(offer: CoordinationOffer, expected_version: int) -> None:
    db.lock_row(offer)
    if offer.answered_at is not None or offer.withdrawn_at is not None:
        raise OfferAnswered()
    db.expect_version(offer, expected_version)
