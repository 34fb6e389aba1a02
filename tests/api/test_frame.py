"""What holds for every call of the API."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import Schema, fields
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.api.frame import UNKNOWN_PER_MINUTE
from missions_app.api.schemas import Input
from missions_app.app import create_app
from missions_app.organisations.models import Organisation
from missions_app.paths import ROOT
from tests.factories.accounts import bearer, grant_role, make_user, sign_in
from tests.factories.organisations import make_organisation, method_in_force
from tests.factories.sites import make_resource

PROBLEM = "application/problem+json"


def officer_headers(*scopes: str) -> dict[str, str]:
    method_in_force()
    officer = make_user()
    grant_role(officer, "secretariat_officer")
    return bearer(officer, *scopes)


def test_an_unknown_address_under_the_api_is_a_problem_document(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing", headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.mimetype) == (404, PROBLEM)
    assert answer.json["code"] == "http_404"
    assert answer.json["status"] == 404
    assert answer.json["type"] == "urn:missions:problem:http_404"


def test_a_wrong_method_is_a_problem_document_that_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.delete("/api/v1/organisations")

    assert (answer.status_code, answer.mimetype) == (405, PROBLEM)
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_a_visitor_gets_401_with_the_way_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/api/v1/account")

    assert answer.status_code == 401
    assert answer.json["code"] == "sign_in_needed"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="missions"'


def test_a_wrong_token_is_refused_even_where_everybody_may_read(client: FlaskClient) -> None:
    answer = client.get("/api/v1/organisations", headers={"Authorization": "Bearer missions_wrong"})

    assert (answer.status_code, answer.json["code"]) == (401, "wrong_token")


def test_broken_json_is_400_and_other_content_415(client: FlaskClient) -> None:
    headers = officer_headers()

    broken = client.post("/api/v1/organisations", headers=headers, data="{", content_type="application/json")
    other = client.post("/api/v1/organisations", headers=headers, data="name=A", content_type="text/plain")

    assert (broken.status_code, broken.mimetype) == (400, PROBLEM)
    assert (other.status_code, other.mimetype) == (415, PROBLEM)


def test_brackets_without_end_are_no_json_and_half_a_sign_is_no_text(client: FlaskClient) -> None:
    headers = bearer(make_user()) | {"Content-Type": "application/json"}

    deep = client.post("/api/v1/bookings", headers=headers, data=b'{"purpose":' + b"[" * 100_000)
    half = client.post("/api/v1/bookings", headers=headers, data=b'{"details": {"vessel": "\\ud800"}}')

    assert (deep.status_code, deep.json["code"]) == (400, "wrong_shape")
    assert (half.status_code, half.json["code"]) == (422, "cannot_be_kept")


def test_a_whole_number_is_not_cut_off(client: FlaskClient) -> None:
    answer = client.post("/api/v1/bookings", headers=bearer(make_user()), json={"units": 1.5, "people_on_site": 2.5})

    assert {("wrong_shape", "units"), ("wrong_shape", "people_on_site")} <= {
        (one["code"], one["field"]) for one in answer.json["errors"]
    }


def test_an_unknown_field_is_named(client: FlaskClient) -> None:
    body = {"name": "A", "sector": "business", "colour": "red"}

    answer = client.post("/api/v1/organisations", headers=officer_headers(), json=body)

    assert answer.status_code == 422
    assert [(one["code"], one["field"]) for one in answer.json["errors"]] == [("wrong_shape", "colour")]


def test_an_unknown_filter_is_named(client: FlaskClient) -> None:
    answer = client.get("/api/v1/organisations?colour=red")

    assert answer.status_code == 422
    assert [one["field"] for one in answer.json["errors"]] == ["colour"]


@pytest.mark.parametrize("query", ["page=0", "page=x", "page_size=101", "page_size=-1"])
def test_a_page_that_cannot_be_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/organisations?{query}")

    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, "out_of_range")


def test_a_domain_refusal_carries_code_and_field(client: FlaskClient) -> None:
    body = {"name": "A", "sector": "nowhere", "number": "123"}

    answer = client.post("/api/v1/organisations", headers=officer_headers(), json=body)

    assert answer.status_code == 422
    assert {(one["code"], one["field"]) for one in answer.json["errors"]} == {
        ("unknown_choice", "sector"),
        ("wrong_number", "number"),
    }


def test_lists_come_in_pages_with_links(client: FlaskClient) -> None:
    for name in ("Ål AB", "Zebra AB", "Abborre AB"):
        make_organisation(name)

    first = client.get("/api/v1/organisations?page_size=2")
    last = client.get("/api/v1/organisations?page_size=2&page=2")

    assert [one["name"] for one in first.json["items"]] == ["Abborre AB", "Zebra AB"]
    assert [one["name"] for one in last.json["items"]] == ["Ål AB"]
    assert (first.json["page"], first.json["page_size"], first.json["total"]) == (1, 2, 3)
    assert first.headers["Link"] == (
        '</api/v1/organisations?page_size=2&page=1>; rel="first", '
        '</api/v1/organisations?page_size=2&page=2>; rel="next", '
        '</api/v1/organisations?page_size=2&page=2>; rel="last"'
    )


def test_the_same_key_and_body_do_the_work_once_and_answer_the_same(client: FlaskClient, session: Session) -> None:
    headers = officer_headers() | {"Idempotency-Key": "one"}
    body = {"name": "Sund AB", "sector": "business"}

    first = client.post("/api/v1/organisations", headers=headers, json=body)
    second = client.post("/api/v1/organisations", headers=headers, json=body)

    assert (first.status_code, second.status_code) == (201, 201)
    assert json.loads(second.data) == json.loads(first.data)
    assert second.headers["Location"] == first.headers["Location"] == "/api/v1/organisations/sund-ab"
    assert second.headers["Idempotency-Replayed"] == "true"
    assert session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_the_same_key_with_another_body_is_refused(client: FlaskClient) -> None:
    headers = officer_headers() | {"Idempotency-Key": "one"}
    client.post("/api/v1/organisations", headers=headers, json={"name": "Sund AB", "sector": "business"})

    answer = client.post("/api/v1/organisations", headers=headers, json={"name": "Vik AB", "sector": "business"})

    assert (answer.status_code, answer.json["code"]) == (422, "key_reused")


def test_a_refusal_is_repeated_too_and_the_keys_of_others_are_others(client: FlaskClient) -> None:
    headers = officer_headers() | {"Idempotency-Key": "one"}
    first = client.post("/api/v1/organisations", headers=headers, json={"name": "", "sector": "business"})
    second = client.post("/api/v1/organisations", headers=headers, json={"name": "", "sector": "business"})
    other = client.post(
        "/api/v1/organisations",
        headers=bearer(make_user()) | {"Idempotency-Key": "one"},
        json={"name": "Vik AB", "sector": "business"},
    )

    assert (first.status_code, second.status_code, other.status_code) == (422, 422, 201)
    assert second.json == first.json


def test_an_edit_needs_the_version_seen(client: FlaskClient) -> None:
    headers = officer_headers()
    organisation = make_organisation("Sund AB")
    url, body = f"/api/v1/organisations/{organisation.slug}", {"name": "Sund & Vik AB", "sector": "business"}

    etag = client.get(url).headers["ETag"]
    missing = client.put(url, headers=headers, json=body)
    right = client.put(url, headers=headers | {"If-Match": etag}, json=body)
    late = client.put(url, headers=headers | {"If-Match": etag}, json=body)

    assert (missing.status_code, missing.json["code"]) == (428, "version_missing")
    assert (right.status_code, right.json["name"]) == (200, "Sund & Vik AB")
    assert right.headers["ETag"] != etag
    assert (late.status_code, late.json["code"]) == (409, "stale_version")
    assert f'"{late.json["current_version"]}"' == right.headers["ETag"]


@pytest.mark.parametrize(
    ("scopes", "read", "write"),
    [
        (("read",), 200, 403),
        (("write",), 200, 201),
        (("organisations:read",), 200, 403),
        (("organisations:write",), 200, 201),
        (("challenges:write",), 403, 403),
    ],
)
def test_a_token_reaches_as_far_as_its_scopes(
    client: FlaskClient, scopes: tuple[str, ...], read: int, write: int
) -> None:
    headers = officer_headers(*scopes)

    assert client.get("/api/v1/organisations", headers=headers).status_code == read
    answer = client.post("/api/v1/organisations", headers=headers, json={"name": "Vik AB", "sector": "business"})
    assert answer.status_code == write
    if write == 403:
        assert answer.json["code"] == "scope_missing"


def test_a_signed_in_browser_needs_the_form_token_a_machine_does_not(app: Flask, client: FlaskClient) -> None:
    method_in_force()
    sign_in(client, make_user())
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        browser = client.post("/api/v1/organisations", json={"name": "Vik AB", "sector": "business"})
        machine = app.test_client().post(
            "/api/v1/organisations", json={"name": "Vik AB", "sector": "business"}, headers=bearer(make_user())
        )
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert (browser.status_code, browser.mimetype) == (400, PROBLEM)
    assert machine.status_code == 201


def test_the_description_is_openapi_3_1_and_names_scopes_and_problems(client: FlaskClient) -> None:
    spec = client.get("/api/v1/openapi.json").json

    post = spec["paths"]["/api/v1/organisations"]["post"]
    assert spec["openapi"] == "3.1.0"
    assert post["operationId"] == "organisations.add_organisation"
    assert post["security"] == [{"bearer": ["organisations:write"]}]
    assert post["tags"] == ["organisations"]
    assert "application/problem+json" in spec["components"]["responses"]["DEFAULT_ERROR"]["content"]


@pytest.mark.once
def test_every_operation_is_on_the_readable_page(client: FlaskClient) -> None:
    page = client.get("/api/v1/")
    spec = client.get("/api/v1/openapi.json").json

    assert page.status_code == 200
    missing = [path for path in spec["paths"] if path not in page.text]
    assert missing == []


def test_calls_are_limited_per_minute_and_the_answer_says_how_many_are_left(app: Flask, session: Session) -> None:
    client = create_app(replace(app.extensions["settings"], rate_limits=True)).test_client()

    with clock.fixed(datetime(2027, 3, 17, 12, 0, 15, tzinfo=UTC)):
        answers = [client.get("/api/v1/nothing") for _number in range(UNKNOWN_PER_MINUTE + 1)]

    assert answers[0].headers["RateLimit-Remaining"] == str(UNKNOWN_PER_MINUTE - 1)
    assert {answer.status_code for answer in answers[:-1]} == {404}
    assert (answers[-1].status_code, answers[-1].mimetype) == (429, PROBLEM)
    assert (answers[-1].headers["Retry-After"], answers[-1].json["retry_after"]) == ("45", 45)


def test_the_readable_page_speaks_the_readers_language(client: FlaskClient) -> None:
    client.set_cookie("language", "sv")

    assert "API för program" in client.get("/api/v1/").text


def test_everything_that_is_made_says_where_it_is(app: Flask) -> None:
    source = "\n".join(file.read_text("utf-8") for file in (ROOT / "missions_app" / "api").glob("*.py"))
    named = set(re.findall(r'created\(\s*[^"]*?"(\w+\.\w+)"', source))

    assert len(named) > 15
    assert {one for one in named if f"api_{one}" not in app.view_functions} == set()


def inputs(kind: type[Schema] = Input) -> Iterator[type[Schema]]:
    for one in kind.__subclasses__():
        yield one
        yield from inputs(one)


def test_days_and_moments_that_callers_send_are_of_years_in_which_people_plan(app: Flask) -> None:
    assert app.url_map  # every schema is made with the application

    loose = [
        f"{one.__name__}.{name}"
        for one in inputs()
        for name, field in one().fields.items()
        if type(getattr(field, "inner", field)) in (fields.Date, fields.DateTime, fields.AwareDateTime)
    ]

    assert loose == []


@pytest.mark.parametrize(
    ("period", "at"),
    [
        ("from=2026-09-14&until=2026-09-13", "until"),
        ("from=0001-01-01&until=2026-09-13", "from"),
        ("from=2026-09-14&until=9999-12-31", "until"),
        ("from=2026-02-30&until=2026-03-01", "from"),
    ],
)
def test_a_period_that_is_none_is_told_by_its_field(client: FlaskClient, period: str, at: str) -> None:
    site = make_resource().site

    answer = client.get(f"/api/v1/sites/{site.slug}/bookings?{period}")

    assert (answer.status_code, [one["field"] for one in answer.json["errors"]]) == (422, [at])
    assert client.get(f"/api/v1/sites/{site.slug}/bookings?from=2026-09-14&until=2026-09-14").json == []
