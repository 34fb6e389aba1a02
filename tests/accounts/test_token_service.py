"""Bearer tokens."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts import token_service
from missions_app.accounts.models import ApiToken
from missions_app.accounts.secrets import digest
from missions_app.api.scopes import allows
from missions_app.errors import InvalidInput, NotFound
from tests.factories.accounts import actor_of, grant_role, make_actor, make_user


def test_a_token_acts_as_the_user_within_its_scopes_until_its_day(session: Session) -> None:
    user = make_user()
    grant_role(user, "registrar")

    token, text = token_service.make_token(name="Kalender", scopes=["read"], days=2, by=actor_of(user))

    assert session.scalars(select(ApiToken.token_hash)).all() == [digest(text)]
    actor = token_service.actor_of(text)
    assert actor is not None
    assert (actor.user_id, actor.has("registrar"), actor.api_scopes) == (user.id, True, frozenset({"read"}))
    assert token.last_used_at is not None
    with clock.fixed(clock.now() + timedelta(days=2, seconds=1)):
        assert token_service.actor_of(text) is None


@pytest.mark.parametrize(
    ("name", "scopes", "days", "fields"),
    [
        ("", [], 0, ["name", "scopes", "days"]),
        ("x", ["everything"], 366, ["scopes", "days"]),
        ("x" * 101, ["read"], 1, ["name"]),
    ],
)
def test_every_problem_of_a_token_is_listed(
    session: Session, name: str, scopes: list[str], days: int, fields: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        token_service.make_token(name=name, scopes=scopes, days=days, by=make_actor())

    assert [problem.field for problem in refused.value.problems] == fields


def test_a_token_taken_back_stops_working_and_is_nobody_elses_to_take(session: Session) -> None:
    owner = make_actor()
    token, text = token_service.make_token(name="x", scopes=["write"], days=1, by=owner)

    with pytest.raises(NotFound):
        token_service.revoke_token(token, by=make_actor())
    token_service.revoke_token(token, by=owner)
    assert token_service.actor_of(text) is None


@pytest.mark.parametrize(
    ("held", "needed", "reaches"),
    [
        (None, "sites:write", True),
        ({"read"}, "sites:read", True),
        ({"read"}, "sites:write", False),
        ({"write"}, "sites:read", True),
        ({"write"}, "sites:write", True),
        ({"sites:read"}, "sites:read", True),
        ({"sites:read"}, "sites:write", False),
        ({"sites:write"}, "sites:read", True),
        ({"bookings:write"}, "sites:read", False),
        (set(), "sites:read", False),
    ],
)
def test_scopes_reach_as_far_as_they_say(held: set[str] | None, needed: str, reaches: bool) -> None:
    assert allows(None if held is None else frozenset(held), needed) is reaches
