"""Declaring interests, ruling on doubt, and closing the case to whoever is too close to it."""

from collections.abc import Mapping

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM, Actor
from missions_app.accounts.policy import permit
from missions_app.assessments import declaration, policy, queries
from missions_app.assessments.conflicts import Finding
from missions_app.assessments.declaration import Answer
from missions_app.assessments.errors import (
    AnswersMissing,
    AssignmentEnded,
    ConflictOfInterest,
    NothingToRule,
    NotYourAssessment,
    ReasonNeeded,
)
from missions_app.assessments.events import AssessorConflicted
from missions_app.assessments.findings import reasons_of, rows_of
from missions_app.assessments.models import Assignment, AssignmentState, Declaration
from missions_app.assessments.panel_service import end, give_right, lock_panel
from missions_app.audit import trail
from missions_app.events import announce
from missions_app.workflow.subjects import Subject


def declare_interests(
    assignment: Assignment, subject: Subject, answers: Mapping[str, Answer], *, by: Actor
) -> Declaration:
    """Answer the questions about own interests; it may be done again when something has changed.

    "Yes" to anything, or a tie the platform finds, closes the case to the assessor at once, and a score already
    sent in no longer counts. "Unsure" waits for the secretariat. Otherwise the assessor may read and score.

    Raises:
        NotYourAssessment, AssignmentEnded. AnswersMissing: every missing answer at its field.
    """
    _require_own(assignment, by)
    if found := declaration.problems(answers):
        raise AnswersMissing.of(found)
    with db.transaction() as session:
        lock_panel(assignment.panel)
        if assignment.state not in policy.OPEN:
            raise AssignmentEnded()
        ties = queries.findings_for(assignment.assessor_id, subject, assignment.panel.rubric)
        outcome = declaration.CONFLICTED if ties else declaration.outcome(answers)
        declared = Declaration(
            assignment=assignment, outcome=outcome, declared_at=clock.now(), found=rows_of(ties),
            answers={key: {"answer": one.answer, "note": one.note.strip()} for key, one in answers.items()},
        )  # fmt: skip
        session.add(declared)
        session.flush()
        trail.record("interests.declared", declared, by=by, assignment=assignment.id, outcome=outcome)
        _follow(assignment, subject, outcome, ties, by)
        return declared


def rule_on_declaration(assignment: Assignment, subject: Subject, *, may_assess: bool, note: str, by: Actor) -> None:
    """Decide what an unsure declaration means; the note is kept.

    Raises:
        NothingToRule, ReasonNeeded.
    """
    permit(policy.can_appoint, by, subject)
    if not note.strip():
        raise ReasonNeeded(field="note")
    with db.transaction():
        lock_panel(assignment.panel)
        if assignment.state is not AssignmentState.UNSURE or not assignment.declarations:
            raise NothingToRule()
        declared = assignment.declarations[-1]
        declared.ruling = declaration.CLEAR if may_assess else declaration.CONFLICTED
        declared.ruling_note, declared.ruled_at, declared.ruled_by_id = note.strip(), clock.now(), by.user_id
        trail.record("interests.ruled", declared, by=by, assignment=assignment.id, ruling=declared.ruling)
        _follow(assignment, subject, declared.ruling, [], by)


def require_no_conflict(assignment: Assignment, subject: Subject) -> None:
    """Look again, since parties may have joined late; a tie found now closes the case to the assessor for good.

    The closing is kept even though the caller's act is refused: call it outside a transaction.

    Raises:
        ConflictOfInterest.
    """
    found = queries.findings_for(assignment.assessor_id, subject, assignment.panel.rubric)
    if not found:
        return
    if assignment.state in policy.OPEN:
        with db.transaction():
            lock_panel(assignment.panel)
            close_to(assignment, subject, found, by=SYSTEM)
    raise ConflictOfInterest(reasons=reasons_of(found))


def close_to(assignment: Assignment, subject: Subject, found: list[Finding], *, by: Actor) -> None:
    """Close the case to an assessor and tell the secretariat. Inside a transaction, with the panel locked."""
    because = "; ".join(one.code for one in found) or "declared"
    end(assignment, AssignmentState.CONFLICTED, because, subject)
    trail.record("assessor.conflicted", assignment, by=by, journey=subject.journey.id, found=rows_of(found))
    announce(AssessorConflicted(subject, assignment, by))


def _follow(assignment: Assignment, subject: Subject, outcome: str, found: list[Finding], by: Actor) -> None:
    if outcome == declaration.CONFLICTED:
        close_to(assignment, subject, found or [Finding("declared")], by=by)
    elif outcome == declaration.UNSURE:
        assignment.state = AssignmentState.UNSURE
    elif assignment.state is not AssignmentState.SUBMITTED:
        assignment.state = AssignmentState.SUBMITTED if assignment.submitted_at else AssignmentState.CLEARED
        give_right(assignment, subject, by=SYSTEM)


def _require_own(assignment: Assignment, by: Actor) -> None:
    if not policy.is_own(by, assignment):
        raise NotYourAssessment()
