"""What partnerships lack, who could fill it, and the same from the organisation's side."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from missions_app import db
from missions_app.accounts.actor import SYSTEM
from missions_app.organisations import offer_service, organisation_service
from missions_app.organisations.models import OfferKind
from missions_app.organisations.offer_service import OfferContent
from missions_app.partnerships import commitment_service, gap_queries, need_service, partner_service
from missions_app.partnerships.commitment_service import PromiseContent
from missions_app.partnerships.need_service import NeedContent
from tests.factories.organisations import make_organisation
from tests.factories.partnerships import Partnership, make_partnership

pytestmark = pytest.mark.usefixtures("session")
SENSORS = NeedContent("equipment", "Givare som mäter flöden", "must", peak="marine_technology", text_en="Sensors")


def able(name: str, peak: str = "marine_technology", level: int = 3, **more: object):  # type: ignore[no-untyped-def]
    made = make_organisation(name, **more)  # type: ignore[arg-type]
    organisation_service.set_capabilities(made, {peak: (level, "")}, by=SYSTEM)
    return made


def names(found: Partnership) -> list[list[str]]:
    gaps = gap_queries.gaps_of(found.mission, with_matches=True)
    return [[match.candidate.name for match in gap.matches] for gap in gaps if gap.need]


def test_gaps_are_uncovered_musts_then_unheld_roles_then_wishes() -> None:
    found = make_partnership()
    need_service.add_need(found.mission, NeedContent("data", "Väderdata", "could"), by=found.lead)
    need_service.add_need(found.mission, NeedContent("users", "De boende", "must", role="user_rep"), by=found.lead)

    gaps = gap_queries.gaps_of(found.mission, with_matches=False)

    told = [gap.need.text if gap.need else gap.role.id for gap in gaps]  # type: ignore[union-attr]
    assert told[0] == "De boende"
    assert told[-1] == "Väderdata"
    assert "user_rep" not in told
    assert {"coordinator", "solution_provider", "testbed_owner", "knowledge_partner"} == set(told[1:-1])


def test_a_covered_need_is_no_gap_until_its_partner_leaves() -> None:
    found = make_partnership()
    need = need_service.add_need(found.mission, SENSORS, by=found.lead)
    company = found.join(found.region.company, "solution_provider")
    commitment_service.promise(company, PromiseContent("equipment", quantity=3.0), by=found.lead, need=need)
    assert names(found) == []

    partner_service.leave(
        company, reason="Vi lägger ner den delen av verksamheten.", by=found.region.actor("company_admin"),
        expected_version=company.version,
    )  # fmt: skip

    assert len(names(found)) == 1


def test_those_who_are_in_it_or_have_left_are_not_proposed() -> None:
    found = make_partnership()
    need_service.add_need(found.mission, SENSORS, by=found.lead)
    free, inside, gone = able("Fri AB"), able("Inne AB"), able("Borta AB")
    found.join(inside, "solution_provider")
    left = found.join(gone, "solution_provider")
    partner_service.leave(left, reason="Vi hinner inte med mer i år.", by=found.lead, expected_version=left.version)

    assert names(found) == [[free.name]]


def test_an_offer_claimed_as_secret_or_kept_for_partners_finds_nobody() -> None:
    found = make_partnership()
    need_service.add_need(found.mission, NeedContent("equipment", "Givare som mäter flöden", "must"), by=found.lead)
    for name, visibility in (("Öppen AB", "public"), ("Sluten AB", "partners"), ("Hemlig AB", "confidential_claim")):
        content = OfferContent(
            OfferKind.EQUIPMENT, "Givare för flöden", visibility=visibility, claim_reason="Skada i konkurrens."
        )
        offer_service.add_offer(make_organisation(name, sector="public"), content, by=SYSTEM)

    assert [one for one in names(found)[0] if one.endswith(" AB") and one != "Exempel Dagvatten AB"] == ["Öppen AB"]


def test_needs_fit_an_organisation_with_the_same_reasons_and_not_when_it_takes_part() -> None:
    found = make_partnership()
    need = need_service.add_need(found.mission, SENSORS, by=found.lead)
    company = able("Givarbolaget AB")

    before = gap_queries.fits_of(company)
    from_the_mission = gap_queries.gaps_of(found.mission, with_matches=True)[0].matches[0]
    found.join(company, "solution_provider")

    assert [(one.need.id, one.match.reasons) for one in before] == [(need.id, from_the_mission.reasons)]
    assert gap_queries.fits_of(company) == []


def test_a_pair_that_has_met_in_a_mission_is_not_called_new() -> None:
    found = make_partnership()
    need_service.add_need(found.mission, SENSORS, by=found.lead)
    former = able("Form AB", "forming_technology")
    organisation_service.set_capabilities(
        former, {"forming_technology": (3, ""), "marine_technology": (1, "")}, by=SYSTEM
    )
    new = gap_queries.fits_of(former)[0].match.reasons
    found.join(able("Marin AB"), "solution_provider")
    found.join(able("Form två AB", "forming_technology"), "solution_provider")

    assert any("never tried" in one.sentence for one in new)
    assert not any("never tried" in one.sentence for one in gap_queries.fits_of(former)[0].match.reasons)


def test_gaps_ask_the_database_as_often_for_many_as_for_few(session: Session) -> None:
    found = make_partnership()
    asked: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    def count() -> int:
        session.expire_all()
        _ = found.mission.journey.method_version.id
        asked.clear()
        gap_queries.gaps_of(found.mission, with_matches=True)
        return len(asked)

    need_service.add_need(found.mission, SENSORS, by=found.lead)
    able("Ett AB")
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", listen)
    few = count()
    for number in range(4):
        need_service.add_need(found.mission, SENSORS, by=found.lead)
        able(f"Bolag nummer {number}")

    assert count() == few


def test_the_open_list_leaves_out_missions_that_have_ended_and_speaks_the_readers_language(client: FlaskClient) -> None:
    found = make_partnership()
    content = NeedContent("equipment", "Nivågivare", "must", text_en="Level gauges")
    need_service.add_need(found.mission, content, by=found.lead)
    assert "Nivågivare" in client.get("/needs").text
    client.get("/language/en")
    shown = client.get("/needs").text
    assert "Level gauges" in shown and "Nivågivare" not in shown

    with db.transaction():
        found.mission.journey.state = "stopped"

    assert "Level gauges" not in client.get("/needs").text
