"""One's own account, links in mail, requests and administration in the browser."""

import json

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts import password_service, request_service, seat_service, sign_in_service, token_service
from missions_app.accounts.actor import site_scope
from missions_app.accounts.models import AccountRequest, RequestState, User, UserState
from tests.factories.accounts import PASSWORD, actor_of, grant_role, make_user, sign_in
from tests.factories.organisations import method_in_force
from tests.factories.outbox import queued_mail, work

NEW = "bergen dimma sjutton kaffe"


def officer() -> User:
    method_in_force()
    user = make_user("Siv")
    grant_role(user, "secretariat_officer")
    return user


def test_the_account_page_saves_and_refuses_a_stale_save(client: FlaskClient) -> None:
    method_in_force()
    user = make_user("Anna")
    sign_in(client, user)
    stale = user.version

    saved = client.post("/account", data={"name": "Åsa", "function": "Chef", "locale": "en", "version": stale})
    refused = client.post("/account", data={"name": "Eva", "function": "", "locale": "sv", "version": stale})

    assert (saved.status_code, saved.location) == (303, "/account")
    assert (user.name, user.function, user.locale) == ("Åsa", "Chef", "en")
    assert refused.status_code == 200
    assert 'value="Eva"' in refused.text


def test_a_token_is_shown_once(client: FlaskClient) -> None:
    method_in_force()
    user = make_user()
    sign_in(client, user)

    answer = client.post("/account/tokens/new", data={"name": "Kalender", "scopes": ["sites:read"], "days": "30"})
    first, second = client.get(answer.location).text, client.get(answer.location).text

    token = token_service.tokens_of(user.id)[0]
    assert (token.name, token.scopes) == ("Kalender", ["sites:read"])
    assert token_service.PREFIX in first
    assert token_service.PREFIX not in second
    client.post(f"/account/tokens/{token.id}/revoke")
    assert token_service.tokens_of(user.id) == []


def test_a_token_without_rights_is_refused_at_its_field(client: FlaskClient) -> None:
    method_in_force()
    sign_in(client, make_user())

    answer = client.post("/account/tokens/new", data={"name": "Kalender", "days": "30"})

    assert "Välj minst en rättighet i listan." in answer.text


def test_other_browsers_are_signed_out_one_or_all(client: FlaskClient) -> None:
    method_in_force()
    user = make_user()
    sign_in(client, user)
    there = sign_in_service.find_session(sign_in_service.open_session(user, agent="there"))
    assert there is not None

    client.post(f"/account/sessions/{there.id}/end")
    assert there.ended_at is not None
    sign_in_service.open_session(user, agent="elsewhere")
    client.post("/account/sign-out-everywhere")

    assert client.get("/account").status_code == 200
    assert client.post("/account/sessions/999/end").status_code == 404


def test_own_data_are_a_file(client: FlaskClient) -> None:
    user = make_user("Anna", email="anna@example.se")
    sign_in(client, user)

    answer = client.get("/account/data.json")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="missions-account.json"'
    assert json.loads(answer.data)["account"]["email"] == "anna@example.se"


def test_a_deputy_is_named_and_let_go(client: FlaskClient) -> None:
    method_in_force()
    user, deputy = make_user(), make_user(email="bo@example.se")
    held = grant_role(user, "site_manager", site_scope(3))
    sign_in(client, user)
    day = clock.today().isoformat()
    data = {"grant_id": held.id, "valid_from": day, "valid_until": day}

    unknown = client.post("/account/deputies/new", data=data | {"email": "nobody@example.se"})
    named = client.post("/account/deputies/new", data=data | {"email": "bo@example.se"})

    assert "Välj en annan person som har ett öppet konto." in unknown.text
    assert named.location == "/account#deputies"
    assert actor_of(deputy).has("site_manager", site_scope(3))
    lent = [one for one in sign_in_service.queries.grants_of(deputy)][0]
    client.post(f"/account/deputies/{lent.id}/end")
    assert not actor_of(deputy).has("site_manager", site_scope(3))


def test_the_invitation_opens_the_account_and_opening_the_link_alone_does_not(client: FlaskClient) -> None:
    sign_in(client, officer())
    client.post("/accounts/invite", data={"name": "Ny", "email": "ny@example.se", "role": "assessor"})
    path = f"/invitation/{queued_mail('invitation')['data']['token']}"

    assert client.get(path).status_code == 200
    unlike = client.post(path, data={"password": NEW, "again": NEW + "x"})
    opened = client.post(path, data={"password": NEW, "again": NEW})

    assert "De två lösenorden är inte likadana." in unlike.text
    assert (opened.status_code, opened.location) == (303, "/sign-in")
    assert client.get(path).status_code == 404
    assert client.post("/sign-in", data={"email": "ny@example.se", "password": NEW}).status_code == 303


def test_the_secretariat_cannot_invite_an_administrator(client: FlaskClient) -> None:
    sign_in(client, officer())

    answer = client.post("/accounts/invite", data={"name": "Ny", "email": "ny@example.se", "role": "sysadmin"})

    assert answer.status_code == 200
    assert queued_mail("invitation", missing_ok=True) == {}


