"""Challenges through the API: written, found alike, gone back on, brought together, heard, commented on, followed."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app.accounts.models import User
from missions_app.challenges.models import Challenge, Follower
from missions_app.strategy.models import Signal
from missions_app.workflow import journey_service
from tests.factories.accounts import bearer, grant_role, make_secretariat, make_user
from tests.factories.challenges import make_assessed_now, make_draft, make_submitted, make_town
from tests.factories.organisations import make_member

URL = "/api/v1/challenges"


def officer() -> dict[str, str]:
    user = make_user()
    grant_role(user, "secretariat_officer")
    return bearer(user)


def writer(challenge: Challenge) -> User:
    return make_member(challenge.organisation, "problem_owner_rep")


def seen(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def codes(answer: Any) -> set[str]:
    return {one["code"] for one in answer.json["errors"]}


def test_plain_answers_become_a_draft_and_similar_ones_are_found(client: FlaskClient, session: Session) -> None:
    other, town = make_submitted(), make_town("Ronneby kommun")
    headers = bearer(make_member(town))
    answers = {"what": "Efter skyfall står vatten på Storgatan i fyra timmar.", "change": "Senast 2029 är det borta."}

    made = client.post(f"{URL}/drafts", headers=headers, json={"organisation": town.slug, "answers": answers})
    alike = client.get(f"{URL}/similar", query_string={"text": answers["what"], "besides": made.json["reference"]})

    assert made.status_code == 201
    assert made.json["content"]["title"] == "Efter skyfall står vatten på Storgatan i fyra timmar"
    assert made.json["content"]["target_date"] == "2029-12-31"
    assert [one["challenge"]["reference"] for one in alike.json] == [other.reference]
    assert "skyfall" in alike.json[0]["shared"]


def test_a_change_leaves_claims_alone_and_an_earlier_revision_can_be_taken_back(
    client: FlaskClient, session: Session
) -> None:
    challenge = make_draft(affected="Boende", claims={"affected": "Förhandling"})
    headers, url = bearer(writer(challenge)), f"{URL}/{challenge.reference}"

    saved = client.patch(url, headers=headers | seen(1), json={"title": "Nytt namn"})
    late = client.patch(url, headers=headers | seen(1), json={"title": "För sent"})
    rows = client.get(f"{url}/revisions", headers=headers).json
    restored = client.post(f"{url}/revisions/1/restore", headers=headers | seen(saved.json["version"]))

    assert saved.json["content"]["claims"] == {"affected": "Förhandling"}
    assert (late.status_code, codes(late)) == (409, {"stale_challenge"})
    assert [one["number"] for one in rows["items"]] == [2, 1]
    assert restored.json["content"]["title"] == ""
    assert restored.json["content"]["claims"] == {"affected": "Förhandling"}
    assert client.get(f"{url}/revisions", headers=bearer(make_user())).status_code == 404


def test_two_are_brought_together_and_split(client: FlaskClient, session: Session) -> None:
    one, other, headers = make_submitted(), make_assessed_now(), officer()
    url = f"{URL}/{one.reference}"
    body = {"into": other.reference, "reason": "Samma gata"}

    merged = client.post(f"{url}/merge", headers=headers | seen(one.journey.version), json=body)
    again = client.post(f"{url}/merge", headers=headers | seen(one.journey.version), json=body)
    split = client.post(f"{url}/split", headers=headers | seen(one.journey.version), json={"reason": "Fel"})

    assert (merged.status_code, merged.json["state"]) == (200, "merged")
    assert again.status_code == 409
    assert (split.status_code, split.json["state"]) == (200, "submitted")


def test_the_proposer_is_heard_once(client: FlaskClient, session: Session) -> None:
    challenge = make_submitted()
    journey_service.move(challenge, "decline", by=make_secretariat(), reason="Ett vanligt inköp.")
    headers, url = bearer(writer(challenge)), f"{URL}/{challenge.reference}/objections"

    made = client.post(url, headers=headers, json={"text": "Nej, tre förvaltningar behövs."})
    again = client.post(url, headers=headers, json={"text": "Igen"})
    answer = {"stands": False, "answer": "Ni har rätt."}
    answered = client.post(f"{url}/{made.json['id']}/answer", headers=officer(), json=answer)

    assert (made.status_code, made.json["stands"]) == (201, None)
    assert (again.status_code, codes(again)) == (409, {"nothing_to_object"})
    assert answered.json["stands"] is False
    assert [one["answer"] for one in client.get(url, headers=headers).json] == ["Ni har rätt."]


def test_comments_have_circles_and_a_period(client: FlaskClient, session: Session) -> None:
    challenge = make_submitted()
    url = f"{URL}/{challenge.reference}"
    reader, owner = bearer(make_user(function="Granne")), bearer(writer(challenge))

    said = client.post(f"{url}/comments", headers=reader, json={"text": "Bra", "visibility": "public"})
    inner = client.post(f"{url}/comments", headers=owner, json={"text": "Internt", "visibility": "authors"})
    period = {"first": "2150-01-01", "last": "2150-02-01"}
    opened = client.put(f"{url}/comment-period", headers=officer() | seen(challenge.journey.version), json=period)
    closed = client.post(f"{url}/comments", headers=reader, json={"text": "Mer", "visibility": "public"})

    assert (said.status_code, inner.status_code, opened.status_code) == (201, 201, 204)
    assert (closed.status_code, codes(closed)) == (409, {"comments_closed"})
    assert [one["text"] for one in client.get(f"{url}/comments").json] == ["Bra"]
    assert [one["text"] for one in client.get(f"{url}/comments", headers=owner).json] == ["Bra", "Internt"]


def test_somebody_is_invited_to_write_and_says_yes(client: FlaskClient, session: Session) -> None:
    challenge, guest = make_draft(), make_user()
    url = f"{URL}/{challenge.reference}"

    made = client.post(f"{url}/writers", headers=bearer(writer(challenge)), json={"email": guest.email})
    other = client.post(f"{url}/invitation/accept", headers=bearer(make_user()))
    yes = client.post(f"{url}/invitation/accept", headers=bearer(guest))

    assert (made.status_code, other.status_code, yes.status_code) == (201, 404, 204)
    assert client.patch(url, headers=bearer(guest) | seen(1), json={"title": "Vår"}).status_code == 200


def test_anybody_may_ask_to_follow_what_is_public(client: FlaskClient, session: Session) -> None:
    challenge, draft = make_submitted(), make_draft()

    asked = client.post(f"{URL}/{challenge.reference}/followers", json={"email": "granne@example.test"})
    wrong = client.post(f"{URL}/{challenge.reference}/followers", json={"email": "nej"})
    hidden = client.post(f"{URL}/{draft.reference}/followers", json={"email": "granne@example.test"})

    assert (asked.status_code, wrong.status_code, hidden.status_code) == (202, 422, 404)
    assert session.scalars(select(Follower.email)).all() == ["granne@example.test"]


def test_a_signal_is_passed_on_read_by_week_and_becomes_a_challenge(client: FlaskClient, session: Session) -> None:
    town, headers = make_town(), officer()
    reader = bearer(make_user())
    body = {"title": "Algblomning", "what": "Tidigare än förr.", "so_what": "Badplatser stänger.", "source": "Dialog"}

    made = client.post("/api/v1/signals", headers=reader, json=body)
    week = f"/api/v1/signals/week/{made.json['noted_at'][:10]}"
    url = f"/api/v1/signals/{made.json['id']}"
    become = client.post(f"{url}/promote", headers=headers, json={"organisation": town.slug})

    assert made.status_code == 201
    assert client.get(week, headers=reader).status_code == 403
    assert [one["title"] for one in client.get(week, headers=headers).json] == ["Algblomning"]
    assert become.json["content"]["problem"] == "Tidigare än förr.\n\nBadplatser stänger.\n\n(Dialog)"
    assert session.scalars(select(Signal.state)).one().value == "promoted"


@pytest.mark.parametrize(
    "wrong",
    [
        {"latitude": "norr", "longitude": "x"}, {"radius_km": "a"}, {"regional_money_ore": "mycket"},
        {"regional_money_ore": 1.5}, {"claims": "x"}, {"claims": {"affected": 5}}, {"translation": [1]},
        {"translation": {"title": 5}}, {"translation": {"x": "y"}}, {"title": "a\0b"}, {"bottlenecks": ["a\0"]},
        {"regional_money_ore": 10**30},
    ],
)  # fmt: skip
def test_what_no_field_can_hold_is_refused_at_its_field_and_nothing_is_written(
    client: FlaskClient, session: Session, wrong: dict[str, Any]
) -> None:
    challenge = make_draft(title="Torr gata")
    url, headers = f"{URL}/{challenge.reference}", bearer(writer(challenge)) | seen(challenge.version)

    answer = client.patch(url, headers=headers, json={"problem": "Vatten", **wrong})

    assert answer.status_code == 422
    session.refresh(challenge)
    assert (challenge.title, challenge.problem) == ("Torr gata", "")
