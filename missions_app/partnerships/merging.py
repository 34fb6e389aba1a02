"""What becomes of an organisation's places, promises and signatures when its entry is merged into another's.

Its history stays under its own name: places that were left before are not touched.
"""

from typing import Any

from sqlalchemy import select, update

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.audit import trail
from missions_app.documents.document_service import organisation_party
from missions_app.documents.models import Signature
from missions_app.i18n import N_
from missions_app.organisations.models import Organisation
from missions_app.partnerships import queries
from missions_app.partnerships.models import (
    AgreementParty,
    AgreementVersion,
    Commitment,
    HoursLog,
    Invitation,
    Partner,
    PartnerState,
    StateAidAssessment,
)

# From the furthest.
FURTHEST = (PartnerState.COMMITTED, PartnerState.INVITED, PartnerState.INTERESTED, PartnerState.LEFT)
FOLLOWS: tuple[Any, ...] = (Commitment, HoursLog, StateAidAssessment, Invitation)
MERGED = N_("The same organisation had been entered twice. It goes on under its other entry.")


def move_places(organisation: Organisation, other: Organisation, by: Actor) -> None:
    """Every living place passes to the other; where it has one in the same mission the two become one."""
    places = db.session.scalars(
        select(Partner).where(Partner.organisation_id == organisation.id, Partner.state != PartnerState.LEFT)
    ).all()
    for place in places:
        known = queries.find_partner(place.mission, other)
        if known is None:
            place.organisation = other
        else:
            _join(place, known)
        trail.record(
            "partner.merged", place.mission, by=by, organisation=organisation.slug, into=other.slug,
            joined=known is not None,
        )  # fmt: skip


def move_parties(organisation: Organisation, other: Organisation, _by: Actor) -> None:
    """It is a party to its agreements as the other, and what it has signed stays signed: who, when, with which
    authority and which text are as they were."""
    parties = db.session.scalars(select(AgreementParty).where(AgreementParty.organisation_id == organisation.id)).all()
    old, new = organisation_party(organisation.id), organisation_party(other.id)
    for party in parties:
        documents = select(AgreementVersion.document_id).where(AgreementVersion.agreement_id == party.agreement_id)
        signatures = db.session.scalars(select(Signature).where(Signature.document_id.in_(documents))).all()
        given = {(one.document_id, one.checksum) for one in signatures if one.party == new}
        for signature in signatures:
            if signature.party == old and (signature.document_id, signature.checksum) not in given:
                signature.party = new
        if any(one.organisation_id == other.id for one in party.agreement.parties):
            party.agreement.parties.remove(party)
            db.session.delete(party)
        else:
            party.organisation = other


def _join(place: Partner, known: Partner) -> None:
    """One place of two: the state of whichever had come further, the roles of both, everything promised and brought."""
    for kind in FOLLOWS:
        db.session.execute(update(kind).where(kind.partner_id == place.id).values(partner_id=known.id))
    if FURTHEST.index(place.state) < FURTHEST.index(known.state):
        if known.state is PartnerState.LEFT:
            known.roles, known.left_at, known.left_because = [], None, ""
        known.state, known.since, known.invited_until = place.state, place.since, place.invited_until
    known.roles = list(dict.fromkeys([*known.roles, *place.roles]))
    known.is_undertaking = known.is_undertaking or place.is_undertaking
    known.receives_benefit = known.receives_benefit or place.receives_benefit
    known.is_newcomer = known.is_newcomer and place.is_newcomer
    place.state, place.left_because, place.left_at, place.roles = PartnerState.LEFT, MERGED, clock.now(), []
