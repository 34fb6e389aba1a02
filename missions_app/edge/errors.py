"""Refusals as HTTP: the only place that knows status codes. RFC 9457 for the API, a page for people."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, Response, current_app, jsonify, render_template, request
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from missions_app import db
from missions_app.accounts.errors import LinkExpired
from missions_app.bookings.errors import Alternative, Taken
from missions_app.edge.access import SignInNeeded, to_sign_in
from missions_app.edge.schema_words import remedy
from missions_app.edge.words import sentence, sentences
from missions_app.errors import Conflict, DomainError, InvalidInput, NotAllowed, NotFound, TooOften, TryAgain
from missions_app.i18n import N_, _, current_locale

PAGES = {400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503}
# The words of HTTP itself; the English ones of the server library would reach Swedish readers.
TITLES = {
    400: N_("The request cannot be understood"),
    401: N_("Sign in first"),
    403: N_("You do not have the right"),
    404: N_("There is nothing here"),
    405: N_("This cannot be done here"),
    409: N_("Not possible as things stand"),
    413: N_("Too large"),
    415: N_("Wrong kind of content"),
    422: N_("Something needs to be corrected"),
    428: N_("Say which version you have seen"),
    429: N_("Too many requests"),
    500: N_("Something went wrong on our side."),
    503: N_("Try again in a moment"),
}
PLACES = ("json", "query", "form", "files", "json_or_form")
log = logging.getLogger(__name__)


class VersionMissing(DomainError):
    """An edit through the API has to say which version it is based on."""

    code = "version_missing"
    message = 'Send the version you have seen in the header If-Match, such as "7".'


class CannotBeKept(InvalidInput):
    """A number or a text that no record can hold, or a sign that no text can."""

    code = "cannot_be_kept"
    message = "A number or a text cannot be kept: it is too large, or holds a sign that no text can hold."


def status_of(error: DomainError) -> int:
    """The status code of a refusal."""
    table: tuple[tuple[type[DomainError] | tuple[type[DomainError], ...], int], ...] = (
        ((NotFound, LinkExpired), 404),
        (SignInNeeded, 401),
        (NotAllowed, 403),
        (TryAgain, 503),
        (Conflict, 409),
        (TooOften, 429),
        (VersionMissing, 428),
    )
    return next((status for kind, status in table if isinstance(error, kind)), 422)


def wants_json() -> bool:
    """Whether the caller is a machine at the API."""
    return request.path.startswith("/api/")


def problem_details(status: int, code: str, title: str, detail: str, **more: Any) -> Response:
    """An RFC 9457 answer: type is a stable code, detail is in the reader's language."""
    about = {"type": f"urn:missions:problem:{code}", "title": title, "status": status, "code": code, "detail": detail}
    response = jsonify({**about, "instance": request.path, **more})
    response.status_code = status
    response.mimetype = "application/problem+json"
    response.headers["Content-Language"] = current_locale()
    return response


def answer(error: DomainError) -> Response | tuple[str, int]:
    """A refusal as a page or as problem details."""
    status = status_of(error)
    if not wants_json():
        page = status if status in PAGES else 400
        return render_template(f"errors/{page}.html", problems=sentences(error), error=error), status
    errors = [{"code": one.code, "field": one.field, "detail": sentence(one)} for one in error.problems]
    first = errors[0]["detail"] or ""
    response = problem_details(status, error.code, _(TITLES[status]), first, errors=errors, **_more(error))
    if isinstance(error, SignInNeeded):
        response.headers["WWW-Authenticate"] = 'Bearer realm="missions"'
    return response


def _more(error: DomainError) -> dict[str, Any]:
    """What a machine needs beside the words: when to come back, which version there is now."""
    if isinstance(error, TooOften):
        return {"retry_after": error.params.get("seconds")}
    if isinstance(error, Taken):
        return {"alternatives": [_alternative(one) for one in error.alternatives]}
    return {"current_version": error.params["current"]} if "current" in error.params else {}


def _alternative(one: Alternative) -> dict[str, str]:
    return {
        "way": one.way.value, "site": one.resource.site.slug, "resource": one.resource.slug,
        "starts_at": one.start.isoformat(), "ends_at": one.end.isoformat(),
    }  # fmt: skip


def retry_after(error: DomainError) -> str | None:
    """The Retry-After header of a refusal, in seconds, if it has one."""
    match error:
        case TryAgain():
            return "1"
        case TooOften():
            return str(error.params.get("seconds", 60))
        case _:
            return None


def schema_errors(messages: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a schema found wrong, flattened: a code, the path of the field, and what to do."""
    return [
        {"code": "wrong_shape", "field": ".".join(path) or None, "detail": remedy(text)}
        for where, inner in messages.items()
        for path, text in _leaves(inner, () if where in PLACES else (where,))
    ]


def _leaves(messages: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _leaves(inner, path if name == "_schema" else (*path, str(name)))
    elif isinstance(messages, list | tuple):
        for inner in messages:
            yield from _leaves(inner, path)
    else:
        yield path, str(messages)


def _http_problem(error: HTTPException) -> Response:
    status = error.code or 500
    title = _(TITLES[status]) if status in TITLES else error.name
    messages = (getattr(error, "data", None) or {}).get("messages")
    if messages:
        errors = schema_errors(messages)
        return problem_details(status, "wrong_shape", title, errors[0]["detail"], errors=errors)
    detail = _("Send less at a time: at most %(most)s MB.", most=_most_megabytes()) if status == 413 else title
    return problem_details(status, f"http_{status}", title, detail)


def _most_megabytes() -> int:
    return int(current_app.config["MAX_CONTENT_LENGTH"]) // 1_000_000


def http_answer(error: HTTPException) -> Any:
    """What HTTP itself refuses (no such page, wrong method), as a page or as problem details."""
    db.session.rollback()
    status = error.code or 500
    if status < 400:
        return error
    if wants_json():
        response = _http_problem(error)
    else:
        page = status if status in PAGES else (500 if status >= 500 else 400)
        response = Response(render_template(f"errors/{page}.html", problems=[], error=error), status)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def register(app: Flask) -> None:
    """Answer every refusal, HTTP error and crash in the reader's language."""

    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> Any:
        db.session.rollback()
        if isinstance(error, SignInNeeded) and not wants_json():
            return to_sign_in()
        response = app.make_response(answer(error))
        after = retry_after(error)
        if after is not None:
            response.headers["Retry-After"] = after
        return response

    @app.errorhandler(DataError)
    @app.errorhandler(OverflowError)
    @app.errorhandler(UnicodeEncodeError)
    def cannot_be_kept(error: Exception) -> Any:
        log.warning("a value cannot be kept", extra={"endpoint": request.endpoint, "error": type(error).__name__})
        return refused(CannotBeKept())

    @app.errorhandler(HTTPException)
    def http_refused(error: HTTPException) -> Any:
        return http_answer(error)

    @app.errorhandler(Exception)
    def crashed(error: Exception) -> Any:
        db.session.rollback()
        log.exception("unhandled error", extra={"endpoint": request.endpoint})
        if wants_json():
            return problem_details(500, "internal", _(TITLES[500]), _("The fault has been logged."))
        return render_template("errors/500.html", problems=[], error=error), 500
