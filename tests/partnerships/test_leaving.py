"""Leaving: what is left is settled or offered to another, everybody is told, and the past keeps its names."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM
from missions_app.bookings.models import Booking
from missions_app.organisations import organisation_service
from missions_app.organisations.rules import Profile
from missions_app.outbox.models import Job
from missions_app.partnerships import commitment_service, need_service, partner_service, queries
from missions_app.partnerships.commitment_service import PromiseContent
from missions_app.partnerships.errors import NotThere
from missions_app.partnerships.models import CommitmentState
from missions_app.partnerships.need_service import NeedContent
from tests.factories.accounts import bearer, sign_in
from tests.factories.evaluation import day_of_test
from tests.factories.partnerships import make_partnership
from tests.journeys import region as story

REASON = "Vi lägger ner den delen av verksamheten."


def arranged():  # type: ignore[no-untyped-def]
    found = make_partnership()
    company = found.join(found.region.company, "solution_provider")
    other = found.join(found.region.village, "user_rep")
    need = need_service.add_need(found.mission, NeedContent("equipment", "Nivågivare", "must"), by=found.lead)
    promise = commitment_service.promise(
        company, PromiseContent("hours", "Hemligt sätt", quantity=100.0, rate_ore=1_000_00), by=found.lead, need=need
    )
    commitment_service.deliver(
        promise, quantity=30.0, value_ore=None, delivered_on=clock.today(), source="", by=found.lead,
        expected_version=promise.version,
    )  # fmt: skip
    return found, company, other, need, promise


def test_what_is_left_is_offered_to_another_who_confirms_it_itself(client: FlaskClient) -> None:
    found, company, other, need, promise = arranged()

    partner_service.leave(
        company, reason=REASON, by=found.region.actor("company_admin"), expected_version=company.version, moved_to=other
    )

    offered = [one for one in queries.commitments_of(found.mission) if one.partner_id == other.id]
    assert [(one.state, one.quantity, one.value_ore, one.need_id, one.text) for one in offered] == [
        (CommitmentState.OFFERED, 70.0, 70_000_00, need.id, "")
    ]
    assert promise.state is CommitmentState.WITHDRAWN
    assert queries.covered_needs(found.mission) == set()
    told = {one.payload["template"] for one in db.session.scalars(select(Job).where(Job.kind == "mail"))}
    assert {"partner_left", "promises_taken_over"} <= told
    base = f"/missions/{found.mission.reference}"
    page = sign_in(client, found.region.people["village_admin"]).get(f"{base}/partners/{other.id}").text
    press = f"{base}/commitments/{offered[0].id}/confirm"
    assert f'action="{press}"' in page and "Lova det här" in page
    client.post(press, data={"version": offered[0].version})
    assert queries.covered_needs(found.mission) == {need.id}


@pytest.mark.usefixtures("session")
def test_only_another_partner_of_the_mission_takes_over() -> None:
    found, company, other, _need, _promise = arranged()

    for wrong in (company, make_partnership_partner()):
        with pytest.raises(NotThere):
            partner_service.leave(company, reason=REASON, by=found.lead, expected_version=company.version,
                                  moved_to=wrong)  # fmt: skip
    assert other.left_at is None


def make_partnership_partner():  # type: ignore[no-untyped-def]
    from_elsewhere, company, *_rest = arranged()
    assert from_elsewhere is not None
    return company


def test_the_page_lists_what_relies_on_it_and_history_keeps_the_name_of_that_time(client: FlaskClient) -> None:
    found, company, _other, _need, _promise = arranged()
    path = f"/missions/{found.mission.reference}/partners/{company.id}/leave"
    page = sign_in(client, found.region.people["company_admin"]).get(path).text
    client.post(path, data={"version": company.version, "reason": REASON})
    profile = Profile(name="Helt Nytt Namn AB", sector="business")
    organisation_service.edit_organisation(
        found.region.company, profile, by=SYSTEM, expected_version=found.region.company.version
    )
    overview = (
        sign_in(client, found.region.people["coordinator"]).get(f"/missions/{found.mission.reference}/partnership").text
    )

    assert "1 åtagande som inte är levererat än" in page and "Behov som blir utan: Nivågivare" in page
    assert "Exempel Dagvatten AB" in overview and "Helt Nytt Namn AB" not in overview


def test_those_whose_bookings_relied_on_it_are_told(client: FlaskClient) -> None:
    with day_of_test() as found, clock.fixed(story.at(80, 8)):
        people = found.region.people
        booking = db.session.scalars(select(Booking)).one()
        partner = queries.find_partner(found.mission, found.region.university)
        assert partner is not None
        path = f"/missions/{found.mission.reference}/partners/{partner.id}"
        page = sign_in(client, people["university_admin"]).get(f"{path}/leave").text
        relying = client.get(f"/api/v1{path}/relying", headers=bearer(people["university_admin"])).json
        stranger = client.get(f"/api/v1{path}/relying", headers=bearer(people["village_admin"]))

        partner_service.leave(
            partner, reason=REASON, by=found.region.actor("university_admin"), expected_version=partner.version
        )

    mails = [one.payload for one in db.session.scalars(select(Job).where(Job.kind == "mail"))]
    told = {one["to"] for one in mails if one["template"] == "booking_partner_left"}
    assert f"Bokning: {booking.reference}" in page and "Avtal: " in page
    assert (relying["bookings"], bool(relying["agreements"])) == ([booking.reference], True)
    assert stranger.status_code == 403
    assert told == {people["researcher"].email, people["manager"].email}
