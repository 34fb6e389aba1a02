"""Writing together: invitations are answered by their receiver, in time, and end again."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.challenges import author_service, challenge_service, policy
from missions_app.challenges.errors import AddressNeeded, InvitationOver
from missions_app.errors import NotAllowed, NotFound
from missions_app.outbox.models import Job
from tests.factories.accounts import actor_of, make_actor, make_user
from tests.factories.challenges import make_draft, make_representative


def test_an_invited_writer_writes_after_saying_yes(session: Session) -> None:
    challenge, guest = make_draft(), make_user()
    invitation = author_service.invite_writer(challenge, email=guest.email.upper(), by=make_representative(challenge))
    assert not policy.is_author(actor_of(guest), challenge)

    author_service.accept_invitation(invitation, by=actor_of(guest))

    challenge_service.save_challenge(
        challenge, {"title": "Vår"}, by=actor_of(guest), expected_version=challenge.version
    )
    assert challenge.title == "Vår"
    assert not policy.can_submit(actor_of(guest), challenge)


def test_invite_writer_answers_alike_whether_there_is_an_account(session: Session) -> None:
    challenge = make_draft()
    by = make_representative(challenge)

    author_service.invite_writer(challenge, email="ingen@example.test", by=by)
    author_service.invite_writer(challenge, email="ingen@example.test", by=by)

    mails = [job.payload["to"] for job in session.scalars(select(Job).where(Job.kind == "mail"))]
    assert mails == ["ingen@example.test"]


@pytest.mark.parametrize("text", ["", "namn", "@example.se", "a@b"])
def test_invite_writer_wants_an_address(session: Session, text: str) -> None:
    challenge = make_draft()

    with pytest.raises(AddressNeeded):
        author_service.invite_writer(challenge, email=text, by=make_representative(challenge))


def test_an_invitation_is_for_its_receiver_only_and_expires(session: Session) -> None:
    challenge, guest = make_draft(), make_user()
    invitation = author_service.invite_writer(challenge, email=guest.email, by=make_representative(challenge))

    with pytest.raises(NotFound):
        author_service.accept_invitation(invitation, by=make_actor())
    with clock.fixed(clock.now() + timedelta(days=40)), pytest.raises(InvitationOver):
        author_service.accept_invitation(invitation, by=actor_of(guest))


def test_end_writing_takes_the_right_back(session: Session) -> None:
    challenge, guest = make_draft(), make_user()
    invitation = author_service.invite_writer(challenge, email=guest.email, by=make_representative(challenge))
    author_service.accept_invitation(invitation, by=actor_of(guest))

    author_service.end_writing(challenge, guest.id, by=make_representative(challenge))

    assert not policy.is_author(actor_of(guest), challenge)


def test_a_stranger_invites_nobody(session: Session) -> None:
    with pytest.raises(NotAllowed):
        author_service.invite_writer(make_draft(), email="a@example.se", by=make_actor())
