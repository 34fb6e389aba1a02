"""Whom a decision about a challenge may ask for something: the organisation that proposes it."""

from collections.abc import Iterable

from missions_app.challenges.models import Challenge
from missions_app.workflow.owners import ORGANISATION, Owner, owner_of


def owners_of(challenge: Challenge) -> Iterable[Owner]:
    """The proposing organisation."""
    yield owner_of(ORGANISATION, challenge.organisation.id, challenge.organisation.name)
