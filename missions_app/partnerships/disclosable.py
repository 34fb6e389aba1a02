"""What of a partnership may be asked for: the promises of a mission, and what its partners offer to lend."""

from collections.abc import Sequence

from babel.numbers import format_decimal

from missions_app import db
from missions_app.documents.disclosure_service import Asked, Source
from missions_app.documents.models import Visibility
from missions_app.errors import NotFound
from missions_app.i18n import _, current_locale, money
from missions_app.missions import queries as missions
from missions_app.organisations import queries as organisations
from missions_app.organisations.models import Offer
from missions_app.partnerships import queries
from missions_app.partnerships.models import Commitment
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Journey

PROMISE, OFFER = "promise", "offer"


def promises() -> Source:
    """Promises, also those only offered."""
    return Source(_promises, _promise_fields)


def offers() -> Source:
    """What the partners of a mission lend."""
    return Source(_offers, _offer_fields)


def _promises(journey: Journey) -> Sequence[tuple[str, str]]:
    if journey.subject_kind != "mission":
        return []
    found = queries.commitments_of(missions.mission_of_journey(journey))
    return [(str(one.id), f"{one.partner.organisation.name}: {_kind(one)}") for one in found]


def _kind(one: Commitment) -> str:
    method = method_of(one.partner.mission.journey.method_version)
    return method.term("commitment_type", one.kind).label.in_(current_locale())


def _promise_fields(key: str) -> Sequence[Asked]:
    one = db.session.get(Commitment, int(key))
    if one is None:
        raise NotFound()
    is_claimed = one.visibility is Visibility.CLAIMED_SECRET
    quantity = "" if one.quantity is None else format_decimal(one.quantity, locale=current_locale())
    value = money(one.value_ore) if one.value_ore else ""
    return [
        Asked("kind", _("What"), _kind(one)),
        Asked("quantity", _("Quantity"), quantity),
        Asked("value", _("Value"), value),
        Asked("text", _("In words"), one.text, is_claimed, one.claim_reason),
        Asked("condition", _("Condition"), one.condition, is_claimed, one.claim_reason),
    ]


def _offers(journey: Journey) -> Sequence[tuple[str, str]]:
    if journey.subject_kind != "mission":
        return []
    partners = queries.partners_of(missions.mission_of_journey(journey))
    return [
        (str(offer.id), f"{one.organisation.name}: {_('something to lend')} {place}")
        for one in partners
        for place, offer in enumerate(organisations.offers_of(one.organisation), 1)
    ]


def _offer_fields(key: str) -> Sequence[Asked]:
    offer = db.session.get(Offer, int(key))
    if offer is None:
        raise NotFound()
    is_claimed = offer.visibility == Visibility.CLAIMED_SECRET.value
    return [
        Asked("text_sv", _("What they lend, in Swedish"), offer.text_sv, is_claimed, offer.claim_reason),
        Asked("text_en", _("What they lend, in English"), offer.text_en, is_claimed, offer.claim_reason),
    ]
