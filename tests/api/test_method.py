"""The method through the API: a draft, its parts, adoption, one case moved and one kept, proposals; and messages."""

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.messages.models import Message
from missions_app.workflow import method_queries
from missions_app.workflow.method_service import version_in_force
from tests.factories.accounts import bearer, grant_role, make_user
from tests.factories.challenges import make_submitted
from tests.factories.experiments import make_mission
from tests.factories.organisations import method_in_force
from tests.journeys import people

WHY = "Balansen har varit för svag i tre missioner."
PART = "/api/v1/method/drafts/2/parts/gate.1.criterion.4"


def officer() -> dict[str, str]:
    """Headers of an officer of the secretariat."""
    method_in_force()
    user = make_user()
    grant_role(user, "secretariat_officer")
    return bearer(user)


def call(
    client: FlaskClient, way: str, path: str, who: dict[str, str], body: Any = None, seen: int | None = None
) -> Any:
    headers = who | ({"If-Match": f'"{seen}"'} if seen is not None else {})
    return client.open(f"/api/v1{path}", method=way, headers=headers, json=body)


def test_a_draft_is_edited_checked_and_adopted_and_cases_move_or_stay(client: FlaskClient, session: Session) -> None:
    region = people.make_region()
    mission, challenge = make_mission(region), make_submitted()
    who = officer()
    draft = call(client, "POST", "/method/drafts", who, {"summary": "Hårdare balans"})
    assert (draft.status_code, draft.json["number"]) == (201, 2)
    assert call(client, "POST", "/method/drafts", who, {"summary": "En till"}).status_code == 409
    part = client.get(PART, headers=who).json
    value = part["value"] | {"severity": "block", "params": part["value"]["params"] | {"max": 0.5}}

    wrong = client.put(PART, headers=who, json={"value": value | {"who": ["ghost"]}, "seen": part["seen"]})
    assert wrong.status_code == 200
    problems = client.get("/api/v1/method/drafts/2/problems", headers=who).json
    assert [one["place"] for one in problems] == ["gate[g2].criterion[g2.balance].who"]
    stale = client.put(PART, headers=who, json={"value": value, "seen": part["seen"]})
    assert stale.status_code == 409
    saved = client.put(PART, headers=who, json={"value": value, "seen": wrong.json["seen"]})
    assert saved.json["value"]["severity"] == "block"
    assert client.get("/api/v1/method/drafts/2/problems", headers=who).json == []

    today = clock.today().isoformat()
    asked = {"decided_on": today, "valid_from": today, "registry_number": "RB 12"}
    version = client.get("/api/v1/method/drafts/2", headers=who).json["version"]
    assert call(client, "POST", "/method/drafts/2/adoption", who, asked, version - 1).status_code == 409
    adopted = call(client, "POST", "/method/drafts/2/adoption", who, asked, version)
    assert (adopted.status_code, version_in_force().number) == (200, 2)
    moved = call(client, "POST", "/method/versions/2/cases", who, {"case": mission.reference, "reason": WHY})
    stays = {"case": challenge.reference, "stay": True, "reason": WHY}
    assert (moved.status_code, moved.json["differing"]) == (201, ["g2.balance"])
    assert call(client, "POST", "/method/versions/2/cases", who, stays).status_code == 201
    session.expire_all()
    assert (mission.journey.method_version.number, challenge.journey.method_version.number) == (2, 1)
    document = client.get("/api/v1/method/versions/2/document", headers=who)
    assert document.text == version_in_force().document


def test_the_method_is_written_by_the_secretariat_only(client: FlaskClient, session: Session) -> None:
    call(client, "POST", "/method/drafts", officer(), {"summary": "Hårdare balans"})
    stranger = bearer(make_user())

    for way, path, body in (
        ("POST", "/method/drafts", {"summary": "Min"}), ("GET", "/method/drafts/2", None),
        ("PUT", "/method/drafts/2/parts/gate.1", {"value": {}, "seen": ""}),
        ("POST", "/method/versions/1/retire", None),
        ("POST", "/method/versions/1/cases", {"case": "M-2026-001", "reason": WHY}),
    ):  # fmt: skip
        assert call(client, way, path, stranger, body).status_code in (403, 404), path
    assert call(client, "POST", "/method/drafts", {}, {"summary": "Min"}).status_code == 401


def test_a_draft_is_thrown_away_by_whoever_saw_it_last(client: FlaskClient, session: Session) -> None:
    who = officer()
    version = call(client, "POST", "/method/drafts", who, {"summary": "Hårdare balans"}).json["version"]

    assert call(client, "DELETE", "/method/drafts/2", who, seen=version + 5).status_code == 409
    assert call(client, "DELETE", "/method/drafts/2", who, seen=version).status_code == 204
    assert method_queries.drafts() == []


def test_a_proposal_is_sent_by_anybody_and_answered_once(client: FlaskClient, session: Session) -> None:
    who, proposer = officer(), bearer(make_user())
    asked = {
        "title": "Två sektorer", "change": "Sänk kravet.", "reason": WHY, "place": "g2.sectors",
        "evidence": [{"kind": "waiver", "reference": "M-2026-007", "text": "Tre avsteg."}],
    }  # fmt: skip
    made = call(client, "POST", "/method/proposals", proposer, asked)
    assert made.status_code == 201
    path = f"/method/proposals/{made.json['id']}/answer"
    answer = {"accept": False, "text": "Vi väntar på fler erfarenheter."}

    assert call(client, "POST", path, proposer, answer).status_code in (403, 404)
    assert call(client, "POST", path, who, answer, made.json.get("version")).status_code == 200
    assert call(client, "POST", path, who, answer).status_code == 409


def test_messages_are_read_and_chosen_by_their_own_reader(client: FlaskClient, session: Session) -> None:
    reader, other = make_user(), make_user()
    with db.transaction():
        message = Message(
            user_id=reader.id,
            template="gate_to_decide",
            data={},
            is_statutory=False,
            created_at=clock.now() - timedelta(hours=1),
        )
        session.add(message)
    path = f"/messages/{message.id}/read"

    assert call(client, "POST", path, bearer(other)).status_code == 404
    session.refresh(message)
    assert message.read_at is None
    assert call(client, "POST", path, bearer(reader)).status_code == 200
    session.refresh(message)
    assert message.read_at is not None
    chosen = call(client, "PUT", "/messages/preferences", bearer(reader), {"frequency": "weekly", "reminders": False})
    assert (chosen.status_code, chosen.json["frequency"], chosen.json["reminders"]) == (200, "weekly", False)
    wrong = call(client, "PUT", "/messages/preferences", bearer(reader), {"frequency": "never", "reminders": False})
    assert wrong.status_code == 422
