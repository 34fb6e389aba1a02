"""Accounts: created, invited, edited, suspended, erased."""

import secrets

from sqlalchemy import select, update

from missions_app import clock, db
from missions_app.accounts import links, passwords, queries, token_service
from missions_app.accounts.actor import REGION, Actor, Scope
from missions_app.accounts.errors import AddressTaken, LastAdministrator, WrongState
from missions_app.accounts.grant_service import grant
from missions_app.accounts.models import EmailToken, EmailTokenPurpose, Grant, Seat, User, UserState
from missions_app.accounts.policy import SECRETARIAT, SYSADMIN, can_edit_account, can_erase, can_manage_accounts, permit
from missions_app.accounts.rules import email_problems, name_problems, plain_email
from missions_app.accounts.sign_in_service import sign_out_everywhere
from missions_app.audit import trail
from missions_app.audit.names import keep_name
from missions_app.errors import InvalidInput
from missions_app.i18n import DEFAULT_LOCALE, LOCALES
from missions_app.outbox.mail import queue_mail


def create_user(
    *, email: str, name: str, by: Actor, function: str = "", locale: str = "sv", password: str | None = None,
    is_demo: bool = False,
) -> User:  # fmt: skip
    """An account that is active when a password is given, else invited (without any mail).

    The caller has checked that `by` may. Used by invitations, the command line and the demonstration.

    Raises:
        AddressTaken, InvalidInput (every problem).
    """
    with db.transaction() as session:
        problems = [*email_problems(email), *name_problems(name)]
        if problems:
            raise InvalidInput.of(problems)
        if password is not None:
            passwords.require_strong(password, email, name)
        address = plain_email(email)
        if queries.find_user_by_email(address):
            raise AddressTaken(field="email")
        user = User(
            opaque_id=secrets.token_hex(12), email=address, name=name.strip(), function=function.strip(),
            locale=locale if locale in LOCALES else DEFAULT_LOCALE,
            state=UserState.INVITED if password is None else UserState.ACTIVE, created_at=clock.now(), is_demo=is_demo,
            password_hash=None if password is None else passwords.hash_password(password),
        )  # fmt: skip
        session.add(user)
        session.flush()
        keep_name(user.opaque_id, user.name)
        trail.record("account.created", user, by=by)
        return user


def invite(*, email: str, name: str, role: str, scope: Scope, by: Actor, locale: str = "sv") -> User:
    """Give somebody a role by address: who has an account gets it at once, others with the first password.

    The caller has checked that `by` may give the role.

    Raises:
        InvalidInput (every problem).
    """
    with db.transaction():
        user = queries.find_user_by_email(email)
        if user is None:
            user = create_user(email=email, name=name, by=by, locale=locale)
        grant(user, role, scope, by=by)
        if user.state is UserState.INVITED:
            send_invitation(user, by=by)
        trail.record("account.invited", user, by=by, role_given=role)
        return user


def send_invitation(user: User, *, by: Actor) -> None:
    """Send, or send again, the link to the first password. Joins the open transaction."""
    with db.transaction():
        token = links.make_link(user, EmailTokenPurpose.INVITATION)
        queue_mail(user.email, "invitation", locale=user.locale, name=user.name, inviter=by.name, token=token)


def invite_again(user: User, *, by: Actor, expected_version: int) -> None:
    """Send the link to the first password once more; the old link stops working."""
    permit(can_manage_accounts, by, user)
    with db.transaction():
        db.expect_version(user, expected_version)
        if user.state is not UserState.INVITED:
            raise WrongState()
        send_invitation(user, by=by)
        trail.record("account.invited_again", user, by=by)


def edit_account(user: User, *, name: str, function: str, locale: str, by: Actor, expected_version: int) -> None:
    """Change one's own name, function and language.

    Raises:
        NotAllowed, StaleVersion, InvalidInput.
    """
    permit(can_edit_account, by, user)
    with db.transaction():
        db.expect_version(user, expected_version)
        problems = name_problems(name)
        if problems:
            raise InvalidInput.of(problems)
        user.name, user.function = name.strip(), function.strip()[:200]
        user.locale = locale if locale in LOCALES else user.locale
        keep_name(user.opaque_id, user.name)
        trail.record("account.edited", user, by=by)


def suspend(user: User, *, by: Actor, expected_version: int) -> None:
    """Close an account for now: its sessions end and its tokens stop working.

    Raises:
        NotAllowed, StaleVersion, WrongState, LastAdministrator.
    """
    permit(can_manage_accounts, by, user)
    with db.transaction():
        db.expect_version(user, expected_version)
        if user.state not in (UserState.ACTIVE, UserState.INVITED):
            raise WrongState()
        _keep_an_administrator(user)
        user.state = UserState.SUSPENDED
        sign_out_everywhere(user, by=by)
        trail.record("account.suspended", user, by=by)


def restore(user: User, *, by: Actor, expected_version: int) -> None:
    """Open a suspended account again, with the rights it had."""
    permit(can_manage_accounts, by, user)
    with db.transaction():
        db.expect_version(user, expected_version)
        if user.state is not UserState.SUSPENDED:
            raise WrongState()
        user.state = UserState.ACTIVE if user.password_hash else UserState.INVITED
        trail.record("account.restored", user, by=by)


def erase(user: User, *, by: Actor, expected_version: int) -> None:
    """Turn a person into a pseudonym for good: name, address and rights go, what was done stays.

    Raises:
        NotAllowed, StaleVersion, WrongState, LastAdministrator.
    """
    permit(can_erase, by, user)
    with db.transaction() as session:
        db.expect_version(user, expected_version)
        if user.state is UserState.ERASED:
            raise WrongState()
        _keep_an_administrator(user)
        sign_out_everywhere(user, by=by)
        token_service.revoke_all(user)
        now = clock.now()
        session.execute(
            update(Grant).where(Grant.user_id == user.id, Grant.revoked_at.is_(None)).values(revoked_at=now)
        )
        session.execute(update(Seat).where(Seat.user_id == user.id).values(user_id=None))
        session.execute(update(EmailToken).where(EmailToken.user_id == user.id).values(used_at=now, data={}))
        queries.forget_requests(user.email)
        keep_name(user.opaque_id, "")
        # "Person" reads the same in both languages.
        user.email, user.name = f"{user.opaque_id}@erased.invalid", f"Person {user.opaque_id[:6]}"
        user.function, user.state, user.password_hash = "", UserState.ERASED, None
        trail.record("account.erased", user, by=by)


def _keep_an_administrator(user: User) -> None:
    keepers = {one.id for role in (SYSADMIN, SECRETARIAT) for one in queries.users_with(role, REGION)}
    if keepers == {user.id}:
        raise LastAdministrator()


def users_in_state(state: UserState) -> list[User]:
    """Accounts in one state, by name."""
    return list(db.session.scalars(select(User).where(User.state == state).order_by(User.name, User.id)))
