"""Missions and experiments whose plans and results the reader may see."""

from missions_app.edge.access import authorise
from missions_app.evaluation.policy import can_read_results
from missions_app.experiments import queries as experiments
from missions_app.experiments.models import Experiment
from missions_app.experiments.policy import can_read_plan
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission


def readable_experiment(reference: str) -> Experiment:
    """An experiment whose plan the reader may see, or 404, or 403."""
    experiment = experiments.get_experiment(reference)
    authorise(can_read_plan, experiment)
    return experiment


def readable_results(reference: str) -> Mission:
    """A mission whose results the reader may see, or 404, or 403."""
    mission = missions.get_mission(reference)
    authorise(can_read_results, mission)
    return mission
