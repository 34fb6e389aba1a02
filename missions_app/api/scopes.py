"""What a token may be used for: "read", "write", or a domain's own, such as "challenges:write"."""

from collections.abc import Callable
from typing import Any, TypeVar

from missions_app.accounts.actor import Actor
from missions_app.errors import NotAllowed

F = TypeVar("F", bound=Callable[..., Any])
READS = frozenset({"GET", "HEAD", "OPTIONS"})


class ScopeMissing(NotAllowed):
    """The token was not given this right when it was made."""

    code = "scope_missing"
    message = "The token lacks the right %(scope)s."


def scope(needed: str) -> Callable[[F], F]:
    """Mark the scope that a token needs for a view, such as "challenges:write"."""

    def decorator(view: F) -> F:
        view.api_scope = needed  # type: ignore[attr-defined]
        return view

    return decorator


def allows(held: frozenset[str] | None, needed: str) -> bool:
    """Whether scopes reach: None (a signed-in browser) always; writing includes reading."""
    if held is None:
        return True
    domain, _colon, right = needed.rpartition(":")
    enough = {needed, right, f"{domain}:write"} | ({"write"} if right == "read" else set())
    return bool(held & enough)


def check_scope(actor: Actor, view: Callable[..., Any]) -> None:
    """Refuse a token that was not made for this; ScopeMissing."""
    needed = getattr(view, "api_scope", None)
    if needed is not None and not allows(actor.api_scopes, needed):
        raise ScopeMissing(scope=needed)


def default_scope(domain: str, methods: Any) -> str:
    """The scope of a view that names none: its domain's read or write, by its methods."""
    return f"{domain}:{'read' if set(methods) <= READS else 'write'}"
