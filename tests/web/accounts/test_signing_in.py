"""Signing in and out in the browser."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.models import KeptForm, UserSession
from missions_app.accounts.secrets import digest
from tests.factories.accounts import PASSWORD, make_user, sign_in
from tests.factories.organisations import method_in_force


def cookie_token(client: FlaskClient) -> str:
    with client.session_transaction() as cookie:
        return str(cookie.get("_user_id", ""))


def post_sign_in(client: FlaskClient, email: str, password: str = PASSWORD, to: str = "") -> object:
    return client.post(f"/sign-in?next={to}", data={"email": email, "password": password})


def test_signing_in_leads_to_the_page_asked_for_with_a_new_cookie(client: FlaskClient, session: Session) -> None:
    make_user(email="anna@example.se")
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["left"] = "planted", "over"

    answer = post_sign_in(client, "anna@example.se", to="/account")

    assert (answer.status_code, answer.location) == (303, "/account")
    token = cookie_token(client)
    assert session.scalars(select(UserSession.token_hash)).all() == [digest(token)]
    with client.session_transaction() as cookie:
        assert "left" not in cookie


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(client: FlaskClient, to: str) -> None:
    make_user(email="anna@example.se")

    answer = client.post("/sign-in", query_string={"next": to}, data={"email": "anna@example.se", "password": PASSWORD})

    assert answer.location == "/"


def test_a_wrong_sign_in_says_the_same_for_every_address(client: FlaskClient) -> None:
    make_user(email="anna@example.se")

    known = post_sign_in(client, "anna@example.se", "wrong")
    unknown = post_sign_in(client, "nobody@example.se", "wrong")

    assert known.status_code == unknown.status_code == 200
    strip = [page.text.replace("anna@", "nobody@") for page in (known, unknown)]
    assert strip[0] == strip[1]
    assert "E-postadressen och lösenordet hör inte ihop" in known.text
    assert PASSWORD not in known.text


def test_too_many_tries_are_429_with_the_time_to_wait(client: FlaskClient) -> None:
    for _number in range(5):
        post_sign_in(client, "nobody@example.se", "wrong")

    answer = post_sign_in(client, "nobody@example.se", "wrong")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")


def test_signing_out_ends_the_session_also_for_whoever_kept_the_cookie(client: FlaskClient, app: Flask) -> None:
    method_in_force()
    sign_in(client, make_user())
    token = cookie_token(client)

    client.post("/sign-out")

    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert thief.get("/account").location.startswith("/sign-in?next=")


def test_an_idle_and_an_old_session_end(client: FlaskClient) -> None:
    method_in_force()
    with clock.fixed(clock.now() - timedelta(minutes=61)):
        sign_in(client, make_user())

    assert client.get("/account").status_code == 303


def test_what_was_typed_when_the_session_ran_out_is_there_after_the_sign_in(
    client: FlaskClient, session: Session
) -> None:
    method_in_force()
    user = make_user(email="anna@example.se")
    with clock.fixed(clock.now() - timedelta(minutes=61)):
        sign_in(client, user)

    refused = client.post("/organisations/new", data={"name": "Ålgräs & Tång AB", "description_sv": "Två\nrader"})
    page = client.get(refused.location)
    back = client.post(refused.location, data={"email": "anna@example.se", "password": PASSWORD})
    form = client.get(back.location)

    assert (refused.status_code, refused.location) == (303, "/sign-in?next=/organisations/new&kept=1")
    assert "finns det du skrev kvar" in page.text
    assert back.location == "/organisations/new"
    assert "Ålgräs &amp; Tång AB" in form.text
    assert "Två\nrader</textarea>" in form.text
    assert session.scalars(select(KeptForm)).all() == []
    assert "Ålgräs" not in client.get(back.location).text


def test_what_was_typed_is_not_shown_to_the_next_person_at_the_same_machine(client: FlaskClient) -> None:
    method_in_force()
    make_user(email="bo@example.se")
    with clock.fixed(clock.now() - timedelta(minutes=61)):
        sign_in(client, make_user(email="anna@example.se"))
    refused = client.post("/organisations/new", data={"name": "Hemlig AB"})

    back = client.post(refused.location, data={"email": "bo@example.se", "password": PASSWORD})

    assert "Hemlig AB" not in client.get(back.location).text


@pytest.fixture
def guarded(app: Flask) -> Flask:
    """The application with the check of form tokens on."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def test_a_form_from_another_site_is_refused(guarded: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user())

    answer = client.post("/account", data={"name": "X", "locale": "sv"}, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 400


def test_a_form_of_ours_from_before_the_sign_in_is_given_back(guarded: Flask, client: FlaskClient) -> None:
    method_in_force()
    sign_in(client, make_user())

    answer = client.post("/organisations/new", data={"name": "Ålgräs AB"}, headers={"Origin": "http://localhost"})

    assert (answer.status_code, answer.location) == (303, "/organisations/new")
    assert "Ålgräs AB" in client.get(answer.location).text


def test_pages_of_somebody_signed_in_are_not_kept_by_anyone(client: FlaskClient) -> None:
    method_in_force()
    sign_in(client, make_user())

    assert client.get("/account").headers["Cache-Control"] == "private, no-store"
