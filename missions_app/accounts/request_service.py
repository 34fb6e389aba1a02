"""Asking for an account: the address is confirmed first, then the secretariat or the administrator answers."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from missions_app import clock, db
from missions_app.accounts import attempts, queries
from missions_app.accounts.account_service import create_user, send_invitation
from missions_app.accounts.actor import REGION, SYSTEM, Actor
from missions_app.accounts.errors import AlreadyAnswered, LinkExpired
from missions_app.accounts.models import AccountRequest, RequestState, User
from missions_app.accounts.policy import SECRETARIAT, SYSADMIN, can_manage_accounts, permit
from missions_app.accounts.rules import email_problems, name_problems, plain_email
from missions_app.accounts.secrets import digest, new_token
from missions_app.audit import trail
from missions_app.errors import InvalidInput, NotFound
from missions_app.outbox import jobs
from missions_app.outbox.mail import queue_mail

SEND_CONFIRMATION = "accounts.send_confirmation"
LIFETIME = timedelta(days=2)
FREE_PER_ADDRESS, FREE_PER_ORIGIN = 3, 10
LONGEST = 2000


def request_account(
    *, email: str, name: str, function: str = "", organisation: str = "", message: str = "", locale: str, origin: str
) -> None:
    """Ask for an account. What the asker sees, and how long it takes, is the same whether the address is known.

    Raises:
        InvalidInput (every problem), TooOften.
    """
    problems = [*name_problems(name), *email_problems(email)]
    if problems:
        raise InvalidInput.of(problems)
    address = plain_email(email)
    with db.transaction() as session:
        attempts.take_turn(
            attempts.Counter("request.address", address, FREE_PER_ADDRESS),
            attempts.Counter("request.origin", origin, FREE_PER_ORIGIN),
        )
        request = AccountRequest(
            email=address, name=name.strip(), function=function.strip()[:200], organisation=organisation.strip()[:200],
            message=message.strip()[:LONGEST], locale=locale, state=RequestState.UNCONFIRMED,
            token_hash=digest(new_token()), requested_at=clock.now(),
        )  # fmt: skip
        session.add(request)
        session.flush()
        jobs.queue(SEND_CONFIRMATION, request_id=request.id)


def send_confirmation(payload: Mapping[str, Any]) -> None:
    """The worker's part: the link to confirm with, or a note that there is an account already."""
    with db.transaction() as session:
        request = session.get(AccountRequest, payload["request_id"])
        if request is None or request.state is not RequestState.UNCONFIRMED:
            return
        known = queries.find_user_by_email(request.email)
        if known is not None:
            queue_mail(request.email, "already_known", locale=known.locale, name=known.name)
            session.delete(request)
            return
        token = new_token()
        request.token_hash = digest(token)
        queue_mail(request.email, "confirm_request", locale=request.locale, name=request.name, token=token)


def find_request(token: str) -> AccountRequest:
    """The request behind a link; LinkExpired when it is answered, too old or unknown."""
    request = db.session.scalars(select(AccountRequest).where(AccountRequest.token_hash == digest(token))).first()
    if request is None or request.state not in (RequestState.UNCONFIRMED, RequestState.CONFIRMED):
        raise LinkExpired()
    if request.state is RequestState.UNCONFIRMED and request.requested_at + LIFETIME <= clock.now():
        raise LinkExpired()
    return request


def confirm_request(token: str) -> None:
    """The asker has shown that the address is theirs: those who answer are told. Twice is the same as once."""
    with db.transaction():
        request = find_request(token)
        if request.state is RequestState.CONFIRMED:
            return
        request.state, request.confirmed_at = RequestState.CONFIRMED, clock.now()
        trail.record("account.requested", request, by=SYSTEM)
        for one in {
            user.id: user for role in (SECRETARIAT, SYSADMIN) for user in queries.users_with(role, REGION)
        }.values():
            queue_mail(one.email, "account_requested", locale=one.locale, name=request.name, request_id=request.id,
                       organisation=request.organisation)  # fmt: skip


def answer_request(
    request: AccountRequest, *, accept: bool, by: Actor, expected_version: int, reason: str = ""
) -> User | None:
    """Let somebody in, by an invitation to choose a password, or not, with a reason that is sent.

    Raises:
        NotAllowed, StaleVersion, AlreadyAnswered, AddressTaken.
    """
    permit(can_manage_accounts, by, request)
    with db.transaction():
        db.expect_version(request, expected_version)
        if request.state is not RequestState.CONFIRMED:
            raise AlreadyAnswered()
        request.state = RequestState.ACCEPTED if accept else RequestState.DECLINED
        request.answered_at, request.answered_by_id, request.reason = clock.now(), by.user_id, reason.strip()
        trail.record("account.accepted" if accept else "account.declined", request, by=by)
        if not accept:
            queue_mail(
                request.email, "request_declined", locale=request.locale, name=request.name, reason=reason.strip()
            )
            return None
        user = create_user(
            email=request.email, name=request.name, by=by, function=request.function, locale=request.locale
        )
        send_invitation(user, by=by)
        return user


def get_request(request_id: int) -> AccountRequest:
    """A request whose address is confirmed, or NotFound."""
    request = db.session.get(AccountRequest, request_id)
    if request is None or request.state is RequestState.UNCONFIRMED:
        raise NotFound()
    return request


def open_requests() -> Sequence[AccountRequest]:
    """Requests that wait for an answer, oldest first."""
    return db.session.scalars(
        select(AccountRequest).where(AccountRequest.state == RequestState.CONFIRMED).order_by(AccountRequest.id)
    ).all()


def count_open() -> int:
    """How many requests wait for an answer."""
    return db.session.scalar(select(func.count()).where(AccountRequest.state == RequestState.CONFIRMED)) or 0
