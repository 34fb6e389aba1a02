"""Working once per key: begin, then finish with the answer or abandon without one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from missions_app import clock, db
from missions_app.errors import Conflict, DomainError, InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.idempotency.models import IdempotencyKey

LONGEST = 100
KEPT = timedelta(days=1)


class KeyReused(DomainError):
    """The key was sent before with other content."""

    code = "key_reused"
    message = "This Idempotency-Key was used for another request. Use a new key for new content."


class StillWorking(Conflict):
    """The first request with the key has not been answered, or its answer was lost in a crash."""

    code = "still_working"
    message = "The first request with this key has no answer yet. Look whether it was done before you use a new key."


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: status code, text of the body, and the headers that belong to it."""

    status: int
    body: str
    headers: Mapping[str, str]


def begin(user_id: int, key: str, fingerprint: str) -> Answer | None:
    """Claim a key for a request.

    Args:
        fingerprint: a digest of everything that makes the request what it is.

    Returns:
        The answer to repeat; None when the work is still to be done, by this caller.

    Raises:
        InvalidInput: the key is empty or too long. KeyReused. StillWorking.
    """
    if not key or len(key) > LONGEST:
        text = N_("Use between 1 and %(most)d characters.")
        raise InvalidInput.of([Problem("wrong_key", text, "Idempotency-Key", {"most": LONGEST})])
    try:
        with db.transaction() as session:
            known = _find(user_id, key)
            if known is None:
                session.add(
                    IdempotencyKey(user_id=user_id, key=key, fingerprint=fingerprint, at=clock.now(), headers={})
                )
                return None
    except IntegrityError:
        known = _find(user_id, key)
    if known is None:
        raise StillWorking()
    if known.fingerprint != fingerprint:
        raise KeyReused(field="Idempotency-Key")
    if known.status is None:
        raise StillWorking(field="Idempotency-Key")
    return Answer(known.status, known.body or "", known.headers)


def finish(user_id: int, key: str, answer: Answer) -> None:
    """Keep the answer for a day."""
    with db.transaction():
        known = _find(user_id, key)
        if known is not None:
            known.status, known.body, known.headers = answer.status, answer.body, dict(answer.headers)


def abandon(user_id: int, key: str) -> None:
    """Nothing was done: the same key may be tried again."""
    with db.transaction() as session:
        known = _find(user_id, key)
        if known is not None and known.status is None:
            session.delete(known)


def forget_old(_payload: Mapping[str, Any]) -> None:
    """Delete keys older than a day. Done by the worker."""
    with db.transaction() as session:
        session.execute(delete(IdempotencyKey).where(IdempotencyKey.at < clock.now() - KEPT))


def _find(user_id: int, key: str) -> IdempotencyKey | None:
    return db.session.scalars(
        select(IdempotencyKey).where(IdempotencyKey.user_id == user_id, IdempotencyKey.key == key)
    ).first()
