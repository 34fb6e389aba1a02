"""What the API's domains are built of: a blueprint that documents itself, with pages and versions."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

import marshmallow as ma
from flask import request, url_for
from flask_smorest import Blueprint
from flask_smorest.utils import unpack_tuple_response
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from missions_app.api.schemas import Filters, Input, Moment, Output, Parser, made, page_schema
from missions_app.api.scopes import default_scope, scope
from missions_app.edge.errors import VersionMissing
from missions_app.edge.paging import LARGEST, Page, page_of
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.i18n import N_

PREFIX = "/api/v1"
F = TypeVar("F", bound=Callable[..., Any])
Found = TypeVar("Found")
IF_MATCH = {
    "in": "header", "name": "If-Match", "required": True, "schema": {"type": "string", "examples": ['"7"']},
    "description": "The version you have seen: the record's ETag.",
}  # fmt: skip
PAGING_PARAMETERS = [
    {"in": "query", "name": "page", "schema": {"type": "integer", "minimum": 1, "default": 1}},
    {
        "in": "query",
        "name": "page_size",
        "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": 25},
    },
]


class ApiBlueprint(Blueprint):
    """One domain's part of the API. Every view carries `public` or `signed_in`; the scope a token needs is the
    domain's own `read` or `write`, unless the view says otherwise with `scope`."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, domain: str, description: str) -> None:
        self.domain = domain
        super().__init__(f"api_{domain}", __name__, url_prefix=PREFIX, description=description)

    def route(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Mount a view under /api/v1 and document it."""
        methods = options.get("methods", ("GET",))
        plain = super().route(rule, tags=[self.domain], **options)

        def decorator(view: F) -> F:
            if not hasattr(view, "access"):
                raise TypeError(f"{self.domain}.{view.__name__} carries neither public nor signed_in")
            needed = getattr(view, "api_scope", "") or default_scope(self.domain, methods)
            view.api_scope = needed  # type: ignore[attr-defined]
            more = {"security": [{"bearer": [needed]}]} if view.access == "signed_in" else {}
            return cast(F, plain(self.doc(operationId=f"{self.domain}.{view.__name__}", **more)(view)))

        return decorator

    def get(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Mount a reading view."""
        return self.route(rule, methods=["GET"], **options)

    def post(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Mount a view that makes or does something."""
        return self.route(rule, methods=["POST"], **options)

    def put(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Mount a view that replaces something."""
        return self.route(rule, methods=["PUT"], **options)

    def patch(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Mount a view that changes something."""
        return self.route(rule, methods=["PATCH"], **options)

    def delete(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Mount a view that takes something away."""
        return self.route(rule, methods=["DELETE"], **options)

    def arguments(self, schema: Any, **options: Any) -> Callable[[F], Callable[..., Any]]:
        """Read the body (or another location) by a schema; the view gets it as its first argument."""
        schema = made(schema) if isinstance(schema, type) else schema
        return cast(Callable[[F], Callable[..., Any]], super().arguments(schema, **options))

    def doc(self, **kwargs: Any) -> Callable[[F], F]:
        """Add to the description of a view."""
        return cast(Callable[[F], F], super().doc(**kwargs))

    def response(self, status_code: int, schema: Any = None, **options: Any) -> Callable[[F], F]:
        """Say what is answered. A record with a version gets it as its ETag."""
        schema = made(schema) if isinstance(schema, type) else schema
        plain = super().response(status_code, schema, **options)

        def decorator(view: F) -> F:
            @wraps(view)
            def tagged(*args: Any, **kwargs: Any) -> Any:
                result, status, headers = unpack_tuple_response(view(*args, **kwargs))
                version = None if isinstance(result, Response) else _version_of(result)
                if version is not None:
                    headers = {**(headers or {}), "ETag": f'"{version}"'}
                return result, status, headers or {}

            return cast(F, plain(tagged))

        return decorator

    def paged(self, row: type[ma.Schema], filters: type[Filters] = Filters) -> Callable[[F], F]:
        """A list in pages. The view returns a select on one entity, or a Page; it gets the filters as its first
        argument when it names any."""
        schema = page_schema(row)

        def decorator(view: F) -> F:
            asked = self.arguments(filters, location="query")(view if filters is not Filters else _without_first(view))

            @wraps(asked)
            def in_pages(*args: Any, **kwargs: Any) -> Any:
                _check_paging()
                found = asked(*args, **kwargs)
                page = found if isinstance(found, Page) else page_of(found)
                body = {"items": page.rows, "page": page.number, "page_size": page.size, "total": page.total}
                return body, 200, {"Link": _links(page)}

            documented = self.doc(parameters=PAGING_PARAMETERS)(in_pages)
            return cast(F, self.response(200, schema)(documented))

        return decorator

    def versioned(self, view: F) -> F:
        """An edit: the version that the caller has seen comes in If-Match and reaches the view as
        `expected_version`. Missing it is 428; an old one is 409."""

        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            return view(*args, expected_version=expected_version(), **kwargs)

        return cast(F, self.doc(parameters=[IF_MATCH])(checked))


def expected_version() -> int:
    """The version in If-Match, as a whole number; VersionMissing without one."""
    match = re.fullmatch(r'(?:W/)?"?(\d+)"?', request.headers.get("If-Match", "").strip())
    if match is None:
        raise VersionMissing(field="If-Match")
    return int(match[1])


def seen_version() -> int | None:
    """The version in If-Match, where the caller says which one it has seen: then an older one is refused."""
    return expected_version() if request.headers.get("If-Match") else None


def created(record: Any, endpoint: str, **values: Any) -> tuple[Any, int, dict[str, str]]:
    """The answer to a POST that made something: 201 and where it is. endpoint: "<domain>.<view>"."""
    domain, _dot, view = endpoint.partition(".")
    return record, 201, {"Location": url_for(f"api_{domain}.{view}", **values)}


def sent_file() -> FileStorage:
    """The part `file` of a multipart body."""
    sent = request.files.get("file")
    if sent is None:
        raise InvalidInput.of([Problem("missing", N_("Send the file as the part “file”."), "file")])
    return sent


def _version_of(result: Any) -> int | None:
    version = result.get("version") if isinstance(result, Mapping) else getattr(result, "version", None)
    return version if isinstance(version, int) else None


def _without_first(view: F) -> F:
    @wraps(view)
    def shortened(_filters: Any, *args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    return cast(F, shortened)


def _check_paging() -> None:
    text = N_("Give a whole number from 1 to %(most)d.")
    most = {"page": 100_000, "page_size": LARGEST}
    problems = [
        Problem("out_of_range", text, name, {"most": limit})
        for name, limit in most.items()
        if (value := request.args.get(name)) is not None and not (value.isdecimal() and 1 <= int(value) <= limit)
    ]
    if problems:
        raise InvalidInput.of(problems)


def _links(page: Page[Any]) -> str:
    numbers = {"first": 1, "prev": page.number - 1, "next": page.number + 1, "last": page.pages}
    values = {**request.view_args, **request.args.to_dict()} if request.view_args else request.args.to_dict()
    shown = {rel: number for rel, number in numbers.items() if 1 <= number <= page.pages}
    endpoint = request.endpoint or ""
    return ", ".join(
        f'<{url_for(endpoint, **{**values, "page": number})}>; rel="{rel}"' for rel, number in shown.items()
    )


class NamesNothing(NotFound):
    """What a field of a body names does not exist, or may not be known to."""

    message = N_("There is no such thing, or you may not see it. Send a name from its list in the API.")


def existing(field: str, find: Callable[..., Found], *names: Any) -> Found:
    """What a body names, found. When there is no such thing it is that field that is wrong, and not the address.

    Raises:
        NamesNothing.
    """
    try:
        return find(*names)
    except NotFound as error:
        raise NamesNothing(field=field) from error


__all__ = [
    "PREFIX", "ApiBlueprint", "Filters", "Input", "Moment", "Output", "created", "existing", "expected_version",
    "scope", "seen_version",
]  # fmt: skip
