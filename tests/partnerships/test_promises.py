"""Promises: what one must say, who may say that it is kept, and that it is confirmed every year."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from missions_app import clock
from missions_app.errors import InvalidInput, StaleVersion
from missions_app.partnerships import commitment_service, partner_service, queries, tasks
from missions_app.partnerships.commitment_service import PromiseContent
from missions_app.partnerships.errors import NotJoinedYet
from missions_app.partnerships.models import CommitmentState
from missions_app.work import reminders
from tests.factories.accounts import actor_of, sign_in
from tests.factories.outbox import all_mail
from tests.factories.partnerships import make_partnership

pytestmark = pytest.mark.usefixtures("session")
HOURS = PromiseContent("hours", quantity=10.0, rate_ore=850_50)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (PromiseContent("hours"), "quantity"),
        (PromiseContent("hours", quantity=-5.0), "quantity"),
        (PromiseContent("hours", quantity=float("inf")), "quantity"),
        (PromiseContent("hours", quantity=float("nan")), "quantity"),
        (PromiseContent("cash"), "value"),
        (PromiseContent("cash", value_ore=-1), "value"),
        (PromiseContent("cash", value_ore=10**20), "value"),
        (PromiseContent("hours", quantity=1e12, rate_ore=10**12), "rate"),
        (replace(HOURS, value_ore=1), "value"),
        (PromiseContent("data", quantity=1.0, period_from=date(2027, 5, 1), period_until=date(2027, 4, 1)),
         "period_until"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_promise_is_named(content: PromiseContent, field: str) -> None:
    found = make_partnership()
    with pytest.raises(InvalidInput) as refused:
        commitment_service.promise(found.owner(), content, by=found.lead)

    assert [one.field for one in refused.value.problems] == [field]


def test_quantity_and_rate_make_the_value_to_the_ore_and_an_intent_to_adopt_needs_neither() -> None:
    found = make_partnership()
    made = [
        commitment_service.promise(found.owner(), one, by=found.lead)
        for one in (HOURS, replace(HOURS, value_ore=8_505_00), PromiseContent("adoption"))
    ]

    assert [one.value_ore for one in made] == [8_505_00, 8_505_00, 0]


def test_what_is_only_offered_is_neither_kept_nor_promised_before_its_giver_has_joined() -> None:
    found = make_partnership()
    admin = found.region.actor("company_admin")
    partner = partner_service.show_interest(
        mission=found.mission, organisation=found.region.company, roles=["solution_provider"], message="Vi vill.",
        by=admin,
    )  # fmt: skip
    offer = commitment_service.promise(partner, HOURS, by=admin)

    for state in (CommitmentState.DELIVERED, CommitmentState.COMMITTED):
        with pytest.raises(NotJoinedYet):
            commitment_service.change_commitment(offer, state, by=admin, expected_version=offer.version)
    commitment_service.change_commitment(offer, CommitmentState.WITHDRAWN, by=admin, expected_version=offer.version)

    assert offer.state is CommitmentState.WITHDRAWN


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 7, 30, tzinfo=clock.zone())


def test_a_promise_is_confirmed_every_year_asked_for_by_letter_and_shown_when_it_is_not(client: FlaskClient) -> None:
    found = make_partnership()
    partner = found.join(found.region.company, "solution_provider")
    promise = commitment_service.promise(partner, HOURS, by=found.lead)
    speaker = found.region.people["company_admin"]
    due = clock.today() + timedelta(days=365)
    address = f"/missions/{found.mission.reference}/partnership"

    def asked(day: date) -> list[date | None]:
        with clock.fixed(morning(day)):
            return [one.due for one in tasks.tasks_for(actor_of(speaker)) if "confirm" in one.title.lower()]

    def shown(day: date) -> bool:
        with clock.fixed(morning(day)):
            return "Inte bekräftat på ett år" in sign_in(client, found.region.people["coordinator"]).get(address).text

    assert (asked(due - timedelta(days=31)), asked(due - timedelta(days=29))) == ([], [due])
    assert (shown(due), shown(due + timedelta(days=1))) == (False, True)
    with clock.fixed(morning(due)):
        reminders.remind({})
    assert speaker.email in [mail["to"] for mail in all_mail() if mail["template"] == "reminder"]

    with clock.fixed(morning(due + timedelta(days=1))):
        commitment_service.confirm_promise(promise, by=actor_of(speaker), expected_version=promise.version)
    assert (asked(due + timedelta(days=2)), shown(due + timedelta(days=2))) == ([], False)


def test_the_page_shows_what_is_to_be_looked_at_in_promises(client: FlaskClient) -> None:
    found = make_partnership()
    partner = found.join(found.region.company, "solution_provider")
    spring = {"period_from": clock.today(), "period_until": clock.today()}
    for _again in range(2):
        commitment_service.promise(partner, replace(HOURS, **spring), by=found.lead)  # type: ignore[arg-type]
    base = f"/missions/{found.mission.reference}"
    with clock.fixed(clock.now() + timedelta(days=1)):
        sign_in(client, found.region.people["coordinator"])
        pages = [client.get(f"{base}{path}").text for path in ("/partnership", f"/partners/{partner.id}")]

    for words in ("Sen", "Samma timmar verkar vara lovade två gånger"):
        assert [words in page for page in pages] == [True, True]


def test_a_button_on_an_old_page_changes_nothing_and_numbers_that_are_none_are_told_at_their_field(
    client: FlaskClient,
) -> None:
    found = make_partnership()
    partner = found.join(found.region.company, "solution_provider")
    promise = commitment_service.promise(partner, HOURS, by=found.lead)
    base, seen = f"/missions/{found.mission.reference}", promise.version
    commitment_service.edit_promise(promise, replace(HOURS, quantity=20.0), by=found.lead, expected_version=seen)
    sign_in(client, found.region.people["company_admin"])

    pressed = client.post(f"{base}/commitments/{promise.id}/confirm", data={"version": seen})
    typed = [
        client.post(f"{base}/partners/{partner.id}/promise", data={"kind": "hours", "visibility": "partners", **one})
        for one in ({"quantity": "inf"}, {"quantity": "nan"}, {"quantity": "5", "rate": "1e400"},
                    {"quantity": "5", "value": "99999999999999999999"})
    ]  # fmt: skip

    assert (pressed.status_code, promise.confirmed_on) == (409, None)
    assert [
        ("Skriv ett tal" in page.text or "Talet är större" in page.text, text in page.text)
        for page, text in zip(typed, ("inf", "nan", "1e400", "99999999999999999999"), strict=True)
    ] == [(True, True)] * 4
    assert [one.id for one in queries.commitments_of(found.mission)] == [promise.id]
    with pytest.raises(StaleVersion):
        commitment_service.confirm_promise(promise, by=found.region.actor("company_admin"), expected_version=seen)
