"""Following without an account: nothing before the address has said yes, nothing after it has said no."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.challenges import discussion_service, following_service, merge_service
from missions_app.challenges.errors import AddressNeeded, CommentsClosed, LinkOver, NotPublicYet, PeriodWrong
from missions_app.challenges.models import Challenge, Follower
from missions_app.comments.models import Visibility
from missions_app.outbox import mail
from missions_app.workflow import gate_service, journey_service
from tests.factories.accounts import make_actor, make_secretariat
from tests.factories.challenges import make_assessed_now, make_draft, make_representative, make_submitted
from tests.factories.outbox import all_mail, queued_mail

REASONS = "Målet går inte att mäta som det är skrivet."


def follow(challenge: Challenge, email: str = "granne@example.test") -> Follower:
    """A confirmed follower."""
    following_service.ask_to_follow(challenge, email=email, locale="sv")
    following_service.confirm_following(queued_mail("follow_confirm")["data"]["token"])
    from_address = select(Follower).where(Follower.email == email, Follower.challenge_id == challenge.id)
    return db.session.scalars(from_address).one()


def news() -> list[str]:
    return [one["to"] for one in all_mail() if one["template"] == "challenge_news"]


def test_nothing_is_sent_before_the_address_has_said_yes(session: Session) -> None:
    challenge = make_submitted()
    following_service.ask_to_follow(challenge, email="Granne@Example.test ", locale="sv")
    journey_service.move(challenge, "accept", by=make_secretariat())
    assert news() == []

    following_service.confirm_following(queued_mail("follow_confirm")["data"]["token"])
    journey_service.move(challenge, "return", by=make_secretariat(), reason="Komplettera.")

    assert news() == ["granne@example.test"]
    assert "Komplettera." not in str(queued_mail("challenge_news"))


def test_the_way_out_is_in_every_letter_for_people_and_for_mail_programs(session: Session) -> None:
    challenge = make_submitted()
    follower = follow(challenge)
    journey_service.move(challenge, "accept", by=make_secretariat())
    letter, sent = queued_mail("challenge_news"), []

    class Kept:
        def send(self, message: object) -> None:
            sent.append(message)

    mail.sender(Kept(), lambda one: ("Nytt", "Text", []), "fran@example.test", "https://missions.example")(letter)

    assert sent[0]["List-Unsubscribe"] == f"<https://missions.example/challenges/unfollow/{follower.leave_key}>"
    assert sent[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    following_service.stop_following(follower.leave_key)
    following_service.stop_following(follower.leave_key)
    journey_service.move(challenge, "return", by=make_secretariat(), reason="Mer")
    assert news() == ["granne@example.test"]
    assert session.scalars(select(Follower)).all() == []


def test_a_decision_kept_back_is_not_told_to_followers(session: Session) -> None:
    challenge = make_assessed_now()
    follow(challenge)
    gate_service.recommend(challenge, "g1", outcome="reject", reasons=REASONS, by=make_secretariat())

    gate_service.decide(
        challenge, "g1", outcome="reject", reasons=REASONS, by=make_secretariat(), publish=False, declared=True
    )

    assert news() == []


def test_followers_of_a_part_hear_of_the_whole(session: Session) -> None:
    one, other = make_submitted(), make_submitted()
    follow(one)
    merge_service.merge_challenge(one, other, reason="Samma gata", by=make_secretariat())
    before = len(news())

    journey_service.move(other, "accept", by=make_secretariat())

    assert news()[before:] == ["granne@example.test"]


def test_a_draft_cannot_be_followed_and_a_mailbox_cannot_be_filled(session: Session) -> None:
    with pytest.raises(NotPublicYet):
        following_service.ask_to_follow(make_draft(), email="a@example.test", locale="sv")
    challenge = make_submitted()
    with pytest.raises(AddressNeeded):
        following_service.ask_to_follow(challenge, email="inte en adress", locale="sv")

    for _again in range(3):
        following_service.ask_to_follow(challenge, email="a@example.test", locale="sv")

    assert len([one for one in all_mail() if one["template"] == "follow_confirm"]) == 1


def test_a_link_that_nobody_used_ends_and_its_address_is_forgotten(session: Session) -> None:
    following_service.ask_to_follow(make_submitted(), email="a@example.test", locale="sv")
    token = queued_mail("follow_confirm")["data"]["token"]

    with clock.fixed(clock.now() + timedelta(days=8)):
        with pytest.raises(LinkOver):
            following_service.confirm_following(token)
        following_service.forget_unconfirmed({})

    assert session.scalars(select(Follower)).all() == []


def test_everybody_comments_in_the_period_and_not_outside_it(session: Session) -> None:
    challenge, reader, today = make_submitted(), make_actor(), clock.today()
    follow(challenge)

    def say(by: object = reader) -> None:
        discussion_service.comment(challenge, visibility=Visibility.PUBLIC, text="Bra", by=by)  # type: ignore[arg-type]

    say()
    discussion_service.open_comments(
        challenge, first=today + timedelta(days=1), last=today + timedelta(days=14), by=make_secretariat()
    )
    assert queued_mail("challenge_comments_open")["to"] == "granne@example.test"
    with pytest.raises(CommentsClosed):
        say()
    say(make_representative(challenge))
    with clock.fixed(clock.now() + timedelta(days=14)):
        say()
    with clock.fixed(clock.now() + timedelta(days=15)), pytest.raises(CommentsClosed):
        say()


def test_a_period_must_be_whole_in_order_and_not_over(session: Session) -> None:
    challenge, today = make_submitted(), clock.today()

    for first, last in (
        (today, None), (None, today), (today, today - timedelta(days=1)),
        (today - timedelta(days=9), today - timedelta(days=2)),
    ):  # fmt: skip
        with pytest.raises(PeriodWrong):
            discussion_service.open_comments(challenge, first=first, last=last, by=make_secretariat())
    assert challenge.comments_from is None
