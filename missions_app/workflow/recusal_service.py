"""Stepping aside from a checkpoint because of a conflict of interest, and coming back."""

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.audit import trail
from missions_app.events import announce
from missions_app.workflow import gate_queries, journey_service, recusal
from missions_app.workflow.errors import NotYourRecusal
from missions_app.workflow.events import SteppedAside
from missions_app.workflow.gate_doors import gate_of, long_enough, require
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Recusal
from missions_app.workflow.subjects import Subject


def step_aside(subject: Subject, gate_id: str, *, reason: str, by: Actor) -> Recusal:
    """Say that one is too close to the case to handle a gate. Doing it again gives the same record; the secretariat
    is told. It holds until the gate is decided, and the decision keeps it.

    Raises:
        NotFound, WrongRole (one who neither recommends nor decides), ReasonMissing, TooShort.
    """
    with db.transaction() as session:
        journey = journey_service.lock(subject.journey)
        method = method_of(journey.method_version)
        gate = gate_of(subject, gate_id, method)
        decider = gate_queries.standing(subject, gate_id).decider
        role = require(by, [decider, *gate.recommended_by], subject, method)
        long_enough(reason, "reason")
        known = recusal.find_own(by, journey, gate_id)
        if known is not None:
            return known
        found = Recusal(
            journey_id=journey.id, gate=gate_id, user_id=by.user_id, acted_as=role, reason=reason.strip(),
            declared_at=clock.now(),
        )  # fmt: skip
        session.add(found)
        session.flush()
        trail.record("gate.stepped_aside", subject, by=by, role=role, gate=gate_id, recusal=found.id)
        announce(SteppedAside(subject, found, by))
        return found


def come_back(found: Recusal, *, subject: Subject, by: Actor) -> None:
    """Take one's own stepping aside back, when it was a mistake. What a decision already keeps stays.

    Raises:
        NotYourRecusal.
    """
    with db.transaction():
        db.lock_row(found)
        if found.user_id != by.user_id or found.decision_id is not None:
            raise NotYourRecusal()
        if found.withdrawn_at is None:
            found.withdrawn_at = clock.now()
            trail.record("gate.came_back", subject, by=by, gate=found.gate, recusal=found.id)
