"""Queueing work and doing it: claim, do, mark, each in its own transaction, at least once."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select

from missions_app import clock, db
from missions_app.outbox.models import Job, JobState

LEASE = timedelta(minutes=5)
BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
KEPT = timedelta(days=30)

Handler = Callable[[Mapping[str, Any]], None]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that comes back by itself: its kind and how often."""

    kind: str
    every: timedelta


_handlers: dict[str, Handler] = {}
_periodic: dict[str, Periodic] = {}


def register(kind: str, handler: Handler, *, every: timedelta | None = None) -> None:
    """Say who does this kind of work, and how often it comes back by itself, if it does. Called by wiring.py."""
    _handlers[kind] = handler
    if every is not None:
        _periodic[kind] = Periodic(kind, every)


def queue(kind: str, *, due_at: datetime | None = None, dedupe_key: str | None = None, **payload: Any) -> None:
    """Add work to the open transaction. A dedupe key makes a second queueing of the same work a no-op."""
    session = db.session()
    if dedupe_key and session.scalar(select(Job.id).where(Job.dedupe_key == dedupe_key)):
        return
    now = clock.now()
    session.add(
        Job(kind=kind, payload=payload, dedupe_key=dedupe_key, state=JobState.WAITING, created_at=now,
            due_at=due_at or now, attempts=0)
    )  # fmt: skip


def plan_periodic() -> None:
    """Queue each periodic kind once per its own span of time. Mostly all are there, and nothing is locked."""
    seconds = clock.now().timestamp()
    keys = {f"{one.kind}:{int(seconds // one.every.total_seconds())}": one.kind for one in _periodic.values()}
    there = set(db.session.scalars(select(Job.dedupe_key).where(Job.dedupe_key.in_(keys))))
    for key, kind in keys.items():
        if key not in there:
            with db.transaction():
                queue(kind, dedupe_key=key)


def work_once() -> bool:
    """Claim and do one due piece of work; False when there is none."""
    job = _claim()
    if job is None:
        return False
    job_id, kind, payload, attempts = job
    try:
        _handlers[kind](payload)
    except Exception as error:
        log.exception("job failed", extra={"job_id": job_id, "kind": kind})
        _postpone(job_id, attempts, error)
    else:
        _finish(job_id)
    return True


def work_all(limit: int = 10_000) -> int:
    """Do all due work; returns how many pieces were done. For tests and the demonstration loader."""
    for done in range(limit):
        if not work_once():
            return done
    return limit


def _claim() -> tuple[int, str, Mapping[str, Any], int] | None:
    now = clock.now()
    free = or_(Job.state == JobState.WAITING, (Job.state == JobState.RUNNING) & (Job.locked_until < now))
    with db.transaction() as session:
        job = session.scalars(
            select(Job)
            .where(free, Job.due_at <= now, Job.kind.in_(_handlers))
            .order_by(Job.due_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if job is None:
            return None
        job.state, job.attempts, job.locked_until = JobState.RUNNING, job.attempts + 1, now + LEASE
        return job.id, job.kind, dict(job.payload), job.attempts


def _finish(job_id: int) -> None:
    with db.transaction() as session:
        job = session.get_one(Job, job_id)
        job.state, job.finished_at, job.locked_until, job.last_error = JobState.DONE, clock.now(), None, None
        job.payload = {}  # addresses and one-time links are not kept longer than needed


def _postpone(job_id: int, attempts: int, error: Exception) -> None:
    with db.transaction() as session:
        job = session.get_one(Job, job_id)
        job.locked_until, job.last_error = None, f"{type(error).__name__}: {error}"[:2000]
        if attempts > len(BACKOFF):
            job.state, job.finished_at = JobState.FAILED, clock.now()
        else:
            job.state, job.due_at = JobState.WAITING, clock.now() + BACKOFF[attempts - 1]


def forget_done(_payload: Mapping[str, Any]) -> None:
    """Delete work done more than 30 days ago."""
    with db.transaction() as session:
        session.execute(delete(Job).where(Job.state == JobState.DONE, Job.finished_at < clock.now() - KEPT))
