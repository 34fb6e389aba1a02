"""Where the page of a case is, whatever kind it is."""

from flask import url_for

from missions_app.portfolio.thread import ThreadRow
from missions_app.workflow.models import Journey
from missions_app.workflow.subjects import Subject, subject_of

ENDPOINTS = {
    "challenge": "challenges.show_challenge",
    "mission": "missions.show_mission",
    "experiment": "experiments.show_experiment",
}


def subject_url(subject: Subject) -> str:
    """The address of a case's own page."""
    return url_for(ENDPOINTS[subject.journey.subject_kind], reference=subject.reference)


def case_url(row: ThreadRow) -> str:
    """The address of the case that a row of a thread belongs to."""
    return url_for(ENDPOINTS[row.kind], reference=row.reference)


def journey_url(journey: Journey) -> str:
    """The address of the page of the case that travels this journey."""
    return subject_url(subject_of(journey))
