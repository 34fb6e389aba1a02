"""Trying a gate: asking, vouching, consulting, waiving, looking anew and recommending. Deciding is decision_service."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from missions_app import clock, db
from missions_app.accounts.actor import Actor, Scope
from missions_app.audit import trail
from missions_app.calendar_days import add_working_days
from missions_app.errors import NotFound
from missions_app.events import announce
from missions_app.workflow import gate_queries, journey_service, recusal
from missions_app.workflow.condition_service import complete_condition
from missions_app.workflow.decision_service import Condition, correct_decision, decide, publish_decision
from missions_app.workflow.errors import (
    NotStale,
    NotWaivable,
    TooShort,
    WaiverExpired,
    WaiverTooLong,
    WrongRole,
)
from missions_app.workflow.events import BodyConsulted, GateRecommended, GateRequested
from missions_app.workflow.gate_doors import criterion_of, gate_of, long_enough, open_gate, require
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import (
    Attestation,
    Consultation,
    GateRequest,
    Recommendation,
    StaleMark,
    Waiver,
)
from missions_app.workflow.rights import acts_as
from missions_app.workflow.subjects import Subject, facts_of, hindrance_to_recommend, scopes_of

__all__ = [
    "Condition", "attest", "complete_condition", "consult", "correct_decision", "decide", "look_afresh",
    "publish_decision", "recommend", "reply", "request_gate", "revoke_waiver", "waive",
]  # fmt: skip


def request_gate(subject: Subject, gate_id: str, *, by: Actor, expected_version: int | None = None,
                 note: str = "") -> GateRequest:  # fmt: skip
    """Ask for the gate to be tried; the answer is due after its reply days. Asking again gives the open request."""
    with db.transaction() as session:
        gate, method = open_gate(subject, gate_id, expected_version)
        require(by, gate.requested_by, subject, method)
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
        WrongState, WrongRole, TooCloseToCase, TooShort, NotFound (unknown outcome), StaleVersion. What a package above
        asks for first: NotHeard and its like.
    """
    with db.transaction() as session:
        gate, method = open_gate(subject, gate_id, expected_version)
        role = require(by, gate.recommended_by, subject, method)
        recusal.require_impartial(by, role, subject, gate_id, method)
        gate_queries.outcome_of(gate, outcome)
        long_enough(reasons, "reasons")
        hindrance = hindrance_to_recommend(subject, gate)
        if hindrance is not None:
            raise hindrance
        for older in gate_queries.open_recommendations(subject.journey, gate_id):
            older.superseded_at = clock.now()
        recommendation = Recommendation(
            journey_id=subject.journey.id, gate=gate_id, outcome=outcome, reasons=reasons.strip(),
            recommended_by_id=by.user_id, recommended_at=clock.now(),
        )  # fmt: skip
        session.add(recommendation)
        session.flush()
        trail.record("gate.recommended", subject, by=by, role=role, gate=gate_id, outcome=outcome)
        announce(GateRecommended(subject, recommendation, by))
        return recommendation


def waive(subject: Subject, criterion_id: str, *, reason: str, expires_on: date, by: Actor,
          expected_version: int | None = None) -> Waiver:  # fmt: skip
    """Set a criterion aside until a day, with a reason that everybody reads.

    Raises:
        NotWaivable, TooCloseToCase, TooShort, WaiverExpired, WaiverTooLong, StaleVersion.
    """
    with db.transaction() as session:
        journey = journey_service.lock(subject.journey)
        method = method_of(journey.method_version)
        criterion = criterion_of(subject, criterion_id, method)
        db.expect_version(journey, expected_version)
        if criterion.waivable_by == "none" or not acts_as(by, criterion.waivable_by, scopes_of(subject), method):
            raise NotWaivable()
        recusal.require_impartial(by, criterion.waivable_by, subject, criterion_id.partition(".")[0], method)
        long_enough(reason, "reason")
        if expires_on <= clock.today():
            raise WaiverExpired(field="expires_on")
        longest = method.limits.waiver_longest_days
        if expires_on > clock.today() + timedelta(days=longest):
            raise WaiverTooLong(field="expires_on", days=longest, latest=clock.today() + timedelta(days=longest))
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
        if waiver.revoked_at is not None:
            return
        waiver.revoked_at = clock.now()
        trail.record("criterion.waiver_revoked", subject, by=by, criterion=waiver.criterion)


