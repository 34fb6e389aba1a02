"""The demonstration's accounts: one password for all, shown only in demonstration mode."""

from dataclasses import dataclass

from sqlalchemy import select

from missions_app import db
from missions_app.accounts.models import Grant, User, UserState

PASSWORD = "prova-missions-2027"  # noqa: S105


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account to try: who it is, its roles (the method's keys), and how to sign in."""

    name: str
    function: str
    email: str
    password: str
    roles: tuple[str, ...]


def demo_accounts() -> list[DemoAccount]:
    """Every demonstration account that can be used, in the order in which they were made."""
    rows = db.session.execute(
        select(User, Grant.role)
        .outerjoin(Grant, (Grant.user_id == User.id) & Grant.revoked_at.is_(None))
        .where(User.is_demo, User.state == UserState.ACTIVE)
        .order_by(User.id, Grant.id)
    )
    roles: dict[User, list[str]] = {}
    for user, role in rows:
        held = roles.setdefault(user, [])
        if role is not None and role not in held:
            held.append(role)
    return [DemoAccount(user.name, user.function, user.email, PASSWORD, tuple(held)) for user, held in roles.items()]
