"""Promises: made, changed, confirmed each year, kept part by part, taken back."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm.attributes import flag_modified

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.documents.models import Visibility
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.missions.models import Mission
from missions_app.partnerships import checking, policy, queries, rules
from missions_app.partnerships.errors import HasLeft, LessThanKept, NotJoinedYet, TooMuch, TooMuchMoney, WrongStep
from missions_app.partnerships.models import (
    Commitment,
    CommitmentState,
    Delivery,
    Need,
    Partner,
    PartnerState,
)
from missions_app.partnerships.partner_service import require_open
from missions_app.workflow.method_parts import CommitmentType
from missions_app.workflow.method_service import method_of

OPEN = (CommitmentState.OFFERED, CommitmentState.COMMITTED)


@dataclass(frozen=True, slots=True)
class PromiseContent:
    """A promise as written.

    quantity: in the kind's unit. rate_ore: what one unit is worth; with it the value is worked out. value_ore: what all
    of it is worth, 0 where it has no price. claim_reason: why its words should be kept secret, where that is asked for.
    """

    kind: str
    text: str = ""
    quantity: float | None = None
    rate_ore: int | None = None
    value_ore: int = 0
    period_from: date | None = None
    period_until: date | None = None
    condition: str = ""
    visibility: Visibility = Visibility.PARTNERS
    claim_reason: str = ""


def promise(partner: Partner, content: PromiseContent, *, by: Actor, need: Need | None = None) -> Commitment:
    """What a partner promises. A committed partner's promise counts at once, others' are offers.

    Raises:
        NotAllowed, HasLeft, PartnershipClosed, InvalidInput (every problem).
    """
    permit(policy.can_change_partner, by, partner)
    with db.transaction() as session:
        require_open(partner.mission)
        if partner.state is PartnerState.LEFT:
            raise HasLeft(organisation=partner.organisation.name)
        state = CommitmentState.COMMITTED if partner.state is PartnerState.COMMITTED else CommitmentState.OFFERED
        commitment = Commitment(partner=partner, state=state, made_at=clock.now())
        _write(commitment, content, need)
        session.add(commitment)
        trail.record(
            "commitment.made", partner.mission, by=by, kind=content.kind, organisation=partner.organisation.slug
        )
        return commitment


def edit_promise(
    commitment: Commitment, content: PromiseContent, *, by: Actor, expected_version: int, need: Need | None = None
) -> None:
    """Change a promise that has not been kept or taken back. Its words stay as they are where they are claimed as
    secret and not the writer's to read.

    Raises:
        NotAllowed, StaleVersion, WrongStep, LessThanKept, InvalidInput.
    """
    permit(policy.can_change_partner, by, commitment.partner)
    with db.transaction():
        db.lock_row(commitment)
        db.expect_version(commitment, expected_version)
        if commitment.state not in OPEN:
            raise WrongStep()
        before = commitment.value_ore
        _write(commitment, content if policy.can_read_words(by, commitment) else _unread(content, commitment), need)
        delivered = rules.delivered(commitment.deliveries)
        if commitment.quantity is not None and delivered.quantity > commitment.quantity:
            raise LessThanKept(field="quantity", kept=delivered.quantity)
        if delivered.value_ore > commitment.value_ore:
            raise LessThanKept(field="value", kept=delivered.value_ore / 100)
        trail.record(
            "commitment.edited", commitment.partner.mission, by=by, commitment=commitment.id, value_before_ore=before,
            value_ore=commitment.value_ore,
        )  # fmt: skip


def confirm_promise(commitment: Commitment, *, by: Actor, expected_version: int) -> None:
    """Say that a promise still holds; an offer becomes a promise once the organisation has joined."""
    permit(_can_confirm, by, commitment)
    with db.transaction():
        db.lock_row(commitment)
        db.expect_version(commitment, expected_version)
        if commitment.state not in OPEN:
            raise WrongStep()
        if commitment.partner.state is PartnerState.COMMITTED:
            commitment.state = CommitmentState.COMMITTED
        commitment.confirmed_on = clock.today()
        trail.record("commitment.confirmed", commitment.partner.mission, by=by, commitment=commitment.id)


def deliver(
    commitment: Commitment,
    *,
    quantity: float | None,
    value_ore: int | None,
    delivered_on: date,
    source: str,
    by: Actor,
    expected_version: int,
    more: bool = False,
) -> Delivery:
    """Note that part of a promise was kept. When nothing is left of it, the promise is kept as a whole.

    Args:
        quantity: in the kind's unit; None where the promise has none. value_ore: None works it out from the promise.
        source: what shows it (a time sheet, a booking, an invoice). more: what is beyond the promise is noted as such;
            otherwise it is refused.

    Raises:
        NotAllowed, StaleVersion, WrongStep, TooMuch, InvalidInput.
    """
    permit(policy.can_change_partner, by, commitment.partner)
    with db.transaction() as session:
        db.lock_row(commitment)
        db.expect_version(commitment, expected_version)
        if commitment.state is not CommitmentState.COMMITTED:
            raise WrongStep()
        _check_delivery(commitment, quantity, value_ore, delivered_on)
        part = rules.part_of(rules.Sum(commitment.quantity or 0.0, commitment.value_ore), quantity, value_ore)
        left = rules.left_of(commitment.quantity, commitment.value_ore, commitment.deliveries)
        over = rules.beyond(part, left, has_quantity=commitment.quantity is not None)
        if (over.quantity or over.value_ore) and not more:
            raise _too_much(commitment, left)
        kept = rules.Sum(part.quantity - over.quantity, part.value_ore - over.value_ore)
        parts = [(kept, False)] + ([(over, True)] if over.quantity or over.value_ore else [])
        for amount, is_extra in parts:
            delivery = Delivery(
                commitment=commitment, quantity=amount.quantity if quantity is not None else None,
                value_ore=amount.value_ore, delivered_on=delivered_on, source=source.strip(), is_extra=is_extra,
                noted_at=clock.now(), noted_by_id=by.user_id,
            )  # fmt: skip
            session.add(delivery)
        if rules.is_kept(commitment.quantity, commitment.value_ore, commitment.deliveries):
            commitment.state = CommitmentState.DELIVERED
        flag_modified(commitment, "state")  # a new version, also when the state stays
        trail.record("commitment.delivered", commitment.partner.mission, by=by, commitment=commitment.id,
                     organisation=commitment.partner.organisation.slug, value_ore=part.value_ore)  # fmt: skip
        return delivery


def change_commitment(commitment: Commitment, state: CommitmentState, *, by: Actor, expected_version: int) -> None:
    """A promise is made for real, kept as a whole, or taken back. What is only offered is not kept: who has not joined
    can take it back, and no more.

    Raises:
        NotAllowed, StaleVersion, WrongStep, NotJoinedYet.
    """
    permit(policy.can_change_partner, by, commitment.partner)
    with db.transaction() as session:
        db.lock_row(commitment)
        db.expect_version(commitment, expected_version)
        if commitment.state not in OPEN or state is CommitmentState.OFFERED:
            raise WrongStep()
        if commitment.partner.state is not PartnerState.COMMITTED and state is not CommitmentState.WITHDRAWN:
            raise NotJoinedYet(organisation=commitment.partner.organisation.name)
        if state is CommitmentState.DELIVERED:
            left = rules.left_of(commitment.quantity, commitment.value_ore, commitment.deliveries)
            session.add(
                Delivery(
                    commitment=commitment, quantity=left.quantity or None, value_ore=left.value_ore,
                    delivered_on=clock.today(), noted_at=clock.now(), noted_by_id=by.user_id,
                )
            )  # fmt: skip
        before, commitment.state = commitment.state, state
        trail.record("commitment.changed", commitment.partner.mission, by=by, from_state=before.value,
                     to_state=state.value, organisation=commitment.partner.organisation.slug)  # fmt: skip


def close_commitments(mission: Mission, _decision: object, by: Actor) -> None:
    """After a mission has stopped: promises not kept are withdrawn. An effect of the decision."""
    closing = [one for one in queries.commitments_of(mission) if one.state in OPEN]
    for commitment in closing:
        commitment.state = CommitmentState.WITHDRAWN
    trail.record("commitments.closed", mission, by=by, number=len(closing))


def _can_confirm(actor: Actor, commitment: Commitment) -> bool:
    return policy.can_speak_for(actor, commitment.partner.organisation_id)


def _write(commitment: Commitment, content: PromiseContent, need: Need | None) -> None:
    method = method_of(commitment.partner.mission.journey.method_version)
    problems = checking.unknown(method, [("kind", "commitment_type", content.kind)])
    problems += _wrong_amounts(content, method.find_term("commitment_type", content.kind))
    if content.visibility is Visibility.CLAIMED_SECRET and not content.claim_reason.strip():
        text = N_("Say why it should be kept secret: what harm would come of showing it.")
        problems.append(Problem("claim_without_reason", text, "claim_reason"))
    problems += checking.reversed_period(content.period_from, content.period_until, "period_until")
    checking.refuse(problems)
    commitment.kind, commitment.text, commitment.condition = (
        content.kind,
        content.text.strip(),
        content.condition.strip(),
    )
    commitment.quantity, commitment.rate_ore = content.quantity, content.rate_ore
    commitment.value_ore = content.value_ore or rules.worked_out(content.quantity, content.rate_ore)
    commitment.period_from, commitment.period_until = content.period_from, content.period_until
    commitment.visibility, commitment.need = content.visibility, need
    is_claimed = content.visibility is Visibility.CLAIMED_SECRET
    commitment.claim_reason = content.claim_reason.strip() if is_claimed else ""


def _wrong_amounts(content: PromiseContent, kind: object) -> list[Problem]:
    """Money is promised in kronor, and what is counted at a rate in its unit; the two say the same when both stand."""
    problems = checking.wrong_amount(content.value_ore, "value") + checking.wrong_amount(content.rate_ore or 0, "rate")
    if content.quantity is not None and not 0 < content.quantity <= checking.MOST:
        problems.append(Problem("not_positive", N_("Write a quantity above zero."), "quantity"))
    if problems or not isinstance(kind, CommitmentType):
        return problems
    worked_out = rules.worked_out(content.quantity, content.rate_ore)
    if kind.monetary and not (content.value_ore or worked_out):
        problems.append(Problem("not_positive", N_("Write an amount above zero."), "value"))
    if kind.rate_note and content.quantity is None:
        problems.append(Problem("missing", N_("Write how much is promised."), "quantity"))
    if content.value_ore and worked_out and content.value_ore != worked_out:
        text = N_(
            "Quantity times the value of one is %(amount)s kr. Leave the whole value empty, or change one of them."
        )
        problems.append(Problem("value_differs", text, "value", {"amount": worked_out / 100}))
    return problems + checking.wrong_amount(worked_out, "rate")


def _unread(content: PromiseContent, commitment: Commitment) -> PromiseContent:
    """The content with the words that the writer has not seen."""
    return replace(
        content, text=commitment.text, condition=commitment.condition, visibility=commitment.visibility,
        claim_reason=commitment.claim_reason,
    )  # fmt: skip


def _check_delivery(commitment: Commitment, quantity: float | None, value_ore: int | None, delivered_on: date) -> None:
    problems = []
    if commitment.quantity is not None and (quantity is None or quantity <= 0):
        problems.append(Problem("not_positive", N_("Write a quantity above zero."), "quantity"))
    if commitment.quantity is None and not value_ore:
        problems.append(Problem("not_positive", N_("Write an amount above zero."), "value"))
    if value_ore is not None and value_ore < 0:
        problems.append(Problem("negative", N_("The value cannot be negative."), "value"))
    if delivered_on > clock.today():
        problems.append(Problem("in_the_future", N_("Choose today or an earlier day."), "delivered_on"))
    checking.refuse(problems)


def _too_much(commitment: Commitment, left: rules.Sum) -> TooMuch:
    if commitment.quantity is None:
        return TooMuchMoney(field="value", left=left.value_ore / 100)
    return TooMuch(field="quantity", left=left.quantity)
