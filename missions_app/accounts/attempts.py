"""Counting attempts per address and origin, so that guessing becomes slow."""

import hashlib
import math
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from missions_app import clock, db
from missions_app.accounts.models import SignInAttempt
from missions_app.accounts.rules import MEMORY, wait_after
from missions_app.errors import TooOften


@dataclass(frozen=True, slots=True)
class Counter:
    """Something whose attempts are counted, and how many are free within an hour."""

    kind: str
    value: str
    free: int

    @property
    def key(self) -> str:
        """What is stored: no address can be read from it."""
        return hashlib.sha256(f"{self.kind}:{self.value}".encode()).hexdigest()


def take_turn(*counters: Counter) -> None:
    """Count one attempt before it is made, so that rivals cannot all go first.

    Raises:
        TooOften: one of the counters asks for a pause; nothing is counted.
    """
    now = clock.now()
    with db.transaction() as session:
        for counter in sorted(counters, key=lambda one: one.key):
            if db.dialect() == "postgresql":
                session.execute(select(func.pg_advisory_xact_lock(int(counter.key[:15], 16))))
            failures = session.scalars(
                select(SignInAttempt.at).where(SignInAttempt.key == counter.key, SignInAttempt.at > now - MEMORY)
            ).all()
            wait = wait_after(failures, now, free=counter.free)
            if wait:
                raise TooOften(seconds=math.ceil(wait.total_seconds()))
            session.add(SignInAttempt(key=counter.key, at=now))


def forgive(*counters: Counter) -> None:
    """Forget a counter's attempts: somebody has shown who they are. Joins the open transaction."""
    with db.transaction() as session:
        session.execute(delete(SignInAttempt).where(SignInAttempt.key.in_([counter.key for counter in counters])))


def forgive_last(counter: Counter) -> None:
    """Take back the counter's newest attempt, which succeeded. Joins the open transaction."""
    with db.transaction() as session:
        last = select(func.max(SignInAttempt.id)).where(SignInAttempt.key == counter.key).scalar_subquery()
        session.execute(delete(SignInAttempt).where(SignInAttempt.id == last))
