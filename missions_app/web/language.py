"""The reader's language: chosen in the page's head, kept in a cookie, and switched without losing what was typed.

A page with a form switches by posting that form with `switch_language`; the form then shows again as it was.
"""

from flask import Flask, Response, g, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from missions_app.edge.access import actor, public
from missions_app.i18n import DEFAULT_LOCALE, LOCALES, current_locale, set_locale

COOKIE = "language"
YEAR = 365 * 24 * 3600


def register(app: Flask) -> None:
    """Choose the language before every view, and remember an explicit choice after it."""

    @app.before_request
    def choose_language() -> None:
        switched = request.form.get("switch_language") if request.method == "POST" else None
        if switched in LOCALES:
            g.language_switched = switched
            set_locale(str(switched))
            return
        set_locale(_preferred())

    @app.after_request
    def remember(response: Response) -> Response:
        if g.get("language_switched"):
            _set_cookie(response, g.language_switched)
        response.headers.setdefault("Content-Language", current_locale())
        return response

    @app.get("/language/<locale>")
    @public
    def choose_language_by_link(locale: str) -> ResponseReturnValue:
        """Switch language and come back to the same page."""
        response = make_response(redirect(local_path(request.args.get("next", "/")), 303))
        _set_cookie(response, locale if locale in LOCALES else DEFAULT_LOCALE)
        return response

    app.jinja_env.globals["csrf_token"] = generate_csrf


def local_path(path: str) -> str:
    """A path of our own site; the start page for anything else."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def _preferred() -> str:
    if request.path.startswith("/api/") and request.endpoint != "api.docs":
        return request.accept_languages.best_match(LOCALES) or "en"
    cookie = request.cookies.get(COOKIE)
    if cookie in LOCALES:
        return str(cookie)
    if actor().is_signed_in:
        return actor().locale
    return request.accept_languages.best_match(LOCALES) or DEFAULT_LOCALE


def _set_cookie(response: Response, locale: str) -> None:
    response.set_cookie(COOKIE, locale, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
