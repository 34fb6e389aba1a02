"""Experiments that run, for tests of what comes out of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from missions_app import clock
from tests.factories.experiments import Planned
from tests.journeys import people
from tests.journeys import region as story

TEST_DAY = 90


@contextmanager
def day_of_test() -> Iterator[Planned]:
    """The morning of the test: the checkpoint before it is passed, and nothing has been measured."""
    with clock.fixed(people.day(0)):
        region = people.make_region()
        challenge = story.write_challenge(region)
    with clock.fixed(people.day(20)):
        mission = story.adopt(region, challenge)
    with clock.fixed(people.day(60)):
        story.form_partnership(region, mission)
        resource = story.make_street(region)
        experiment, _booking = story.plan_and_book(region, mission, resource, use_day=TEST_DAY)
    with clock.fixed(story.at(TEST_DAY, 8)):
        yield Planned(region, mission, experiment)
