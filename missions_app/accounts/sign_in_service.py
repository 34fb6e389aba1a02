"""Signed-in browsers: begun, seen, ended. The cookie holds a random token; the row its digest."""

from datetime import timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts import attempts, passwords, queries
from missions_app.accounts.actor import Actor
from missions_app.accounts.errors import WrongSignIn
from missions_app.accounts.models import User, UserSession, UserState
from missions_app.accounts.rules import LONGEST, plain_email
from missions_app.accounts.secrets import digest, new_token
from missions_app.audit import trail
from missions_app.errors import NotFound

FREE_PER_ADDRESS, FREE_PER_ORIGIN = 5, 30
SEEN_EVERY = timedelta(minutes=1)


def sign_in(*, email: str, password: str, origin: str, agent: str) -> tuple[User, str]:
    """Check an address and a password, and begin a session.

    Args:
        origin: where the attempt comes from (the network address), for counting.
        agent: what the browser calls itself, for the list of sessions.

    Returns:
        The user, and the session's token, which goes into the cookie and nowhere else.

    Raises:
        TooOften: too many failures for this address or origin; the password is not looked at.
        WrongSignIn: anything else, without saying what; costs the same time.
    """
    address = attempts.Counter("sign_in.address", plain_email(email), FREE_PER_ADDRESS)
    place = attempts.Counter("sign_in.origin", origin, FREE_PER_ORIGIN)
    attempts.take_turn(address, place)
    user = queries.find_user_by_email(email)
    stored = user.password_hash if user is not None and user.state is UserState.ACTIVE else None
    if not passwords.matches(stored, password[: LONGEST + 1]) or user is None or stored is None:
        raise WrongSignIn(field="password")
    with db.transaction():
        attempts.forgive(address)
        attempts.forgive_last(place)
        if passwords.is_outdated(stored):
            user.password_hash = passwords.hash_password(password)
        token = open_session(user, agent=agent)
        return user, token


def open_session(user: User, *, agent: str) -> str:
    """Begin a session for a user who has shown who they are; gives its token."""
    with db.transaction() as session:
        now, token = clock.now(), new_token()
        session.add(
            UserSession(user=user, token_hash=digest(token), created_at=now, last_seen_at=now, agent=agent[:200])
        )
        user.last_seen_at = now
        trail.record("account.signed_in", user, by=queries.load_actor(user))
        return token


# Built once: every click of somebody signed in asks it.
_BY_HASH = select(UserSession).options(joinedload(UserSession.user)).where(UserSession.token_hash == bindparam("hash"))


def find_session(token: str) -> UserSession | None:
    """The session with its user, ended or not; None when there is none: one query."""
    return db.session.scalars(_BY_HASH, {"hash": digest(token)}).first()


def see(found: UserSession) -> None:
    """Note that the browser is still there, at most once a minute."""
    now = clock.now()
    if now - found.last_seen_at < SEEN_EVERY:
        return
    session_id, user_id = found.id, found.user_id
    with db.transaction() as session:
        # Plain statements: two tabs at once are no conflict.
        session.execute(update(UserSession).where(UserSession.id == session_id).values(last_seen_at=now))
        session.execute(update(User).where(User.id == user_id).values(last_seen_at=now))


def sign_out(token: str) -> None:
    """End the session of a token; an unknown token is no error."""
    found = find_session(token)
    if found is not None:
        end_session(found, by=queries.load_actor(found.user))


def end_session(found: UserSession, *, by: Actor) -> None:
    """End one session of the actor's own; ending it twice changes nothing.

    Raises:
        NotFound: it is somebody else's.
    """
    if found.user_id != by.user_id:
        raise NotFound()
    with db.transaction():
        if found.ended_at is None:
            found.ended_at = clock.now()
            trail.record("account.signed_out", found.user, by=by)


def sign_out_everywhere(user: User, *, by: Actor, keep: int | None = None) -> int:
    """End every session of a user, except the one with the id `keep`; how many were ended."""
    with db.transaction() as session:
        open_ones = session.scalars(
            select(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
        ).all()
        ended = [one for one in open_ones if one.id != keep]
        for one in ended:
            one.ended_at = clock.now()
        if ended:
            trail.record("account.signed_out_everywhere", user, by=by, sessions=len(ended))
        return len(ended)


def sessions_of(user_id: int, *, idle: timedelta, absolute: timedelta) -> list[UserSession]:
    """A user's live sessions, the last used first."""
    now = clock.now()
    return list(
        db.session.scalars(
            select(UserSession)
            .where(
                UserSession.user_id == user_id, UserSession.ended_at.is_(None),
                UserSession.last_seen_at > now - idle, UserSession.created_at > now - absolute,
            )
            .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
        )
    )  # fmt: skip


def get_session(session_id: int, *, by: Actor) -> UserSession:
    """One of the actor's own sessions, or NotFound."""
    found = db.session.get(UserSession, session_id)
    if found is None or found.user_id != by.user_id:
        raise NotFound()
    return found
