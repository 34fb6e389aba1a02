"""Being heard: whoever proposed a challenge that the secretariat declined answers once, and gets an answer."""

from missions_app import clock, db
from missions_app.accounts.actor import REGION, Actor
from missions_app.accounts.policy import SECRETARIAT, permit
from missions_app.accounts.queries import users_with
from missions_app.audit import trail
from missions_app.challenges import hearing_queries, locking, policy, queries
from missions_app.challenges.errors import NothingToObject, ObjectionAnswered, WordsNeeded
from missions_app.challenges.models import Challenge, Objection
from missions_app.outbox.mail import queue_mail
from missions_app.workflow import journey_service

REOPEN = "reopen"


def object_to_decline(challenge: Challenge, *, text: str, by: Actor) -> Objection:
    """Say why the reasons do not hold: once for each time it was declined.

    Raises:
        WordsNeeded, NothingToObject.
    """
    permit(policy.can_edit, by, challenge)
    if not text.strip():
        raise WordsNeeded(field="text")
    with db.transaction() as session:
        locking.lock(challenge)
        declined = hearing_queries.last_decline(challenge)
        if declined is None or hearing_queries.objection_to(declined) is not None:
            raise NothingToObject()
        objection = Objection(
            challenge=challenge, declined_id=declined.id, text=text.strip(), written_at=clock.now(),
            written_by_id=by.user_id,
        )  # fmt: skip
        session.add(objection)
        session.flush()
        trail.record("challenge.objected", challenge, by=by, objection=objection.id)
        for user in users_with(SECRETARIAT, REGION):
            queue_mail(
                user.email, "challenge_objected", locale=user.locale, reference=challenge.reference,
                title=challenge.title, organisation=challenge.organisation.name, text=objection.text,
            )  # fmt: skip
        return objection


def answer_objection(objection: Objection, *, stands: bool, answer: str, by: Actor) -> None:
    """Say whether the refusal stands; if it does not, the challenge is open to its authors again.

    Raises:
        WordsNeeded, ObjectionAnswered, WrongState.
    """
    challenge = objection.challenge
    permit(policy.can_screen, by, challenge)
    if not answer.strip():
        raise WordsNeeded(field="answer")
    with db.transaction() as session:
        locking.lock(challenge)
        db.lock_row(objection)
        if objection.answered_at is not None:
            raise ObjectionAnswered()
        objection.stands, objection.answer = stands, answer.strip()
        objection.answered_at, objection.answered_by_id = clock.now(), by.user_id
        trail.record("challenge.heard", challenge, by=by, objection=objection.id, stands=stands)
        if not stands:
            session.refresh(challenge.journey)
            journey_service.move(
                challenge, REOPEN, by=by, expected_version=challenge.journey.version, reason=answer.strip()
            )
            return
        for user in queries.people_of(challenge):
            queue_mail(
                user.email, "challenge_heard", locale=user.locale, reference=challenge.reference,
                title=challenge.title, answer=objection.answer,
            )  # fmt: skip
