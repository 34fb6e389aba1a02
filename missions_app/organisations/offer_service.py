"""What organisations are ready to lend: made, worded anew, taken back."""

from dataclasses import dataclass
from datetime import date

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.organisations import policy
from missions_app.organisations.models import Offer, OfferKind, Organisation
from missions_app.secrecy.masking import Visibility
from missions_app.workflow.method_service import method_in_force

CHOOSE = N_("Choose one of the alternatives.")
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class OfferContent:
    """An offer as written. peak and visibility are the method's; claim_reason says why it should be kept secret."""

    kind: OfferKind
    text_sv: str
    text_en: str = ""
    peak: str = ""
    available_from: date | None = None
    available_until: date | None = None
    visibility: str = Visibility.PUBLIC.value
    claim_reason: str = ""


def add_offer(organisation: Organisation, content: OfferContent, *, by: Actor) -> Offer:
    """Say what the organisation can lend.

    Raises:
        NotAllowed, InvalidInput (every problem).
    """
    permit(policy.can_edit_organisation, by, organisation)
    with db.transaction() as session:
        offer = Offer(organisation=organisation, made_at=clock.now())
        _write(offer, content)
        session.add(offer)
        trail.record("organisation.offer_made", organisation, by=by, kind=content.kind.value)
        return offer


def edit_offer(offer: Offer, content: OfferContent, *, by: Actor, expected_version: int) -> None:
    """Word an offer anew.

    Raises:
        NotAllowed, StaleVersion, InvalidInput.
    """
    permit(policy.can_edit_organisation, by, offer.organisation)
    with db.transaction():
        db.expect_version(offer, expected_version)
        _write(offer, content)
        trail.record("organisation.offer_edited", offer.organisation, by=by, offer=offer.id)


def withdraw_offer(offer: Offer, *, by: Actor, expected_version: int) -> None:
    """The organisation can no longer lend it."""
    permit(policy.can_edit_organisation, by, offer.organisation)
    with db.transaction():
        db.expect_version(offer, expected_version)
        offer.withdrawn_at = clock.now()
        trail.record("organisation.offer_withdrawn", offer.organisation, by=by, offer=offer.id)


def _write(offer: Offer, content: OfferContent) -> None:
    method = method_in_force()
    problems = [
        Problem("unknown_choice", CHOOSE, name)
        for name, vocabulary, value in (
            ("peak", "peak", content.peak), ("visibility", "visibility", content.visibility)
        )
        if value and method.find_term(vocabulary, value) is None
    ]  # fmt: skip
    if not content.text_sv.strip():
        problems.append(Problem("missing", N_("Say what you can lend."), "text_sv"))
    problems += [
        Problem("too_long", N_("Use at most %(most)d characters."), name, {"most": LONGEST})
        for name in ("text_sv", "text_en", "claim_reason")
        if len(getattr(content, name)) > LONGEST
    ]
    if content.available_from and content.available_until and content.available_from > content.available_until:
        text = N_("The last day comes before the first. Choose a later last day.")
        problems.append(Problem("period_reversed", text, "available_until"))
    is_claimed = content.visibility == Visibility.CONFIDENTIAL_CLAIM
    if is_claimed and not content.claim_reason.strip():
        text = N_("Say why it should be kept secret: what harm would come of showing it.")
        problems.append(Problem("claim_without_reason", text, "claim_reason"))
    if problems:
        raise InvalidInput.of(problems)
    offer.kind, offer.peak, offer.visibility = content.kind, content.peak, content.visibility or "public"
    offer.text_sv, offer.text_en = content.text_sv.strip(), content.text_en.strip()
    offer.available_from, offer.available_until = content.available_from, content.available_until
    offer.claim_reason = content.claim_reason.strip() if is_claimed else ""
