"""Statements: as spreadsheet and as PDF, without words claimed as secret, and a company's way to a signed intent."""

import re

from flask.testing import FlaskClient

from missions_app.documents import print_service
from missions_app.documents.models import Visibility
from missions_app.partnerships import commitment_service, queries
from missions_app.partnerships.commitment_service import PromiseContent
from tests.factories.accounts import bearer, sign_in
from tests.factories.partnerships import make_partnership

SECRET = "receptet på limmet"


def test_a_statement_holds_no_claimed_words_and_no_formulas_in_any_form(client: FlaskClient) -> None:
    found = make_partnership()
    company = found.join(found.region.company, "solution_provider")
    admin = found.region.actor("company_admin")
    for content in (
        PromiseContent("data", SECRET, quantity=2.0, visibility=Visibility.CLAIMED_SECRET, claim_reason="Skada."),
        PromiseContent("hours", "=HYPERLINK(0)", quantity=10.0, rate_ore=900_00),
    ):
        commitment_service.promise(company, content, by=admin)
    base = f"/missions/{found.mission.reference}/partners/{company.id}"
    sign_in(client, found.region.people["company_admin"])

    csv = client.get(f"{base}/statement.csv").data.decode("utf-8-sig")
    xlsx = client.get(f"{base}/statement.xlsx").data
    asked = client.post(f"/printouts/statement/{found.mission.reference}/{company.id}")
    waiting = client.get(asked.location).text
    print_service.make({"printout": int(asked.location.rpartition("/")[2])})
    ready = client.get(asked.location).text
    file = client.get(f"{asked.location}/file")
    api = client.get(f"/api/v1{base}/statement", headers=bearer(found.region.people["company_admin"])).json

    assert SECRET not in csv and "Sekretess begärd" in csv
    assert "'=HYPERLINK(0)" in csv
    assert xlsx[:2] == b"PK"
    assert ("PDF:en görs" in waiting, "PDF:en är klar" in ready) == (True, True)
    assert (file.mimetype, file.data[:5]) == ("application/pdf", b"%PDF-")
    assert [one["promised_ore"] for one in api] == [0, 9_000_00]  # type: ignore[union-attr]
    assert SECRET not in str(api)


def test_a_company_goes_from_interest_to_a_signed_letter_of_intent_in_few_steps(client: FlaskClient) -> None:
    found = make_partnership()
    base = f"/missions/{found.mission.reference}"
    sign_in(client, found.region.people["company_admin"])
    steps = [
        client.post(
            f"{base}/interest",
            data={"organisation": found.region.company.slug, "roles": ["solution_provider"], "message": "Vi vill."},
        )
    ]
    partner = queries.find_partner(found.mission, found.region.company)
    assert partner is not None
    sign_in(client, found.region.people["coordinator"]).post(
        f"{base}/partners/{partner.id}/join", data={"version": partner.version, "roles": ["solution_provider"]}
    )
    sign_in(client, found.region.people["company_admin"])
    page = client.get(f"{base}/partners/{partner.id}").text
    intent = f"{base}/agreements/intent/{found.region.company.slug}"
    form = client.get(intent).text
    fields = re.findall(r'<textarea[^>]*name="([a-z_]+)"', form)
    steps.append(client.post(intent, data=dict.fromkeys(fields, "Vi bidrar med tid.")))
    agreement = queries.find_intent(found.mission, found.region.company)
    assert agreement is not None
    sign = f"{base}/agreements/{agreement.id}/sign"
    checksum = re.search(r'name="checksum"[^>]*value="([0-9a-f]{64})"', client.get(sign).text)
    assert checksum is not None
    steps.append(
        client.post(
            sign,
            data={
                "organisation": found.region.company.slug,
                "authority": "Firmateckning",
                "checksum": checksum[1],
                "authority_source": "Registreringsbevis 2026-01-02",
            },
        )  # fmt: skip
    )

    assert intent in page
    assert [one.status_code for one in steps] == [303, 303, 303]
    assert queries.is_held(agreement)


def test_who_is_to_sign_is_chosen_and_is_not_the_clause_about_the_parties(client: FlaskClient) -> None:
    found = make_partnership()
    region = found.region
    for organisation in (region.university, region.company):
        found.join(organisation, "solution_provider")
    address = f"/missions/{found.mission.reference}/agreements/new/partnership"
    sign_in(client, region.people["coordinator"])
    clauses = re.findall(r'<textarea[^>]*name="([a-z_]+)"', client.get(address).text)
    offered = dict.fromkeys(clauses, "Som bilagan.") | {"title": "Avtal"}

    refused = client.post(address, data=offered | {"parties": [region.company.slug], "clause_parties": " "})
    sent = client.post(address, data=offered | {"parties": [region.company.slug], "clause_parties": "Båda."})

    assert 'id="clause_parties-error"' in refused.text
    assert sent.status_code == 303
    (made,) = [one for one in queries.agreements_of(found.mission) if one.title == "Avtal"]
    assert [one.organisation for one in made.parties] == [region.company]
    assert made.newest.clauses["parties"] == "Båda."


def test_how_much_is_promised_is_read_in_the_readers_language_and_in_the_right_number(client: FlaskClient) -> None:
    found = make_partnership()
    company = found.join(found.region.company, "solution_provider")
    for quantity in (5.0, 1.0):
        content = PromiseContent("site_access", "Hallen", quantity=quantity, rate_ore=2000_00)
        commitment_service.promise(company, content, by=found.region.actor("company_admin"))
    base = f"/missions/{found.mission.reference}/partners/{company.id}"
    sign_in(client, found.region.people["company_admin"])
    read = {}
    for locale in ("sv", "en"):
        client.get(f"/language/{locale}")
        read[locale] = client.get(base).text, client.get(f"{base}/statement.csv").data.decode("utf-8-sig")

    words = {"sv": (", 5 dagar, ", ", 1 dag, ", "per dag."), "en": (", 5 days, ", ", 1 day, ", "per day.")}
    for locale, unit in (("sv", ";dag;"), ("en", ";day;")):
        page, csv = read[locale]
        assert [one for one in words[locale] if one not in page] == []
        assert unit in csv
