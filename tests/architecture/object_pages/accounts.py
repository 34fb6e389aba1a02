"""Accounts."""

from missions_app import clock
from missions_app.accounts import request_service, seat_service
from missions_app.accounts.actor import SYSTEM
from missions_app.accounts.models import AccountRequest, RequestState, User
from missions_app.db import session
from tests.architecture.object_pages import Arranged, ObjectPage
from tests.factories.accounts import grant_role, make_user
from tests.factories.organisations import method_in_force


def administrator() -> User:
    method_in_force()
    user = make_user()
    grant_role(user, "sysadmin")
    return user


def account() -> Arranged:
    return Arranged({"user_id": make_user().id}, administrator())


def request() -> Arranged:
    request_service.request_account(email="ny@example.se", name="Ny", locale="sv", origin="192.0.2.1")
    asked = session.query(AccountRequest).one()
    asked.state, asked.confirmed_at = RequestState.CONFIRMED, clock.now()
    session.commit()
    return Arranged({"request_id": asked.id}, administrator())


def seat() -> Arranged:
    boss = administrator()
    return Arranged({"body": "run", "seat_id": seat_service.add_seat("run", "Ledamot", by=SYSTEM).id}, boss)


def body() -> Arranged:
    return Arranged({"body": "run"}, administrator())


PAGES = [
    ObjectPage("accounts.add_seat", body),
    ObjectPage("accounts.fill_seat", seat),
    ObjectPage("accounts.show_user", account),
    ObjectPage("accounts.erase_user", account),
    ObjectPage("accounts.show_request", request),
    ObjectPage("api_accounts.show_user", account),
]
# Whoever holds the link has been sent it.
OPEN = {
    "accounts.accept_invitation", "accounts.reset_password", "accounts.confirm_request", "accounts.confirm_email",
}  # fmt: skip
