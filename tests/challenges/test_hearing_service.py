"""Whoever is declined by the secretariat answers once, and is answered."""

import pytest
from sqlalchemy.orm import Session

from missions_app.challenges import hearing_queries, hearing_service
from missions_app.challenges.errors import NothingToObject, ObjectionAnswered, WordsNeeded
from missions_app.challenges.models import Challenge
from missions_app.challenges.tasks import tasks_for
from missions_app.errors import NotAllowed
from missions_app.workflow import gate_service, journey_service
from tests.factories.accounts import make_secretariat
from tests.factories.challenges import make_assessed_now, make_representative, make_submitted
from tests.factories.outbox import queued_mail

TEXT = "Det är inget inköp. Tre förvaltningar och två företag behövs."


def declined() -> Challenge:
    challenge = make_submitted()
    journey_service.move(challenge, "decline", by=make_secretariat(), reason="Det är ett vanligt inköp.")
    return challenge


def test_the_proposer_answers_once_and_the_secretariat_has_it_among_its_tasks(session: Session) -> None:
    challenge = declined()

    objection = hearing_service.object_to_decline(challenge, text=TEXT, by=make_representative(challenge))

    assert queued_mail("challenge_objected")["data"]["text"] == TEXT
    tasks = [one for one in tasks_for(make_secretariat()) if one.endpoint == "challenges.answer_objection"]
    assert [one.values["objection_id"] for one in tasks] == [objection.id]
    with pytest.raises(NothingToObject):
        hearing_service.object_to_decline(challenge, text="Igen", by=make_representative(challenge))


def test_a_refusal_that_stands_is_told_with_its_reasons(session: Session) -> None:
    challenge = declined()
    objection = hearing_service.object_to_decline(challenge, text=TEXT, by=make_representative(challenge))

    hearing_service.answer_objection(objection, stands=True, answer="Ramavtal finns.", by=make_secretariat())

    assert challenge.journey.state == "declined"
    assert queued_mail("challenge_heard")["data"]["answer"] == "Ramavtal finns."
    assert hearing_queries.unanswered_objections() == []
    with pytest.raises(ObjectionAnswered):
        hearing_service.answer_objection(objection, stands=False, answer="Nej", by=make_secretariat())


def test_a_refusal_that_does_not_stand_opens_the_challenge_and_a_second_one_can_be_answered_again(
    session: Session,
) -> None:
    challenge = declined()
    objection = hearing_service.object_to_decline(challenge, text=TEXT, by=make_representative(challenge))

    hearing_service.answer_objection(objection, stands=False, answer="Ni har rätt.", by=make_secretariat())

    assert challenge.journey.state == "returned"
    journey_service.move(challenge, "submit", by=make_representative(challenge))
    journey_service.move(challenge, "decline", by=make_secretariat(), reason="Nu finns det en lösning.")
    second = hearing_service.object_to_decline(challenge, text="Var?", by=make_representative(challenge))
    assert second.id != objection.id


def test_only_authors_answer_only_a_refusal_by_the_secretariat_and_only_in_words(session: Session) -> None:
    challenge, waiting, decided = declined(), make_submitted(), make_assessed_now()
    reasons = "Målet går inte att mäta som det är skrivet."
    gate_service.recommend(decided, "g1", outcome="reject", reasons=reasons, by=make_secretariat())
    gate_service.decide(decided, "g1", outcome="reject", reasons=reasons, by=make_secretariat(), declared=True)

    for other in (waiting, decided):
        with pytest.raises(NothingToObject):
            hearing_service.object_to_decline(other, text=TEXT, by=make_representative(other))
    with pytest.raises(WordsNeeded):
        hearing_service.object_to_decline(challenge, text=" ", by=make_representative(challenge))
    with pytest.raises(NotAllowed):
        hearing_service.object_to_decline(challenge, text=TEXT, by=make_secretariat())
