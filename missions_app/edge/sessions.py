"""Who is asking: a signed-in browser (Flask-Login on top of our own session rows) or a machine with a bearer token."""

from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from config.settings import Settings
from missions_app import clock
from missions_app.accounts import queries, sign_in_service, token_service
from missions_app.accounts.actor import ANONYMOUS, Actor
from missions_app.accounts.models import User, UserSession, UserState
from missions_app.accounts.rules import is_alive
from missions_app.edge.errors import problem_details
from missions_app.edge.kept_forms import KEY as KEPT_FORM
from missions_app.i18n import _

login_manager = LoginManager()
login_manager.session_protection = None  # the row decides; networks and browsers may change their names


class SignedInUser(UserMixin):  # type: ignore[misc]
    """What Flask-Login knows of somebody: the token of the session in the cookie."""

    def __init__(self, token: str, user: User, session_id: int) -> None:
        self.token, self.user, self.session_id = token, user, session_id

    def get_id(self) -> str:
        """What the signed cookie holds."""
        return self.token


def settings() -> Settings:
    """This installation's settings."""
    found: Settings = current_app.extensions["settings"]
    return found


def idle_limit() -> timedelta:
    """After how long without a click a session ends."""
    return timedelta(minutes=settings().session_idle_minutes)


def absolute_limit() -> timedelta:
    """After how long a session ends in any case."""
    return timedelta(hours=settings().session_absolute_hours)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load(token: str) -> SignedInUser | None:
    """Whoever the cookie's token belongs to, while the session lives. Notes whose session has run out."""
    found = sign_in_service.find_session(token)
    if found is None or found.ended_at is not None or found.user.state is not UserState.ACTIVE:
        return None
    if not _is_alive(found):
        g.expired_user_id = found.user_id
        return None
    user, session_id = found.user, found.id
    sign_in_service.see(found)
    return SignedInUser(token, user, session_id)


def _is_alive(found: UserSession) -> bool:
    now = clock.now()
    return is_alive(found.created_at, found.last_seen_at, now, idle=idle_limit(), absolute=absolute_limit())


def begin(token: str) -> None:
    """Let this browser be signed in by a new session's token. All that the old cookie held is dropped (rotation),
    but for a kept form."""
    kept = session.get(KEPT_FORM)
    session.clear()
    if kept is not None:
        session[KEPT_FORM] = kept
    found = sign_in_service.find_session(token)
    if found is not None:
        login_user(SignedInUser(token, found.user, found.id))
        g.actor = queries.load_actor(found.user)


def end() -> None:
    """Sign this browser out."""
    if current_user.is_authenticated:
        sign_in_service.sign_out(current_user.token)
    logout_user()
    session.clear()
    g.actor = ANONYMOUS


def current_session_id() -> int | None:
    """The id of this browser's own session; None for visitors and machines."""
    return current_user.session_id if current_user.is_authenticated else None


def bearer() -> str | None:
    """The token a machine sends; only the API reads it."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and request.path.startswith("/api/") else None


def register(app: Flask) -> None:
    """Find out who is asking, before every view."""
    login_manager.init_app(app)

    @app.before_request
    def find_actor() -> Any:
        g.actor = ANONYMOUS
        if request.endpoint == "static":
            return None
        token = bearer()
        if token is not None:
            found = token_service.actor_of(token)
            if found is None:
                return _refuse_token()
            g.actor = found
        elif "_user_id" in session and current_user.is_authenticated:
            g.actor = queries.load_actor(current_user.user)
        return None

    @app.after_request
    def keep_private(response: Response) -> Response:
        if actor_here().is_signed_in and request.endpoint != "static":
            response.headers["Cache-Control"] = "private, no-store"
        return response


def actor_here() -> Actor:
    """Whoever asks in this request."""
    found: Actor = g.get("actor", ANONYMOUS)
    return found


def _refuse_token() -> Any:
    text = _("The token is unknown, too old or taken back. Make a new one on your account page.")
    response = problem_details(401, "wrong_token", _("Wrong token"), text)
    response.headers["WWW-Authenticate"] = 'Bearer realm="missions", error="invalid_token"'
    return response
