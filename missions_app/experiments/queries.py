"""Reading experiments."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from missions_app import db
from missions_app.errors import NotFound
from missions_app.experiments.models import Experiment
from missions_app.reading import once
from missions_app.workflow.models import Journey

_LOADED = (
    joinedload(Experiment.mission),
    joinedload(Experiment.journey).joinedload(Journey.method_version),
    joinedload(Experiment.organisation),
    joinedload(Experiment.lead),
)


def get_experiment(reference: str) -> Experiment:
    """The experiment with this reference, or NotFound."""
    found = db.session.scalars(select(Experiment).where(Experiment.reference == reference).options(*_LOADED)).first()
    if found is None:
        raise NotFound()
    return found


def experiment_of_journey(journey: Journey) -> Experiment:
    """The experiment that travels a journey, or NotFound."""
    found = db.session.scalars(select(Experiment).where(Experiment.journey_id == journey.id).options(*_LOADED)).first()
    if found is None:
        raise NotFound()
    return found


def experiments_of_journeys(journey_ids: Collection[int]) -> Sequence[Experiment]:
    """The experiments that travel some journeys."""
    return db.session.scalars(select(Experiment).where(Experiment.journey_id.in_(journey_ids)).options(*_LOADED)).all()


@once
def experiments_of(mission_id: int) -> Sequence[Experiment]:
    """The experiments of a mission, in the order they were planned."""
    return db.session.scalars(
        select(Experiment).where(Experiment.mission_id == mission_id).options(*_LOADED).order_by(Experiment.id)
    ).all()


def all_experiments() -> Select[Experiment]:
    """Every experiment, newest first, for a paged list."""
    return select(Experiment).options(*_LOADED).order_by(Experiment.id.desc())


def experiments_led_by(user_id: int) -> Sequence[Experiment]:
    """The experiments a user leads."""
    return db.session.scalars(
        select(Experiment).where(Experiment.lead_id == user_id).options(*_LOADED).order_by(Experiment.id)
    ).all()
