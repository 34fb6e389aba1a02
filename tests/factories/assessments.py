"""Panels for tests: people who assess, and their scores."""

from collections.abc import Mapping

from missions_app.accounts.actor import Actor
from missions_app.accounts.models import User
from missions_app.assessments import declaration, declaration_service, panel_service, score_service
from missions_app.assessments.declaration import Answer
from missions_app.assessments.models import Assignment
from missions_app.assessments.score_rules import GivenScore
from missions_app.workflow.method_service import method_of
from missions_app.workflow.subjects import Subject
from tests.factories.accounts import actor_of, make_secretariat, make_user


def answers(**given: Answer) -> dict[str, Answer]:
    """A declaration that answers no to everything but what is given."""
    return {one.id: given.get(one.id, Answer("no")) for one in declaration.QUESTIONS}


def assign(subject: Subject, user: User | None = None, *, rubric: str = "challenge") -> Assignment:
    """An assignment of somebody who has not declared interests yet."""
    return panel_service.assign_assessor(subject, rubric, user or make_user(), by=make_secretariat())


def clear(subject: Subject, user: User | None = None, *, rubric: str = "challenge") -> Assignment:
    """An assignment of somebody who may score."""
    assignment = assign(subject, user, rubric=rubric)
    declaration_service.declare_interests(assignment, subject, answers(), by=actor_for(assignment))
    return assignment


def actor_for(assignment: Assignment) -> Actor:
    """The assessor with the rights of now."""
    return actor_of(assignment.assessor)


def all_scores(subject: Subject, value: int, *, rubric: str = "challenge", **other: int) -> dict[str, GivenScore]:
    """The same score with a reason on every criterion, but for those given by name."""
    criteria = method_of(subject.journey.method_version).rubric(rubric).criteria
    return {one.id: GivenScore(other.get(one.id, value), reason=f"Skäl för {one.id}.") for one in criteria}


def submit(assignment: Assignment, subject: Subject, scores: Mapping[str, GivenScore]) -> None:
    """Send the assessment in."""
    score_service.submit_scores(assignment, subject, scores, by=actor_for(assignment))
