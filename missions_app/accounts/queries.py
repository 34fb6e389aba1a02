"""Reading users and their rights."""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import CTE, CompoundSelect, Date, Select, bindparam, or_, select, tuple_, union_all, update

from missions_app import clock, db
from missions_app.accounts.actor import Actor, Scope
from missions_app.accounts.errors import UnknownAddress
from missions_app.accounts.models import AccountRequest, Grant, User, UserState
from missions_app.errors import NotFound


def find_user_by_email(email: str) -> User | None:
    """The user with this address, whatever its case."""
    return db.session.scalars(select(User).where(User.email == email.strip().lower())).first()


def get_user(user_id: int) -> User:
    """The user, or NotFound."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound()
    return user


def _valid(day: Any) -> tuple[Any, ...]:
    return (
        Grant.revoked_at.is_(None),
        Grant.valid_from <= day,
        or_(Grant.valid_until.is_(None), Grant.valid_until >= day),
    )


# Built once: every request asks it.
_GRANTS = select(Grant.role, Grant.scope_kind, Grant.scope_id).where(
    Grant.user_id == bindparam("user"), *_valid(bindparam("day", type_=Date()))
)

_HOLDERS = (
    select(User)
    .join(Grant, Grant.user_id == User.id)
    .where(
        User.state == UserState.ACTIVE, Grant.role == bindparam("role"),
        tuple_(Grant.scope_kind, Grant.scope_id).in_(bindparam("scopes", expanding=True)),
        *_valid(bindparam("day", type_=Date())),
    )
    .order_by(User.name)
    .distinct()
)  # fmt: skip

RightsSource = Callable[[CTE], Select[str, str, str]]
_following: list[RightsSource] = []


def add_following(source: RightsSource) -> None:
    """Let a package above say which rights follow from those given (a partner's place in its missions): `source(given)`
    selects role, kind and id from the given ones, which have the columns role, scope_kind and scope_id."""
    if source not in _following:
        _following.append(source)
        _rights.cache_clear()


@cache
def _rights() -> CompoundSelect[Any]:
    """Every right of a user on a day. Built once: every request asks it."""
    given = _GRANTS.cte("given")
    return union_all(select(given), *(source(given) for source in _following))


def load_actor(user: User, *, api_scopes: frozenset[str] | None = None) -> Actor:
    """The user as an actor with the rights valid today, those given and those that follow from them."""
    grants: frozenset[tuple[str, Scope]] = frozenset()
    if user.state is UserState.ACTIVE:
        rows = db.session.execute(_rights(), {"user": user.id, "day": clock.today()})
        grants = frozenset((role, Scope(kind, scope_id)) for role, kind, scope_id in rows)
    return Actor(user.id, user.opaque_id, user.name, user.locale, grants, api_scopes)


def users_with(role: str, *scopes: Scope) -> list[User]:
    """Active users holding the role in one of the scopes (the region's holders only when REGION is among them)."""
    if not scopes:
        return []
    among = {"role": role, "scopes": [(scope.kind, scope.id) for scope in scopes], "day": clock.today()}
    return list(db.session.scalars(_HOLDERS, among))


def grants_of(user: User) -> list[Grant]:
    """The rights a user holds today or will hold, oldest first."""
    return list(
        db.session.scalars(
            select(Grant)
            .where(
                Grant.user_id == user.id,
                Grant.revoked_at.is_(None),
                or_(Grant.valid_until.is_(None), Grant.valid_until >= clock.today()),
            )
            .order_by(Grant.id)
        )
    )


def accounts(text: str = "") -> Select[Any]:
    """All accounts but the erased, by name."""
    query = select(User).where(User.state != UserState.ERASED)
    if text:
        query = query.where(
            or_(User.name.icontains(text, autoescape=True), User.email.icontains(text, autoescape=True))
        )
    return query.order_by(User.name, User.id)


def forget_requests(email: str) -> None:
    """Empty what somebody with this address wrote when asking for an account. Joins the open transaction."""
    with db.transaction() as session:
        session.execute(
            update(AccountRequest)
            .where(AccountRequest.email == email)
            .values(email="", name="", function="", organisation="", message="")
        )


def get_user_by_email(email: str) -> User:
    """The active user with this address, or NotFound at the field "email"."""
    user = find_user_by_email(email)
    if user is None or user.state is not UserState.ACTIVE:
        raise UnknownAddress(field="email")
    return user
