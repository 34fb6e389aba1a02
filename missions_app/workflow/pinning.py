"""Pinning what a gate rested on, and marking what has changed since."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM
from missions_app.audit import trail
from missions_app.events import announce
from missions_app.workflow import gate_queries
from missions_app.workflow.engine import Standing
from missions_app.workflow.events import CriterionTurnedStale
from missions_app.workflow.gate_queries import GateStanding
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Evidence, GateDecision, Journey, StaleMark
from missions_app.workflow.subjects import Subject, subject_of

FIRST_CHECK_IN = "first_check_in"


def checksum(facts: Mapping[str, Any]) -> str:
    """A digest of facts that does not depend on their order."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def pin(decision: GateDecision, standing: GateStanding, *, revision: str) -> None:
    """Keep the facts each criterion read, and the revision of the case, in the decision's transaction."""
    for status in standing.criteria:
        facts = {name: standing.facts.get(name) for name in status.criterion.reads}
        frozen = None if status.criterion.freezes == FIRST_CHECK_IN else clock.now()
        db.session.add(
            Evidence(
                decision_id=decision.id, criterion=status.criterion.id, status=status.standing.value, facts=facts,
                checksum=checksum(facts), revision=revision, frozen_at=frozen,
            )
        )  # fmt: skip


def clear_marks(journey: Journey, gate_id: str) -> None:
    """Trying a gate anew settles what had turned stale under it."""
    for mark in _open_marks(journey):
        if mark.gate == gate_id:
            mark.cleared_at = clock.now()


def mark_stale(subject: Subject) -> list[StaleMark]:
    """Compare every passed gate of a case with the facts of today; returns the marks that are new."""
    with db.transaction() as session:
        journey, new = subject.journey, []
        known = {(mark.gate, mark.criterion): mark for mark in _open_marks(journey)}
        stale: set[tuple[str, str]] = set()
        for gate in method_of(journey.method_version).gates_of(journey.subject_kind):
            if gate_queries.passing_decision(journey, gate.id) is None:
                continue
            for status in gate_queries.standing(subject, gate.id).criteria:
                if status.standing is Standing.STALE:
                    stale.add((gate.id, status.criterion.id))
        for key in sorted(stale - known.keys()):
            mark = StaleMark(journey_id=journey.id, gate=key[0], criterion=key[1], since=clock.now())
            session.add(mark)
            new.append(mark)
            trail.record("criterion.turned_stale", subject, by=SYSTEM, gate=key[0], criterion=key[1])
            announce(CriterionTurnedStale(journey, key[0], key[1]))
        for key in known.keys() - stale:
            known[key].cleared_at = clock.now()
            trail.record("criterion.stands_again", subject, by=SYSTEM, gate=key[0], criterion=key[1])
        return new


def freeze(journey: Journey) -> None:
    """The first check-in: what its gate asked of the booking stays as it was when the test began."""
    with db.transaction() as session:
        waiting = (
            select(Evidence)
            .join(GateDecision, GateDecision.id == Evidence.decision_id)
            .where(GateDecision.journey_id == journey.id, Evidence.frozen_at.is_(None))
        )
        for evidence in session.scalars(waiting):
            evidence.frozen_at = clock.now()


def recheck(payload: Mapping[str, Any]) -> None:
    """Look at one case after something in it changed. For the worker."""
    journey = db.session.get(Journey, payload["journey"])
    if journey is not None:
        mark_stale(subject_of(journey))


def sweep(_payload: Mapping[str, Any]) -> None:
    """The daily look at every case that is still under way and has passed a gate."""
    with_decisions = select(Journey).where(Journey.id.in_(select(GateDecision.journey_id))).order_by(Journey.id)
    for journey in db.session.scalars(with_decisions).all():
        method = method_of(journey.method_version)
        if method.state(journey.subject_kind, journey.state).kind != "ended":
            mark_stale(subject_of(journey))


def _open_marks(journey: Journey) -> list[StaleMark]:
    return list(
        db.session.scalars(select(StaleMark).where(StaleMark.journey_id == journey.id, StaleMark.cleared_at.is_(None)))
    )
