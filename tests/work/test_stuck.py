"""My work tells what stands still with somebody else, to those who have done their part and to nobody else."""

import re
from datetime import date

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.tasks import Task
from missions_app.missions import mission_service
from missions_app.partnerships import partner_service
from missions_app.work import queue, stuck
from tests.factories.accounts import sign_in
from tests.factories.strategy import make_signal
from tests.journeys import people
from tests.journeys import region as story

TODAY = date(2026, 3, 2)


def task(due: date | None = None) -> Task:
    return Task(title="Do it", endpoint="work.show_work", values={}, due=due)


def test_tasks_fall_into_late_this_week_and_later_and_the_stuck_stay_apart() -> None:
    late, last_late, soon, later, undated = (
        task(one) for one in (date(2026, 2, 1), date(2026, 3, 1), date(2026, 3, 9), date(2026, 3, 10), None)
    )
    waits = task()

    groups = queue.group([late, last_late, soon, later, undated], TODAY, [waits])

    assert (groups.late, groups.soon, groups.stuck, groups.later) == (
        [late, last_late], [soon], [waits], [later, undated],
    )  # fmt: skip
    assert groups.total == 6


def test_a_challenge_that_was_sent_in_stands_still_with_the_secretariat_for_its_owner_only(session: Session) -> None:
    with clock.fixed(people.day(0)):
        region = people.make_region()
        challenge = story.write_challenge(region)

    found = stuck.stuck_for(region.actor("representative"))

    assert [(one.task.reference, one.task.since) for one in found] == [(challenge.reference, people.day(0).date())]
    assert stuck.stuck_for(region.actor("company_admin")) == []


def test_an_unanswered_invitation_stands_still_for_the_coordinator_until_it_is_answered(session: Session) -> None:
    with clock.fixed(people.day(0)):
        region = people.make_region()
        mission = story.adopt(region, story.write_challenge(region))
        mission_service.appoint_coordinator(
            mission, organisation=region.university, user=region.people["coordinator"],
            by=region.actor("representative"), expected_version=mission.version,
        )  # fmt: skip
        partner = partner_service.invite(
            mission=mission, organisation=region.company, roles=["solution_provider"], message="Welcome.",
            by=region.actor("coordinator"),
        )  # fmt: skip
        waiting = [one.task.waiting_for for one in stuck.stuck_for(region.actor("coordinator"))]
        partner_service.commit(
            partner, roles=["solution_provider"], by=region.actor("company_admin"), expected_version=partner.version
        )

        assert waiting == ["Exempel Dagvatten AB"]
        assert stuck.stuck_for(region.actor("coordinator")) == []


def test_what_has_no_last_day_tells_how_long_it_has_waited_the_longest_first(
    client: FlaskClient, session: Session
) -> None:
    with clock.fixed(people.day(0)):
        region = people.make_region()
        officer = region.actor("recommender")
        make_signal(officer, "Torra brunnar")
    with clock.fixed(people.day(3)):
        make_signal(officer, "Algblomning")
    with clock.fixed(people.day(5)):
        sign_in(client, region.people["recommender"])
        page = client.get("/work").text

    assert page.index("Torra brunnar") < page.index("Algblomning")
    assert [int(days) for days in re.findall(r"väntat (\d+) dag", page)] == [5, 2]
