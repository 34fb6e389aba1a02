"""Accounts through the API."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts import request_service
from missions_app.accounts.actor import site_scope
from missions_app.accounts.models import AccountRequest, UserState
from tests.factories.accounts import actor_of, bearer, grant_role, make_user
from tests.factories.organisations import method_in_force
from tests.factories.outbox import queued_mail, work

URL = "/api/v1"


def officer_headers() -> dict[str, str]:
    user = make_user("Siv")
    grant_role(user, "secretariat_officer")
    return bearer(user)


def test_the_own_account_is_read_and_changed(client: FlaskClient) -> None:
    user = make_user("Anna", email="anna@example.se")
    grant_role(user, "site_manager", site_scope(3))
    headers = bearer(user)

    read = client.get(f"{URL}/account", headers=headers)
    edit = {"name": "Åsa", "function": "Chef", "language": "en"}
    changed = client.patch(f"{URL}/account", headers=headers | {"If-Match": read.headers["ETag"]}, json=edit)
    wrong = client.patch(
        f"{URL}/account", headers=headers | {"If-Match": changed.headers["ETag"]}, json=edit | {"language": "de"}
    )

    assert read.json["email"] == "anna@example.se"
    assert [(one["role"], one["scope_kind"], one["scope_id"]) for one in read.json["roles"]] == [
        ("site_manager", "site", "3")
    ]
    assert (changed.status_code, changed.json["name"], changed.json["language"]) == (200, "Åsa", "en")
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "language")


def test_own_data_and_signing_out(client: FlaskClient) -> None:
    headers = bearer(make_user(email="anna@example.se"))

    assert client.get(f"{URL}/account/data", headers=headers).json["account"]["email"] == "anna@example.se"
    assert client.delete(f"{URL}/account/sessions", headers=headers).status_code == 204


def test_a_role_is_lent_and_taken_back(client: FlaskClient) -> None:
    user, deputy = make_user(), make_user(email="bo@example.se")
    held, headers = grant_role(user, "site_manager", site_scope(3)), bearer(user)
    first, last = clock.today(), clock.today() + timedelta(days=3)
    body = {
        "grant_id": held.id,
        "email": "bo@example.se",
        "valid_from": first.isoformat(),
        "valid_until": last.isoformat(),
    }

    lent = client.post(f"{URL}/account/deputies", headers=headers, json=body)

    assert (lent.status_code, lent.json["valid_until"]) == (201, last.isoformat())
    assert actor_of(deputy).has("site_manager", site_scope(3))
    assert [one["id"] for one in client.get(f"{URL}/account/deputies", headers=headers).json] == [lent.json["id"]]
    assert client.delete(f"{URL}/account/deputies/{lent.json['id']}", headers=headers).status_code == 204
    assert client.delete(f"{URL}/account/deputies/{held.id}", headers=headers).status_code == 404
    unknown = client.post(f"{URL}/account/deputies", headers=headers, json=body | {"email": "x@example.se"})
    assert (unknown.status_code, unknown.json["errors"][0]["field"]) == (422, "email")


def test_asking_for_an_account_and_answering(client: FlaskClient, session: Session) -> None:
    method_in_force()
    make_user(email="anna@example.se")
    body = {"name": "Nils", "email": "nils@example.se"}

    asked = [
        client.post(f"{URL}/account-requests", json=body | {"email": one})
        for one in ("nils@example.se", "anna@example.se")
    ]
    work(request_service.SEND_CONFIRMATION)
    request_service.confirm_request(queued_mail("confirm_request")["data"]["token"])
    request = session.scalars(select(AccountRequest)).one()
    headers = officer_headers()
    listed = client.get(f"{URL}/account-requests", headers=headers).json
    answered = client.post(
        f"{URL}/account-requests/{request.id}/answer", headers=headers | {"If-Match": f'"{request.version}"'},
        json={"accept": True},
    )  # fmt: skip

    assert [(one.status_code, one.json) for one in asked] == [(202, {"state": "mail_sent"})] * 2
    assert [one["email"] for one in listed] == ["nils@example.se"]
    assert (answered.status_code, answered.json["state"]) == (200, "accepted")


def test_accounts_are_listed_suspended_and_opened_by_those_who_look_after_them(client: FlaskClient) -> None:
    user, headers = make_user("Anna"), officer_headers()
    url = f"{URL}/accounts/{user.id}"

    stranger = [client.get(path, headers=bearer(make_user())).status_code for path in (f"{URL}/accounts", url)]
    found = client.get(f"{URL}/accounts?q=anna", headers=headers).json["items"]
    etag = client.get(url, headers=headers).headers["ETag"]
    suspended = client.post(f"{url}/suspend", headers=headers | {"If-Match": etag})
    opened = client.post(f"{url}/restore", headers=headers | {"If-Match": suspended.headers["ETag"]})

    assert stranger == [403, 403]
    assert [one["name"] for one in found] == ["Anna"]
    assert (suspended.json["state"], opened.json["state"]) == ("suspended", "active")
    assert user.state is UserState.ACTIVE
