"""Who takes part in a challenge, for the check of conflicts of interest."""

from collections.abc import Iterable

from missions_app.assessments.conflicts import Party
from missions_app.challenges import queries
from missions_app.challenges.models import Challenge


def parties_of(challenge: Challenge) -> Iterable[Party]:
    """The organisation that owns it."""
    return [Party(challenge.organisation_id, "owner")]


def persons_of(challenge: Challenge) -> Iterable[int]:
    """Everyone who writes it."""
    return [user.id for user in queries.writers_of(challenge)]
