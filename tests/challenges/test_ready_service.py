"""A writer who may not send in asks those who may, when nothing is missing."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app.accounts.models import User
from missions_app.challenges import ready_service
from missions_app.challenges.errors import NobodySubmits, NotReady
from missions_app.challenges.models import Challenge
from missions_app.errors import NotAllowed
from tests.factories.accounts import actor_of, bearer, make_actor, sign_in
from tests.factories.challenges import make_draft, make_town, make_whole
from tests.factories.organisations import make_member
from tests.factories.outbox import all_mail


def letters() -> list[str]:
    return [one["to"] for one in all_mail() if one["template"] == "challenge_ready"]


def written(make: Callable[..., Challenge]) -> tuple[Challenge, User]:
    """A challenge and the member of its organisation who writes it."""
    town = make_town()
    writer = make_member(town)
    return make(town, by=actor_of(writer)), writer


def test_the_representatives_are_told_once_a_day_and_nobody_else(session: Session) -> None:
    challenge, writer = written(make_whole)
    representative = make_member(challenge.organisation, "problem_owner_rep")

    ready_service.tell_ready(challenge, by=actor_of(writer))
    ready_service.tell_ready(challenge, by=actor_of(writer))

    assert letters() == [representative.email]
    assert challenge.journey.state == "draft"


def test_nothing_is_sent_while_something_is_missing_or_nobody_may(session: Session) -> None:
    draft, writer = written(make_draft)
    with pytest.raises(NotReady):
        ready_service.tell_ready(draft, by=actor_of(writer))
    with pytest.raises(NotAllowed):
        ready_service.tell_ready(draft, by=make_actor())
    whole, writer = written(make_whole)
    with pytest.raises(NobodySubmits):
        ready_service.tell_ready(whole, by=actor_of(writer))

    assert letters() == []


def test_a_newcomer_learns_what_is_missing_and_whom_to_ask(client: FlaskClient, session: Session) -> None:
    draft, writer = written(make_draft)
    make_member(draft.organisation, "problem_owner_rep", name="Chefen")
    sign_in(client, writer)

    answer = client.post(f"/challenges/{draft.reference}/edit", data={"version": str(draft.version), "next": "submit"})
    page = answer.text

    assert answer.status_code == 422
    assert "behövs innan du kan skicka in" in page
    assert "Be en företrädare skicka in" in page
    assert "När texten är klar tillfrågas: Chefen" in page
    whole, writer = written(make_whole)
    boss = make_member(whole.organisation, "problem_owner_rep")
    assert client.post(f"/api/v1/challenges/{whole.reference}/ready", headers=bearer(writer)).status_code == 204
    assert letters() == [boss.email]
