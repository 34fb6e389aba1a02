"""Passwords: the first one, a new one, a forgotten one; and the address they belong to."""

from collections.abc import Mapping
from typing import Any

from missions_app import db
from missions_app.accounts import attempts, links, passwords, queries
from missions_app.accounts.actor import Actor
from missions_app.accounts.errors import AddressTaken, WrongPassword, WrongState
from missions_app.accounts.models import EmailTokenPurpose, User, UserState
from missions_app.accounts.policy import can_edit_account, permit
from missions_app.accounts.rules import email_problems, plain_email
from missions_app.accounts.sign_in_service import sign_out_everywhere
from missions_app.audit import trail
from missions_app.errors import InvalidInput
from missions_app.outbox import jobs
from missions_app.outbox.mail import queue_mail

SEND_RESET = "accounts.send_reset"
CHANGE_ADDRESS = "accounts.change_address"
FREE_PER_ADDRESS, FREE_PER_ORIGIN = 3, 20


def accept_invitation(token: str, password: str) -> User:
    """Set the first password and open the account.

    Raises:
        LinkExpired, InvalidInput, WrongState: the account was closed meanwhile.
    """
    with db.transaction():
        link = links.use_link(token, EmailTokenPurpose.INVITATION)
        user = link.user
        if user.state is not UserState.INVITED:
            raise WrongState()
        _set_password(user, password)
        user.state = UserState.ACTIVE
        trail.record("account.opened", user, by=queries.load_actor(user))
        return user


def request_reset(email: str, *, origin: str) -> None:
    """Ask for a link to a new password. The worker looks whether the address has an account, so that neither the
    answer nor its time tells.

    Raises:
        TooOften: many requests for the address or from the origin.
    """
    address = plain_email(email)
    with db.transaction():
        attempts.take_turn(
            attempts.Counter("reset.address", address, FREE_PER_ADDRESS),
            attempts.Counter("reset.origin", origin, FREE_PER_ORIGIN),
        )
        jobs.queue(SEND_RESET, email=address)


def send_reset(payload: Mapping[str, Any]) -> None:
    """The worker's part: send the link, if an active account has the address."""
    with db.transaction():
        user = queries.find_user_by_email(payload["email"])
        if user is None or user.state is not UserState.ACTIVE:
            return
        token = links.make_link(user, EmailTokenPurpose.RESET)
        queue_mail(user.email, "reset", locale=user.locale, name=user.name, token=token)


def reset_password(token: str, password: str) -> User:
    """Set a new password by the link; every session ends.

    Raises:
        LinkExpired, InvalidInput, WrongState: the account was closed meanwhile.
    """
    with db.transaction():
        user = links.use_link(token, EmailTokenPurpose.RESET).user
        if user.state is not UserState.ACTIVE:
            raise WrongState()
        _set_password(user, password)
        actor = queries.load_actor(user)
        sign_out_everywhere(user, by=actor)
        trail.record("account.password_reset", user, by=actor)
        queue_mail(user.email, "password_changed", locale=user.locale, name=user.name)
        return user


def change_password(user: User, *, present: str, new: str, by: Actor, keep_session: int | None = None) -> None:
    """Change the password, knowing the present one; other sessions than `keep_session` end.

    Raises:
        NotAllowed, TooOften, WrongPassword, InvalidInput.
    """
    permit(can_edit_account, by, user)
    _check_present(user, present, field="present")
    with db.transaction():
        _set_password(user, new, field="new")
        sign_out_everywhere(user, by=by, keep=keep_session)
        trail.record("account.password_changed", user, by=by)
        queue_mail(user.email, "password_changed", locale=user.locale, name=user.name)


def request_email_change(user: User, email: str, *, password: str, by: Actor) -> None:
    """Send a link to a new address; the old one stays until it is followed. The answer is the same when the
    address has another account already: then that one is told.

    Raises:
        NotAllowed, TooOften, WrongPassword, InvalidInput.
    """
    permit(can_edit_account, by, user)
    problems = email_problems(email)
    if problems:
        raise InvalidInput.of(problems)
    _check_present(user, password, field="password")
    with db.transaction():
        address = plain_email(email)
        jobs.queue(CHANGE_ADDRESS, user_id=user.id, email=address)
        queue_mail(user.email, "email_change_asked", locale=user.locale, name=user.name)
        trail.record("account.email_change_asked", user, by=by)


def send_email_change(payload: Mapping[str, Any]) -> None:
    """The worker's part: the link to the new address, or a note to the one whose address it is."""
    with db.transaction():
        user, address = queries.get_user(payload["user_id"]), payload["email"]
        other = queries.find_user_by_email(address)
        if other is not None:
            queue_mail(address, "already_known", locale=other.locale, name=other.name)
        elif user.state is UserState.ACTIVE:
            token = links.make_link(user, EmailTokenPurpose.CHANGE_EMAIL, email=address)
            queue_mail(address, "confirm_email", locale=user.locale, name=user.name, token=token)


def confirm_email(token: str) -> User:
    """The new address is theirs: use it from now on.

    Raises:
        LinkExpired, AddressTaken: somebody else got the address meanwhile.
    """
    with db.transaction():
        link = links.use_link(token, EmailTokenPurpose.CHANGE_EMAIL)
        user, address = link.user, str(link.data["email"])
        if queries.find_user_by_email(address) is not None:
            raise AddressTaken()
        old, user.email = user.email, address
        link.data = {}
        queue_mail(old, "email_changed", locale=user.locale, name=user.name)
        trail.record("account.email_changed", user, by=queries.load_actor(user))
        return user


def _check_present(user: User, password: str, *, field: str) -> None:
    counter = attempts.Counter("present", str(user.id), 5)
    attempts.take_turn(counter)
    if not passwords.matches(user.password_hash, password):
        raise WrongPassword(field=field)
    attempts.forgive(counter)


def _set_password(user: User, password: str, *, field: str = "password") -> None:
    passwords.require_strong(password, user.email, user.name, field=field)
    user.password_hash = passwords.hash_password(password)
