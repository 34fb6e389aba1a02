"""Forgotten and changed passwords, and changed addresses."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts import account_service, password_service, sign_in_service
from missions_app.accounts.actor import SYSTEM
from missions_app.accounts.errors import AddressTaken, LinkExpired, WrongPassword, WrongState
from missions_app.accounts.models import UserState
from missions_app.audit.models import AuditEvent
from missions_app.errors import InvalidInput, NotAllowed, TooOften
from missions_app.outbox.models import Job
from tests.factories.accounts import PASSWORD, actor_of, make_user
from tests.factories.outbox import all_mail, queued_mail, work

NEW = "bergen dimma sjutton kaffe"


def test_a_request_looks_the_same_for_known_and_unknown_addresses(session: Session) -> None:
    make_user(email="anna@example.se")

    for email in ("anna@example.se", "nobody@example.se"):
        password_service.request_reset(email, origin="192.0.2.1")

    kinds = session.scalars(select(Job.kind).order_by(Job.id)).all()
    assert kinds == [password_service.SEND_RESET] * 2
    assert work(password_service.SEND_RESET) == 2
    assert [mail["to"] for mail in all_mail()] == ["anna@example.se"]


def test_a_reset_link_works_once_for_two_hours_and_ends_every_session(session: Session) -> None:
    user = make_user(email="anna@example.se")
    old = sign_in_service.open_session(user, agent="x")
    password_service.request_reset("anna@example.se", origin="192.0.2.1")
    work(password_service.SEND_RESET)
    token = queued_mail("reset")["data"]["token"]

    with clock.fixed(clock.now() + timedelta(hours=2, seconds=1)), pytest.raises(LinkExpired):
        password_service.reset_password(token, NEW)
    with pytest.raises(InvalidInput):
        password_service.reset_password(token, "kort")
    password_service.reset_password(token, NEW)

    ended = sign_in_service.find_session(old)
    assert ended is not None and ended.ended_at is not None
    sign_in_service.sign_in(email="anna@example.se", password=NEW, origin="192.0.2.1", agent="x")
    with pytest.raises(LinkExpired):
        password_service.reset_password(token, PASSWORD)
    assert queued_mail("password_changed")["to"] == "anna@example.se"


def test_a_link_does_not_open_a_suspended_account(session: Session) -> None:
    user = make_user(email="anna@example.se")
    password_service.send_reset({"email": "anna@example.se"})
    token = queued_mail("reset")["data"]["token"]
    account_service.suspend(user, by=SYSTEM, expected_version=user.version)

    with pytest.raises(WrongState):
        password_service.reset_password(token, NEW)
    assert user.state is UserState.SUSPENDED


def test_a_mailbox_cannot_be_flooded(session: Session) -> None:
    for number in range(password_service.FREE_PER_ADDRESS):
        password_service.request_reset("anna@example.se", origin=f"192.0.2.{number}")

    with pytest.raises(TooOften):
        password_service.request_reset("anna@example.se", origin="192.0.2.99")


def test_changing_the_password_needs_the_present_one_and_keeps_this_browser(session: Session) -> None:
    user = make_user()
    here = sign_in_service.find_session(sign_in_service.open_session(user, agent="here"))
    there = sign_in_service.find_session(sign_in_service.open_session(user, agent="there"))
    assert here is not None and there is not None

    with pytest.raises(WrongPassword):
        password_service.change_password(user, present="wrong", new=NEW, by=actor_of(user))
    password_service.change_password(user, present=PASSWORD, new=NEW, by=actor_of(user), keep_session=here.id)

    assert (here.ended_at is None, there.ended_at is None) == (True, False)
    actions = session.scalars(select(AuditEvent.action)).all()
    assert "account.password_changed" in actions


def test_nobody_changes_the_password_of_somebody_else(session: Session) -> None:
    user = make_user()

    with pytest.raises(NotAllowed):
        password_service.change_password(user, present=PASSWORD, new=NEW, by=actor_of(make_user()))


def test_a_new_address_is_used_once_it_is_confirmed(session: Session) -> None:
    user = make_user(email="anna@example.se")

    password_service.request_email_change(user, "ny@example.se", password=PASSWORD, by=actor_of(user))
    work(password_service.CHANGE_ADDRESS)

    assert user.email == "anna@example.se"
    assert queued_mail("email_change_asked")["to"] == "anna@example.se"
    password_service.confirm_email(queued_mail("confirm_email")["data"]["token"])
    assert user.email == "ny@example.se"
    assert queued_mail("email_changed")["to"] == "anna@example.se"


def test_an_address_in_use_looks_alike_and_its_owner_is_told(session: Session) -> None:
    make_user(email="upptagen@example.se")
    user = make_user(email="anna@example.se")

    password_service.request_email_change(user, "upptagen@example.se", password=PASSWORD, by=actor_of(user))
    work(password_service.CHANGE_ADDRESS)

    assert queued_mail("already_known")["to"] == "upptagen@example.se"
    assert queued_mail("confirm_email", missing_ok=True) == {}


def test_an_address_taken_meanwhile_is_refused(session: Session) -> None:
    user = make_user()
    password_service.send_email_change({"user_id": user.id, "email": "ny@example.se"})
    token = queued_mail("confirm_email")["data"]["token"]
    make_user(email="ny@example.se")

    with pytest.raises(AddressTaken):
        password_service.confirm_email(token)
