"""Experiments for tests, in a mission whose partners have signed and whose people are known."""

from dataclasses import dataclass

from missions_app.experiments import experiment_service
from missions_app.experiments.models import Experiment
from missions_app.experiments.rules import Plan
from missions_app.missions.models import Mission
from tests.factories.accounts import bearer
from tests.factories.told import told_once
from tests.journeys import people
from tests.journeys import region as story
from tests.journeys.people import Region


@dataclass
class Planned:
    """A mission that tests, and an experiment of it that is being planned; the people by what they are in it."""

    region: Region
    mission: Mission
    experiment: Experiment

    def bearer(self, who: str) -> dict[str, str]:
        """Headers of a machine that acts as one of them."""
        return bearer(self.region.people[who])


@told_once
def make_tested_mission() -> tuple[Region, Mission]:
    """A mission past its second checkpoint, with four partners."""
    region = people.make_region()
    mission = make_mission(region)
    story.form_partnership(region, mission)
    return region, mission


def make_mission(region: Region) -> Mission:
    """Another mission of the region, whose partnership has not begun."""
    return story.adopt(region, story.write_challenge(region))


@told_once
def make_planned() -> Planned:
    """An experiment led by the researcher, still being planned."""
    region, mission = make_tested_mission()
    experiment = experiment_service.plan_experiment(
        mission=mission, organisation=region.university, lead=region.people["researcher"],
        plan=Plan(title="Växtbädd på Storgatan", summary="Vi provar en växtbädd.", question="Hinner vattnet undan?"),
        by=region.actor("coordinator"),
    )  # fmt: skip
    return Planned(region, mission, experiment)
