"""The start page tells what is open and what came out, and nothing that only some may know."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.portfolio.front import front_of
from missions_app.workflow.method_service import method_of
from tests.factories.challenges import make_draft, make_submitted
from tests.factories.organisations import method_in_force


def test_open_challenges_are_shown_those_that_take_comments_first(session: Session) -> None:
    make_draft()
    first, second = make_submitted(), make_submitted()
    with db.transaction():
        first.comments_from, first.comments_until = clock.today(), clock.today() + timedelta(days=7)

    front = front_of(method_of(method_in_force()))

    assert list(front.open) == [first, second]
    assert front.challenges[first.theme] == 2
    assert front.results == []


def test_a_claimed_secret_is_not_on_the_start_page(session: Session, client: FlaskClient) -> None:
    challenge = make_submitted()
    assert challenge.problem in client.get("/").text
    with db.transaction():
        challenge.claims = {"problem": "Vårt sätt att mäta är en affärshemlighet."}

    page = client.get("/").text

    assert challenge.title in page
    assert challenge.problem not in page and "affärshemlighet" not in page
