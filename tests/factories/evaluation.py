"""Experiments and missions that run, for tests of what comes out of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from missions_app import clock
from missions_app.evaluation import measurement_service
from missions_app.evaluation.measurement_service import Value
from missions_app.evaluation.models import Measurement
from missions_app.indicators.queries import indicators_of
from tests.factories.experiments import Planned, make_planned
from tests.factories.told import told_once
from tests.journeys import people
from tests.journeys import region as story

TEST_DAY = 90


@contextmanager
def day_of_test() -> Iterator[Planned]:
    """The morning of the test: the checkpoint before it is passed, and nothing has been measured."""
    planned = make_booked()
    with clock.fixed(story.at(TEST_DAY, 8)):
        yield planned


@told_once
def make_booked() -> Planned:
    """An experiment whose checkpoint before the test is passed, some weeks ahead of it."""
    with clock.fixed(people.day(0)):
        region = people.make_region()
        challenge = story.write_challenge(region)
    with clock.fixed(people.day(20)):
        mission = story.adopt(region, challenge)
    with clock.fixed(people.day(60)):
        story.form_partnership(region, mission)
        resource = story.make_street(region)
        experiment, _booking = story.plan_and_book(region, mission, resource, use_day=TEST_DAY)
    return Planned(region, mission, experiment)


def planned_in_the_past() -> Planned:
    """A mission that tests since some weeks, two of its values approved."""
    with clock.fixed(people.day(0)):
        return make_planned()


def measured(case: Planned, figure: float | None, day: date) -> Measurement:
    """A value approved on the day after it was taken."""
    with clock.fixed(people.START.replace(month=day.month, day=day.day) + timedelta(days=1)):
        measurement = measurement_service.submit_for_mission(
            mission=case.mission, indicator=indicators_of(case.mission.journey)[0],
            value=Value(figure, day, "Nivågivare"), by=case.region.actor("coordinator"),
            reason="Kom in sent från laboratoriet efter avläsningen.",
        )  # fmt: skip
        measurement_service.approve_measurement(
            measurement, by=case.region.actor("decider"), expected_version=measurement.version
        )
    return measurement
