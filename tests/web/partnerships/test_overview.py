"""The partnership page and the checkpoint that explains itself."""

import re

import pytest
from flask.testing import FlaskClient

from missions_app.accounts.actor import SYSTEM
from missions_app.documents.models import Visibility
from missions_app.organisations import offer_service, organisation_service
from missions_app.organisations.models import OfferKind
from missions_app.organisations.offer_service import OfferContent
from missions_app.partnerships import commitment_service, funding_service, need_service, partner_service, queries
from missions_app.partnerships.commitment_service import PromiseContent
from missions_app.partnerships.funding_service import LineContent
from missions_app.partnerships.need_service import NeedContent
from tests.factories.accounts import bearer, make_user, sign_in, sign_out
from tests.factories.organisations import make_member, make_organisation
from tests.factories.partnerships import Partnership, make_partnership

SECRET = "receptet på limmet"


def page(client: FlaskClient, found: Partnership, who: str = "") -> str:
    if who:
        sign_in(client, found.region.people[who])
    else:
        sign_out(client)
    return client.get(f"/missions/{found.mission.reference}/partnership").text


@pytest.mark.story(4)
def test_the_checkpoint_explains_itself_and_offers_those_who_could_fill_the_gaps(client: FlaskClient) -> None:
    found = make_partnership()
    energy = make_organisation("Exempel Energi AB", sector="public", owner=found.region.town, is_undertaking=True)
    found.join(energy, "testbed_owner")
    found.join(found.region.company, "solution_provider")
    need_service.add_need(
        found.mission, NeedContent("skill", "Räkna på flöden", "must", peak="ai", role="knowledge_partner"),
        by=found.lead,
    )  # fmt: skip
    organisation_service.set_capabilities(found.region.university, {"ai": (3, "")}, by=SYSTEM)

    text = sign_in(client, found.region.people["coordinator"]).get(f"/gates/{found.mission.journey_id}/g2").text

    assert "2 oberoende organisationer är med, från 2 sektorer" in text
    assert "Exempel Energi AB räknas med Exempelkommun." in text
    assert "Sektorer utan part: Akademi och Civilsamhälle." in text
    for gap in ("Räkna på flöden", "Företrädare för användare eller invånare"):
        assert f"<h3>{gap}</h3>" in text
    assert "Exempelhögskolan</a></b>: ledande inom artificiell intelligens, tillför en sektor som saknas" in text
    assert "Storgatans byalag (exempel)</a></b>: tillför en sektor som saknas: civilsamhälle" in text


def test_the_page_tells_gaps_first_and_draws_what_the_table_says(client: FlaskClient) -> None:
    found = make_partnership()
    found.join(found.region.company, "solution_provider")
    need_service.add_need(found.mission, NeedContent("equipment", "Nivågivare", "must"), by=found.lead)

    text = page(client, found, "coordinator")

    assert "Partnerskapet: 5 luckor kvar" in text  # the need and four roles
    assert len(re.findall(r"<tr[^>]* data-hole[ >]", text)) == 5
    assert text.index("Det som fattas") < text.index("Vem bidrar med vad") < text.index("Parter och åtaganden")
    assert 'role="img" aria-label="Sektorer mot roller.' in text
    assert text.count('class="hole"') == 4


def test_an_offer_is_not_counted_as_promised_and_the_papers_tell_where_they_stand(client: FlaskClient) -> None:
    found = make_partnership()
    partner_service.show_interest(
        mission=found.mission, organisation=found.region.company, roles=["solution_provider"], message="Vi vill.",
        by=found.region.actor("company_admin"),
    )  # fmt: skip
    interested = queries.find_partner(found.mission, found.region.company)
    assert interested is not None
    commitment_service.promise(
        interested, PromiseContent("cash", value_ore=12_345_67), by=found.region.actor("company_admin")
    )
    funding_service.add_funding(found.mission, LineContent("test", "Vinnova", "Givare", 50_25), by=found.lead)

    text = page(client, found, "coordinator")

    row = text.split(f">{found.region.company.name}</a>")[1].split("</tr>")[0]
    assert (
        "Erbjudet, inte utlovat: 12\u00a0345,67\u00a0kr" in row
        and len(re.findall(r'<td[^>]*class="m-num"[^>]*>–</td>', row)) == 2
    )
    assert "50,25\u00a0kr, 0 % säkrat" in text and "Inte bestämt än" in text


