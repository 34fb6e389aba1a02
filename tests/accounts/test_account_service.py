"""Accounts: created, invited, edited, suspended, erased."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app.accounts import account_service, links, password_service, queries, sign_in_service, token_service
from missions_app.accounts.actor import REGION, SYSTEM, organisation_scope
from missions_app.accounts.errors import AddressTaken, LastAdministrator, LinkExpired, WrongState
from missions_app.accounts.models import EmailTokenPurpose, User, UserState
from missions_app.audit.models import AuditEvent, AuditName
from missions_app.errors import InvalidInput, NotAllowed, StaleVersion
from tests.factories.accounts import PASSWORD, actor_of, grant_role, make_actor, make_user
from tests.factories.outbox import queued_mail


def administrator() -> User:
    user = make_user("Bo")
    grant_role(user, "sysadmin")
    return user


def test_an_account_with_a_password_is_open_and_its_name_kept_beside_the_trail(session: Session) -> None:
    user = account_service.create_user(email=" Anna@Example.se ", name=" Anna ", by=SYSTEM, password=PASSWORD)

    assert (user.email, user.name, user.state, user.locale) == ("anna@example.se", "Anna", UserState.ACTIVE, "sv")
    assert session.scalars(select(AuditName.name).where(AuditName.actor_id == user.opaque_id)).all() == ["Anna"]
    assert session.scalars(select(AuditEvent.action)).all() == ["account.created"]


def test_every_problem_of_a_new_account_is_listed_and_nothing_written(session: Session) -> None:
    with pytest.raises(InvalidInput) as refused:
        account_service.create_user(email="anna", name=" ", by=SYSTEM)

    assert [problem.field for problem in refused.value.problems] == ["email", "name"]
    assert session.scalars(select(User)).all() == []


def test_an_address_belongs_to_one_account(session: Session) -> None:
    make_user(email="anna@example.se")

    with pytest.raises(AddressTaken):
        account_service.create_user(email="ANNA@example.se", name="Anna", by=SYSTEM)


def test_an_invitation_gives_the_role_and_a_link_to_the_first_password(session: Session) -> None:
    user = account_service.invite(email="ny@example.se", name="Ny", role="registrar", scope=REGION, by=SYSTEM)
    mail = queued_mail("invitation")

    assert user.state is UserState.INVITED
    assert mail["to"] == "ny@example.se"
    opened = password_service.accept_invitation(mail["data"]["token"], PASSWORD)
    assert (opened.state, actor_of(opened).has("registrar")) == (UserState.ACTIVE, True)
    with pytest.raises(LinkExpired):
        password_service.accept_invitation(mail["data"]["token"], PASSWORD)


def test_who_has_an_account_gets_the_role_without_a_mail(session: Session) -> None:
    known = make_user(email="anna@example.se")

    user = account_service.invite(
        email="Anna@example.se", name="Other", role="member", scope=organisation_scope(7), by=SYSTEM
    )

    assert (user, user.name) == (known, known.name)
    assert actor_of(user).organisations() == {7}
    assert queued_mail("invitation", missing_ok=True) == {}


def test_a_new_invitation_makes_the_old_link_useless(session: Session) -> None:
    user = account_service.invite(email="ny@example.se", name="Ny", role="registrar", scope=REGION, by=SYSTEM)
    old = queued_mail("invitation")["data"]["token"]

    account_service.invite_again(user, by=actor_of(administrator()), expected_version=user.version)

    with pytest.raises(LinkExpired):
        links.find_link(old, EmailTokenPurpose.INVITATION)


def test_everybody_edits_their_own_account_only(session: Session) -> None:
    user = make_user()

    account_service.edit_account(
        user, name="Åsa", function="Chef", locale="en", by=actor_of(user), expected_version=user.version
    )
    assert (user.name, user.function, user.locale) == ("Åsa", "Chef", "en")
    with pytest.raises(NotAllowed):
        account_service.edit_account(
            user, name="X", function="", locale="sv", by=make_actor("sysadmin"), expected_version=user.version
        )
    with pytest.raises(StaleVersion):
        account_service.edit_account(user, name="X", function="", locale="sv", by=actor_of(user), expected_version=0)


def test_a_suspended_account_loses_its_sessions_and_tokens_and_can_be_opened_again(session: Session) -> None:
    boss, user = administrator(), make_user()
    token = sign_in_service.open_session(user, agent="x")
    _row, key = token_service.make_token(name="t", scopes=["read"], days=1, by=actor_of(user))

    account_service.suspend(user, by=actor_of(boss), expected_version=user.version)

    found = sign_in_service.find_session(token)
    assert found is not None and found.ended_at is not None
    assert token_service.actor_of(key) is None
    assert queries.load_actor(user).grants == frozenset()
    account_service.restore(user, by=actor_of(boss), expected_version=user.version)
    assert user.state is UserState.ACTIVE


def test_the_last_administrator_can_neither_be_suspended_nor_erased(session: Session) -> None:
    boss = administrator()

    with pytest.raises(LastAdministrator):
        account_service.suspend(boss, by=SYSTEM, expected_version=boss.version)
    with pytest.raises(LastAdministrator):
        account_service.erase(boss, by=SYSTEM, expected_version=boss.version)


def test_an_erased_person_is_a_pseudonym_whose_acts_stay(session: Session) -> None:
    boss = administrator()
    user = account_service.create_user(email="anna@example.se", name="Anna Berg", by=SYSTEM, password=PASSWORD)
    grant_role(user, "registrar")
    user_actor = actor_of(user)
    token_service.make_token(name="t", scopes=["read"], days=1, by=user_actor)

    account_service.erase(user, by=actor_of(boss), expected_version=user.version)

    assert user.state is UserState.ERASED
    assert "anna" not in user.email and "Anna" not in user.name
    assert (user.function, user.password_hash, queries.grants_of(user)) == ("", None, [])
    assert session.scalars(select(AuditName.name).where(AuditName.actor_id == user.opaque_id)).all() == [""]
    acts = session.scalars(select(AuditEvent.action).where(AuditEvent.actor_id == user_actor.audit_id)).all()
    assert acts == ["token.made"]
    with pytest.raises(WrongState):
        account_service.erase(user, by=actor_of(boss), expected_version=user.version)


@pytest.mark.parametrize("role", ["secretariat_officer", "registrar", "assessor"])
def test_only_the_system_administrator_erases(session: Session, role: str) -> None:
    administrator()
    user = make_user()

    with pytest.raises(NotAllowed):
        account_service.erase(user, by=make_actor(role), expected_version=user.version)
