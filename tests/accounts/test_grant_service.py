"""Rights: given, taken back, lent."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts import grant_service
from missions_app.accounts.actor import REGION, SYSTEM, organisation_scope, site_scope
from missions_app.accounts.errors import LastAdministrator, NotHeld
from missions_app.accounts.queries import grants_of
from missions_app.errors import InvalidInput, NotAllowed, NotFound
from tests.factories.accounts import actor_of, grant_role, make_actor, make_user
from tests.factories.outbox import queued_mail


def days(number: int) -> date:
    return clock.today() + timedelta(days=number)


def test_giving_twice_is_the_same_as_once_and_taking_back_and_giving_again_works(session: Session) -> None:
    user = make_user()
    first = grant_service.grant(user, "member", organisation_scope(1), by=SYSTEM)
    assert grant_service.grant(user, "member", organisation_scope(1), by=SYSTEM) is first

    grant_service.revoke(first, by=SYSTEM)
    assert actor_of(user).grants == frozenset()
    grant_service.grant(user, "member", organisation_scope(1), by=SYSTEM)
    assert actor_of(user).organisations() == {1}
    assert len(grants_of(user)) == 1


def test_a_deputy_acts_between_the_days_and_no_longer(session: Session) -> None:
    holder, deputy = make_user("Anna"), make_user("Bo")
    held = grant_role(holder, "site_manager", site_scope(3))

    grant_service.lend(held, deputy, valid_from=days(1), valid_until=days(2), by=actor_of(holder))

    assert not actor_of(deputy).has("site_manager", site_scope(3))
    for number, acts in ((1, True), (2, True), (3, False)):
        with clock.fixed(clock.now() + timedelta(days=number)):
            assert actor_of(deputy).has("site_manager", site_scope(3)) is acts
    assert actor_of(holder).has("site_manager", site_scope(3))
    assert queued_mail("deputy")["to"] == deputy.email


def test_a_deputy_does_not_lend_on(session: Session) -> None:
    holder, deputy = make_user(), make_user()
    held = grant_role(holder, "site_manager", site_scope(3))
    lent = grant_service.lend(held, deputy, valid_from=days(0), valid_until=days(2), by=actor_of(holder))

    with pytest.raises(NotAllowed):
        grant_service.lend(lent, make_user(), valid_from=days(0), valid_until=days(1), by=actor_of(deputy))


def test_nobody_lends_what_is_somebody_elses_or_over(session: Session) -> None:
    holder = make_user()
    held = grant_role(holder, "site_manager", site_scope(3))

    with pytest.raises(NotAllowed):
        grant_service.lend(held, make_user(), valid_from=days(0), valid_until=days(1), by=make_actor())
    grant_service.revoke(held, by=SYSTEM)
    with pytest.raises(NotHeld):
        grant_service.lend(held, make_user(), valid_from=days(0), valid_until=days(1), by=actor_of(holder))


@pytest.mark.parametrize(("first", "last", "field"), [(-1, 2, "valid_from"), (2, 1, "valid_until")])
def test_the_days_have_to_make_sense(session: Session, first: int, last: int, field: str) -> None:
    holder = make_user()
    held = grant_role(holder, "site_manager", site_scope(3))

    with pytest.raises(InvalidInput) as refused:
        grant_service.lend(held, make_user(), valid_from=days(first), valid_until=days(last), by=actor_of(holder))
    assert [problem.field for problem in refused.value.problems] == [field]


def test_lender_and_deputy_may_end_it_others_not(session: Session) -> None:
    holder, deputy = make_user(), make_user()
    held = grant_role(holder, "site_manager", site_scope(3))
    lent = grant_service.lend(held, deputy, valid_from=days(0), valid_until=days(2), by=actor_of(holder))

    with pytest.raises(NotAllowed):
        grant_service.end_lending(lent, by=make_actor())
    grant_service.end_lending(lent, by=actor_of(deputy))
    assert not actor_of(deputy).has("site_manager", site_scope(3))
    assert grant_service.lent_by(holder) == []


@pytest.mark.parametrize(
    ("giver", "role", "may"),
    [
        ("sysadmin", "secretariat_officer", True),
        ("sysadmin", "sysadmin", True),
        ("sysadmin", "coordinator", False),
        ("secretariat_officer", "assessor", True),
        ("secretariat_officer", "secretariat_officer", False),
        ("secretariat_officer", "sysadmin", False),
        ("registrar", "assessor", False),
        ("", "assessor", False),
    ],
)
def test_roles_in_the_region_are_given_by_those_who_may(session: Session, giver: str, role: str, may: bool) -> None:
    user, by = make_user(), make_actor(giver)

    if may:
        grant_service.give_region_role(user, role, by=by)
    else:
        with pytest.raises(NotAllowed):
            grant_service.give_region_role(user, role, by=by)
    assert actor_of(user).has(role) is may


def test_somebody_is_left_to_look_after_the_accounts(session: Session) -> None:
    boss = make_user()
    only = grant_role(boss, "sysadmin")

    with pytest.raises(LastAdministrator):
        grant_service.take_region_role(only, by=actor_of(boss))
    grant_role(make_user(), "secretariat_officer")
    grant_service.take_region_role(only, by=actor_of(boss))
    assert actor_of(boss).grants == frozenset()


def test_only_rights_in_the_region_are_taken_back_this_way(session: Session) -> None:
    given = grant_role(make_user(), "assessor", organisation_scope(2))

    with pytest.raises(NotFound):
        grant_service.take_region_role(given, by=make_actor("sysadmin", REGION))
