"""Bringing together, hearing, comment periods and following in a browser."""

import xml.etree.ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.challenges import merge_queries
from missions_app.challenges.models import Follower
from missions_app.workflow import gate_service, journey_service
from tests.factories.accounts import grant_role, make_secretariat, make_user, sign_in, sign_out
from tests.factories.challenges import make_assessed_now, make_draft, make_submitted, make_town
from tests.factories.organisations import make_member
from tests.factories.outbox import queued_mail

ATOM = "{http://www.w3.org/2005/Atom}"
REASONS = "Målet går inte att mäta som det är skrivet."


def officer(client: FlaskClient) -> None:
    user = make_user()
    grant_role(user, "secretariat_officer")
    sign_in(client, user)


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text


def test_two_are_brought_together_and_each_page_leads_to_the_other(client: FlaskClient, session: Session) -> None:
    one, other = make_submitted(make_town("Ettan")), make_submitted(make_town("Tvåan"))
    officer(client)
    where = f"/challenges/{one.reference}"
    assert f"{where}/bring-together" in text_of(client, where)

    refused = client.post(f"{where}/bring-together", data={"into": other.reference, "reason": "", "version": 1})
    assert "Fyll i det här." in refused.text
    client.post(
        f"{where}/bring-together",
        data={"into": other.reference, "reason": "Samma gata", "version": one.journey.version},
    )

    assert merge_queries.merge_of(one) is not None
    assert f"Till {other.reference}" in text_of(client, where)
    assert "Sammanförda med den här" in text_of(client, f"/challenges/{other.reference}")
    assert f"{where}/split" in text_of(client, where)


def test_who_is_declined_reads_the_reasons_and_answers(client: FlaskClient, session: Session) -> None:
    challenge = make_submitted()
    journey_service.move(challenge, "decline", by=make_secretariat(), reason="Det är ett vanligt inköp.")
    where = f"/challenges/{challenge.reference}"
    assert "vanligt inköp" not in text_of(client, where)
    sign_in(client, make_member(challenge.organisation, "problem_owner_rep"))
    assert "vanligt inköp" in text_of(client, where)

    client.post(f"{where}/objection", data={"text": "Tre förvaltningar behövs."})

    assert "Sekretariatet har inte svarat än." in text_of(client, where)
    again = client.post(f"{where}/objection", data={"text": "Igen"})
    assert "svara en gång" in again.text
    officer(client)
    assert "Svara på invändningen" in text_of(client, where)


def test_a_visitor_follows_by_letter_and_leaves_by_one_click(client: FlaskClient, session: Session) -> None:
    challenge = make_submitted()
    where = f"/challenges/{challenge.reference}/follow"
    assert "Var" not in str(client.post(where, data={"email": "nej"}).status_code)

    client.post(where, data={"email": "granne@example.test"})
    token = queued_mail("follow_confirm")["data"]["token"]
    text_of(client, f"/challenges/follow/{token}")
    assert session.scalars(select(Follower.confirmed_at)).all() == [None]
    client.post(f"/challenges/follow/{token}")

    follower = session.scalars(select(Follower)).one()
    assert follower.confirmed_at is not None
    text_of(client, f"/challenges/unfollow/{follower.leave_key}")
    assert session.scalars(select(Follower)).all() != []
    gone = client.post(f"/challenges/unfollow/{follower.leave_key}", data={"List-Unsubscribe": "One-Click"})
    assert "Vi har glömt adressen." in gone.text
    assert session.scalars(select(Follower)).all() == []


@pytest.mark.parametrize("path", ["/challenges/follow/nothing", "/challenges/U-none/follow"])
def test_links_that_do_not_hold_say_so(client: FlaskClient, session: Session, path: str) -> None:
    make_town()
    assert client.get(path).status_code in (404, 409)


def test_a_draft_has_no_feed_and_a_decision_kept_back_is_in_none(client: FlaskClient, session: Session) -> None:
    draft, challenge = make_draft(title="Utkastets namn"), make_assessed_now()
    gate_service.recommend(challenge, "g1", outcome="reject", reasons=REASONS, by=make_secretariat())
    gate_service.decide(
        challenge, "g1", outcome="reject", reasons=REASONS, by=make_secretariat(), publish=False, declared=True
    )

    one = ET.fromstring(text_of(client, f"/challenges/{challenge.reference}/feed.atom"))
    every = text_of(client, "/challenges/feed.atom")

    titles = [entry.findtext(f"{ATOM}title") for entry in one.findall(f"{ATOM}entry")]
    assert titles == ["Torr gata vid skyfall: Bedöms", "Torr gata vid skyfall: Inskickad"]
    assert "Utkastets namn" not in every
    assert "Antas inte" not in every
    assert client.get(f"/challenges/{draft.reference}/feed.atom").status_code == 404


def test_the_feed_escapes_what_people_write(client: FlaskClient, session: Session) -> None:
    challenge = make_submitted(title="Kust & <b>hav</b>")

    feed = ET.fromstring(text_of(client, f"/challenges/{challenge.reference}/feed.atom"))

    assert feed.findtext(f"{ATOM}title") == "Kust & <b>hav</b> – Missions Blekinge"


def test_the_time_for_comments_is_said_to_everybody(client: FlaskClient, session: Session) -> None:
    challenge = make_submitted()
    where = f"/challenges/{challenge.reference}"
    officer(client)

    wrong = client.post(f"{where}/comment-period", data={"first": "2020-01-01", "last": "", "version": 1})
    assert "Sista dagen måste komma efter den första" in wrong.text
    client.post(
        f"{where}/comment-period",
        data={"first": "2020-01-01", "last": f"{clock.today():%Y}-12-31", "version": challenge.journey.version},
    )

    sign_out(client)
    assert "Alla kan kommentera till och med" in text_of(client, where)
