"""The description of the API: for machines as OpenAPI 3.1, for people as a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, jsonify, render_template
from flask.typing import ResponseReturnValue

from missions_app.api.base import PREFIX
from missions_app.api.frame import MissionsApi
from missions_app.edge.access import public

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a body or a parameter: where it is, its name, kind and whether it is needed."""

    place: str
    name: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked: method, path, what it does, the scope it needs, and what it takes."""

    key: str
    method: str
    path: str
    summary: str
    scope: str
    inputs: tuple[Field, ...]


def register(app: Flask, api: MissionsApi) -> None:
    """Mount /api/v1/ and /api/v1/openapi.json."""
    bp = Blueprint("api", __name__, url_prefix=PREFIX)
    known: dict[str, Any] = {}

    def description() -> dict[str, Any]:
        if not known:
            known.update(describe(api))
        return known

    @bp.get("/")
    @public
    def docs() -> ResponseReturnValue:
        """Every operation, by domain."""
        return render_template("api/docs.html", groups=groups_of(description()))

    @bp.get("/openapi.json")
    @public
    def openapi() -> ResponseReturnValue:
        """The same for machines."""
        return jsonify(description())

    app.register_blueprint(bp)


def describe(api: MissionsApi) -> dict[str, Any]:
    """The whole description; tags are named as the domains."""
    spec: dict[str, Any] = api.spec.to_dict()
    for tag in spec.get("tags", []):
        tag["name"] = tag["name"].removeprefix("api_")
    return spec


def groups_of(spec: dict[str, Any]) -> dict[str, list[Operation]]:
    """Operations by domain, in the order of the description."""
    groups: dict[str, list[Operation]] = {tag["name"]: [] for tag in spec.get("tags", [])}
    for operation, domain in _operations(spec):
        groups.setdefault(domain, []).append(operation)
    return {domain: operations for domain, operations in groups.items() if operations}


def _operations(spec: dict[str, Any]) -> Iterator[tuple[Operation, str]]:
    for path, item in spec.get("paths", {}).items():
        for method in METHODS:
            if method not in item:
                continue
            one = item[method]
            parameters = [*item.get("parameters", []), *one.get("parameters", [])]
            scopes = [scope for need in one.get("security", []) for scope in need.get("bearer", [])]
            yield (
                Operation(
                    one.get("operationId", f"{method}{path}").replace(".", "-"), method.upper(), path,
                    one.get("summary", ""), scopes[0] if scopes else "",
                    (*(_parameter(parameter) for parameter in parameters if "name" in parameter), *_body(spec, one)),
                ),
                one["tags"][0],
            )  # fmt: skip


def _parameter(parameter: dict[str, Any]) -> Field:
    kind = parameter.get("schema", {}).get("type", "")
    return Field(parameter["in"], parameter["name"], _words(kind), parameter.get("required", False))


def _body(spec: dict[str, Any], operation: dict[str, Any]) -> Iterator[Field]:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = content.get("schema", {})
        name = schema.get("$ref", "").rpartition("/")[2]
        schema = spec["components"]["schemas"].get(name, schema)
        for field, about in schema.get("properties", {}).items():
            yield Field("body", field, _words(about.get("type", "")), field in schema.get("required", []))


def _words(kind: Any) -> str:
    return " | ".join(kind) if isinstance(kind, list) else str(kind)
