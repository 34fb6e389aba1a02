"""Trying a gate: asking, vouching, consulting, waiving, recommending and deciding."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from missions_app import clock, db
from missions_app.accounts.actor import Actor, Scope
from missions_app.audit import trail
from missions_app.calendar_days import add_working_days
from missions_app.errors import NotFound
from missions_app.events import announce
from missions_app.workflow import gate_queries, journey_service, pinning, subjects
from missions_app.workflow.errors import (
    DifferenceUnexplained,
    GateHolds,
    NotWaivable,
    ReasonMissing,
    RecommendationMissing,
    SamePerson,
    TooShort,
    WaiverExpired,
    WrongRole,
    WrongState,
)
from missions_app.workflow.events import GateDecided, GateRequested
from missions_app.workflow.gate_queries import GateStanding
from missions_app.workflow.method import Criterion, Gate, Method
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import (
    Attestation,
    Consultation,
    DecisionCondition,
    GateDecision,
    GateRequest,
    Recommendation,
    Waiver,
)
from missions_app.workflow.rights import acts_as, acts_as_any
from missions_app.workflow.subjects import Subject, scopes_of

LEAST_REASON = 20
CONSULTATION_BODY_ROLE = "body_member"


@dataclass(frozen=True, slots=True)
class Condition:
    """What a decision asks for: the text, whose it is, and by which day (None: no day)."""

    text: str
    owner: str
    due_on: date | None = None


def request_gate(subject: Subject, gate_id: str, *, by: Actor, expected_version: int | None = None,
                 note: str = "") -> GateRequest:  # fmt: skip
    """Ask for the gate to be tried; the answer is due after its reply days. Asking again gives the open request."""
    with db.transaction() as session:
        gate, method = _open_gate(subject, gate_id, expected_version)
        _require(by, gate.requested_by, subject, method)
        pending = gate_queries.open_request(subject.journey, gate_id)
        if pending is not None:
            return pending
        request = GateRequest(
            journey_id=subject.journey.id, gate=gate_id, requested_by_id=by.user_id, requested_at=clock.now(),
            due_on=add_working_days(clock.today(), 0) + timedelta(days=gate.reply_days), note=note.strip(),
        )  # fmt: skip
        session.add(request)
        trail.record("gate.requested", subject, by=by, gate=gate_id)
        announce(GateRequested(subject, request, by))
        return request


def recommend(subject: Subject, gate_id: str, *, outcome: str, reasons: str, by: Actor,
              expected_version: int | None = None) -> Recommendation:  # fmt: skip
    """Propose an outcome to the decider; a newer recommendation takes the older one's place.

    Raises:
        WrongState, WrongRole, TooShort, NotFound (unknown outcome), StaleVersion.
    """
    with db.transaction() as session:
        gate, method = _open_gate(subject, gate_id, expected_version)
        role = _require(by, gate.recommended_by, subject, method)
        gate_queries.outcome_of(gate, outcome)
        _long_enough(reasons, "reasons")
        for older in gate_queries.open_recommendations(subject.journey, gate_id):
            older.superseded_at = clock.now()
        recommendation = Recommendation(
            journey_id=subject.journey.id, gate=gate_id, outcome=outcome, reasons=reasons.strip(),
            recommended_by_id=by.user_id, recommended_at=clock.now(),
        )  # fmt: skip
        session.add(recommendation)
        trail.record("gate.recommended", subject, by=by, role=role, gate=gate_id, outcome=outcome)
        return recommendation


def decide(
    subject: Subject, gate_id: str, *, outcome: str, reasons: str, by: Actor, expected_version: int | None = None,
    decided_on: date | None = None, registry_number: str = "", differs_because: str = "",
    conditions: Sequence[Condition] = (), publish: bool = True,
) -> GateDecision:  # fmt: skip
    """Decide a gate. The case moves, the facts are pinned and the outcome's effects run, all or nothing.

    Args:
        outcome: one of the gate's outcomes; those that need it are refused while blocking criteria do not stand.
        reasons: for those concerned; at least 20 characters.
        differs_because: needed when the outcome is not the recommended one.
        publish: False keeps the decision from the public until it is published.

    Raises:
        WrongState, WrongRole, SamePerson, RecommendationMissing, DifferenceUnexplained, TooShort, GateHolds,
        StaleVersion.
    """
    with db.transaction() as session:
        gate, method = _open_gate(subject, gate_id, expected_version)
        chosen = gate_queries.outcome_of(gate, outcome)
        standing = gate_queries.standing(subject, gate_id, proposed_outcome=outcome, deciding=True)
        role = _require(by, [standing.decider], subject, method)
        recommendation = standing.recommendation
        if recommendation is None:
            raise RecommendationMissing()
        if recommendation.recommended_by_id == by.user_id:
            raise SamePerson()
        _long_enough(reasons, "reasons")
        if recommendation.outcome != outcome and not differs_because.strip():
            raise DifferenceUnexplained(field="differs_because")
        if chosen.needs_all and standing.blocking:
            raise GateHolds(criteria=[status.criterion.label for status in standing.blocking])
        decision = GateDecision(
            journey_id=subject.journey.id, gate=gate_id, outcome=outcome, reasons=reasons.strip(),
            decided_by_id=by.user_id, decided_as=standing.decider, decided_on=decided_on or clock.today(),
            recorded_at=clock.now(), registry_number=registry_number.strip(), recommendation=recommendation,
            differs_because=differs_because.strip(), published_at=clock.now() if publish else None,
        )  # fmt: skip
        session.add(decision)
        session.flush()
        session.add_all(
            DecisionCondition(decision_id=decision.id, text=one.text, owner=one.owner, due_on=one.due_on)
            for one in conditions
        )
        recommendation.superseded_at = clock.now()
        pinning.pin(decision, standing)
        pinning.clear_marks(subject.journey, gate_id)
        _answer_request(standing)
        trail.record("gate.decided", subject, by=by, role=role, gate=gate_id, outcome=outcome, decision=decision.id)
        if chosen.to != subject.journey.state:
            journey_service.enter(
                subject, chosen.to, by_move=f"{gate_id}.{outcome}", reason=reasons.strip(), by=by, role=role
            )
        announce(GateDecided(subject, decision, by))
        for effect in chosen.triggers:
            subjects.effect(effect)(subject, decision, by)
        return decision


def publish_decision(decision: GateDecision, *, subject: Subject, by: Actor) -> None:
    """Let the public see a decision that was kept back."""
    with db.transaction():
        method = method_of(subject.journey.method_version)
        _require(by, ["secretariat"], subject, method)
        if decision.published_at is None:
            decision.published_at = clock.now()
            trail.record("gate.published", subject, by=by, gate=decision.gate, decision=decision.id)


def waive(subject: Subject, criterion_id: str, *, reason: str, expires_on: date, by: Actor,
          expected_version: int | None = None) -> Waiver:  # fmt: skip
    """Set a criterion aside until a day, with a reason that everybody reads.

    Raises:
        NotWaivable, TooShort, WaiverExpired, StaleVersion.
    """
    with db.transaction() as session:
        journey = journey_service.lock(subject.journey)
        method = method_of(journey.method_version)
        criterion = _criterion(method, criterion_id)
        db.expect_version(journey, expected_version)
        if criterion.waivable_by == "none" or not acts_as(by, criterion.waivable_by, scopes_of(subject), method):
            raise NotWaivable()
        _long_enough(reason, "reason")
        if expires_on <= clock.today():
            raise WaiverExpired(field="expires_on")
        waiver = Waiver(
            journey_id=journey.id, criterion=criterion_id, reason=reason.strip(), waived_by_id=by.user_id,
            waived_as=criterion.waivable_by, waived_at=clock.now(), expires_on=expires_on,
        )  # fmt: skip
        session.add(waiver)
        trail.record("criterion.waived", subject, by=by, criterion=criterion_id, until=expires_on.isoformat())
        return waiver


def revoke_waiver(waiver: Waiver, *, subject: Subject, by: Actor) -> None:
    """Take a waiver back; the criterion is judged on its facts again."""
    with db.transaction():
        method = method_of(subject.journey.method_version)
        if not acts_as(by, waiver.waived_as, scopes_of(subject), method):
            raise NotWaivable()
        waiver.revoked_at = clock.now()
        trail.record("criterion.waiver_revoked", subject, by=by, criterion=waiver.criterion)


def attest(subject: Subject, criterion_id: str, *, text: str, by: Actor, part: str = "") -> Attestation:
    """Vouch in words for what the records cannot show, in the role the criterion names.

    Args:
        part: where several each vouch for their own part, whose (a site's id); else "".
    """
    with db.transaction() as session:
        journey = journey_service.lock(subject.journey)
        method = method_of(journey.method_version)
        criterion = _criterion(method, criterion_id)
        if criterion.check != "attest":
            raise NotFound()
        role = _require(by, [criterion.params["role"]], subject, method)
        if part and not by.is_system and not by.has(role, Scope("site", part)):
            raise WrongRole(who=[method.who(role)])
        least = int(criterion.params["min"])
        if len(text.strip()) < least:
            raise TooShort(field="text", least=least)
        for older in gate_queries.attestations(journey, criterion_id, part):
            older.withdrawn_at = clock.now()
        attestation = Attestation(
            journey_id=journey.id, criterion=criterion_id, role=role, part=part, text=text.strip(),
            attested_by_id=by.user_id, attested_at=clock.now(),
        )  # fmt: skip
        session.add(attestation)
        trail.record("criterion.attested", subject, by=by, role=role, criterion=criterion_id)
        return attestation


def consult(subject: Subject, body: str, *, question: str, days: int, by: Actor) -> Consultation:
    """Ask a body for its view, to be given within `days` days."""
    with db.transaction() as session:
        method = method_of(subject.journey.method_version)
        _require(by, ["secretariat"], subject, method)
        if body not in method.body_ids:
            raise NotFound()
        _long_enough(question, "question")
        consultation = Consultation(
            journey_id=subject.journey.id, body=body, question=question.strip(), asked_on=clock.today(),
            reply_by=clock.today() + timedelta(days=days),
        )  # fmt: skip
        session.add(consultation)
        trail.record("consultation.asked", subject, by=by, body=body)
        return consultation


def reply(consultation: Consultation, *, subject: Subject, text: str, by: Actor,
          expected_version: int | None = None) -> None:  # fmt: skip
    """Give the body's view; a member of the body writes it."""
    with db.transaction():
        method = method_of(subject.journey.method_version)
        db.expect_version(consultation, expected_version)
        _require(by, [consultation.body], subject, method)
        _long_enough(text, "text")
        consultation.reply, consultation.replied_at = text.strip(), clock.now()
        consultation.replied_by_id = by.user_id
        trail.record("consultation.answered", subject, by=by, body=consultation.body)


def complete_condition(condition: DecisionCondition, *, subject: Subject, by: Actor) -> None:
    """Tick off what a decision asked for."""
    with db.transaction():
        method = method_of(subject.journey.method_version)
        _require(by, ["secretariat", "coordinator"], subject, method)
        condition.done_at = clock.now()
        trail.record("condition.done", subject, by=by, condition=condition.id)


def _open_gate(subject: Subject, gate_id: str, expected_version: int | None) -> tuple[Gate, Method]:
    journey = journey_service.lock(subject.journey)
    method = method_of(journey.method_version)
    gate = method.find_gate(gate_id)
    if gate is None or gate.subject != journey.subject_kind:
        raise NotFound()
    if journey.state not in gate.from_states:
        raise WrongState(reference=subject.reference, state=method.state(journey.subject_kind, journey.state).label)
    db.expect_version(journey, expected_version)
    return gate, method


def _require(by: Actor, who: Sequence[str], subject: Subject, method: Method) -> str:
    if by.is_system:
        return "system"
    role = acts_as_any(by, who, scopes_of(subject), method)
    if role is None:
        raise WrongRole(who=[method.who(one) for one in who])
    return role


def _criterion(method: Method, criterion_id: str) -> Criterion:
    criterion = method.find_criterion(criterion_id)
    if criterion is None:
        raise NotFound()
    return criterion


def _long_enough(text: str, field: str) -> None:
    if not text.strip():
        raise ReasonMissing(field=field)
    if len(text.strip()) < LEAST_REASON:
        raise TooShort(field=field, least=LEAST_REASON)


def _answer_request(standing: GateStanding) -> None:
    if standing.request is not None:
        standing.request.answered_at = clock.now()
