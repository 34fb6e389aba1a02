"""Letters: a copy on the platform, by e-mail as each wants, and never twice."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.models import User
from missions_app.errors import NotFound
from missions_app.messages import delivery, digests, message_service, queries
from missions_app.messages.message_service import Wanted
from missions_app.messages.models import Frequency, Message
from missions_app.outbox.mail import Mail, queue_mail
from missions_app.outbox.models import Job
from tests.factories.accounts import actor_of, make_user
from tests.factories.outbox import all_mail

MONDAY = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
Payload = Mapping[str, Any]


class Post:
    """A mail server that remembers, or is down."""

    def __init__(self, down: bool = False) -> None:
        self.sent: list[str] = []
        self.down = down

    def send(self, payload: Payload) -> None:
        if self.down:
            raise OSError("no connection")
        self.sent.append(payload["template"])


def want(actor: Actor, frequency: Frequency, reminders: bool = True) -> None:
    message_service.choose(Wanted(frequency, reminders), by=actor)


def letter(user: User, template: str = "assessor_assigned", **data: Any) -> Payload:
    with db.transaction():
        queue_mail(user.email, template, locale="sv", **data)
    return dict(db.session.scalars(select(Job).order_by(Job.id.desc())).first().payload)  # type: ignore[union-attr]


def copies(session: Session) -> list[Message]:
    return list(session.scalars(select(Message).order_by(Message.id)))


@pytest.mark.parametrize(
    ("frequency", "template", "by_mail"),
    [
        (Frequency.AT_ONCE, "assessor_assigned", True), (Frequency.DAILY, "assessor_assigned", False),
        (Frequency.WEEKLY, "assessor_assigned", False), (Frequency.NONE, "assessor_assigned", False),
        (Frequency.NONE, "challenge_decided", True), (Frequency.WEEKLY, "mission_decided", True),
        (Frequency.DAILY, "waitlist_offered", True), (Frequency.NONE, "waitlist_offered", False),
    ],
)  # fmt: skip
def test_ordinary_letters_follow_the_choice_and_statutory_ones_always_go(
    session: Session, frequency: Frequency, template: str, by_mail: bool
) -> None:
    user, post = make_user(), Post()
    want(actor_of(user), frequency)

    delivery.deliverer(post.send)(letter(user, template))

    assert post.sent == ([template] if by_mail else [])
    [copy] = copies(session)
    assert (copy.user_id, copy.template, copy.sent_at is not None) == (user.id, template, by_mail)


def test_letters_with_one_time_links_are_never_kept_on_the_platform(session: Session) -> None:
    user, post = make_user(), Post()
    want(actor_of(user), Frequency.NONE)

    delivery.deliverer(post.send)(letter(user, "reset", token="hemlig"))
    delivery.deliverer(post.send)(letter(user, "something_new", access_token="hemlig"))

    assert post.sent == ["reset", "something_new"]
    assert copies(session) == []


def test_a_dead_mail_server_delays_the_mail_but_not_the_message_and_nothing_comes_twice(session: Session) -> None:
    user, post = make_user(), Post(down=True)
    payload, deliver = letter(user), delivery.deliverer(post.send)

    for _attempt in range(2):
        with pytest.raises(OSError, match="no connection"):
            deliver(payload)
    assert len(copies(session)) == 1
    post.down = False
    deliver(payload)
    deliver(payload)

    assert (len(post.sent), len(copies(session))) == (1, 1)


def test_who_has_no_account_still_gets_letters(session: Session) -> None:
    post = Post()
    with db.transaction():
        queue_mail("okand@example.test", "partner_invited", locale="sv")
    payload = dict(db.session.scalars(select(Job)).one().payload)

    delivery.deliverer(post.send)(payload)

    assert (post.sent, copies(session)) == (["partner_invited"], [])


def render(mail: Mail) -> tuple[str, str, list[Any]]:
    return f"Ämne {mail.template}", "", []


def test_the_digest_comes_once_a_morning_with_what_is_new_and_unread(session: Session) -> None:
    user, deliver, send = make_user(), delivery.deliverer(Post().send), digests.digester(render)
    want(actor_of(user), Frequency.DAILY)
    with clock.fixed(MONDAY - timedelta(hours=3)):
        deliver(letter(user))
        deliver(letter(user, "partner_joined"))
        message_service.mark_read(copies(session)[1])
        send({})
    assert digest_rows() == []

    with clock.fixed(MONDAY):
        send({})
        send({})
    with clock.fixed(MONDAY + timedelta(days=1)):
        send({})

    assert digest_rows() == [["Ämne assessor_assigned"]]


def digest_rows() -> list[list[str]]:
    return [[row["subject"] for row in mail["data"]["rows"]] for mail in all_mail() if mail["template"] == "digest"]


@pytest.mark.parametrize(("day", "due"), [(-1, False), (0, True), (1, False), (6, False), (7, True)])
def test_the_weekly_digest_comes_on_mondays(
    session: Session, day: int, due: bool, make: Callable[..., User] = make_user
) -> None:
    user = make()
    want(actor_of(user), Frequency.WEEKLY)
    preference = queries.preference_of(user.id)
    assert preference is not None
    if day > 0:
        preference.digest_at = MONDAY

    with clock.fixed(MONDAY + timedelta(days=day)):
        assert digests.is_due(preference) is due


def test_messages_are_ones_own_and_are_read_once(session: Session) -> None:
    user, other = make_user(), make_user()
    delivery.deliverer(Post().send)(letter(user))
    [message] = copies(session)
    reader = actor_of(user)

    assert queries.unread(reader) == 1
    with pytest.raises(NotFound):
        queries.get_message(message.id, actor_of(other))
    message_service.mark_all_read(by=actor_of(other), until=clock.now())
    assert queries.unread(reader) == 1
    message_service.mark_all_read(by=reader, until=clock.now())
    assert queries.unread(reader) == 0
