"""The requirements on a partnership, on partnerships made by hand: who counts, and what happens afterwards."""

import pytest
from sqlalchemy import select

from missions_app import db
from missions_app.accounts.actor import SYSTEM
from missions_app.organisations import ending_service, organisation_service
from missions_app.organisations.rules import Profile
from missions_app.outbox.models import Job
from missions_app.partnerships import commitment_service, partner_service, queries
from missions_app.partnerships.commitment_service import PromiseContent
from missions_app.workflow import gate_queries, watching
from tests.factories.experiments import make_tested_mission
from tests.factories.organisations import make_organisation
from tests.factories.partnerships import Partnership, make_partnership

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
