"""Keeping what was typed when a session runs out, and giving it back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.models import KeptForm
from missions_app.accounts.secrets import digest, new_token

LARGEST = 256 * 1024
SECRET_WORDS = ("password", "csrf_token")


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was typed: the path of its page and [name, value] for every field, in order."""

    path: str
    fields: Sequence[tuple[str, str]]


def keep(path: str, fields: Sequence[tuple[str, str]], *, user_id: int | None) -> str | None:
    """Keep a form; gives the token that fetches it, or None when it is too large. Passwords are never kept."""
    plain = [[name, value] for name, value in fields if not any(word in name for word in SECRET_WORDS)]
    if sum(len(name) + len(value) for name, value in plain) > LARGEST:
        return None
    token = new_token()
    with db.transaction() as session:
        session.add(
            KeptForm(token_hash=digest(token), user_id=user_id, path=path[:500], fields=plain, created_at=clock.now())
        )
    return token


def find(token: str, *, user_id: int | None) -> Kept | None:
    """The kept form, if it is this user's to have."""
    kept = db.session.scalars(select(KeptForm).where(KeptForm.token_hash == digest(token))).first()
    if kept is None or kept.user_id not in (None, user_id):
        return None
    return Kept(kept.path, [(name, value) for name, value in kept.fields])


def forget(token: str) -> None:
    """It has been given back."""
    with db.transaction() as session:
        kept = session.scalars(select(KeptForm).where(KeptForm.token_hash == digest(token))).first()
        if kept is not None:
            session.delete(kept)
