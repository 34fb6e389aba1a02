"""Asking for an account and answering."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts import password_service, request_service
from missions_app.accounts.errors import AlreadyAnswered, LinkExpired
from missions_app.accounts.models import AccountRequest, RequestState, User, UserState
from missions_app.audit.models import AuditEvent
from missions_app.errors import InvalidInput, NotAllowed, TooOften
from tests.factories.accounts import PASSWORD, make_actor, make_secretariat, make_user
from tests.factories.outbox import all_mail, queued_mail, work


def ask(email: str = "ny@example.se", origin: str = "192.0.2.1") -> None:
    request_service.request_account(
        email=email, name="Nils Ny", function="Ordförande", organisation="Havsföreningen", message="Hej", locale="sv",
        origin=origin,
    )  # fmt: skip


def confirmed() -> AccountRequest:
    ask()
    work(request_service.SEND_CONFIRMATION)
    token = queued_mail("confirm_request")["data"]["token"]
    request_service.confirm_request(token)
    return request_service.open_requests()[0]


def test_asking_makes_no_user_and_looks_alike_for_every_address(session: Session) -> None:
    make_user(email="anna@example.se")

    ask("anna@example.se")
    ask("ny@example.se")

    assert [one.email for one in session.scalars(select(AccountRequest))] == ["anna@example.se", "ny@example.se"]
    assert all_mail() == []
    work(request_service.SEND_CONFIRMATION)
    assert {mail["to"]: mail["template"] for mail in all_mail()} == {
        "anna@example.se": "already_known",
        "ny@example.se": "confirm_request",
    }
    assert session.scalars(select(User.email)).all() == ["anna@example.se"]


def test_every_problem_is_listed(session: Session) -> None:
    with pytest.raises(InvalidInput) as refused:
        request_service.request_account(email="x", name="", locale="sv", origin="1")

    assert [problem.field for problem in refused.value.problems] == ["name", "email"]


def test_an_address_is_asked_for_at_most_three_times_in_a_row(session: Session) -> None:
    for number in range(request_service.FREE_PER_ADDRESS):
        ask(origin=f"192.0.2.{number}")

    with pytest.raises(TooOften):
        ask(origin="192.0.2.99")


def test_confirming_tells_those_who_answer_once(session: Session) -> None:
    officer = make_secretariat()
    ask()
    work(request_service.SEND_CONFIRMATION)
    token = queued_mail("confirm_request")["data"]["token"]

    request_service.confirm_request(token)
    request_service.confirm_request(token)

    told = [mail for mail in all_mail() if mail["template"] == "account_requested"]
    assert len(told) == 1
    assert officer.user_id is not None
    assert session.scalars(select(AuditEvent.action).where(AuditEvent.action == "account.requested")).all() == [
        "account.requested"
    ]


def test_a_link_that_is_too_old_confirms_nothing(session: Session) -> None:
    ask()
    work(request_service.SEND_CONFIRMATION)
    token = queued_mail("confirm_request")["data"]["token"]

    with clock.fixed(clock.now() + request_service.LIFETIME + timedelta(seconds=1)), pytest.raises(LinkExpired):
        request_service.confirm_request(token)


def test_yes_leads_to_an_invitation_and_an_account(session: Session) -> None:
    request = confirmed()

    user = request_service.answer_request(request, accept=True, by=make_secretariat(), expected_version=request.version)

    assert user is not None
    assert (user.email, user.function, user.state) == ("ny@example.se", "Ordförande", UserState.INVITED)
    password_service.accept_invitation(queued_mail("invitation")["data"]["token"], PASSWORD)
    assert user.state is UserState.ACTIVE
    with pytest.raises(AlreadyAnswered):
        request_service.answer_request(request, accept=False, by=make_secretariat(), expected_version=request.version)


def test_no_is_sent_with_its_reason_and_makes_no_account(session: Session) -> None:
    request, officer = confirmed(), make_secretariat()

    answer = request_service.answer_request(
        request, accept=False, reason="Okänd förening", by=officer, expected_version=request.version
    )

    assert (answer, request.state) == (None, RequestState.DECLINED)
    assert queued_mail("request_declined")["data"]["reason"] == "Okänd förening"


@pytest.mark.parametrize("role", ["", "member", "org_admin", "registrar", "assessor"])
def test_others_may_not_answer(session: Session, role: str) -> None:
    request = confirmed()

    with pytest.raises(NotAllowed):
        request_service.answer_request(request, accept=True, by=make_actor(role), expected_version=request.version)