def test_visitors_see_who_has_joined_and_what_lacks_but_no_matches_and_no_promises(client: FlaskClient) -> None:
    found = make_partnership()
    company = found.join(found.region.company, "solution_provider")
    partner_service.show_interest(
        mission=found.mission, organisation=found.region.village, roles=[], message="Vi bor där.", by=SYSTEM
    )
    need_service.add_need(found.mission, NeedContent("equipment", "Nivågivare", "must"), by=found.lead)
    maker = make_organisation("Givarmakaren AB")
    offer_service.add_offer(maker, OfferContent(OfferKind.EQUIPMENT, "Nivågivare"), by=SYSTEM)
    commitment_service.promise(company, PromiseContent("cash", value_ore=123_456_00), by=found.lead)

    own, visitor = page(client, found, "coordinator"), page(client, found)
    api = sign_out(client).get(f"/api/v1/missions/{found.mission.reference}/gaps").text

    for told in ("Givarmakaren AB", "Storgatans byalag", "123\xa0456"):
        assert (told in own, told in visitor, told in api) == (True, False, False), told
    assert "Exempel Dagvatten AB" in visitor
    assert "Nivågivare" in visitor


def test_words_claimed_as_secret_are_shown_to_nobody_but_the_giver_and_the_office(client: FlaskClient) -> None:
    found = make_partnership()
    company = found.join(found.region.company, "solution_provider")
    found.join(found.region.village, "user_rep")
    commitment_service.promise(
        company,
        PromiseContent("expertise", SECRET, quantity=3.0, visibility=Visibility.CLAIMED_SECRET, claim_reason="Skada."),
        by=found.region.actor("company_admin"),
    )
    path = f"/missions/{found.mission.reference}/partners/{company.id}"

    def sees(who: str) -> bool:
        return SECRET in sign_in(client, found.region.people[who]).get(path).text

    assert {who: sees(who) for who in ("company_admin", "recommender", "coordinator", "village_admin")} == {
        "company_admin": True, "recommender": True, "coordinator": False, "village_admin": False,
    }  # fmt: skip


def test_an_offer_claimed_as_secret_is_on_no_page_and_in_no_answer_of_strangers(client: FlaskClient) -> None:
    company = make_organisation("Sund AB")
    content = OfferContent(
        OfferKind.DATA, SECRET, peak="games", visibility="confidential_claim", claim_reason="Skada i konkurrens."
    )
    offer_service.add_offer(company, content, by=SYSTEM)
    stranger, member = make_user(), make_member(company)
    paths = (f"/organisations/{company.slug}", "/organisations?peak=games", f"/search?q={SECRET}")

    seen = [SECRET in sign_in(client, stranger).get(path).text.split("<main")[1].replace(f'value="{SECRET}"', "")
            for path in paths[:2]]  # fmt: skip
    found = sign_in(client, stranger).get(paths[2]).text
    sign_out(client)
    api = [
        client.get(f"/api/v1/organisations/{company.slug}/offers", headers=bearer(who)) for who in (stranger, member)
    ]

    assert (seen, "Sund AB" in found) == ([False, False], False)
    assert [[one["text_sv"] for one in answer.json] for answer in api] == [[], [SECRET]]
    assert SECRET in sign_in(client, member).get(paths[0]).text


def test_an_organisation_lends_something_and_sees_which_needs_fit(client: FlaskClient) -> None:
    found = make_partnership()
    need_service.add_need(found.mission, NeedContent("equipment", "Nivågivare", "must"), by=found.lead)
    company = make_organisation("Sund AB")
    sign_in(client, make_member(company, "org_admin"))

    wrong = client.post(f"/organisations/{company.slug}/offers/new", data={"kind": "equipment", "text_sv": ""})
    client.post(
        f"/organisations/{company.slug}/offers/new",
        data={"kind": "equipment", "text_sv": "Nivågivare i tolv brunnar", "visibility": "public"},
    )
    fits = client.get(f"/organisations/{company.slug}/needs").text

    assert 'aria-invalid="true"' in wrong.text
    assert "lånar ut: nivågivare" in fits
    assert f"/missions/{found.mission.reference}/interest?organisation={company.slug}" in fits


def test_who_coordinates_changes_a_claimed_promise_without_its_words(client: FlaskClient) -> None:
    found = make_partnership()
    company = found.join(found.region.company, "solution_provider")
    promise = commitment_service.promise(
        company,
        PromiseContent("expertise", SECRET, quantity=3.0, visibility=Visibility.CLAIMED_SECRET, claim_reason="Skada."),
        by=found.region.actor("company_admin"),
    )
    path = f"/missions/{found.mission.reference}/commitments/{promise.id}/edit"
    sign_in(client, found.region.people["coordinator"])

    page = client.get(path).text
    client.post(path, data={"kind": "expertise", "quantity": "5", "version": promise.version})

    assert SECRET not in page and "Skada." not in page and 'name="text"' not in page
    assert (promise.quantity, promise.text, promise.claim_reason) == (5.0, SECRET, "Skada.")
    assert promise.visibility is Visibility.CLAIMED_SECRET
