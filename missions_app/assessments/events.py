"""What is announced about assessments, inside the transaction."""

from dataclasses import dataclass

from missions_app.accounts.actor import Actor
from missions_app.assessments.models import Assignment, Panel
from missions_app.workflow.subjects import Subject


@dataclass(frozen=True, slots=True)
class AssessorAssigned:
    """Somebody was asked to assess a case."""

    subject: Subject
    assignment: Assignment
    by: Actor


@dataclass(frozen=True, slots=True)
class AssessorConflicted:
    """An assessor turned out to be too close to the case."""

    subject: Subject
    assignment: Assignment
    by: Actor


@dataclass(frozen=True, slots=True)
class AssessmentsIn:
    """The last assessment came in: the result is open."""

    subject: Subject
    panel: Panel
    by: Actor
