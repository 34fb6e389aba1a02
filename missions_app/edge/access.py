"""Who is asking, and the mark every view carries: `public` or `signed_in`."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.accounts.actor import ANONYMOUS, Actor
from missions_app.accounts.policy import permit
from missions_app.edge.kept_forms import keep_form
from missions_app.errors import NotAllowed

P = ParamSpec("P")
S = TypeVar("S")
V = TypeVar("V", bound=Callable[..., Any])


class SignInNeeded(NotAllowed):
    """An anonymous caller of the API wants something that is not public."""

    code = "sign_in_needed"
    message = "Sign in first, or send a token."


def actor() -> Actor:
    """The actor of this request, loaded once; ANONYMOUS for visitors. Set by sign-in or a bearer token."""
    return getattr(g, "actor", ANONYMOUS)


def public(view: V) -> V:
    """Everyone may call the view; what it shows is filtered by the reader's rights."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: Callable[P, Any]) -> Callable[P, Any]:
    """Only signed-in users; visitors are sent to sign in and come back, API callers get 401."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
        if actor().is_signed_in:
            return view(*args, **kwargs)
        if request.path.startswith("/api/"):
            raise SignInNeeded()
        return to_sign_in()

    guarded.access = "signed_in"  # type: ignore[attr-defined]
    return guarded


def to_sign_in() -> ResponseReturnValue:
    """Send a visitor to sign in and back. What was typed in an expired session is kept meanwhile."""
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
    return redirect(url_for("accounts.sign_in", next=keep_form(g.get("expired_user_id")), kept=1), 303)


def authorise(policy: Callable[[Actor, S], bool], subject: S) -> None:
    """Refuse the reader unless the policy says yes. Reading is also access."""
    permit(policy, actor(), subject)
