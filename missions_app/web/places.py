"""Which page a criterion's fact is entered on: the method's places bound to addresses."""

from collections.abc import Callable
from typing import Any

from flask import current_app, url_for

from missions_app.edge.access import actor
from missions_app.experiments.policy import can_edit_plan
from missions_app.missions.policy import can_coordinate
from missions_app.workflow.subjects import Subject

# place -> endpoint; every one takes the case's reference.
ENDPOINTS = {
    "challenge.statement": "challenges.show_challenge",
    "challenge.target": "challenges.show_challenge",
    "challenge.links": "challenges.show_challenge",
    "challenge.assessment": "assessments.show_panel",
    "documents": "documents.list_documents",
    "partnership.partners": "partnerships.show_partnership",
    "partnership.needs": "partnerships.show_partnership",
    "partnership.commitments": "partnerships.show_partnership",
    "partnership.agreements": "partnerships.list_agreements",
    "partnership.terms": "partnerships.show_terms",
    "partnership.state_aid": "partnerships.list_state_aid",
    "partnership.tracks": "partnerships.list_tracks",
    "partnership.funding": "partnerships.show_funding",
    "experiment.plan": "experiments.edit_plan",
    "experiment.bookings": "experiments.show_experiment",
    "experiment.permits": "experiments.show_experiment",
    "experiment.safety": "experiments.show_experiment",
    "experiment.report": "evaluation.edit_report",
    "experiment.measurements": "evaluation.list_measurements",
    "experiment.barriers": "evaluation.list_learning",
    "mission.experiments": "missions.show_mission",
    "mission.indicators": "missions.show_mission",
    "mission.evaluation": "evaluation.show_evaluation",
    "mission.review": "assessments.show_panel",
    "mission.closing": "missions.edit_closing",
}
# What only some may open, by which rule, and the page on which the others read the fact.
OTHERWISE: dict[str, tuple[Callable[[Any, Any], bool], str]] = {
    "experiments.edit_plan": (can_edit_plan, "experiments.show_experiment"),
    "missions.edit_closing": (can_coordinate, "missions.show_mission"),
}


def place_url(place: str, subject: Subject) -> str | None:
    """The page for a place of a case; None for the gate itself."""
    endpoint = ENDPOINTS.get(place)
    if endpoint is None:
        return None
    # What belongs to the whole mission is entered there, also when an experiment's gate asks for it.
    if endpoint.startswith(("missions.", "partnerships.")):
        subject = getattr(subject, "mission", subject)
    if endpoint in OTHERWISE:
        may, readable = OTHERWISE[endpoint]
        endpoint = endpoint if may(actor(), subject) else readable
    rule = next(iter(current_app.url_map.iter_rules(endpoint)))
    values = {"reference": subject.reference} if "reference" in rule.arguments else {"journey_id": subject.journey.id}
    return url_for(endpoint, **values)
