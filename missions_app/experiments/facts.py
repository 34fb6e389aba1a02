"""What experiments tell the gates, by the names of workflow/facts.py."""

from typing import Any

from missions_app.documents import queries as documents
from missions_app.documents.facts import as_fact
from missions_app.experiments import queries
from missions_app.experiments.models import Experiment
from missions_app.missions.models import Mission

PLAN = (
    "question", "hypothesis", "method", "success_threshold", "stop_rule", "data_plan", "trl_start", "srl_start",
    "personal_data_assessment", "camera_assessment", "ethics_assessment",
)  # fmt: skip


def facts_of_experiment(experiment: Experiment) -> dict[str, Any]:
    """The plan of an experiment, its documents, and its mission's partnership agreement."""
    own = documents.documents_of(experiment.journey)
    shared = documents.documents_of(experiment.mission.journey, "partnership")
    return {
        **{name: getattr(experiment, name) for name in PLAN},
        "documents": [as_fact(one) for one in (*own, *shared)],
    }


def facts_of_mission(mission: Mission) -> dict[str, Any]:
    """A mission's experiments and where each stands."""
    return {
        "experiments": lambda: [
            {"reference": one.reference, "state": one.journey.state} for one in queries.experiments_of(mission.id)
        ]
    }
