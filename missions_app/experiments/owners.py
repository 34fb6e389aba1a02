"""Whom a decision about an experiment may ask for something: who leads it, and all whom its mission has."""

from collections.abc import Iterable

from missions_app.experiments.models import Experiment
from missions_app.partnerships import owners
from missions_app.workflow.owners import PERSON, Owner, owner_of


def owners_of(experiment: Experiment) -> Iterable[Owner]:
    """The mission's people and organisations, and the experiment's lead."""
    yield from owners.owners_of(experiment.mission)
    if experiment.lead is not None:
        yield owner_of(PERSON, experiment.lead.id, experiment.lead.name)
