"""Where a case stands before a gate: the same list for the page, the API and the decision."""

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.errors import NotFound
from missions_app.workflow import engine
from missions_app.workflow.engine import CriterionStatus, Pinned, Standing, ValidWaiver
from missions_app.workflow.journey_records import JourneyRecords, records_of
from missions_app.workflow.method import Gate, Method, Outcome
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import (
    Attestation,
    Consultation,
    DecisionCondition,
    Evidence,
    GateDecision,
    GateRequest,
    Journey,
    Recommendation,
    StaleMark,
    Waiver,
)
from missions_app.workflow.subjects import Subject, facts_of

Owned = TypeVar("Owned", Consultation, GateDecision, Waiver)


@dataclass(frozen=True, slots=True)
class GateStanding:
    """Everything about one gate of one case.

    `criteria` is in the method's order. `decider` is a platform role or a body. `passed` is the decision that the
    pinned facts belong to, None while the gate has not been passed in the present round. `held` is a decision that is
    made but kept back. `looks` are fresh looks at what has turned out of date, by criterion.
    """

    gate: Gate
    method: Method
    facts: Mapping[str, Any]
    criteria: Sequence[CriterionStatus]
    decider: str
    escalated: bool
    is_open: bool
    request: GateRequest | None
    recommendation: Recommendation | None
    passed: GateDecision | None
    held: GateDecision | None
    looks: Mapping[str, StaleMark]

    @property
    def stale(self) -> list[CriterionStatus]:
        """Criteria that were met when the gate was passed and are not any more."""
        return [status for status in self.criteria if status.standing is Standing.STALE]

    @property
    def unanswered(self) -> list[CriterionStatus]:
        """Blocking criteria that are out of date and that nobody has looked at since."""
        return [status for status in self.stale if status.blocks and status.criterion.id not in self.looks]

    @property
    def blocking(self) -> list[CriterionStatus]:
        """Blocking criteria that neither are met nor validly waived."""
        return [status for status in self.criteria if status.blocks]


def standing(
    subject: Subject, gate_id: str, *, proposed_outcome: str | None = None, deciding: bool = False,
    offered: Mapping[str, Any] | None = None,
) -> GateStanding:  # fmt: skip
    """Judge every criterion of the gate on the facts of now, the waivers and what was pinned at passing.

    Args:
        proposed_outcome: the outcome somebody is about to choose; escalation may depend on it. Without it the
            open recommendation's outcome counts.
        deciding: the decider is deciding right now, so that "the board has decided" holds for this very decision.
        offered: the case's facts, where somebody has read them already.
    """
    journey = subject.journey
    method = method_of(journey.method_version)
    gate = method.find_gate(gate_id)
    if gate is None or gate.subject != journey.subject_kind:
        raise NotFound()
    records = records_of(journey)
    recommendation = next(iter(records.recommendations_for(gate_id)), None)
    outcome = proposed_outcome or (recommendation.outcome if recommendation else None)
    own: dict[str, Any] = {**_own_facts(records), "proposed_outcome": outcome}
    facts = ChainMap(own, facts_of(subject) if offered is None else offered)  # type: ignore[arg-type]
    facts["escalated"] = engine.escalated(gate, facts)
    decider = engine.decider(gate, facts)
    if deciding:
        now = {"gate": gate_id, "body": decider, "outcome": outcome, "date": facts["today"]}
        facts["decisions"] = [*facts["decisions"], now]
    passed = records.passing(gate)
    is_open = journey.state in gate.from_states
    criteria = engine.judge(
        gate, facts, method, waivers=_waivers(records), pinned=_pinned(passed) if passed and not is_open else {}
    )
    return GateStanding(
        gate=gate, method=method, facts=facts, criteria=criteria, decider=decider,
        escalated=bool(facts["escalated"]), is_open=is_open, request=records.request_for(gate_id),
        recommendation=recommendation, passed=passed, held=records.held_at(gate_id),
        looks={
            mark.criterion: mark
            for mark in (records.marks if passed else ())
            if mark.gate == gate_id and mark.looked_at is not None
        },
    )  # fmt: skip


