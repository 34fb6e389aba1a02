"""Reminders: on the right days, of what is still to be done, to those who want them."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.tasks import Task
from missions_app.messages import message_service
from missions_app.messages.message_service import Wanted
from missions_app.messages.models import Frequency
from missions_app.work import reminders
from missions_app.workflow import gate_service
from tests.factories.accounts import actor_of
from tests.factories.outbox import all_mail
from tests.journeys import people
from tests.journeys import region as story

TODAY = date(2026, 3, 20)


@pytest.mark.parametrize(
    ("late", "wanted"),
    [(-3, False), (-2, True), (-1, False), (0, True), (1, True), (2, False), (7, True), (8, False), (14, True)],
)
def test_a_task_is_told_before_on_and_after_its_day_and_then_weekly(late: int, wanted: bool) -> None:
    task = Task(title="x", endpoint="y", values={}, due=TODAY - timedelta(days=late))

    assert reminders.presses(task, TODAY) is wanted
    assert not reminders.presses(Task(title="x", endpoint="y", values={}), TODAY)


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 7, 30, tzinfo=clock.zone())


def told() -> list[str]:
    return sorted(mail["to"] for mail in all_mail() if mail["template"] == "reminder")


def test_people_are_reminded_once_of_what_waits_and_not_of_what_is_done(session: Session) -> None:
    with clock.fixed(people.START):
        region = people.make_region()
        challenge = story.write_challenge(region)
        story.prepare_first_gate(region, challenge)
        request = gate_service.request_gate(challenge, "g1", by=region.actor("representative"))
    officer, silent = region.people["recommender"], region.people["decider"]
    message_service.choose(Wanted(Frequency.NONE, True), by=actor_of(silent))

    with clock.fixed(morning(request.due_on) - timedelta(hours=3)):
        reminders.remind({})
    assert told() == []
    with clock.fixed(morning(request.due_on)):
        reminders.remind({})
        reminders.remind({})
    assert told() == [officer.email]
    with clock.fixed(morning(request.due_on)):
        gate_service.recommend(
            challenge, "g1", outcome="approve", reasons="Underlaget håller för ett ja.", by=region.actor("recommender")
        )
    with clock.fixed(morning(request.due_on + timedelta(days=1))):
        reminders.remind({})

    assert told() == [officer.email]