def look_afresh(subject: Subject, gate_id: str, criterion_id: str, *, text: str, by: Actor,
                expected_version: int | None = None) -> StaleMark:  # fmt: skip
    """Say, as one who decides or recommends at the gate, why the case may go on although what a criterion rested on
    has changed. The criterion stays out of date and says so; the next step is no longer stopped by it.

    Raises:
        NotFound, WrongRole, TooCloseToCase, NotStale, TooShort, StaleVersion.
    """
    with db.transaction() as session:
        journey = journey_service.lock(subject.journey)
        method = method_of(journey.method_version)
        gate = gate_of(subject, gate_id, method)
        db.expect_version(journey, expected_version)
        standing = gate_queries.standing(subject, gate_id)
        role = require(by, [standing.decider, *gate.recommended_by], subject, method)
        recusal.require_impartial(by, role, subject, gate_id, method)
        if criterion_id not in {status.criterion.id for status in standing.stale}:
            raise NotStale()
        long_enough(text, "text")
        mark = next((one for one in gate_queries.stale_marks(journey) if one.criterion == criterion_id), None)
        if mark is None:
            mark = StaleMark(journey_id=journey.id, gate=gate_id, criterion=criterion_id, since=clock.now())
            session.add(mark)
        mark.look, mark.looked_as = text.strip(), role
        mark.looked_at, mark.looked_by_id = clock.now(), by.user_id
        trail.record("criterion.looked_afresh", subject, by=by, role=role, criterion=criterion_id)
        return mark


def attest(subject: Subject, criterion_id: str, *, text: str, by: Actor, part: str = "") -> Attestation:
    """Vouch in words for what the records cannot show, in the role the criterion names.

    Args:
        part: where several each vouch for their own part, whose (a site's id); every part of theirs when "".
    """
    with db.transaction() as session:
        journey = journey_service.lock(subject.journey)
        method = method_of(journey.method_version)
        criterion = criterion_of(subject, criterion_id, method)
        if criterion.check != "attest":
            raise NotFound()
        role = require(by, [criterion.params["role"]], subject, method)
        if part and not by.is_system and not by.has(role, Scope("site", part)):
            raise WrongRole(who=[method.who(role)])
        least = int(criterion.params["min"])
        if len(text.strip()) < least:
            raise TooShort(field="text", least=least)
        for own in [part] if part else _own_parts(subject, criterion.params, by) or [""]:
            for older in gate_queries.attestations(journey, criterion_id, own):
                older.withdrawn_at = clock.now()
            attestation = Attestation(
                journey_id=journey.id, criterion=criterion_id, role=role, part=own, text=text.strip(),
                attested_by_id=by.user_id, attested_at=clock.now(),
            )  # fmt: skip
            session.add(attestation)
        trail.record("criterion.attested", subject, by=by, role=role, criterion=criterion_id)
        return attestation


def _own_parts(subject: Subject, params: Mapping[str, Any], by: Actor) -> list[str]:
    """The parts of the case that a person answers for, where each part is vouched for by its own."""
    parts = facts_of(subject).get(params["each"]) or [] if params.get("each") else []
    return [one for one in parts if by.has(params["role"], Scope("site", one))]


def consult(subject: Subject, body: str, *, question: str, days: int, by: Actor) -> Consultation:
    """Ask a body for its view, to be given within `days` days."""
    with db.transaction() as session:
        method = method_of(subject.journey.method_version)
        require(by, ["secretariat"], subject, method)
        if body not in method.body_ids:
            raise NotFound()
        long_enough(question, "question")
        consultation = Consultation(
            journey_id=subject.journey.id, body=body, question=question.strip(), asked_on=clock.today(),
            reply_by=clock.today() + timedelta(days=days),
        )  # fmt: skip
        session.add(consultation)
        trail.record("consultation.asked", subject, by=by, body=body)
        announce(BodyConsulted(subject, consultation, by))
        return consultation


def reply(consultation: Consultation, *, subject: Subject, text: str, by: Actor,
          expected_version: int | None = None) -> None:  # fmt: skip
    """Give the body's view; a member of the body writes it."""
    with db.transaction():
        method = method_of(subject.journey.method_version)
        db.expect_version(consultation, expected_version)
        require(by, [consultation.body], subject, method)
        long_enough(text, "text")
        consultation.reply, consultation.replied_at = text.strip(), clock.now()
        consultation.replied_by_id = by.user_id
        trail.record("consultation.answered", subject, by=by, body=consultation.body)
