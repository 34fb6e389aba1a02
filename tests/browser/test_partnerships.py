"""Partnerships as people meet them: a company on a phone, two acceptance stories, the network without seeing it."""

import re

import pytest
from playwright.sync_api import Browser, Page

from scripts import page_checks
from scripts.demo_server import DemoServer
from tests.browser.keyboard import Keyboard
from tests.browser.walking import Person

MISSION, LEAD, OWNER = "Skugga där barnen väntar", "koordinator.netport@", "Ronneby kommun"
COMPANY, COMPANY_SLUG = "dagvatten@", "exempel-dagvatten-ab"
SECRETS = ("Receptet på det täta skiktet", "The recipe of the tight layer")
REASON = "Vi hinner inte vara med i den här missionen längre."


class Phone:
    """Somebody with a phone, 360 pixels wide; every page that opens is a step."""

    def __init__(self, browser: Browser, server: DemoServer) -> None:
        self.server = server
        self.context = browser.new_context(locale="sv-SE", viewport={"width": 360, "height": 740}, has_touch=True)
        self.tab: Page = self.context.new_page()
        self.steps = 0

    def step(self, role: str, name: str) -> None:
        """Touch a link or a button by what it is called, and come to the next page."""
        with self.tab.expect_navigation():
            self.tab.locator("main").get_by_role(role, name=re.compile(name)).first.tap()  # type: ignore[arg-type]
        self.steps += 1
        assert self.tab.evaluate("document.documentElement.scrollWidth") <= 360, self.tab.url


def somebody(browser: Browser, server: DemoServer, who: str) -> Person:
    """A signed-in person with a tab of their own."""
    account = next(one for one in server.accounts if one.email.startswith(who))
    context = browser.new_context(locale="sv-SE")
    page_checks.sign_in(context, server, account)
    return Person(who, context, server.url, None)


def mission_of(person: Person, title: str) -> str:
    """The address of the mission with this title."""
    person.open("/missions").follow(title)
    return "/" + person.tab.url.split("/", 3)[3]


@pytest.mark.story(4)
def test_the_partnership_gate_explains_itself(browser: Browser, demonstration: DemoServer) -> None:
    office = somebody(browser, demonstration, "handlaggare@")
    office.open("/organisations/exempel-skuggtak-ab/owner")
    office.tab.locator("main form [name=other]").select_option(label=OWNER)
    office.send()
    lead = somebody(browser, demonstration, LEAD)
    base = mission_of(lead, MISSION)
    lead.open(f"{base}/partnership").follow("Blekinge Tekniska Högskola").follow("Lämna partnerskapet")
    lead.fill(reason=REASON).send()

    with Keyboard(browser, demonstration) as coordinator:
        coordinator.sign_in(LEAD)
        coordinator.open(f"{base}/partnership")
        coordinator.go("Kontrollpunkten")
        text = coordinator.text()

        assert "2 oberoende organisationer är med, från 2 sektorer" in text
        assert f"Exempel Skuggtak AB räknas med {OWNER}." in text
        assert "Sektorer utan part: Akademi och Civilsamhälle." in text
        assert all(gap in text for gap in ("Kunskapspartner", "Företrädare för användare eller invånare"))
        assert "tillför en sektor som saknas" in text
        coordinator.to("Bjud in")


def test_a_company_goes_from_sign_in_to_a_signed_intent_in_under_ten_steps_on_a_phone(
    browser: Browser, demonstration: DemoServer
) -> None:
    lead = somebody(browser, demonstration, LEAD)
    base = mission_of(lead, MISSION)
    lead.act(f"{base}/invitations/new", organisation=COMPANY_SLUG, roles=["solution_provider"], message="Välkomna!")
    account = next(one for one in demonstration.accounts if one.email.startswith(COMPANY))
    phone = Phone(browser, demonstration)
    phone.tab.goto(f"{demonstration.url}/sign-in")
    phone.tab.get_by_label("E-postadress").fill(account.email)
    phone.tab.get_by_label("Lösenord").fill(account.password)

    phone.step("button", "^Logga in$")
    phone.step("link", f"^Svara på inbjudan att vara med: {MISSION}")
    assert phone.tab.get_by_role("heading", name="Vad som blir offentligt").count() == 1
    phone.step("button", "^Gå med$")
    phone.step("link", "avsiktsförklaring")
    for one in phone.tab.locator("main form textarea").all():
        if not one.input_value():
            one.fill("Enligt firmateckning.")
    phone.step("button", "^Klar att skriva under$")
    if not phone.tab.locator("main").get_by_role("link", name=re.compile("kriv under")).count():
        phone.step("link", "^Avsiktsförklaring")
    phone.step("link", "kriv under")
    phone.tab.get_by_label(re.compile("^På vilken grund")).fill("Firmateckning")
    phone.tab.get_by_label(re.compile("^Var det går att läsa")).fill("Registreringsbevis 2026-01-02")
    phone.step("button", "^Skriv under$")

    assert "Underskriften gäller exakt den här texten." in phone.tab.inner_text("main")
    assert phone.steps < 10
    phone.context.close()


