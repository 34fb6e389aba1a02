"""Bearer tokens: machines act as a user, within some scopes, until a day."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts import queries
from missions_app.accounts.actor import Actor
from missions_app.accounts.models import ApiToken, User, UserState
from missions_app.accounts.secrets import digest, new_token
from missions_app.audit import trail
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.i18n import N_

PREFIX = "missions_"
LONGEST_DAYS = 365
MOST = 20
NAME = 100
USED_EVERY = timedelta(minutes=1)
WHOLE = ("read", "write")
DOMAINS = (
    "accounts", "assessments", "bookings", "challenges", "evaluation", "experiments", "governance", "missions",
    "organisations", "partnerships", "sites", "strategy", "work", "workflow",
)  # fmt: skip
SCOPES: tuple[str, ...] = (*WHOLE, *(f"{domain}:{right}" for domain in DOMAINS for right in WHOLE))


def make_token(*, name: str, scopes: Sequence[str], days: int, by: Actor) -> tuple[ApiToken, str]:
    """A new token for the actor and its text, which is told only now.

    Args:
        scopes: "read", "write" or a domain's own, such as "challenges:write"; writing includes reading.
        days: how long it holds, 1 to 365.

    Raises:
        InvalidInput: every problem.
    """
    with db.transaction() as session:
        user = queries.get_user(by.user_id or 0)
        problems = _problems(name, scopes, days)
        if len(tokens_of(user.id)) >= MOST:
            text = N_("You have %(most)d tokens already. Take one back first.")
            problems.append(Problem("too_many", text, "name", {"most": MOST}))
        if problems:
            raise InvalidInput.of(problems)
        text, now = PREFIX + new_token(), clock.now()
        token = ApiToken(
            user=user, name=name.strip(), token_hash=digest(text), scopes=sorted(set(scopes)), created_at=now,
            expires_at=now + timedelta(days=days),
        )  # fmt: skip
        session.add(token)
        trail.record("token.made", token, by=by, scopes=token.scopes)
        return token, text


def _problems(name: str, scopes: Sequence[str], days: int) -> list[Problem]:
    problems = []
    if not name.strip():
        problems.append(Problem("missing", N_("Write what the token is for."), "name"))
    elif len(name.strip()) > NAME:
        problems.append(Problem("too_long", N_("Use at most %(most)d characters."), "name", {"most": NAME}))
    if not scopes or any(scope not in SCOPES for scope in scopes):
        problems.append(Problem("unknown_choice", N_("Choose at least one right from the list."), "scopes"))
    if not 1 <= days <= LONGEST_DAYS:
        text = N_("Choose between 1 and %(most)d days.")
        problems.append(Problem("out_of_range", text, "days", {"most": LONGEST_DAYS}))
    return problems


def revoke_token(token: ApiToken, *, by: Actor) -> None:
    """Take a token back at once; twice is the same as once."""
    if token.user_id != by.user_id:
        raise NotFound()
    with db.transaction():
        if token.revoked_at is None:
            token.revoked_at = clock.now()
            trail.record("token.revoked", token, by=by)


def revoke_all(user: User) -> None:
    """Take back every token of a user. Joins the open transaction."""
    with db.transaction() as session:
        session.execute(
            update(ApiToken)
            .where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
            .values(revoked_at=clock.now())
        )


def tokens_of(user_id: int) -> list[ApiToken]:
    """A user's tokens that still hold, newest first."""
    return list(
        db.session.scalars(
            select(ApiToken)
            .where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > clock.now())
            .order_by(ApiToken.id.desc())
        )
    )


def get_token(token_id: int, *, by: Actor) -> ApiToken:
    """One of the actor's own tokens, or NotFound."""
    token = db.session.get(ApiToken, token_id)
    if token is None or token.user_id != by.user_id:
        raise NotFound()
    return token


_BY_HASH = select(ApiToken).options(joinedload(ApiToken.user)).where(ApiToken.token_hash == bindparam("hash"))


def actor_of(text: str) -> Actor | None:
    """Whoever a token speaks for, limited to its scopes; None when it does not hold."""
    now = clock.now()
    token = db.session.scalars(_BY_HASH, {"hash": digest(text)}).first()
    if token is None or token.revoked_at is not None or token.expires_at <= now:
        return None
    if token.user.state is not UserState.ACTIVE:
        return None
    actor = queries.load_actor(token.user, api_scopes=frozenset(token.scopes))
    if token.last_used_at is None or now - token.last_used_at >= USED_EVERY:
        with db.transaction() as session:
            session.execute(update(ApiToken).where(ApiToken.id == token.id).values(last_used_at=now))
    return actor
