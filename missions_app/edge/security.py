"""Headers that keep browsers careful, CSRF for forms, and a request id for the log."""

import secrets

from flask import Flask, Response, g, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config.settings import Settings
from missions_app.edge.access import actor
from missions_app.edge.errors import http_answer
from missions_app.edge.kept_forms import keep_form
from missions_app.edge.sessions import bearer

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
}

csrf = CSRFProtect()


def register(app: Flask) -> None:
    """Protect every form and label every answer. After sessions.register: the check needs to know who asks."""
    settings: Settings = app.extensions["settings"]
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # checked below, so that machines with a token need none
    csrf.init_app(app)

    @app.before_request
    def name_request() -> None:
        g.request_id = secrets.token_hex(8)

    @app.before_request
    def protect_forms() -> None:
        if app.config["WTF_CSRF_ENABLED"] and request.endpoint and not _carries_no_cookie():
            csrf.protect()

    @app.errorhandler(CSRFError)
    def forged_or_old(error: CSRFError) -> ResponseReturnValue:
        """A form from before the sign-in, or from another site. Ours is given back as it was typed."""
        if not _from_here() or request.path.startswith("/api/"):
            return http_answer(error)  # type: ignore[no-any-return]
        return redirect(keep_form(actor().user_id or g.get("expired_user_id")), 303)

    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Label an answer: what browsers may do with it, and the request's id."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.vary.add("Cookie")
        response.vary.add("Accept-Language")
    return response


def _carries_no_cookie() -> bool:
    """Whether the caller is a machine: it shows a token, or nothing, so nobody's browser can be misused."""
    return request.path.startswith("/api/") and (bearer() is not None or "_user_id" not in session)


def _from_here() -> bool:
    """Whether a browser says that the form was sent from a page of ours."""
    return request.headers.get("Origin") == request.host_url.rstrip("/")
