"""Signing in, sessions, and making guessing slow."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts import passwords, sign_in_service
from missions_app.accounts.errors import WrongSignIn
from missions_app.accounts.models import SignInAttempt, User, UserSession, UserState
from missions_app.accounts.secrets import digest
from missions_app.audit.models import AuditEvent
from missions_app.errors import NotFound, TooOften
from tests.factories.accounts import PASSWORD, actor_of, make_user

NOON = datetime(2027, 3, 17, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def sign_in(email: str, password: str = PASSWORD, origin: str = "192.0.2.1") -> tuple[User, str]:
    return sign_in_service.sign_in(email=email, password=password, origin=origin, agent="Firefox")


def test_sign_in_begins_a_session_whose_token_is_not_stored(session: Session) -> None:
    user = make_user(email="anna@example.se")

    signed_in, token = sign_in(" Anna@example.se ")

    row = session.scalars(select(UserSession)).one()
    assert signed_in is user
    assert (row.user_id, row.token_hash, row.agent) == (user.id, digest(token), "Firefox")
    assert session.scalars(select(AuditEvent.action)).all() == ["account.signed_in"]
    assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 0


@pytest.mark.parametrize("state", [UserState.INVITED, UserState.SUSPENDED, UserState.ERASED])
def test_an_account_that_is_not_open_gets_the_same_answer_as_a_wrong_password(
    session: Session, state: UserState
) -> None:
    user = make_user(email="anna@example.se")
    user.state = state
    session.commit()

    for email, password in (("anna@example.se", PASSWORD), ("nobody@example.se", PASSWORD), ("anna@example.se", "x")):
        with pytest.raises(WrongSignIn) as refused:
            sign_in(email, password)
        assert (refused.value.field, refused.value.params) == ("password", {})


def test_an_unknown_address_costs_a_whole_password_check(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not passwords.matches(None, PASSWORD)
    parts = passwords._NOBODY.split("$")
    assert parts[1:4] == ["argon2id", "v=19", "m=19456,t=2,p=1"]


def test_the_sixth_failure_has_to_wait_even_with_the_right_password(session: Session) -> None:
    make_user(email="anna@example.se")
    with clock.fixed(NOON):
        for number in range(5):
            with pytest.raises(WrongSignIn):
                sign_in("anna@example.se", "wrong", origin=f"192.0.2.{number}")
        with pytest.raises(TooOften) as refused:
            sign_in("anna@example.se")
    assert refused.value.params == {"seconds": 5}

    with clock.fixed(NOON + timedelta(seconds=5)):
        sign_in("anna@example.se")
    assert (
        session.scalars(
            select(SignInAttempt.key).where(SignInAttempt.key == digest("sign_in.address:anna@example.se"))
        ).all()
        == []
    )


def test_unknown_addresses_are_counted_alike(session: Session) -> None:
    with clock.fixed(NOON):
        for _number in range(5):
            with pytest.raises(WrongSignIn):
                sign_in("nobody@example.se", "wrong")
        with pytest.raises(TooOften):
            sign_in("nobody@example.se", "wrong")


def test_one_origin_cannot_try_many_addresses(session: Session) -> None:
    make_user(email="anna@example.se")
    with clock.fixed(NOON):
        for number in range(sign_in_service.FREE_PER_ORIGIN):
            with pytest.raises(WrongSignIn):
                sign_in(f"person{number}@example.se", "wrong")
        with pytest.raises(TooOften):
            sign_in("anna@example.se")
        sign_in("anna@example.se", origin="198.51.100.7")


def test_many_right_sign_ins_from_one_origin_are_no_attack(session: Session) -> None:
    for number in range(sign_in_service.FREE_PER_ORIGIN + 3):
        sign_in(make_user(email=f"person{number}@example.se").email)

    assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 0


def test_an_outdated_hash_is_made_anew_at_sign_in(session: Session) -> None:
    user = make_user(email="anna@example.se")
    weak = passwords.PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
    user.password_hash = weak.hash(PASSWORD)
    session.commit()

    sign_in("anna@example.se")

    assert user.password_hash is not None and not passwords.is_outdated(user.password_hash)


def test_being_seen_is_noted_at_most_once_a_minute(session: Session) -> None:
    with clock.fixed(NOON):
        token = sign_in_service.open_session(make_user(), agent="x")
    found = sign_in_service.find_session(token)
    assert found is not None

    with clock.fixed(NOON + timedelta(seconds=59)):
        sign_in_service.see(found)
    assert found.last_seen_at == NOON
    with clock.fixed(NOON + timedelta(seconds=60)):
        sign_in_service.see(found)
    assert found.last_seen_at == NOON + timedelta(seconds=60)


def test_signing_out_everywhere_keeps_the_browser_at_hand(session: Session) -> None:
    user = make_user()
    here = sign_in_service.open_session(user, agent="here")
    for _number in range(2):
        sign_in_service.open_session(user, agent="there")
    kept = sign_in_service.find_session(here)
    assert kept is not None

    assert sign_in_service.sign_out_everywhere(user, by=actor_of(user), keep=kept.id) == 2

    assert [one.agent for one in sign_in_service.sessions_of(user.id, idle=HOUR, absolute=DAY)] == ["here"]
    assert session.scalars(select(AuditEvent.action)).all()[-1] == "account.signed_out_everywhere"


def test_nobody_ends_the_session_of_somebody_else(session: Session) -> None:
    token = sign_in_service.open_session(make_user(), agent="x")
    found = sign_in_service.find_session(token)
    assert found is not None

    with pytest.raises(NotFound):
        sign_in_service.end_session(found, by=actor_of(make_user()))
    assert found.ended_at is None