def unanswered_before(subject: Subject, standing: GateStanding) -> list[CriterionStatus]:
    """What earlier decisions of the case rested on, that has changed, blocks, and is neither waived nor looked at."""
    journey = subject.journey
    return [
        status
        for gate in standing.method.gates_of(journey.subject_kind)
        if gate.id != standing.gate.id and passing_decision(journey, gate.id) is not None
        for status in _standing_behind(subject, gate, standing).unanswered
    ]


def _standing_behind(subject: Subject, gate: Gate, ahead: GateStanding) -> GateStanding:
    return standing(subject, gate.id, offered=ahead.facts)


def held_decisions() -> Sequence[GateDecision]:
    """Every decision that is made and kept back, oldest first."""
    return db.session.scalars(
        select(GateDecision)
        .where(GateDecision.published_at.is_(None))
        .options(joinedload(GateDecision.journey))
        .order_by(GateDecision.id)
    ).all()


def find_correction(decision: GateDecision) -> GateDecision | None:
    """The newer decision that corrects this one, if there is one."""
    return db.session.scalars(select(GateDecision).where(GateDecision.corrects_id == decision.id)).first()


def outcome_of(gate: Gate, outcome: str) -> Outcome:
    """The gate's outcome by id, or NotFound."""
    found = next((one for one in gate.outcomes if one.id == outcome), None)
    if found is None:
        raise NotFound(field="outcome")
    return found


def passing_decision(journey: Journey, gate_id: str) -> GateDecision | None:
    """The newest decision that let the case through this gate, unless the gate's stage was opened again after it."""
    gate = method_of(journey.method_version).find_gate(gate_id)
    return records_of(journey).passing(gate) if gate else None


def open_request(journey: Journey, gate_id: str) -> GateRequest | None:
    """The request that waits for an answer."""
    return records_of(journey).request_for(gate_id)


def open_recommendations(journey: Journey, gate_id: str) -> Sequence[Recommendation]:
    """Recommendations not yet decided on or replaced, newest first."""
    return records_of(journey).recommendations_for(gate_id)


def decisions_of(journey: Journey, gate_id: str | None = None) -> Sequence[GateDecision]:
    """Decisions of a case, newest first, those that are kept back included: filter by `policy.knows` before showing."""
    return [one for one in reversed(records_of(journey).decisions) if gate_id in (None, one.gate)]


def conditions_of(decision: GateDecision) -> Sequence[DecisionCondition]:
    """What a decision asks for: its own conditions, and those of the decisions that it corrects."""
    ids, older = [decision.id], decision.corrects_id
    while older is not None:
        ids.append(older)
        older = db.session.get_one(GateDecision, older).corrects_id
    return db.session.scalars(
        select(DecisionCondition).where(DecisionCondition.decision_id.in_(ids)).order_by(DecisionCondition.id)
    ).all()


def evidence_of(decision: GateDecision) -> Sequence[Evidence]:
    """What a decision rested on."""
    return db.session.scalars(select(Evidence).where(Evidence.decision_id == decision.id).order_by(Evidence.id)).all()


def attestations(journey: Journey, criterion_id: str | None = None, part: str | None = None) -> Sequence[Attestation]:
    """Attestations that have not been withdrawn."""
    return [
        one for one in records_of(journey).attestations
        if criterion_id in (None, one.criterion) and part in (None, one.part)
    ]  # fmt: skip


def consultations(journey: Journey) -> Sequence[Consultation]:
    """Consultations, oldest first."""
    return records_of(journey).consultations


def waivers(journey: Journey) -> Sequence[Waiver]:
    """Waivers that have not been revoked, newest last."""
    return records_of(journey).waivers


def valid_waivers(journey: Journey) -> list[Waiver]:
    """Waivers that hold today, newest first."""
    return records_of(journey).valid_waivers()


def stale_marks(journey: Journey) -> Sequence[StaleMark]:
    """What no longer stands under the decisions of a case, oldest first."""
    return records_of(journey).marks


def all_stale_marks() -> Sequence[StaleMark]:
    """Everything out of date that nobody has looked at, longest first."""
    return db.session.scalars(
        select(StaleMark)
        .where(StaleMark.cleared_at.is_(None), StaleMark.looked_at.is_(None))
        .options(joinedload(StaleMark.journey))
        .order_by(StaleMark.since, StaleMark.id)
    ).all()


