"""What decisions set in motion among results."""

from typing import Any

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.audit import trail
from missions_app.evaluation import queries
from missions_app.missions.models import Mission


def publish_lessons(mission: Mission, decision: Any, by: Actor) -> None:
    """Let everybody read what was learnt."""
    waiting = [one for one in queries.lessons_of(mission.id) if one.published_at is None]
    for lesson in waiting:
        lesson.published_at = clock.now()
    trail.record("lessons.published", mission, by=by, number=len(waiting))