def test_a_forgotten_password_is_answered_alike_and_reset_by_the_link(client: FlaskClient) -> None:
    make_user(email="anna@example.se")

    answers = [client.post("/password", data={"email": email}) for email in ("anna@example.se", "x@example.se")]
    work(password_service.SEND_RESET)
    path = f"/password/{queued_mail('reset')['data']['token']}"
    done = client.post(path, data={"password": NEW, "again": NEW})

    assert [(one.status_code, one.location) for one in answers] == [(303, "/sign-in")] * 2
    assert done.location == "/sign-in"
    assert client.post("/sign-in", data={"email": "anna@example.se", "password": PASSWORD}).status_code == 200


def test_password_and_address_are_changed_knowing_the_password(client: FlaskClient) -> None:
    method_in_force()
    user = make_user(email="anna@example.se")
    sign_in(client, user)

    wrong = client.post("/account/password", data={"present": "x", "new": NEW, "again": NEW})
    right = client.post("/account/password", data={"present": PASSWORD, "new": NEW, "again": NEW})
    client.post("/account/email", data={"email": "ny@example.se", "password": NEW})
    work(password_service.CHANGE_ADDRESS)
    path = f"/account/email/{queued_mail('confirm_email')['data']['token']}"
    client.get(path)
    assert user.email == "anna@example.se"
    client.post(path)

    assert "Det här är inte ditt nuvarande lösenord." in wrong.text
    assert right.status_code == 303
    assert user.email == "ny@example.se"


def test_asking_confirming_and_answering(client: FlaskClient, session: Session) -> None:
    data = {"name": "Nils", "email": "nils@example.se", "organisation": "Havsföreningen", "message": "Hej"}

    asked = client.post("/account/request", data=data)
    work(request_service.SEND_CONFIRMATION)
    path = f"/account/confirm/{queued_mail('confirm_request')['data']['token']}"
    client.get(path)
    request = session.scalars(select(AccountRequest)).one()
    assert request.state is RequestState.UNCONFIRMED
    client.post(path)

    sign_in(client, officer())
    page = client.get(f"/accounts/requests/{request.id}")
    answered = client.post(
        f"/accounts/requests/{request.id}", data={"answer": "accept", "version": request.version, "reason": ""}
    )

    assert asked.location == "/account/request/sent"
    assert "Havsföreningen" in page.text
    assert answered.location == "/accounts/requests"
    assert session.scalars(select(User.state).where(User.email == "nils@example.se")).all() == [UserState.INVITED]


def test_accounts_are_suspended_opened_given_roles_and_erased(client: FlaskClient) -> None:
    method_in_force()
    boss, user = make_user("Bo"), make_user("Anna", email="anna@example.se")
    grant_role(boss, "sysadmin")
    sign_in(client, boss)

    client.post(f"/accounts/{user.id}/suspend", data={"version": user.version})
    assert user.state is UserState.SUSPENDED
    client.post(f"/accounts/{user.id}/restore", data={"version": user.version})
    client.post(f"/accounts/{user.id}/roles", data={"role": "registrar"})
    assert actor_of(user).has("registrar")
    given = sign_in_service.queries.grants_of(user)[0]
    client.post(f"/accounts/{user.id}/roles/{given.id}/end")
    assert not actor_of(user).has("registrar")
    assert client.get(f"/accounts/{user.id}/erase").status_code == 200
    client.post(f"/accounts/{user.id}/erase", data={"version": user.version})

    assert user.state is UserState.ERASED
    assert "anna@example.se" not in client.get("/accounts").text


def test_example_accounts_are_listed_in_demonstration_mode_only(client: FlaskClient) -> None:
    user = make_user("Anna", email="exempel@example.se")
    user.is_demo = True

    assert "exempel@example.se" not in client.get("/sign-in").text


def test_seats_are_added_filled_left_and_taken_away(client: FlaskClient) -> None:
    sign_in(client, officer())
    user = make_user("Rut", email="rut@example.se")

    unknown = client.post("/bodies/run/seats/new", data={"function": "Ledamot", "email": "x@example.se"})
    client.post("/bodies/run/seats/new", data={"function": "Ledamot"})
    seat = seat_service.seats_of("run")[0]
    client.post(f"/bodies/run/seats/{seat.id}", data={"email": "rut@example.se"})

    assert "Det finns inget öppet konto med den adressen." in unknown.text
    assert actor_of(user).bodies() == {"run"}
    assert "Ledamot, Rut" in client.get("/bodies").text
    client.post(f"/bodies/run/seats/{seat.id}/vacate")
    assert actor_of(user).bodies() == frozenset()
    client.post(f"/bodies/run/seats/{seat.id}/end")
    assert seat_service.seats_of("run") == []
    assert client.get("/bodies/nothing/seats/new").status_code == 404


def test_the_same_fault_at_two_fields_is_told_apart_in_the_summary(client: FlaskClient) -> None:
    page = client.post("/account/request", data={"function": "Chef"}).text

    assert '<a class="ds-link" href="#name">Ditt namn: Fyll i det här.</a>' in page
    assert '<a class="ds-link" href="#email">E-postadress i arbetet: Fyll i det här.</a>' in page
