"""The requirements on a partnership, on partnerships made by hand: who counts, and what happens afterwards."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM
from missions_app.documents.document_service import Authority
from missions_app.missions.models import Mission
from missions_app.organisations import ending_service, organisation_service
from missions_app.organisations.models import Organisation
from missions_app.organisations.rules import Profile
from missions_app.outbox.models import Job
from missions_app.partnerships import agreement_service, commitment_service, partner_service, queries
from missions_app.partnerships.commitment_service import PromiseContent
from missions_app.partnerships.models import Agreement
from missions_app.workflow import gate_queries, watching
from missions_app.workflow.models import StaleMark
from tests.factories.experiments import make_tested_mission
from tests.factories.organisations import make_organisation
from tests.factories.outbox import queued_mail, work
from tests.factories.partnerships import Partnership, make_partnership
from tests.journeys.people import Region

pytestmark = pytest.mark.usefixtures("session")


def standing(found: Partnership, *wanted: str) -> list[str]:
    criteria = {one.criterion.id: one.standing.value for one in gate_queries.standing(found.mission, "g2").criteria}
    return [criteria[f"g2.{one}"] for one in wanted]


def four_sectors(found: Partnership) -> None:
    found.join(found.region.university, "coordinator", "knowledge_partner")
    found.join(found.region.company, "solution_provider")
    found.join(found.region.village, "user_rep")


@pytest.mark.parametrize(
    ("sectors", "owned", "expected"),
    [
        (["academia", "business"], 0, ["met", "not_met"]),
        (["academia", "business", "civil"], 0, ["met", "met"]),
        (["business"], 2, ["not_met", "not_met"]),
        (["business", "business", "business"], 0, ["not_met", "met"]),
        (["academia", "business"], 3, ["met", "not_met"]),
    ],
)
def test_affiliated_organisations_count_once(sectors: list[str], owned: int, expected: list[str]) -> None:
    found = make_partnership()
    for number, sector in enumerate(sectors):
        found.join(make_organisation(f"Fri {number} AB", sector=sector), "scaler")
    for number in range(owned):
        found.join(make_organisation(f"Kommunal {number} AB", sector="public", owner=found.region.town), "scaler")

    assert standing(found, "sectors", "independent") == expected


@pytest.mark.parametrize(("share", "expected"), [(70, "met"), (71, "not_met")])
def test_one_dominant_partner_is_warned_of_with_its_whole_group(share: int, expected: str) -> None:
    found = make_partnership()
    energy = found.join(make_organisation("Kommunal Energi AB", sector="public", owner=found.region.town), "scaler")
    company = found.join(found.region.company, "solution_provider")
    for partner, value in ((found.owner(), share - 40), (energy, 40), (company, 100 - share)):
        commitment_service.promise(partner, PromiseContent("cash", value_ore=value * 100_00), by=found.lead)

    assert standing(found, "balance") == [expected]


def test_the_last_of_a_sector_leaving_is_seen() -> None:
    found = make_partnership()
    four_sectors(found)
    before = standing(found, "sectors", "independent", "users")
    village = next(one for one in partners(found) if one.organisation_id == found.region.village.id)
    university = next(one for one in partners(found) if one.organisation_id == found.region.university.id)
    for partner in (village, university):
        partner_service.leave(partner, reason="Vi orkar inte med fler möten.", by=found.lead,
                              expected_version=partner.version)  # fmt: skip

    assert before == ["met", "met", "met"]
    assert standing(found, "sectors", "independent", "users") == ["not_met", "not_met", "not_met"]


def partners(found: Partnership):  # type: ignore[no-untyped-def]
    return list(queries.partners_of(found.mission))


def test_a_double_that_is_merged_no_longer_counts_twice() -> None:
    found = make_partnership()
    four_sectors(found)
    village = next(one for one in partners(found) if one.organisation_id == found.region.village.id)
    partner_service.leave(village, reason="Vi orkar inte med fler möten.", by=found.lead,
                          expected_version=village.version)  # fmt: skip
    double = make_organisation("Exempel Dagvatten Aktiebolag")
    found.join(double, "scaler")
    before = standing(found, "independent")

    ending_service.merge_into(double, found.region.company, by=SYSTEM, expected_version=double.version)

    assert (before, standing(found, "independent")) == (["met"], ["not_met"])


def test_a_rename_changes_nothing_and_a_new_sector_counts_from_now() -> None:
    found = make_partnership()
    four_sectors(found)
    village = next(one for one in partners(found) if one.organisation_id == found.region.village.id)
    partner_service.leave(village, reason="Vi orkar inte med fler möten.", by=found.lead,
                          expected_version=village.version)  # fmt: skip
    company = found.region.company
    organisation_service.edit_organisation(
        company, Profile(name="Nytt Namn AB", sector="business"), by=SYSTEM, expected_version=company.version
    )
    renamed = standing(found, "sectors")
    organisation_service.edit_organisation(
        company, Profile(name="Nytt Namn AB", sector="public"), by=SYSTEM, expected_version=company.version
    )

    assert (renamed, standing(found, "sectors")) == (["met"], ["not_met"])


def test_two_that_turn_out_to_be_one_after_the_gate_turn_it_stale_and_what_they_signed_holds() -> None:
    region, mission = make_tested_mission()
    before = gate_queries.standing(mission, "g2").stale
    village, company = region.village, region.company
    ending_service.merge_into(village, company, by=SYSTEM, expected_version=village.version)

    stale = {one.criterion.id for one in gate_queries.standing(mission, "g2").stale}
    held = [queries.is_held(one) for one in queries.agreements_of(mission) if one.kind == "intent"]
    job = db.session.scalars(select(Job).where(Job.kind == watching.RECHECK)).first()

    assert before == []
    assert "g2.independent" in stale and "g2.intent" not in stale
    assert held == [True] * 4
    assert job is not None


def test_a_change_of_sector_or_owner_after_the_gate_turns_it_stale_and_is_told_at_once() -> None:
    region, mission = make_tested_mission()
    work(watching.RECHECK)
    town, university, village = region.town, region.university, region.village
    for organisation in (university, village):
        profile = Profile(name=organisation.name, sector="public")
        organisation_service.edit_organisation(organisation, profile, by=SYSTEM, expected_version=organisation.version)

    assert work(watching.RECHECK) >= 1  # asked for by the change itself, not by the daily look

    assert open_marks(mission) == {"g2.sectors"}
    assert queued_mail("criterion_stale")["data"]["reference"] == mission.reference
    organisation_service.set_owner(village, town, by=SYSTEM, expected_version=village.version)
    work(watching.RECHECK)
    assert open_marks(mission) == {"g2.sectors", "g2.independent"}


def intent_of(mission: Mission, organisation: Organisation) -> Agreement:
    intent = queries.find_intent(mission, organisation)
    assert intent is not None
    return intent


def ended(region: Region, mission: Mission) -> None:
    intent = intent_of(mission, region.company)
    agreement_service.terminate(
        intent, reason="Bolaget vill skriva en ny i stället.", by=region.actor("company_admin"),
        expected_version=intent.version,
    )  # fmt: skip


def worded_anew(region: Region, mission: Mission) -> None:
    intent = intent_of(mission, region.company)
    worded = {**intent.newest.clauses, "period": "Till 2030."}
    agreement_service.new_version(
        intent, worded, changed="Perioden", by=region.actor("company_admin"), expected_version=intent.version
    )


def last_of_its_sector_left(region: Region, mission: Mission) -> None:
    village = queries.find_partner(mission, region.village)
    assert village is not None
    partner_service.leave(
        village, reason="Vi orkar inte med fler möten.", by=region.actor("coordinator"),
        expected_version=village.version,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("act", "criterion"),
    [(ended, "g2.intent"), (worded_anew, "g2.intent"), (last_of_its_sector_left, "g2.users")],
)
def test_a_gate_that_is_passed_turns_stale_by_itself_when_what_it_rested_on_goes(
    act: Callable[[Region, Mission], None], criterion: str
) -> None:
    region, mission = make_tested_mission()
    work(watching.RECHECK)
    before = open_marks(mission)
    act(region, mission)

    assert work(watching.RECHECK) >= 1
    assert before == set()
    assert criterion in open_marks(mission)


def test_an_intent_that_runs_out_turns_the_gate_stale_on_the_day_after_its_last() -> None:
    region, mission = make_tested_mission()
    intent = intent_of(mission, region.company)
    last = clock.today() + timedelta(days=10)
    admin = region.actor("company_admin")
    agreement_service.new_version(
        intent, {**intent.newest.clauses, "period": "Tio dagar."}, changed="Perioden", by=admin,
        expected_version=intent.version, valid_until=last,
    )  # fmt: skip
    agreement_service.sign_agreement(
        intent, organisation=region.company, authority=Authority("Firmateckning", "Registreringsbevis"),
        checksum=intent.document.checksum, by=admin,
    )  # fmt: skip
    stale = []
    for days in (10, 11):
        with clock.fixed(clock.now() + timedelta(days=days)):
            stale.append("g2.intent" in {one.criterion.id for one in gate_queries.standing(mission, "g2").stale})

    assert stale == [False, True]


def test_what_an_organisation_can_do_or_lends_makes_nobody_look_again() -> None:
    region, _mission = make_tested_mission()
    work(watching.RECHECK)

    organisation_service.set_capabilities(
        region.company, {"games": (2, "", "public")}, by=region.actor("company_admin")
    )

    assert work(watching.RECHECK) == 0


def open_marks(mission: Mission) -> set[str]:
    marks = select(StaleMark).where(StaleMark.journey_id == mission.journey_id, StaleMark.cleared_at.is_(None))
    return {one.criterion for one in db.session.scalars(marks)}
