"""Scoring: kept as it is written, sent in once, sealed until all are in."""

from collections.abc import Mapping

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.assessments import policy, queries, score_rules
from missions_app.assessments.declaration_service import require_no_conflict
from missions_app.assessments.errors import (
    AlreadySubmitted,
    AssignmentEnded,
    DeclareFirst,
    NotBeingAssessed,
    NotYourAssessment,
    ReasonNeeded,
    ScoresIncomplete,
)
from missions_app.assessments.events import AssessmentsIn
from missions_app.assessments.models import Assignment, AssignmentState, Score
from missions_app.assessments.panel_service import end, lock_panel
from missions_app.assessments.score_rules import GivenScore
from missions_app.audit import trail
from missions_app.errors import InvalidInput
from missions_app.events import announce
from missions_app.workflow.subjects import Subject


def save_scores(
    assignment: Assignment, subject: Subject, scores: Mapping[str, GivenScore], *, by: Actor, summary: str = "",
    revision: int | None = None, expected_version: int | None = None,
) -> None:  # fmt: skip
    """Keep what has been written so far. Only the assessor ever sees it before it is sent in.

    Args:
        scores: per criterion; criteria not named stay as they are. revision: the case's revision that is being read.

    Raises:
        NotYourAssessment, DeclareFirst, AlreadySubmitted, AssignmentEnded, ConflictOfInterest, StaleVersion.
        InvalidInput: a score outside the scale.
    """
    _require_own(assignment, by)
    require_no_conflict(assignment, subject)
    with db.transaction():
        lock_panel(assignment.panel)
        _require_scoring(assignment, subject)
        db.expect_version(assignment, expected_version)
        _write(assignment, scores, summary, revision)


def submit_scores(
    assignment: Assignment, subject: Subject, scores: Mapping[str, GivenScore], *, by: Actor, summary: str = "",
    revision: int | None = None, expected_version: int | None = None,
) -> None:  # fmt: skip
    """Send the assessment in; it then stands. When it is the last one, the result opens.

    Raises:
        ScoresIncomplete: everything missing is listed. And those of save_scores.
    """
    _require_own(assignment, by)
    require_no_conflict(assignment, subject)
    with db.transaction() as session:
        panel = lock_panel(assignment.panel)
        _require_scoring(assignment, subject)
        db.expect_version(assignment, expected_version)
        _write(assignment, scores, summary, revision)
        session.flush()
        if found := score_rules.incomplete(scores_of(assignment), queries.rubric_of(panel)):
            raise ScoresIncomplete.of(found)
        assignment.state, assignment.submitted_at = AssignmentState.SUBMITTED, clock.now()
        trail.record(
            "assessment.submitted", assignment, by=by, journey=subject.journey.id, revision=assignment.revision
        )
        if queries.is_complete(panel):
            announce(AssessmentsIn(subject, panel, by))


def decline_assignment(assignment: Assignment, subject: Subject, *, reason: str, by: Actor) -> None:
    """Say no to assessing, with a reason.

    Raises:
        NotYourAssessment, ReasonNeeded, AlreadySubmitted, AssignmentEnded.
    """
    _require_own(assignment, by)
    if not reason.strip():
        raise ReasonNeeded(field="reason")
    with db.transaction():
        panel = lock_panel(assignment.panel)
        if assignment.state is AssignmentState.SUBMITTED:
            raise AlreadySubmitted()
        if assignment.state not in policy.OPEN:
            raise AssignmentEnded()
        end(assignment, AssignmentState.DECLINED, reason.strip(), subject)
        trail.record("assessor.declined", assignment, by=by, journey=subject.journey.id)
        if queries.is_complete(panel):
            announce(AssessmentsIn(subject, panel, by))


def scores_of(assignment: Assignment) -> dict[str, GivenScore]:
    """What has been written, by criterion."""
    return {one.criterion: GivenScore(one.value, one.abstained, one.reason) for one in assignment.scores}


def _require_own(assignment: Assignment, by: Actor) -> None:
    if not policy.is_own(by, assignment):
        raise NotYourAssessment()


def _require_scoring(assignment: Assignment, subject: Subject) -> None:
    match assignment.state:
        case AssignmentState.SUBMITTED:
            raise AlreadySubmitted()
        case AssignmentState.ASSIGNED | AssignmentState.UNSURE:
            raise DeclareFirst()
        case AssignmentState.CLEARED:
            pass
        case _:
            raise AssignmentEnded()
    if assignment.panel.closed_at is not None or not queries.is_being_assessed(
        subject.journey, assignment.panel.rubric
    ):
        raise NotBeingAssessed(reference=subject.reference)


def _write(assignment: Assignment, scores: Mapping[str, GivenScore], summary: str, revision: int | None) -> None:
    if found := score_rules.wrong(scores, queries.rubric_of(assignment.panel)):
        raise InvalidInput.of(found)
    known = {one.criterion: one for one in assignment.scores}
    for criterion, given in scores.items():
        empty = given.value is None and not given.abstained and not given.reason.strip()
        row = known.get(criterion)
        if row is None and empty:
            continue
        if row is None:
            row = Score(assignment=assignment, criterion=criterion)
            db.session.add(row)
        row.value = None if given.abstained else given.value
        row.abstained, row.reason = given.abstained, given.reason.strip()
    assignment.summary = summary.strip()
    assignment.revision = revision if revision is not None else assignment.revision
    assignment.changed_at = clock.now()
