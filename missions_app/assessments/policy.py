"""Who appoints, assesses and reads assessments. Pure."""

from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.assessments.models import Assignment, AssignmentState, Panel
from missions_app.workflow.subjects import Subject

ASSESSOR = "assessor"
OPEN = frozenset({AssignmentState.ASSIGNED, AssignmentState.UNSURE, AssignmentState.CLEARED, AssignmentState.SUBMITTED})


def can_appoint(actor: Actor, _subject: object = None) -> bool:
    """The secretariat assigns assessors, releases them and rules on unsure declarations."""
    return is_secretariat(actor)


def is_own(actor: Actor, assignment: Assignment) -> bool:
    """Whether the assignment is the actor's."""
    return actor.is_signed_in and actor.user_id == assignment.assessor_id


def can_follow(actor: Actor, subject: Subject) -> bool:
    """Who may know that there is an assessment and how far it has come: the secretariat, bodies and the parties."""
    return is_secretariat(actor) or bool(actor.bodies()) or is_party(actor, subject)


def is_party(actor: Actor, subject: Subject) -> bool:
    """Whoever holds another role than assessor in one of the case's own scopes."""
    return any(role != ASSESSOR and scope in subject.scopes for role, scope in actor.grants)


def may_read_result(actor: Actor, subject: Subject, panel: Panel) -> bool:
    """Whether the actor is one of those who see the result once all are in.

    An assessor with a conflict of interest sees nothing; the others see it when their own is in.
    """
    own = next((one for one in panel.assignments if one.assessor_id == actor.user_id), None)
    if own is not None and own.state is not AssignmentState.DECLINED:
        return own.state is AssignmentState.SUBMITTED
    return can_follow(actor, subject)


def may_see_names(actor: Actor) -> bool:
    """Names beside scores are for the secretariat."""
    return is_secretariat(actor)


def can_write_consensus(actor: Actor, panel: Panel) -> bool:
    """The secretariat, or one of those whose scores differ, writes down what was agreed."""
    scored = {one.assessor_id for one in panel.assignments if one.state is AssignmentState.SUBMITTED}
    return is_secretariat(actor) or actor.user_id in scored
