"""What is kept about a person, for the person. Packages above add their own parts."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from missions_app import db
from missions_app.accounts.models import AccountRequest, ApiToken, User, UserSession
from missions_app.accounts.queries import grants_of
from missions_app.audit.models import AuditEvent

Part = Callable[[User], Any]
_parts: dict[str, Part] = {}


def register(name: str, part: Part) -> None:
    """Let a package add what it keeps about a person, as plain values, under a name. Called by wiring.py."""
    _parts[name] = part


def own_data(user: User) -> dict[str, Any]:
    """Account, rights, sessions, tokens, requests, own acts and every registered part, as plain values."""
    return {
        "account": {
            "email": user.email, "name": user.name, "function": user.function, "language": user.locale,
            "state": user.state.value, "created_at": user.created_at, "last_seen_at": user.last_seen_at,
        },
        "rights": [
            {"role": one.role, "scope": f"{one.scope_kind}:{one.scope_id}", "from": one.valid_from,
             "until": one.valid_until}
            for one in grants_of(user)
        ],
        "sessions": [
            {"begun": one.created_at, "seen": one.last_seen_at, "ended": one.ended_at, "browser": one.agent}
            for one in _of(UserSession, user)
        ],
        "tokens": [
            {"name": one.name, "scopes": one.scopes, "made": one.created_at, "until": one.expires_at}
            for one in _of(ApiToken, user)
        ],
        "requests": [
            {"at": one.requested_at, "organisation": one.organisation, "message": one.message, "state": one.state.value}
            for one in db.session.scalars(select(AccountRequest).where(AccountRequest.email == user.email))
        ],
        "acts": [
            {"at": one.at, "action": one.action, "subject": one.subject_label}
            for one in db.session.scalars(
                select(AuditEvent).where(AuditEvent.actor_id == user.opaque_id).order_by(AuditEvent.id)
            )
        ],
        **{name: part(user) for name, part in sorted(_parts.items())},
    }  # fmt: skip


def _of(model: Any, user: User) -> Any:
    return db.session.scalars(select(model).where(model.user_id == user.id).order_by(model.id))
