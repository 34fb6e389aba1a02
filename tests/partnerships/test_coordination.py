"""The coordination passes on when both agree: until the other organisation has said yes, the old one stays."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import db
from missions_app.accounts.actor import mission_scope
from missions_app.audit.models import AuditEvent
from missions_app.errors import InvalidInput, NotAllowed
from missions_app.missions import mission_service
from missions_app.missions.errors import NeedsConsent, NotAMember
from missions_app.outbox.models import Job
from missions_app.partnerships import coordination_service, partner_service, queries
from missions_app.partnerships.coordination_models import CoordinationOffer
from missions_app.partnerships.errors import OfferAnswered, OfferOpen
from missions_app.partnerships.models import PartnerState
from missions_app.partnerships.tasks import tasks_for
from tests.factories.accounts import actor_of, bearer, make_actor, sign_in
from tests.factories.organisations import make_member, make_organisation
from tests.factories.partnerships import Partnership, make_partnership

REASON = "Vi har inte någon som hinner just nu."


def offered() -> tuple[Partnership, CoordinationOffer]:
    """The university coordinates; the company is asked to, through its administrator."""
    found = make_partnership()
    found.join(found.region.university, "coordinator", "knowledge_partner")
    return found, offer(found)


def offer(found: Partnership) -> CoordinationOffer:
    made = coordination_service.appoint_or_offer(
        found.mission, organisation=found.region.company, user=found.region.people["company_admin"],
        by=found.region.actor("representative"), expected_version=found.mission.version,
    )  # fmt: skip
    assert made is not None
    return made


def coordinates(found: Partnership, who: str) -> bool:
    return found.region.actor(who).has("coordinator", mission_scope(found.mission.id))


@pytest.mark.usefixtures("session")
def test_nothing_changes_until_the_other_organisation_has_accepted_and_then_all_of_it() -> None:
    found, made = offered()
    before = (found.mission.coordinator, coordinates(found, "coordinator"), coordinates(found, "company_admin"))

    coordination_service.answer(
        made, accept=True, reason="", by=found.region.actor("company_admin"), expected_version=made.version
    )

    assert before == (found.region.university, True, False)
    assert found.mission.coordinator is found.region.company
    assert (coordinates(found, "coordinator"), coordinates(found, "company_admin")) == (False, True)
    roles = {one.organisation_id: (one.state, one.roles) for one in queries.partners_of(found.mission)}
    assert roles[found.region.university.id] == (PartnerState.COMMITTED, ["knowledge_partner"])
    assert roles[found.region.company.id] == (PartnerState.COMMITTED, ["coordinator"])
    events = {one.action: one.data for one in db.session.scalars(select(AuditEvent))}
    assert events["mission.coordination_offered"]["organisation"] == found.region.company.slug
    assert events["mission.coordination_accepted"]["before"] == found.region.university.slug
    assert (made.offered_by_id, made.answered_by_id) == (
        found.region.people["representative"].id, found.region.people["company_admin"].id,
    )  # fmt: skip
    told = {
        (one.payload["to"], one.payload["template"]) for one in db.session.scalars(select(Job)) if "to" in one.payload
    }
    assert (found.region.people["coordinator"].email, "coordination_offered") in told
    assert (found.region.people["representative"].email, "coordination_answered") in told


@pytest.mark.usefixtures("session")
def test_a_no_has_a_reason_and_changes_nothing() -> None:
    found, made = offered()
    admin = found.region.actor("company_admin")

    with pytest.raises(InvalidInput):
        coordination_service.answer(made, accept=False, reason="Nej", by=admin, expected_version=made.version)
    coordination_service.answer(made, accept=False, reason=REASON, by=admin, expected_version=made.version)
    with pytest.raises(OfferAnswered):
        coordination_service.answer(made, accept=True, reason="", by=admin, expected_version=made.version)

    assert (found.mission.coordinator, made.reason) == (found.region.university, REASON)
    assert offer(found) is not made


@pytest.mark.usefixtures("session")
def test_one_is_asked_at_a_time_by_those_who_may_and_only_it_answers() -> None:
    found, made = offered()
    university, stranger = found.region.actor("university_admin"), make_actor()

    with pytest.raises(OfferOpen):
        offer(found)
    for by in (university, stranger):
        with pytest.raises(NotAllowed):
            coordination_service.answer(made, accept=True, reason="", by=by, expected_version=made.version)
        with pytest.raises(NotAllowed):
            coordination_service.withdraw(made, by=by, expected_version=made.version)
    coordination_service.withdraw(made, by=found.lead, expected_version=made.version)
    with pytest.raises(NotAMember):
        coordination_service.appoint_or_offer(
            found.mission, organisation=found.region.village, user=found.region.people["company_admin"],
            by=found.lead, expected_version=found.mission.version,
        )  # fmt: skip
    with pytest.raises(NeedsConsent):
        mission_service.appoint_coordinator(
            found.mission, organisation=found.region.company, user=found.region.people["company_admin"],
            by=found.region.actor("representative"), expected_version=found.mission.version,
        )  # fmt: skip


@pytest.mark.usefixtures("session")
def test_another_person_of_the_same_organisation_is_appointed_at_once() -> None:
    found = make_partnership()
    colleague = make_member(found.region.university)

    made = coordination_service.appoint_or_offer(
        found.mission, organisation=found.region.university, user=colleague, by=found.lead,
        expected_version=found.mission.version,
    )  # fmt: skip

    assert made is None
    assert actor_of(colleague).has("coordinator", mission_scope(found.mission.id))
    assert not coordinates(found, "coordinator")


@pytest.mark.usefixtures("session")
def test_when_the_coordinating_organisation_leaves_somebody_is_to_be_appointed() -> None:
    found = make_partnership()
    partner = found.join(found.region.university, "coordinator")

    partner_service.leave(partner, reason=REASON, by=found.lead, expected_version=partner.version)

    assert found.mission.coordinator is None
    assert not coordinates(found, "coordinator")


def test_the_page_offers_and_the_other_answers(client: FlaskClient, session: Session) -> None:
    found = make_partnership()
    company = make_organisation("Nya Koordinatorn AB")
    admin = make_member(company, "org_admin")
    path = f"/missions/{found.mission.reference}"
    sign_in(client, found.region.people["representative"])
    told = client.get(f"{path}/coordinator").text
    client.post(
        f"{path}/coordinator",
        data={"organisation": company.slug, "email": admin.email, "version": found.mission.version},
    )
    made = session.scalars(select(CoordinationOffer)).one()
    seen = client.get(f"{path}/partnership").text
    sign_in(client, admin)
    tasks = [one.endpoint for one in tasks_for(actor_of(admin))]
    page = client.get(f"{path}/coordination").text
    client.post(f"{path}/coordination", data={"answer": "yes", "version": made.version})

    assert "först när den själv har sagt ja" in told
    assert "Nya Koordinatorn AB har ombetts att koordinera" in seen and "Ta tillbaka" in seen
    assert "partnerships.answer_coordination" in tasks
    assert "Exempelhögskolan koordinerar i dag" in page
    assert found.mission.coordinator is company
    assert client.get(f"{path}/coordination").status_code == 404


def test_the_same_by_the_api(client: FlaskClient, session: Session) -> None:
    found = make_partnership()
    path = f"/api/v1/missions/{found.mission.reference}"
    owner, other = (bearer(found.region.people[who]) for who in ("representative", "company_admin"))
    body = {"organisation": found.region.company.slug, "email": found.region.people["company_admin"].email}

    asked = client.put(f"{path}/coordinator", headers=owner | {"If-Match": f'"{found.mission.version}"'}, json=body)
    shown = client.get(f"{path}/coordination-offer", headers=other)
    answered = client.post(
        f"{path}/coordination-offer/answer", headers=other | {"If-Match": f'"{shown.json["version"]}"'},
        json={"accept": True},
    )  # fmt: skip

    assert asked.json["coordinator"] == found.region.university.slug
    assert (shown.json["organisation"], shown.json["before"]) == (
        found.region.company.slug, found.region.university.slug,
    )  # fmt: skip
    assert (answered.status_code, answered.json["accepted"]) == (200, True)
    assert client.get(path).json["coordinator"] == found.region.company.slug
