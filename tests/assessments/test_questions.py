"""Questions of those who assess, and hearing the parties: answered once, in the record, and nobody learns who asked."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import organisation_scope
from missions_app.assessments import question_service
from missions_app.assessments.errors import (
    AlreadyAnswered,
    AssignmentEnded,
    ConflictOfInterest,
    NotYourAssessment,
    StillSealed,
    TextTooShort,
)
from missions_app.assessments.tasks import tasks_for
from missions_app.errors import NotAllowed
from tests.factories.accounts import actor_of, grant_role, make_actor, make_secretariat
from tests.factories.assessments import actor_for, all_scores, assign, clear, submit
from tests.factories.challenges import make_assessed_now, make_representative

TEXT = "Hur mättes utgångsläget, och av vem?"
ANSWER = "Av VA-enheten med en nivågivare i tolv månader före."


def test_a_question_is_answered_once_by_those_whose_case_it_is(session: Session) -> None:
    challenge = make_assessed_now()
    one, other, declared_not = clear(challenge), clear(challenge), assign(challenge)
    owner = make_representative(challenge)
    with pytest.raises(AssignmentEnded):
        question_service.ask(declared_not, challenge, text=TEXT, by=actor_for(declared_not))
    with pytest.raises(NotYourAssessment):
        question_service.ask(one, challenge, text=TEXT, by=actor_for(other))
    with pytest.raises(TextTooShort):
        question_service.ask(one, challenge, text="Varför?", by=actor_for(one))

    asked = question_service.ask(one, challenge, text=TEXT, by=actor_for(one))

    waits = [task for task in tasks_for(owner) if task.endpoint == "assessments.answer_question"]
    assert [(task.values, task.due) for task in waits] == [({"question_id": asked.id}, asked.reply_by)]
    for stranger in (make_actor(), actor_for(other), make_secretariat()):
        with pytest.raises(NotAllowed):
            question_service.answer(asked, challenge, text=ANSWER, by=stranger, expected_version=asked.version)
    question_service.answer(asked, challenge, text=ANSWER, by=owner, expected_version=asked.version)
    with pytest.raises(AlreadyAnswered):
        question_service.answer(asked, challenge, text=ANSWER, by=owner, expected_version=asked.version)
    assert [task for task in tasks_for(owner) if task.endpoint == "assessments.answer_question"] == []
    assert [one.answer for one in question_service.questions_of(one.panel)] == [ANSWER]


def test_who_has_a_conflict_neither_asks_nor_reads(session: Session) -> None:
    challenge = make_assessed_now()
    one, other = clear(challenge), clear(challenge)
    readers = [make_representative(challenge), make_secretariat(), actor_for(other)]
    assert all(question_service.can_read(reader, challenge, one.panel) for reader in readers)
    assert not question_service.can_read(make_actor(), challenge, one.panel)
    grant_role(one.assessor, "member", organisation_scope(challenge.organisation_id))

    with pytest.raises(ConflictOfInterest):
        question_service.ask(one, challenge, text=TEXT, by=actor_of(one.assessor))

    session.expire_all()
    assert not question_service.can_read(actor_of(one.assessor), challenge, one.panel)
    assert question_service.questions_of(one.panel) == []


def test_the_parties_are_heard_when_the_assessments_are_in(session: Session) -> None:
    challenge = make_assessed_now()
    one, other = clear(challenge), clear(challenge)
    secretariat, until = make_secretariat(), clock.today() + timedelta(days=14)
    submit(one, challenge, all_scores(challenge, 3))
    with pytest.raises(StillSealed):
        question_service.hear(one.panel, challenge, text=TEXT, reply_by=until, by=secretariat)
    submit(other, challenge, all_scores(challenge, 3))
    with pytest.raises(NotAllowed):
        question_service.hear(one.panel, challenge, text=TEXT, reply_by=until, by=make_representative(challenge))

    heard = question_service.hear(one.panel, challenge, text=TEXT, reply_by=until, by=secretariat)
    question_service.answer(
        heard, challenge, text=ANSWER, by=make_representative(challenge), expected_version=heard.version
    )

    assert (heard.answer, heard.reply_by) == (ANSWER, until)
