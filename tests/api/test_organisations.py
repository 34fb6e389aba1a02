"""Organisations through the API."""

from flask.testing import FlaskClient

from missions_app.organisations import queries
from tests.factories.accounts import actor_of, bearer, grant_role, make_user
from tests.factories.organisations import make_member, make_organisation, method_in_force

URL = "/api/v1/organisations"


def officer_headers() -> dict[str, str]:
    user = make_user("Siv")
    grant_role(user, "secretariat_officer")
    return bearer(user)


def test_a_user_asks_and_the_secretariat_registers(client: FlaskClient) -> None:
    method_in_force()
    user = make_user()

    asked = client.post(URL, headers=bearer(user), json={"name": "Ny förening", "sector": "civil"})
    seen = client.get(asked.headers["Location"])
    answered = client.post(
        f"{URL}/ny-forening/answer",
        headers=officer_headers() | {"If-Match": asked.headers["ETag"]},
        json={"accept": True},
    )

    assert (asked.status_code, asked.json["state"]) == (201, "requested")
    assert seen.status_code == 404
    assert (answered.status_code, answered.json["state"]) == (200, "active")
    assert actor_of(user).organisations() == {queries.get_organisation("ny-forening").id}


def test_capabilities_and_owner_are_shown(client: FlaskClient) -> None:
    top = make_organisation("Kommunen", sector="public")
    organisation = make_organisation("Bolaget", owner=top)
    body = {"capabilities": [{"peak": "ai", "level": 2, "evidence": "X", "visibility": "confidential_claim"}]}

    given = client.put(f"{URL}/bolaget/capabilities", headers=bearer(make_member(organisation, "org_admin")), json=body)
    stranger = client.put(f"{URL}/bolaget/capabilities", headers=bearer(make_user()), json=body)
    seen = client.get(f"{URL}/bolaget").json

    assert (given.status_code, given.json["capabilities"][0]["evidence"]) == (200, "X")
    assert stranger.status_code == 403
    assert seen["owner"] == "kommunen"
    assert seen["capabilities"] == [{"peak": "ai", "level": 2, "evidence": None, "visibility": "confidential_claim"}]


def test_members_are_asked_in_invited_and_let_go(client: FlaskClient) -> None:
    organisation = make_organisation("Sund AB")
    admin, user = bearer(make_member(organisation, "org_admin")), make_user("Pia")
    url = f"{URL}/sund-ab"

    asked = client.post(f"{url}/join-requests", headers=bearer(user), json={"message": "Hej"})
    hidden = client.get(f"{url}/members", headers=bearer(user)).status_code
    waiting = client.get(f"{url}/join-requests", headers=admin).json
    answer = client.post(
        f"{url}/join-requests/{asked.json['id']}/answer", headers=admin, json={"accept": True, "reason": ""}
    )
    invited = client.post(f"{url}/members", headers=admin, json={"name": "Ny", "email": "ny@example.se"})
    members = client.get(f"{url}/members", headers=bearer(user)).json
    gone = client.delete(f"{url}/members/{user.id}", headers=bearer(user))

    assert (asked.status_code, hidden) == (201, 403)
    assert [one["name"] for one in waiting] == ["Pia"]
    assert answer.json["state"] == "accepted"
    assert (invited.status_code, invited.json["role"]) == (201, "member")
    assert {one["name"] for one in members} >= {"Pia", "Ny"}
    assert gone.status_code == 204
    assert actor_of(user).organisations() == frozenset()
