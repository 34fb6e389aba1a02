"""Deciding a gate, now or kept back until a day; publishing; and correcting a decision by a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM, Actor
from missions_app.audit import trail
from missions_app.events import announce
from missions_app.workflow import gate_queries, journey_service, pinning, recusal, subjects
from missions_app.workflow.condition_service import name_of_owner
from missions_app.workflow.errors import (
    AlreadyCorrected,
    DecisionWaits,
    DifferenceUnexplained,
    GateHolds,
    InterestsUndeclared,
    NothingCorrected,
    NotYetPublished,
    PublishedInThePast,
    RecommendationMissing,
    SamePerson,
    StaleBefore,
)
from missions_app.workflow.events import GateDecided
from missions_app.workflow.gate_doors import long_enough, open_gate, require
from missions_app.workflow.gate_queries import GateStanding
from missions_app.workflow.meeting import Meeting, check_meeting, meeting_of
from missions_app.workflow.method import Outcome
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import DecisionCondition, Evidence, GateDecision, Recommendation
from missions_app.workflow.subjects import Subject, subject_of

SECRETARIAT = ("secretariat",)


@dataclass(frozen=True, slots=True)
class Condition:
    """What a decision asks for: the text, whose it is, and by which day (None: no day).

    owner_ref names one of `owners.owners_of` the case; with "" the owner is the words in `owner` alone.
    """

    text: str
    owner: str = ""
    due_on: date | None = None
    owner_ref: str = ""


def decide(
    subject: Subject, gate_id: str, *, outcome: str, reasons: str, by: Actor, declared: bool,
    expected_version: int | None = None, decided_on: date | None = None, registry_number: str = "",
    differs_because: str = "", conditions: Sequence[Condition] = (), publish: bool = True,
    publish_on: date | None = None, meeting: Meeting | None = None, recused: Sequence[str] = (),
) -> GateDecision:  # fmt: skip
    """Decide a gate. The facts are pinned; the case moves and the outcome's effects run, all or nothing.

    Args:
        declared: the decider says that nothing ties them to those who take part; kept with the decision.
        outcome: one of the gate's outcomes; those that need it are refused while blocking criteria do not stand.
        reasons: for those concerned; at least 20 characters.
        differs_because: needed when the outcome is not the recommended one.
        publish: False keeps the decision back: the case stays where it is and nothing follows until it is published.
        publish_on: the day on which a decision that is kept back publishes itself.
        meeting: when the body met and how it voted; None where one person decides.
        recused: members without an account who stepped aside, each by function.

    Raises:
        WrongState, WrongRole, TooCloseToCase, InterestsUndeclared, SamePerson, RecommendationMissing, DecisionWaits,
        DifferenceUnexplained, TooShort, GateHolds, StaleBefore, PublishedInThePast, InvalidInput (the meeting),
        StaleVersion.
    """
    with db.transaction() as session:
        gate, method = open_gate(subject, gate_id, expected_version)
        chosen = gate_queries.outcome_of(gate, outcome)
        standing = gate_queries.standing(subject, gate_id, proposed_outcome=outcome, deciding=True)
        role = require(by, [standing.decider], subject, method)
        recusal.require_impartial(by, standing.decider, subject, gate_id, method)
        recommendation = _require_decidable(standing, by)
        if not declared:
            raise InterestsUndeclared(field="declared")
        long_enough(reasons, "reasons")
        if recommendation.outcome != outcome and not differs_because.strip():
            raise DifferenceUnexplained(field="differs_because")
        meeting = check_meeting(meeting)
        _require_standing(subject, standing, chosen, by)
        held = not publish
        if held and publish_on is not None and publish_on <= clock.today():
            raise PublishedInThePast(field="publish_on")
        decision = GateDecision(
            journey_id=subject.journey.id, gate=gate_id, outcome=outcome, reasons=reasons.strip(),
            decided_by_id=by.user_id, decided_as=standing.decider, decided_on=decided_on or clock.today(),
            recorded_at=clock.now(), registry_number=registry_number.strip(), recommendation=recommendation,
            differs_because=differs_because.strip(), publish_on=publish_on if held else None, declared=declared,
            **meeting.columns,
        )  # fmt: skip
        session.add(decision)
        session.flush()
        session.add_all(_kept(one, decision, subject, method.meta.default_language) for one in conditions)
        for aside in recusal.recusals_at(subject.journey, gate_id):
            aside.decision_id = decision.id
        recusal.note_seats(decision, recused)
        pinning.pin(decision, standing, revision=subjects.revision_of(subject))
        trail.record("gate.decided", subject, by=by, role=role, gate=gate_id, outcome=outcome, decision=decision.id)
        if publish:
            _put_in_force(decision, subject, chosen, by=by, role=role)
        return decision


def _kept(asked: Condition, decision: GateDecision, subject: Subject, language: str) -> DecisionCondition:
    """A condition as it is kept: its owner is called what they are called now."""
    return DecisionCondition(
        decision_id=decision.id, text=asked.text, owner_ref=asked.owner_ref, due_on=asked.due_on,
        owner=name_of_owner(subject, asked.owner_ref, asked.owner, language),
    )  # fmt: skip


def _require_decidable(standing: GateStanding, by: Actor) -> Recommendation:
    """What was recommended, by somebody else, with no decision of the gate kept back already."""
    recommendation = standing.recommendation
    if recommendation is None:
        raise RecommendationMissing()
    if recommendation.recommended_by_id == by.user_id:
        raise SamePerson()
    if standing.held is not None:
        raise DecisionWaits()
    return recommendation


def publish_decision(decision: GateDecision, *, subject: Subject, by: Actor) -> None:
    """Let everybody see a decision that was kept back; now the case moves and what follows from it happens. A case
    that has left the gate meanwhile (withdrawn) stays where it is."""
    with db.transaction():
        journey = journey_service.lock(subject.journey)
        db.lock_row(decision)
        method = method_of(journey.method_version)
        role = require(by, SECRETARIAT, subject, method)
        if decision.published_at is not None:
            return
        chosen = gate_queries.outcome_of(method.gate(decision.gate), decision.outcome)
        trail.record("gate.published", subject, by=by, gate=decision.gate, decision=decision.id)
        _put_in_force(decision, subject, chosen, by=by, role=role)


def publish_due(_payload: Mapping[str, Any]) -> None:
    """Publish every decision whose day has come. For the worker."""
    due = select(GateDecision.id).where(
        GateDecision.published_at.is_(None), GateDecision.publish_on <= clock.today()
    )  # fmt: skip
    for decision_id in db.session.scalars(due.order_by(GateDecision.id)).all():
        decision = db.session.get_one(GateDecision, decision_id)
        publish_decision(decision, subject=subject_of(decision.journey), by=SYSTEM)


def correct_decision(
    decision: GateDecision, *, subject: Subject, reasons: str, registry_number: str, decided_on: date, by: Actor,
    expected_version: int | None = None, meeting: Meeting | None = None,
) -> GateDecision:  # fmt: skip
    """Correct what was written in a decision by a new one that names it; the first stays readable. The outcome is the
    same: another outcome needs the gate to be tried anew. What the first asks for is still asked for. Without a
    meeting, the first one's stands.

    Raises:
        WrongRole, TooCloseToCase, NotYetPublished, AlreadyCorrected, NothingCorrected, TooShort,
        InvalidInput (the meeting), StaleVersion.
    """
    with db.transaction() as session:
        journey = journey_service.lock(subject.journey)
        db.expect_version(journey, expected_version)
        method = method_of(journey.method_version)
        role = require(by, [decision.decided_as], subject, method)
        recusal.require_impartial(by, decision.decided_as, subject, decision.gate, method)
        if decision.published_at is None:
            raise NotYetPublished()
        if gate_queries.find_correction(decision) is not None:
            raise AlreadyCorrected()
        long_enough(reasons, "reasons")
        meeting = check_meeting(meeting) if meeting is not None else meeting_of(decision)
        written = {
            "reasons": reasons.strip(), "registry_number": registry_number.strip(), "decided_on": decided_on,
            **meeting.columns,
        }  # fmt: skip
        if all(getattr(decision, name) == value for name, value in written.items()):
            raise NothingCorrected()
        new = GateDecision(
            journey_id=journey.id, gate=decision.gate, outcome=decision.outcome, decided_by_id=by.user_id,
            decided_as=decision.decided_as, recorded_at=clock.now(), recommendation_id=decision.recommendation_id,
            differs_because=decision.differs_because, published_at=clock.now(), corrects_id=decision.id,
            declared=decision.declared, **written,
        )  # fmt: skip
        session.add(new)
        session.flush()
        session.add_all(
            Evidence(
                decision_id=new.id, criterion=one.criterion, status=one.status, facts=one.facts, checksum=one.checksum,
                revision=one.revision, frozen_at=one.frozen_at,
            )
            for one in gate_queries.evidence_of(decision)
        )  # fmt: skip
        trail.record(
            "gate.corrected", subject, by=by, role=role, gate=decision.gate, decision=new.id, corrects=decision.id
        )
        return new


def _require_standing(subject: Subject, standing: GateStanding, chosen: Outcome, by: Actor) -> None:
    if chosen.needs_all and standing.blocking:
        ids = [status.criterion.id for status in standing.blocking]
        db.after_rollback(lambda: _note_refusal(subject, standing.gate.id, ids, by))
        raise GateHolds(criteria=[status.criterion.label for status in standing.blocking])
    if chosen.kind == "forward":
        before = gate_queries.unanswered_before(subject, standing)
        if before:
            raise StaleBefore(criteria=[status.criterion.label for status in before])


def _put_in_force(decision: GateDecision, subject: Subject, chosen: Outcome, *, by: Actor, role: str) -> None:
    """The decision is known from now on: the case moves, what was asked is answered, and effects run."""
    now, journey = clock.now(), subject.journey
    decision.published_at = now
    for older in gate_queries.open_recommendations(journey, decision.gate):
        older.superseded_at = now
    request = gate_queries.open_request(journey, decision.gate)
    if request is not None:
        request.answered_at = now
    gate = method_of(journey.method_version).gate(decision.gate)
    if journey.state not in gate.from_states:
        return
    pinning.clear_marks(journey, decision.gate)
    if chosen.to != journey.state:
        journey_service.enter(
            subject, chosen.to, by_move=f"{decision.gate}.{decision.outcome}", reason=decision.reasons, by=by, role=role
        )
    announce(GateDecided(subject, decision, by))
    for effect in chosen.triggers:
        subjects.effect(effect)(subject, decision, by)


def _note_refusal(subject: Subject, gate_id: str, criteria: list[str], by: Actor) -> None:
    """Keep which criteria stopped a decision, for the method's statistics; everything else of it is undone."""
    with db.transaction():
        trail.record("gate.refused", subject, by=by, gate=gate_id, criteria=criteria)
