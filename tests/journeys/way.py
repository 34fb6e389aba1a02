"""The whole way to the fifth checkpoint, each step on its day."""

from missions_app import clock
from missions_app.missions.models import Mission
from tests.factories.told import told_once
from tests.journeys import people
from tests.journeys import region as story


def walk(region: people.Region, until: str) -> Mission:
    """From the draft to the fifth checkpoint, decided with this outcome, each step on its day."""
    with clock.fixed(people.day(0)):
        challenge = story.write_challenge(region)
    with clock.fixed(people.day(20)):
        mission = story.adopt(region, challenge)
    with clock.fixed(people.day(60)):
        story.form_partnership(region, mission)
        experiment, booking = story.plan_and_book(region, mission, story.make_street(region), use_day=90)
    with clock.fixed(story.at(90, 8)):
        story.test_and_report(region, mission, experiment, booking)
    with clock.fixed(people.day(120)):
        story.evaluate(region, mission, until)
    return mission


@told_once
def walked(until: str) -> tuple[people.Region, Mission]:
    """A new region, and its mission as it stands after the fifth checkpoint was decided with this outcome."""
    with clock.fixed(people.day(0)):
        region = people.make_region()
    return region, walk(region, until)
