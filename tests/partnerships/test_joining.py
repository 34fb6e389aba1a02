"""Coming in: open calls, interest, invitations, other terms, and the ways to say no."""

from datetime import date, timedelta

import pytest

from missions_app import clock, db
from missions_app.errors import DomainError, InvalidInput, NotAllowed, NotFound
from missions_app.partnerships import call_service, invitation_service, partner_service, queries, tasks
from missions_app.partnerships.call_service import CallContent
from missions_app.partnerships.errors import CallRunning, InvitationExpired, NothingCountered, NotInvited
from missions_app.partnerships.models import PartnerState
from tests.factories.accounts import actor_of, make_actor
from tests.factories.organisations import make_member, make_organisation
from tests.factories.partnerships import make_partnership

pytestmark = pytest.mark.usefixtures("session")
TERMS = "Gärna, men bara med data och först i höst."


def days(opens: int, closes: int, text: str = "Vi söker er.") -> CallContent:
    today = clock.today()
    return CallContent(text, today + timedelta(days=opens), today + timedelta(days=closes))


def test_a_call_is_open_on_its_days_and_one_runs_at_a_time() -> None:
    found = make_partnership()
    call = call_service.publish_call(found.mission, days(1, 10), by=found.lead)
    with pytest.raises(CallRunning):
        call_service.publish_call(found.mission, days(0, 3), by=found.lead)

    def listed(day: int) -> bool:
        with clock.fixed(clock.now() + timedelta(days=day)):
            return call in db.session.scalars(call_service.open_calls()).all()

    assert [listed(day) for day in (0, 1, 10, 11)] == [False, True, True, False]
    call_service.withdraw_call(call, by=found.lead, expected_version=call.version)
    assert call_service.find_call(found.mission) is None


@pytest.mark.parametrize(
    ("opens", "closes", "text", "field"),
    [(3, 1, "x", "closes_on"), (-9, -2, "x", "closes_on"), (0, 1, " ", "text_sv"), (0, 1, "x" * 5001, "text_sv")],
)
def test_what_is_wrong_with_a_call_is_named(opens: int, closes: int, text: str, field: str) -> None:
    found = make_partnership()

    with pytest.raises(InvalidInput) as refused:
        call_service.publish_call(found.mission, days(opens, closes, text), by=found.lead)

    assert [one.field for one in refused.value.problems] == [field]


def test_only_those_who_coordinate_call() -> None:
    found = make_partnership()

    with pytest.raises(NotAllowed):
        call_service.publish_call(found.mission, days(0, 1), by=found.region.actor("company_admin"))


def invited(found, roles=("solution_provider",)):  # type: ignore[no-untyped-def]
    return partner_service.invite(
        mission=found.mission, organisation=found.region.company, roles=roles, message="", by=found.lead
    )


def counter(found, partner, message: str = TERMS, roles=("scaler",)) -> None:  # type: ignore[no-untyped-def]
    partner_service.counter_offer(
        partner, roles=list(roles), message=message, by=found.region.actor("company_admin"),
        expected_version=partner.version,
    )  # fmt: skip


def test_other_terms_are_taken_and_the_organisation_joins_as_it_proposed() -> None:
    found = make_partnership()
    partner = invited(found)
    counter(found, partner)
    waiting = [task.endpoint for task in tasks.tasks_for(found.lead)]

    partner_service.answer_counter(partner, accept=True, reason="", by=found.lead, expected_version=partner.version)

    assert "partnerships.answer_counter" in waiting
    assert (partner.state, partner.roles) == (PartnerState.COMMITTED, ["scaler"])
    with pytest.raises(NothingCountered):
        partner_service.answer_counter(partner, accept=True, reason="", by=found.lead, expected_version=partner.version)


def test_other_terms_are_declined_with_a_reason_and_the_invitation_stands() -> None:
    found = make_partnership()
    partner = invited(found)
    counter(found, partner)
    with pytest.raises(InvalidInput):
        partner_service.answer_counter(partner, accept=False, reason="Nej", by=found.lead,
                                       expected_version=partner.version)  # fmt: skip

    partner_service.answer_counter(
        partner, accept=False, reason="Testet måste börja redan i vår.", by=found.lead, expected_version=partner.version
    )
    partner_service.commit(partner, roles=["solution_provider"], by=found.region.actor("company_admin"),
                           expected_version=partner.version)  # fmt: skip

    assert (partner.state, partner.roles) == (PartnerState.COMMITTED, ["solution_provider"])


