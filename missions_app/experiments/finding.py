"""How an experiment wants to be found: its title and summary are public."""

from missions_app.experiments.models import Experiment
from missions_app.search.index import Found


def found(experiment: Experiment) -> Found:
    """Its entry in the index."""
    return Found(
        endpoint="experiments.show_experiment", key=experiment.reference, title_sv=experiment.title,
        title_en=experiment.title, text=f"{experiment.summary} {experiment.organisation.name}", is_public=True,
    )  # fmt: skip
