"""Nothing typed is lost: half typed, beside a file, or while somebody else sends the challenge in."""

import html as escapes
import json
import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app.challenges.models import Challenge
from tests.factories.accounts import sign_in
from tests.factories.challenges import make_draft, make_submitted, make_town
from tests.factories.organisations import make_member

FORM = {"title": "Torr gata", "problem": "Det svämmar över vid torget.", "affected": "Boende", "place": "Torget"}


@pytest.fixture
def challenge(client: FlaskClient, session: Session) -> Challenge:
    """A draft, and the client signed in as a representative who may write it."""
    town = make_town()
    sign_in(client, make_member(town, "problem_owner_rep"))
    return make_draft(town)


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)
    assert found is not None
    return escapes.unescape(found.group(1))


@pytest.mark.parametrize("door", ["edit", "merge"])
def test_what_was_typed_while_somebody_else_sent_it_in_is_shown_and_can_be_taken_home(
    client: FlaskClient, session: Session, door: str
) -> None:
    challenge = make_submitted()
    sign_in(client, make_member(challenge.organisation, "problem_owner_rep"))
    typed = {"affected": "Alla som väntar på bussen.", "title": challenge.title}
    data = typed if door == "edit" else {"mine": json.dumps(typed)}

    answer = client.post(f"/challenges/{challenge.reference}/{door}", data={**data, "version": challenge.version})

    html = answer.text
    assert answer.status_code == 409
    assert "Alla som väntar på bussen." in html and "Utmaningens namn" not in html
    kept = client.post(f"/challenges/{challenge.reference}/my-text", data={"mine": hidden(html, "mine")})
    assert "Alla som väntar på bussen." in kept.text
    session.refresh(challenge)
    assert challenge.affected != typed["affected"]


def test_what_is_half_typed_does_not_keep_the_rest_from_being_saved(
    client: FlaskClient, session: Session, challenge: Challenge
) -> None:
    where = f"/challenges/{challenge.reference}/autosave"
    half = {"target_date": "sommaren", "latitude": "56,1", "regional_money_ore": "1e999", "claim_place": "y"}

    answer = client.post(where, data={**FORM, **half, "version": challenge.version}).get_json()

    session.refresh(challenge)
    left_out = ["target_date", "place", "latitude", "longitude", "radius_km", "regional_money_ore"]
    assert answer["left_out"] == left_out
    assert "utom ”Målet är nått senast" in answer["message"]
    assert (challenge.problem, challenge.affected) == (FORM["problem"], FORM["affected"])
    assert (challenge.place, challenge.target_date, challenge.latitude) == ("", None, None)  # never shown unasked
    assert answer["version"] == challenge.version


def test_whoever_attaches_a_file_to_a_draft_comes_back_to_it(client: FlaskClient, challenge: Challenge) -> None:
    edit = f"/challenges/{challenge.reference}/edit"
    to = client.post(edit, data={**FORM, "version": challenge.version, "next": "attachment"}).location
    sent = {"kind": "evidence", "title": "Mätningar", "visibility": "public"}

    done = client.post(to, data={**sent, "file": (BytesIO(b"1;2"), "matt.txt")})
    astray = client.post(
        f"/cases/{challenge.journey_id}/documents/new?back=//evil.example",
        data={**sent, "file": (BytesIO(b"3;4"), "mer.txt")},
    )

    assert (done.status_code, done.location) == (303, f"{edit}#attachments")
    assert (astray.status_code, astray.location) == (303, "/")
    page = client.get(edit).text
    assert "matt.txt" in page and "mer.txt" in page
