"""Asking those who are assessed: an assessor what is unclear, the secretariat for their view of the result."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat, permit
from missions_app.assessments import declaration_service, policy, queries
from missions_app.assessments.errors import (
    AlreadyAnswered,
    AssignmentEnded,
    NotBeingAssessed,
    NotYourAssessment,
    ReplyDayPassed,
    StillSealed,
    TextTooShort,
)
from missions_app.assessments.models import Assignment, AssignmentState, Panel
from missions_app.assessments.question_models import Question, QuestionKind
from missions_app.audit import trail
from missions_app.errors import NotFound
from missions_app.workflow.models import Journey
from missions_app.workflow.subjects import Subject

LEAST = 20
REPLY_DAYS = 7


def can_read(actor: Actor, subject: Subject, panel: Panel) -> bool:
    """The parties, the secretariat, the bodies, and every assessor whose part is open; nobody with a conflict."""
    own = next((one for one in panel.assignments if one.assessor_id == actor.user_id), None)
    if own is not None and own.state is not AssignmentState.DECLINED:
        return own.state in policy.OPEN
    return policy.can_follow(actor, subject)


def can_answer(actor: Actor, subject: Subject) -> bool:
    """Those whose case it is."""
    return policy.is_party(actor, subject)


def can_hear(actor: Actor, _subject: object = None) -> bool:
    """The secretariat hears the parties before it recommends."""
    return is_secretariat(actor)


def ask(assignment: Assignment, subject: Subject, *, text: str, by: Actor) -> Question:
    """An assessor asks those whose case it is to make something clear. They do not learn who asked.

    Raises:
        NotYourAssessment, ConflictOfInterest (found now; it closes the case to the assessor), AssignmentEnded (not
        cleared, or already sent in), NotBeingAssessed, TextTooShort.
    """
    if not policy.is_own(by, assignment):
        raise NotYourAssessment()
    declaration_service.require_no_conflict(assignment, subject)
    if assignment.state is not AssignmentState.CLEARED:
        raise AssignmentEnded()
    if not queries.is_being_assessed(subject.journey, assignment.panel.rubric):
        raise NotBeingAssessed(reference=subject.reference)
    return _put(assignment.panel, subject, QuestionKind.CLARIFICATION, text, _in_days(REPLY_DAYS), by)


def hear(panel: Panel, subject: Subject, *, text: str, reply_by: date, by: Actor) -> Question:
    """Ask those whose case it is for their view of the assessments, before anything is recommended.

    Raises:
        NotAllowed, StillSealed (not all assessments are in), ReplyDayPassed, TextTooShort.
    """
    permit(can_hear, by, subject)
    if not queries.is_complete(panel):
        raise StillSealed()
    if reply_by <= clock.today():
        raise ReplyDayPassed(field="reply_by")
    return _put(panel, subject, QuestionKind.HEARING, text, reply_by, by)


def answer(question: Question, subject: Subject, *, text: str, by: Actor, expected_version: int | None) -> None:
    """Answer once; the answer stands as written.

    Raises:
        NotAllowed, AlreadyAnswered, TextTooShort, StaleVersion.
    """
    permit(can_answer, by, subject)
    with db.transaction():
        db.lock_row(question)
        if question.answered_at is not None:
            raise AlreadyAnswered()
        db.expect_version(question, expected_version)
        _long_enough(text)
        question.answer, question.answered_at, question.answered_by_id = text.strip(), clock.now(), by.user_id
        trail.record("assessment.question_answered", subject, by=by, question=question.id, about=question.kind.value)


def questions_of(panel: Panel) -> Sequence[Question]:
    """Everything a panel has asked, oldest first."""
    return db.session.scalars(select(Question).where(Question.panel_id == panel.id).order_by(Question.id)).all()


def questions_of_case(journey: Journey) -> Sequence[Question]:
    """Everything that any panel of a case has asked, oldest first."""
    return db.session.scalars(
        select(Question).join(Question.panel).where(Panel.journey_id == journey.id).order_by(Question.id)
    ).all()


def get_question(question_id: int) -> Question:
    """The question, or NotFound."""
    found = db.session.get(Question, question_id)
    if found is None:
        raise NotFound()
    return found


def unanswered() -> Sequence[Question]:
    """Every question that waits for its answer, the one due first at the top."""
    return db.session.scalars(
        select(Question)
        .where(Question.answered_at.is_(None))
        .options(joinedload(Question.panel).joinedload(Panel.journey))
        .order_by(Question.reply_by, Question.id)
    ).all()


def _put(panel: Panel, subject: Subject, kind: QuestionKind, text: str, reply_by: date, by: Actor) -> Question:
    _long_enough(text)
    with db.transaction() as session:
        question = Question(
            panel=panel, kind=kind, text=text.strip(), asked_at=clock.now(), asked_by_id=by.user_id, reply_by=reply_by
        )
        session.add(question)
        session.flush()
        # The trail of a case is read by its parties: an assessor's name is not for them.
        trail.record("assessment.question_asked", question, by=by, journey=subject.journey.id, about=kind.value)
        return question


def _long_enough(text: str) -> None:
    if len(text.strip()) < LEAST:
        raise TextTooShort(field="text", least=LEAST)


def _in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)