def test_other_terms_need_words_an_open_invitation_and_the_right_person() -> None:
    found = make_partnership()
    partner = invited(found)

    with pytest.raises(InvalidInput):
        counter(found, partner, "Nja")
    with pytest.raises(NotAllowed):
        partner_service.counter_offer(partner, roles=[], message=TERMS, by=found.lead, expected_version=partner.version)
    with clock.fixed(clock.now() + timedelta(days=400)), pytest.raises(InvitationExpired):
        counter(found, partner)


def test_an_interest_is_let_in_declined_with_a_reason_or_taken_back() -> None:
    found = make_partnership()
    admin = found.region.actor("company_admin")
    for by in (found.lead, admin):
        partner = partner_service.show_interest(
            mission=found.mission, organisation=found.region.company, roles=["scaler"], message="Vi vill.", by=admin
        )
        partner_service.leave(partner, reason="Det passar inte i den här omgången.", by=by,
                              expected_version=partner.version)  # fmt: skip
        assert (partner.state, partner.left_because) == (PartnerState.LEFT, "Det passar inte i den här omgången.")
    partner = partner_service.show_interest(
        mission=found.mission, organisation=found.region.company, roles=["scaler"], message="Igen.", by=admin
    )

    with pytest.raises(NotAllowed):
        partner_service.commit(partner, roles=["scaler"], by=admin, expected_version=partner.version)
    partner_service.commit(partner, roles=["scaler"], by=found.lead, expected_version=partner.version)

    assert partner.state is PartnerState.COMMITTED


def to_address(found, email: str):  # type: ignore[no-untyped-def]
    return invitation_service.invite_address(
        found.mission, email=email, roles=["scaler"], message="Välkommen.", by=found.lead
    )


def test_an_invitation_is_for_its_address_alone_and_is_used_up() -> None:
    found = make_partnership()
    company = make_organisation("Ny AB")
    user = make_member(company, "org_admin")
    invitation = to_address(found, user.email.upper())

    def accept(by) -> None:  # type: ignore[no-untyped-def]
        invitation_service.accept(
            invitation, organisation=company, roles=["scaler"], by=by, expected_version=invitation.version
        )

    with pytest.raises(NotFound):
        accept(actor_of(make_member(company, "org_admin")))
    accept(actor_of(user))
    with pytest.raises(NotInvited):
        accept(actor_of(user))

    assert queries.find_partner(found.mission, company) is not None


@pytest.mark.parametrize("ended", ["declined", "cancelled", "expired"])
def test_an_invitation_that_has_ended_lets_nobody_in(ended: str) -> None:
    found = make_partnership()
    company = make_organisation("Ny AB")
    user = make_member(company, "org_admin")
    invitation = to_address(found, user.email)
    by, later = actor_of(user), timedelta(days=0)
    if ended == "declined":
        invitation_service.decline(invitation, reason="Vi hinner inte.", by=by, expected_version=invitation.version)
        assert invitation.declined_because == "Vi hinner inte."
    elif ended == "cancelled":
        invitation_service.cancel(invitation, by=found.lead, expected_version=invitation.version)
    else:
        later = timedelta(days=400)

    with clock.fixed(clock.now() + later), pytest.raises(DomainError) as refused:
        invitation_service.accept(
            invitation, organisation=company, roles=["scaler"], by=by, expected_version=invitation.version
        )

    assert isinstance(refused.value, InvitationExpired if ended == "expired" else NotInvited)
    assert invitation not in queries.invitations_of(found.mission) or ended == "expired"


def test_only_the_coordinator_takes_an_invitation_back() -> None:
    found = make_partnership()
    invitation = to_address(found, "nagon@exempel.example")

    with pytest.raises(NotAllowed):
        invitation_service.cancel(invitation, by=make_actor(), expected_version=invitation.version)


def test_who_has_shown_interest_is_answered_within_ten_days() -> None:
    found = make_partnership()
    partner_service.show_interest(
        mission=found.mission, organisation=found.region.company, roles=[], message="Vi vill.",
        by=found.region.actor("company_admin"),
    )  # fmt: skip

    due: list[date | None] = [task.due for task in tasks.tasks_for(found.lead) if "Exempel Dagvatten AB" in str(task)]

    assert due == [clock.today() + timedelta(days=10)]
