"""People for tests: accounts, what they may do, and signed-in browsers."""

import contextvars
import itertools

from flask.testing import FlaskClient

from missions_app import clock, db
from missions_app.accounts import grant_service, queries, sign_in_service, token_service
from missions_app.accounts.actor import REGION, SYSTEM, Actor, Scope
from missions_app.accounts.models import Grant, User, UserState
from missions_app.accounts.passwords import hash_password

PASSWORD = "strand sten vind sexton"
_numbers = itertools.count(1)
_hash: list[str] = []


def password_hash() -> str:
    """The hash of PASSWORD, computed once per process."""
    if not _hash:
        _hash.append(hash_password(PASSWORD))
    return _hash[0]


def make_user(
    name: str = "", *, email: str = "", locale: str = "sv", state: UserState = UserState.ACTIVE, function: str = ""
) -> User:
    """A person with an account and the password PASSWORD, committed."""
    number = next(_numbers)
    with db.transaction() as session:
        user = User(
            opaque_id=f"u-test-{number}", email=email or f"person{number}@example.test",
            name=name or f"Person {number}",
            locale=locale, state=state, function=function, created_at=clock.now(),
            password_hash=password_hash() if state is UserState.ACTIVE else None,
        )  # fmt: skip
        session.add(user)
    return user


def grant_role(user: User, role: str, scope: Scope = REGION) -> Grant:
    """Give a person a role; in the whole region unless a scope is given."""
    return grant_service.grant(user, role, scope, by=SYSTEM)


def actor_of(user: User) -> Actor:
    """The person as an actor, with today's rights."""
    return queries.load_actor(user)


def make_actor(role: str = "", scope: Scope = REGION, *, name: str = "") -> Actor:
    """A new person with at most one role, as an actor."""
    user = make_user(name)
    if role:
        grant_role(user, role, scope)
    return actor_of(user)


def make_secretariat() -> Actor:
    """A new secretariat officer of the region, as an actor."""
    return make_actor("secretariat_officer")


def sign_in(client: FlaskClient, user: User) -> FlaskClient:
    """Let the client's browser be signed in as the person; gives the same client."""
    token = sign_in_service.open_session(user, agent="test")
    _write_cookie(client, _user_id=token, _fresh=True)
    return client


def sign_out(client: FlaskClient) -> FlaskClient:
    """Let the client's browser be a visitor's again."""
    _write_cookie(client)
    return client


def _write_cookie(client: FlaskClient, **values: object) -> None:
    def write() -> None:
        with client.session_transaction() as cookie:
            cookie.clear()
            cookie.update(values)

    # In a context of its own, whose end does not close the test's database session.
    contextvars.Context().run(write)


def bearer(user: User, *scopes: str) -> dict[str, str]:
    """Headers of a machine that acts as the person, with the scopes read and write unless others are given."""
    from_service = queries.load_actor(user)
    _token, text = token_service.make_token(name="test", scopes=scopes or ("read", "write"), days=1, by=from_service)
    return {"Authorization": f"Bearer {text}"}