@pytest.mark.story(12)
def test_somebody_asks_for_a_document(browser: Browser, demonstration: DemoServer) -> None:
    company = somebody(browser, demonstration, COMPANY)
    base = mission_of(company, "Lyckebyån räcker till alla")
    company.act(
        f"/organisations/{COMPANY_SLUG}/offers/new", kind="data", text_sv=SECRETS[0], text_en=SECRETS[1],
        visibility="confidential_claim", claim_reason="Konkurrenter skulle kunna göra samma skikt.",
    )  # fmt: skip

    with Keyboard(browser, demonstration) as visitor, Keyboard(browser, demonstration) as registrar:
        visitor.open("/disclosure")
        visitor.fill("Vad du vill läsa", "Allt som Exempel Dagvatten har erbjudit")
        visitor.fill("Vilken mission det gäller", base.rpartition("/")[2])
        visitor.go("Skicka begäran")
        answer = visitor.page.url
        assert not any(secret in visitor.text() for secret in SECRETS)

        registrar.sign_in("registrator@")
        registrar.open("/disclosures?open=1")
        row = registrar.page.locator("main li", has_text="Allt som Exempel Dagvatten har erbjudit").first
        registrar.go(row.get_by_role("link").first.inner_text())
        registrar.go("Ta upp något")
        page = registrar.page
        thing = page.locator("[name=thing] option", has_text="Exempel Dagvatten AB: något att låna ut").last
        page.locator("[name=thing]").select_option(value=thing.get_attribute("value"))
        registrar.go("Ta upp")
        registrar.go("Besluta")
        assert SECRETS[0] in registrar.text() and "Konkurrenter skulle kunna göra samma skikt." in registrar.text()
        first, second = registrar.groups()[:2]
        page.check(f"[name={first}][value=mask]")
        page.locator(f"[name={first}_ground]").select_option(value="31:16")
        page.fill(f"[name={first}_reasons]", "Andra skulle kunna göra samma skikt utan att ha bekostat det.")
        page.check(f"[name={second}][value=release]")
        registrar.go("Besluta och svara")

        visitor.page.goto(answer)
        assert SECRETS[0] not in visitor.text() and SECRETS[1] in visitor.text()
        assert "31 kap. 16 §" in visitor.text()
        visitor.open(f"/search?q={SECRETS[0].split()[-1]}")
        assert SECRETS[0] not in visitor.text()
        visitor.open(f"/organisations/{COMPANY_SLUG}")
        assert not any(secret in visitor.text() for secret in SECRETS)
        registrar.open("/disclosures")
        assert "1 fält maskerat" in registrar.text()


def test_the_network_is_reached_by_keyboard_and_read_aloud_with_a_table_that_says_the_same(
    browser: Browser, demonstration: DemoServer
) -> None:
    with Keyboard(browser, demonstration) as reader:
        reader.open("/partnerships")
        page = reader.page
        picture = page.get_by_role(
            "img", name=re.compile("organisationer har gått med.*Tabellen nedanför säger samma sak")
        )
        reader.to("Bild, går att rulla i sidled")
        reader.unfold("Samma som tabell")
        table = page.get_by_role("table", name="Vem som arbetar med vem")
        rows = [row.all_inner_texts() for row in (one.locator("th, td") for one in table.locator("tbody tr").all())]
        drawn = picture.locator("text").all_text_contents()

        assert picture.count() == 1
        assert table.get_by_role("columnheader").all_inner_texts() == ["Organisation", "Med", "Missions"]
        assert len(rows) == picture.locator("path").count() > 0
        assert {name for row in rows for name in row[:2]} >= {one for one in drawn if not one.endswith("…")} - alone(
            rows, drawn
        )
        assert all(int(number) > 0 for _first, _second, number in rows)


def alone(rows: list[list[str]], drawn: list[str]) -> set[str]:
    """Organisations on the picture that have met nobody."""
    return set(drawn) - {name for row in rows for name in row[:2]}
