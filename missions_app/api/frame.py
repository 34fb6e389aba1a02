"""What holds for every call of the API: limits, scopes, keys for repeating, and the description in OpenAPI."""

import http
from typing import Any

import marshmallow as ma
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask, Response, current_app, g, request
from flask_smorest import Api
from flask_smorest.utils import prepare_response
from marshmallow import fields

from config.settings import Settings
from missions_app.accounts.secrets import digest
from missions_app.api.base import PREFIX
from missions_app.api.scopes import check_scope
from missions_app.edge.access import actor
from missions_app.edge.idempotency import keep_answer, repeat_answer
from missions_app.edge.rate_limit import Allowance, Windows
from missions_app.edge.sessions import bearer
from missions_app.errors import TooOften

KNOWN_PER_MINUTE, UNKNOWN_PER_MINUTE = 600, 120
PROBLEM_TYPE = "application/problem+json"
DESCRIPTION = """The same services as the pages, with the same refusals. Make a token on your account page and send it
as `Authorization: Bearer …`. Refusals are problem details (RFC 9457) with a stable `code`, the `field` at fault and a
sentence in the language of `Accept-Language` (sv, en). Send `Idempotency-Key` with a POST to be able to repeat it
safely, and `If-Match` with the record's ETag when you change something. Lists come in pages: `page`, `page_size`, and
`Link` headers."""


class WrongSchema(ma.Schema):
    """One thing that is wrong."""

    code = fields.String()
    field = fields.String(allow_none=True)
    detail = fields.String()


class ProblemSchema(ma.Schema):
    """A refusal: RFC 9457."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    code = fields.String(metadata={"description": "Stable; meant for programs."})
    detail = fields.String(metadata={"description": "A sentence in the reader's language."})
    instance = fields.String()
    errors = fields.List(fields.Nested(WrongSchema))
    current_version = fields.Integer(metadata={"description": "With `stale_version`: the one there is now."})
    alternatives = fields.List(
        fields.Dict(),
        metadata={
            "description": "With `taken`: what can be had instead (shifted, shorter, other_resource, other_site)"
        },
    )


class MissionsApi(Api):
    """flask-smorest with our own refusals."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """edge.errors answers; nothing else may."""

    def _register_responses(self) -> None:
        for status in http.HTTPStatus:
            response: dict[str, Any] = {"description": status.phrase}
            if status >= 400:
                response["schema"] = self.ERROR_SCHEMA
            prepare_response(response, self.spec, PROBLEM_TYPE)
            self.spec.components.response(status.name, response, lazy=True)
        refusal: dict[str, Any] = {"description": "A refusal", "schema": self.ERROR_SCHEMA}
        prepare_response(refusal, self.spec, PROBLEM_TYPE)
        self.spec.components.response("DEFAULT_ERROR", refusal, lazy=True)


def _schema_name(schema: Any) -> str:
    """A shape's name with its domain's: two domains may use the same word."""
    found = resolve_schema_cls(schema)
    kind = found[0] if isinstance(found, list) else found
    return f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}"


def make_api(app: Flask) -> MissionsApi:
    """The API with its description, empty as yet."""
    app.config.update(API_TITLE="Missions", API_VERSION="v1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None)
    settings: Settings = app.extensions["settings"]
    api = MissionsApi(app, spec_kwargs={
        "info": {"description": DESCRIPTION}, "servers": [{"url": settings.base_url}],
        "marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_schema_name),
    })  # fmt: skip
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    return api


def register(app: Flask) -> None:
    """Check and count every call."""
    settings: Settings = app.extensions["settings"]
    windows = Windows()

    @app.before_request
    def check_call() -> Response | None:
        if not request.path.startswith(PREFIX):
            return None
        if settings.rate_limits:
            g.allowance = _count(windows)
            if g.allowance.is_spent:
                raise TooOften(seconds=g.allowance.reset_seconds)
        if request.endpoint is None:
            return None
        check_scope(actor(), current_app.view_functions[request.endpoint])
        return repeat_answer()

    @app.after_request
    def label_answer(response: Response) -> Response:
        if not request.path.startswith(PREFIX):
            return response
        allowance: Allowance | None = g.get("allowance")
        if allowance is not None:
            response.headers["RateLimit-Limit"] = str(allowance.limit)
            response.headers["RateLimit-Remaining"] = str(max(0, allowance.remaining))
            response.headers["RateLimit-Reset"] = str(allowance.reset_seconds)
        response.vary.add("Authorization")
        return keep_answer(response)


def _count(windows: Windows) -> Allowance:
    token = bearer()
    if token is not None and actor().is_signed_in:
        return windows.count(f"token:{digest(token)}", KNOWN_PER_MINUTE)
    if actor().is_signed_in:
        return windows.count(f"user:{actor().user_id}", KNOWN_PER_MINUTE)
    return windows.count(f"address:{request.remote_addr}", UNKNOWN_PER_MINUTE)