def all_open_recommendations() -> Sequence[Recommendation]:
    """Every recommendation that waits for a decision, oldest first."""
    decided = select(GateDecision.recommendation_id).where(GateDecision.recommendation_id.is_not(None))
    return db.session.scalars(
        select(Recommendation)
        .where(Recommendation.superseded_at.is_(None), Recommendation.id.not_in(decided))
        .options(joinedload(Recommendation.journey))
        .order_by(Recommendation.id)
    ).all()


def all_open_requests() -> Sequence[GateRequest]:
    """Every request for a gate that waits for an answer, most pressing first."""
    return db.session.scalars(
        select(GateRequest)
        .where(GateRequest.answered_at.is_(None))
        .options(joinedload(GateRequest.journey))
        .order_by(GateRequest.due_on)
    ).all()


def open_consultations() -> Sequence[Consultation]:
    """Every question to a body that waits for an answer, most pressing first."""
    return db.session.scalars(
        select(Consultation)
        .where(Consultation.replied_at.is_(None))
        .options(joinedload(Consultation.journey))
        .order_by(Consultation.reply_by)
    ).all()


def open_conditions() -> Sequence[DecisionCondition]:
    """Everything that decisions ask for and that is not done, most pressing first."""
    return db.session.scalars(
        select(DecisionCondition)
        .join(DecisionCondition.decision)
        .where(DecisionCondition.done_at.is_(None), GateDecision.published_at.is_not(None))
        .options(joinedload(DecisionCondition.decision).joinedload(GateDecision.journey))
        .order_by(DecisionCondition.due_on)
    ).all()


def _waivers(records: JourneyRecords) -> dict[str, ValidWaiver]:
    return {
        waiver.criterion: ValidWaiver(waiver.id, waiver.reason, waiver.waived_as, waiver.waived_at, waiver.expires_on)
        for waiver in reversed(records.valid_waivers())
    }


def _pinned(decision: GateDecision) -> dict[str, Pinned]:
    return {
        evidence.criterion: Pinned(evidence.status, evidence.facts, evidence.frozen_at)
        for evidence in evidence_of(decision)
    }


def _own_facts(records: JourneyRecords) -> dict[str, Any]:
    """The facts the engine itself keeps: attestations, consultations, decisions, the date."""
    return {
        "today": clock.today().isoformat(),
        "attestations": [
            {"criterion": a.criterion, "role": a.role, "part": a.part, "text": a.text, "by": a.attested_by_id}
            for a in records.attestations
        ],
        "consultations": [
            {"body": c.body, "asked_on": c.asked_on.isoformat(), "reply_by": c.reply_by.isoformat(),
             "replied": c.replied_at is not None}
            for c in records.consultations
        ],
        "decisions": [
            {"gate": d.gate, "body": d.decided_as, "outcome": d.outcome, "date": d.decided_on.isoformat()}
            for d in reversed(records.decisions)
            if d.published_at is not None
        ],
    }  # fmt: skip


def get_consultation(journey: Journey, consultation_id: int) -> Consultation:
    """One consultation of a case, or NotFound."""
    return _own(db.session.get(Consultation, consultation_id), journey)


def get_decision(journey: Journey, decision_id: int) -> GateDecision:
    """One decision of a case, or NotFound."""
    return _own(db.session.get(GateDecision, decision_id), journey)


def get_waiver(journey: Journey, waiver_id: int) -> Waiver:
    """One waiver of a case, or NotFound."""
    return _own(db.session.get(Waiver, waiver_id), journey)


def get_condition(journey: Journey, condition_id: int) -> DecisionCondition:
    """One condition of a decision of a case, or NotFound."""
    condition = db.session.get(DecisionCondition, condition_id)
    if condition is None or condition.decision.journey_id != journey.id:
        raise NotFound()
    return condition


def _own(found: Owned | None, journey: Journey) -> Owned:
    if found is None or found.journey_id != journey.id:
        raise NotFound()
    return found
