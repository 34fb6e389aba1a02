"""Every route × visitor and stranger: what is not public is refused, and nothing breaks."""

from collections.abc import Iterable, Iterator, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.architecture.object_pages import ObjectPage, modules, open_endpoints, pages
from tests.factories.accounts import bearer, make_user, sign_in, sign_out
from tests.factories.organisations import method_in_force

WRITES = ("POST", "PUT", "PATCH", "DELETE")
# Words that fit every kind of variable without naming anything that exists.
# Acts that everybody may do to what they may read; following takes no account.
FOR_EVERYBODY = {
    "api_matching.unwatch_needs", "api_organisations.ask_to_join", "api_proposals.follow", "challenges.follow",
    "organisations.join",
}  # fmt: skip
NOTHING = {"IntegerConverter": 999_999_999, "UnicodeConverter": "nothing-here", "PathConverter": "nothing/here"}


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route with every method that it answers."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if not rule.endpoint.endswith("static"):
                yield rule, method


def address(app: Flask, rule: Rule) -> str:
    """An address of the route that names nothing that exists."""
    values: dict[str, object] = {}
    for name, converter in rule._converters.items():
        kind = type(converter).__name__
        values[name] = sorted(converter.items)[0] if kind == "AnyConverter" else NOTHING.get(kind, "nothing-here")
    return url_of(app, rule.endpoint, values)


def url_of(app: Flask, endpoint: str, values: Mapping[str, object]) -> str:
    """An address, made without a request: ending one would close the test's database session."""
    return app.url_map.bind("localhost").build(endpoint, dict(values))


def test_every_route_that_is_not_public_refuses_visitors(app: Flask, client: FlaskClient) -> None:
    let_in = []
    for rule, method in routes(app):
        if app.view_functions[rule.endpoint].access != "signed_in":  # type: ignore[attr-defined]
            continue
        url = address(app, rule)
        answer = client.open(url, method=method)
        refused = (
            answer.status_code == 401
            if url.startswith("/api/")
            else answer.status_code == 303 and answer.location.startswith("/sign-in?next=")
        )
        if not refused:
            let_in.append((rule.endpoint, method, answer.status_code))
    assert let_in == []


@pytest.mark.slow
def test_no_route_breaks_or_lets_a_stranger_at_what_is_not_there(app: Flask, client: FlaskClient) -> None:
    method_in_force()
    stranger = make_user()
    headers = bearer(stranger) | {"If-Match": '"1"'}
    sign_in(client, stranger)
    machine, wrong = app.test_client(), []
    for rule, method in routes(app):
        if not rule.arguments:
            continue
        url = address(app, rule)
        is_api = url.startswith("/api/")
        ask = machine if is_api else client
        answer = ask.open(url, method=method, headers=headers if is_api else {}, json={} if is_api else None)
        allowed = (303, 400, 403, 404, 409, 422) if method in WRITES or not is_api else (403, 404, 422)
        if answer.status_code not in allowed:
            wrong.append((rule.endpoint, method, answer.status_code))
    assert wrong == []
    assert client.get("/account").status_code == 200  # signed in all the while


def ask(client: FlaskClient, app: Flask, page: ObjectPage, values: dict[str, object], user: object) -> int:
    url = url_of(app, page.endpoint, values)
    if user is None:
        return sign_out(client).get(url).status_code
    if url.startswith("/api/"):
        return sign_out(client).get(url, headers=bearer(user)).status_code  # type: ignore[arg-type]
    return sign_in(client, user).get(url).status_code  # type: ignore[arg-type]


def domain_of(endpoint: str) -> str:
    return endpoint.partition(".")[0].removeprefix("api_")


def acts_on(app: Flask, page: ObjectPage, values: dict[str, object]) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and address of each writing route of the page's domain that takes the page's variables."""
    for rule, method in routes(app):
        fits = set(rule.arguments) == set(values) and domain_of(rule.endpoint) == domain_of(page.endpoint)
        if fits and method in WRITES and rule.endpoint not in FOR_EVERYBODY:
            yield rule.endpoint, method, url_of(app, rule.endpoint, values)


@pytest.fixture(scope="module")
def tried() -> set[tuple[str, str]]:
    """Acts tried already: several pages show the same thing, and one of them is enough to try its acts on."""
    return set()


def let_in(
    app: Flask, client: FlaskClient, acts: Iterable[tuple[str, str, str]], tried: set[tuple[str, str]]
) -> list[tuple[object, ...]]:
    """Every act on a thing that a visitor or a stranger is not kept from."""
    found: list[tuple[object, ...]] = []
    stranger = make_user()
    for endpoint, method, url in acts:
        if (endpoint, method) in tried:
            continue
        tried.add((endpoint, method))
        is_api = url.startswith("/api/")
        body = {"json": {}} if is_api else {}
        answer = sign_out(client).open(url, method=method, **body)
        if answer.status_code not in (401, 403, 404) and "/sign-in" not in (answer.location or ""):
            found.append(("visitor", endpoint, method, answer.status_code))
        headers = bearer(stranger) | {"If-Match": '"1"'} if is_api else {}
        answer = (client if is_api else sign_in(client, stranger)).open(url, method=method, headers=headers, **body)
        # The API says what is wrong with a body before it looks at what the body is about.
        if answer.status_code not in ((400, 403, 404, 422) if is_api else (403, 404)):
            found.append(("stranger", endpoint, method, answer.status_code))
    return found


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.endpoint)
def test_a_thing_is_shown_to_its_reader_and_strangers_neither_read_nor_write(
    app: Flask, client: FlaskClient, page: ObjectPage, tried: set[tuple[str, str]]
) -> None:
    arranged = page.make()
    values = dict(arranged.values)

    assert ask(client, app, page, values, arranged.reader) == 200
    assert ask(client, app, page, values, make_user()) in page.stranger
    assert ask(client, app, page, values, None) in (303, 401, 403, 404)
    assert let_in(app, client, acts_on(app, page, values), tried) == []


@pytest.mark.parametrize("domain", modules())
def test_a_domain_lists_all_its_object_pages(app: Flask, domain: str) -> None:
    listed = {page.endpoint for page in pages()} | open_endpoints()
    unlisted = {
        rule.endpoint
        for rule, method in routes(app)
        if method == "GET" and rule.arguments and rule.endpoint.partition(".")[0] in (domain, f"api_{domain}")
    } - listed
    assert unlisted == set()
