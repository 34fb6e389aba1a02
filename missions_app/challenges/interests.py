"""Who takes part in a challenge, for the check of conflicts of interest."""

from collections.abc import Iterable

from missions_app.assessments.conflicts import Party
from missions_app.challenges import merge_queries, queries
from missions_app.challenges.models import Challenge


def parties_of(challenge: Challenge) -> Iterable[Party]:
    """The organisation that owns it, and the owners of what has been brought together into it."""
    parts = [one.challenge.organisation_id for one in merge_queries.parts_of(challenge)]
    return [Party(one, "owner") for one in dict.fromkeys([challenge.organisation_id, *parts])]


def persons_of(challenge: Challenge) -> Iterable[int]:
    """Everyone who writes it, or wrote a part of it."""
    parts = [one.challenge for one in merge_queries.parts_of(challenge)]
    return [user.id for one in [challenge, *parts] for user in queries.writers_of(one)]
