"""What has to be done before a recommendation and whose it should not be, for the pages of a gate."""

from typing import Any

from flask import url_for

from missions_app.assessments.errors import ReviewsNotIn
from missions_app.edge.access import actor
from missions_app.edge.words import sentence
from missions_app.workflow import recusal
from missions_app.workflow.gate_queries import GateStanding
from missions_app.workflow.subjects import Subject, hindrance_to_recommend


def hindrance(subject: Subject, standing: GateStanding) -> tuple[str, str] | None:
    """What has to be done, in words, and where; None when nothing has."""
    found = hindrance_to_recommend(subject, standing.gate)
    if found is None:
        return None
    page = "show_panel" if isinstance(found, ReviewsNotIn) else "list_questions"
    words = " ".join(map(sentence, found.problems))
    return words, url_for(f"assessments.{page}", journey_id=subject.journey.id)


def impartiality(subject: Subject, standing: GateStanding) -> dict[str, Any]:
    """Who takes part, and what ties the reader to them."""
    return {"parties": recusal.parties_of(subject), "bars": recusal.bars_to(actor(), standing, subject)}
