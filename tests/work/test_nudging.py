"""Whoever waits can remind those whose turn it is: one letter, at most once a week, and nobody else's business."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.errors import NotFound
from missions_app.work import nudge_service, stuck
from missions_app.work.nudge_service import NudgedLately
from tests.factories.accounts import make_user, sign_in
from tests.factories.bookings import between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.outbox import all_mail
from tests.factories.sites import make_resource
from tests.journeys import people
from tests.journeys import region as story


def letters() -> list[str]:
    return [mail["to"] for mail in all_mail() if mail["template"] == "nudge"]


@pytest.fixture
def region(session: Session) -> people.Region:
    """A challenge was sent in on the first day and waits for the secretariat."""
    with clock.fixed(people.day(0)):
        made = people.make_region()
        story.write_challenge(made)
    return made


def test_a_reminder_goes_to_those_whose_turn_it_is_once_a_week(region: people.Region) -> None:
    owner = region.actor("representative")
    key = stuck.stuck_for(owner)[0].task.nudge

    with clock.fixed(people.day(30)):
        nudge_service.nudge(key, by=owner)
        sent = letters()
        assert region.people["recommender"].email in sent and owner.name not in sent
        assert stuck.stuck_for(owner)[0].task.nudged_on == clock.today()
        with pytest.raises(NudgedLately):
            nudge_service.nudge(key, by=owner)
    with clock.fixed(people.day(30) + timedelta(days=7)):
        nudge_service.nudge(key, by=owner)

    assert letters() == sent * 2


def test_what_does_not_wait_for_somebody_cannot_be_reminded_of_by_them(region: people.Region) -> None:
    key = stuck.stuck_for(region.actor("representative"))[0].task.nudge

    for name in ("company_admin", "recommender"):
        with pytest.raises(NotFound):
            nudge_service.nudge(key, by=region.actor(name))

    assert letters() == []


def test_the_button_gives_way_to_the_day_of_the_last_reminder(region: people.Region, client: FlaskClient) -> None:
    owner = region.people["representative"]
    key = stuck.stuck_for(region.actor("representative"))[0].task.nudge
    with clock.fixed(people.day(30)):
        assert f"/nudges/{key}" in sign_in(client, owner).get("/work").text

        answer = client.post(f"/nudges/{key}", follow_redirects=True)

        assert "Påminnelsen är på väg." in answer.text and "Senast påmind" in answer.text
        assert f"/nudges/{key}" not in answer.text
        assert client.post(f"/nudges/{key}").status_code == 409


def test_the_buttons_that_remind_say_which_time_they_are_about(session: Session, client: FlaskClient) -> None:
    resource, organisation = make_resource(), make_organisation()
    user = make_member(organisation)
    for days in (10, 11):
        make_booking(resource, use=between(8, 12, days=days), organisation=organisation, user=user)

    named = re.findall(r"Påminn<span[^>]*>([^<]*)</span>", sign_in(client, user).get("/work").text)

    assert len(named) == len(set(named)) == 2


def test_somebody_new_is_shown_the_way_to_their_organisation(client: FlaskClient, session: Session) -> None:
    page = sign_in(client, make_user()).get("/work").text

    assert "Du har inga uppgifter än" in page and 'href="/organisations"' in page
