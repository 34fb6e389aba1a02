"""The same organisation entered twice: everything that named the double goes on in the other, and the past stays."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM, mission_scope
from missions_app.audit.models import AuditEvent
from missions_app.bookings.models import Booking
from missions_app.experiments.models import Experiment
from missions_app.organisations import ending_service
from missions_app.organisations.models import Organisation
from missions_app.partnerships import agreement_service, commitment_service, drawdown_service, queries, rules
from missions_app.partnerships.commitment_service import PromiseContent
from missions_app.partnerships.models import Partner, PartnerState
from missions_app.search.queries import entries_matching
from missions_app.workflow import gate_queries
from missions_app.workflow.method_service import method_in_force
from tests.factories.accounts import actor_of, sign_in
from tests.factories.challenges import make_draft
from tests.factories.evaluation import day_of_test
from tests.factories.organisations import make_member, make_organisation
from tests.factories.partnerships import Partnership, make_partnership


def double_of(found: Partnership) -> tuple[Organisation, Partner]:
    """The company again under another spelling, with its own place, promises, hours and a signed letter of intent."""
    double = make_organisation("Exempel Dagvatten Aktiebolag")
    partner = found.join(double, "scaler")
    admin = actor_of(make_member(double, "org_admin"))
    commitment_service.promise(partner, PromiseContent("hours", quantity=100.0, rate_ore=1_000_00), by=admin)
    drawdown_service.log_hours(partner, worked_on=clock.today(), hours=30, function="Konstruktör", what="", by=admin)
    declared = method_in_force().term("agreement", "intent")
    clauses = {clause: "Enligt bilaga." for clause in declared.must_hold}  # type: ignore[attr-defined]
    intent = agreement_service.write_intent(found.mission, double, clauses, by=admin)
    agreement_service.sign_agreement(
        intent, organisation=double, authority="Firmateckning", checksum=intent.document.checksum, by=admin
    )
    return double, partner


def merge(double: Organisation, other: Organisation) -> None:
    ending_service.merge_into(double, other, by=SYSTEM, expected_version=double.version)


@pytest.mark.usefixtures("session")
def test_what_a_double_had_is_found_at_once_by_those_of_the_organisation_that_goes_on() -> None:
    double, company = make_organisation("Dubbelkommunen"), make_organisation("Kommunen")
    challenge = make_draft(double, title="Kvarnstensvallen spricker")
    member = make_member(company)
    assert list(db.session.scalars(entries_matching("Kvarnstensvallen", actor_of(member)))) == []

    merge(double, company)

    [entry] = db.session.scalars(entries_matching("Kvarnstensvallen", actor_of(member)))
    assert entry.key == challenge.reference
    assert list(db.session.scalars(entries_matching("Dubbelkommunen", actor_of(member), kinds=("challenge",)))) == []


@pytest.mark.usefixtures("session")
def test_a_place_passes_whole_to_the_organisation_that_goes_on() -> None:
    found = make_partnership()
    double, partner = double_of(found)
    company = found.region.company

    merge(double, company)

    assert (partner.organisation, partner.state, partner.roles) == (company, PartnerState.COMMITTED, ["scaler"])
    promise = queries.commitments_of(found.mission)[0]
    assert (promise.partner, rules.delivered(promise.deliveries).quantity) == (partner, 30.0)
    agreement = queries.agreements_of(found.mission)[0]
    assert [one.organisation for one in agreement.parties] == [company]
    assert queries.is_held(agreement)
    assert queries.find_intent(found.mission, company) is agreement
    assert found.region.actor("company_admin").has("partner", mission_scope(found.mission.id))
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "partner.merged")).all()
    assert [(one.data["organisation"], one.data["into"]) for one in events] == [(double.slug, company.slug)]


@pytest.mark.usefixtures("session")
def test_two_places_in_one_mission_become_one_and_count_once() -> None:
    found = make_partnership()
    kept = found.join(found.region.company, "solution_provider")
    double, place = double_of(found)

    merge(double, found.region.company)

    assert (kept.state, kept.roles) == (PartnerState.COMMITTED, ["solution_provider", "scaler"])
    assert (place.state, place.roles, place.organisation) == (PartnerState.LEFT, [], double)
    assert {one.partner_id for one in queries.commitments_of(found.mission)} == {kept.id}
    assert [one.hours for one in queries.hours_of(kept)] == [30.0]
    standing = {one.criterion.id: one.standing.value for one in gate_queries.standing(found.mission, "g2").criteria}
    assert standing["g2.independent"] == "not_met"


@pytest.mark.usefixtures("session")
def test_a_place_left_before_keeps_the_name_of_that_time() -> None:
    found = make_partnership()
    double, place = double_of(found)
    place.state, place.left_because, place.left_at = PartnerState.LEFT, "Vi hann inte.", clock.now()

    merge(double, found.region.company)

    assert (place.organisation.name, place.left_because) == ("Exempel Dagvatten Aktiebolag", "Vi hann inte.")


@pytest.mark.usefixtures("session")
def test_experiments_and_bookings_follow_so_that_their_people_still_reach_them() -> None:
    with day_of_test() as found:
        goes_on = make_organisation("Exempelhögskolan (en gång till)", sector="academia")
        booking = db.session.scalars(select(Booking)).one()
        merge(found.region.university, goes_on)

        assert booking.organisation_id == goes_on.id
        assert db.session.scalars(select(Experiment.organisation_id)).all() == [goes_on.id]
        assert found.mission.coordinator is goes_on


def test_the_partnership_page_shows_one_and_says_why_the_other_is_gone(client: FlaskClient) -> None:
    found = make_partnership()
    found.join(found.region.company, "solution_provider")
    double, _place = double_of(found)
    merge(double, found.region.company)

    page = (
        sign_in(client, found.region.people["coordinator"]).get(f"/missions/{found.mission.reference}/partnership").text
    )

    assert "Samma organisation var inlagd två gånger" in page
