"""Sealing the trail so that tampering shows, and verifying it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from missions_app import clock, db
from missions_app.audit.models import AuditEvent, AuditSeal

BATCH = 1000
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the sealed trail that is not as it was: the seal, the event if one can be named, and why."""

    seal_id: int
    event_id: int | None
    why: str


def _digest(previous: str, seal_id: int, events: Iterable[AuditEvent]) -> tuple[str, int]:
    sha = hashlib.sha256(f"{previous}|{seal_id}".encode())
    count = 0
    for event in events:
        sha.update(_content(event))
        count += 1
    return sha.hexdigest(), count


def _content(event: AuditEvent) -> bytes:
    fields = [
        event.id,
        event.position,
        event.at.isoformat(),
        event.actor_id,
        event.actor_role,
        event.action,
        event.subject_kind,
        event.subject_id,
        event.subject_label,
        event.data,
    ]
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def seal_batch() -> int:
    """Seal up to 1000 unsealed events, oldest first; returns how many. Run by the worker at least every minute."""
    with db.transaction() as session:
        # One sealer at a time: the newest seal's row is the queue.
        last = session.scalars(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1).with_for_update()).first()
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.seal_id.is_(None)).order_by(AuditEvent.id).limit(BATCH)
        ).all()
        if not events:
            return 0
        previous = last.digest if last else GENESIS
        seal = AuditSeal(
            id=(last.id if last else 0) + 1, at=clock.now(), count=len(events), previous=previous, digest=""
        )
        for position, event in enumerate(events, 1):
            event.seal_id, event.position = seal.id, position
        seal.digest, _count = _digest(previous, seal.id, events)
        session.add(seal)
    return len(events)


def verify() -> list[Fault]:
    """Every fault in the sealed trail; [] means that nothing sealed was edited, deleted, inserted or reordered."""
    faults: list[Fault] = []
    previous, expected_id = GENESIS, 1
    for seal in db.session.scalars(select(AuditSeal).order_by(AuditSeal.id)):
        if seal.id != expected_id or seal.previous != previous:
            faults.append(Fault(seal.id, None, "the chain of seals is broken before this seal"))
        events = db.session.scalars(
            select(AuditEvent).where(AuditEvent.seal_id == seal.id).order_by(AuditEvent.position, AuditEvent.id)
        ).all()
        digest, count = _digest(seal.previous, seal.id, events)
        if digest != seal.digest or count != seal.count:
            faults.append(Fault(seal.id, _first_gap(events), _why(count, seal.count)))
        previous, expected_id = seal.digest, seal.id + 1
    orphans = select(AuditEvent).where(AuditEvent.seal_id.is_not(None), AuditEvent.seal_id.not_in(select(AuditSeal.id)))
    faults += [
        Fault(event.seal_id or 0, event.id, "sealed by a seal that is gone") for event in db.session.scalars(orphans)
    ]
    return faults


def _first_gap(events: Iterable[AuditEvent]) -> int | None:
    for expected, event in enumerate(events, 1):
        if event.position != expected:
            return event.id
    return None


def _why(count: int, sealed: int) -> str:
    if count < sealed:
        return f"{sealed - count} sealed event(s) deleted"
    if count > sealed:
        return f"{count - sealed} event(s) inserted"
    return "an event's content or order was changed"
