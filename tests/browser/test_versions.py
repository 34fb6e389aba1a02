"""A waiver that leaves a trace, and a change of the method from draft to adopted: in Swedish, by keys alone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from missions_app import clock
from scripts.demo_server import DemoServer
from tests.browser import story
from tests.browser.keyboard import Keyboard
from tests.browser.walking import Walker, later

LEAD = "koordinator.netport"
MISSION = "Avfall utan tomma turer"
SECTORS = "Minst tre av fyra sektorer deltar med åtagande"
NOT_WAIVABLE = "Alla parter har undertecknat avsiktsförklaring"
WHY = "Hushållen kommer med i höst; till dess för Karlskrona kommun deras talan."
REASONS = "Allt annat är på plats, och bilarna byts i vår."


def all_but_sectors(walk: Walker, base: str) -> list[str]:
    """The university leaves, a company and a municipality take its place, and everything else is settled.

    Returns:
        What remains before the letters of intent are signed, and after, as the coordinator reads it.
    """
    lead = walk.be(LEAD)
    lead.open(f"{base}/partnership").follow("Blekinge Tekniska Högskola").follow("Lämna partnerskapet")
    lead.fill(reason="Högskolan har ingen som hinner i år.").send()
    story.join(walk, base, LEAD, {
        "havsgivare": ("exempel-havsgivare-ab", ["knowledge_partner"]),
        "chef.karlskrona": ("karlskrona-kommun", ["user_rep"]),
    })  # fmt: skip
    today = clock.today()
    for plan in lead.open(f"{base}/partnership").links(r"/needs/\d+/plan$"):
        lead.act(plan, plan_date=later(today, 60), plan_text="Havsgivare ställer upp från och med det.")
    lead.act(f"{base}/terms/edit", **story.TERMS)
    lead.act(f"{base}/funding/new", phase="test", cost="Givare i kärl", source="Egen insats", amount="100000",
             is_secured=True)  # fmt: skip
    gate = lead.open(base).link(r"/gates/\d+/g2")
    before = remaining(walk, gate)
    for who, slug in (
        ("chef.olofstrom", "olofstroms-kommun"), (LEAD, "netport-science-park"), ("formsim", "exempel-formsim-ab"),
        ("havsgivare", "exempel-havsgivare-ab"), ("chef.karlskrona", "karlskrona-kommun"),
    ):  # fmt: skip
        story.sign_intent(walk.be(who), base, slug)
    return [before, remaining(walk, gate), gate]


def remaining(walk: Walker, gate: str) -> str:
    """What the checkpoint says is left, as the secretariat sees it."""
    tab = walk.be("handlaggare").open(gate).tab
    return tab.locator("section", has=tab.get_by_role("heading", name=re.compile("^Återstår"))).first.inner_text()


def decide(person: Keyboard, gate: str, start: str, done: str) -> None:
    """Write a recommendation or a decision to let the mission pass."""
    person.open(gate)
    person.go(start)
    person.choose("outcome", 0)
    person.fill("Skäl", REASONS)
    if done == "Besluta":
        person.to("Jag är inte jävig")
        person.page.keyboard.press("Space")
    person.go(done)


@pytest.mark.story(5)
def test_a_waiver_leaves_a_trace(browser: Browser, demonstration: DemoServer, tmp_path: Path) -> None:
    walk = Walker(browser, demonstration, tmp_path / "now", script=False)
    base = "/" + walk.be(LEAD).open("/missions").follow(MISSION).tab.url.split("/", 3)[3]
    before, after, gate = all_but_sectors(walk, base)
    assert NOT_WAIVABLE in before and SECTORS in before
    assert f"Ge avsteg\n– {NOT_WAIVABLE}" not in before and f"Ge avsteg\n– {SECTORS}" in before
    assert "Återstår (1)" in after and SECTORS in after

    with Keyboard(browser, demonstration) as officer, Keyboard(browser, demonstration) as decider:
        waive_and_pass(officer, decider, gate)
        officer.open(base)
        shown_on_the_case(officer)
        with Keyboard(browser, demonstration) as visitor:
            visitor.open(base)
            shown_on_the_case(visitor)
        in_the_report(decider)
        officer.open("/method/versions/1/statistics")
        assert officer.page.get_by_role("row", name=re.compile(SECTORS)).locator("td").last.inner_text() == "1"
        latest = officer.page.get_by_role("listitem").filter(has_text=SECTORS).inner_text()
        assert MISSION in latest and "av Strategins sekretariat" in latest and WHY in latest


def waive_and_pass(officer: Keyboard, decider: Keyboard, gate: str) -> None:
    """The secretariat sets the requirement aside and recommends; another lets the mission pass."""
    officer.sign_in("handlaggare@")
    officer.open(gate)
    officer.go(f"Ge avsteg – {SECTORS}")
    officer.fill("Varför kravet ställs åt sidan", WHY)
    officer.fill("Avstegets sista dag", later(clock.today(), 60))
    officer.go("Ge avsteget")
    assert "Allt som krävs finns på plats" in officer.text()
    decide(officer, gate, "Skriv en rekommendation", "Spara rekommendationen")
    decider.sign_in("beslutsfattare@")
    decide(decider, gate, "Besluta", "Besluta")


def shown_on_the_case(reader: Keyboard) -> None:
    """The requirement, the function of whoever set it aside, the day and the reason."""
    text = reader.page.locator("main section", has_text="Avsteg").inner_text()
    assert SECTORS in text and "av Strategins sekretariat" in text and WHY in text
    assert "Saknas" not in text


def in_the_report(decider: Keyboard) -> None:
    """A report to the board ends yesterday at the latest: there stands what was set aside in the mission earlier."""
    decider.open("/reports")
    decider.go("Gör en rapport")
    decider.fill("Rubrik", "Två veckor")
    decider.fill("Första dagen", later(clock.today(), -14))
    decider.fill("Sista dagen", later(clock.today(), -1))
    decider.go("Lås siffrorna")
    decider.go("1 – visa raderna: Avsteg från krav")
    row = decider.page.get_by_role("row", name=re.compile(MISSION)).inner_text()
    assert "Minst två lösningsspår" in row and "av Strategins sekretariat: ”Sopbilarna byts i vår." in row


WHOLE, MOVES = "Jämnare el i industriområdet", "Lyckebyån räcker till alla"
MOVED = "Parterna har läst vad som ändras och vill räkna så från och med nu."
STAYED = "Partnerskapet blir klart enligt det vi började med."


def harder_sectors(officer: Keyboard) -> None:
    """From the method's page to the draft, and in it to one requirement, which is made harder."""
    officer.open("/method")
    officer.go("Så utvecklas metoden")
    officer.go("Utkast till version 2")
    officer.go("Kontrollpunkter och krav")
    officer.go("Partnerskapet är klart")
    officer.go(SECTORS)
    officer.to("Vad som kontrolleras")
    params = officer.page.input_value(":focus")
    officer.page.keyboard.press("Control+a")
    officer.page.keyboard.insert_text(params.replace("min = 3", "min = 4"))
    officer.go("Spara")
    officer.open("/method/drafts/2")


def choose(officer: Keyboard, case: str, which: int, reason: str) -> str:
    """Choose for one running case; what the page says would differ."""
    officer.go(f"Välj – {case}")
    differs = officer.page.inner_text("main")
    officer.choose("outcome", which)
    officer.fill("Skäl", reason)
    officer.go("Spara valet")
    return differs


def test_a_change_goes_from_draft_to_adopted_with_one_mission_moved_and_one_refused(
    browser: Browser, demonstration: DemoServer
) -> None:
    with Keyboard(browser, demonstration) as officer:
        officer.sign_in("handlaggare@")
        harder_sectors(officer)
        officer.go("Se vad som skiljer sig")
        assert [officer.page.locator(one).first.inner_text() for one in ("main del", "main ins")] == ["3", "4"]
        officer.go("Utkast till version 2")
        officer.go("Pröva det på pågående ärenden")
        tried = officer.page.inner_text("main")
        assert "g2.sectors" in tried and MOVES in tried and MISSION in tried and WHOLE not in tried
        officer.go("Utkast till version 2")
        officer.go("Anteckna att det är antaget")
        officer.fill("Diarienummer", "RB 2026/77")
        officer.go("Anta")
        assert "RB 2026/77" in officer.text()
        officer.go("Pågående ärenden – 2")
        assert f"{SECTORS} g2.sectors" in choose(officer, MOVES, 0, MOVED)
        assert "skulle stoppa ärendet" in choose(officer, MISSION, 1, STAYED)

        chosen = officer.page.inner_text("section[aria-labelledby=made]")
        assert re.search(rf"{MOVES} M-\d+-\d+ flyttades från version 1\s+“{MOVED}”", chosen)
        assert re.search(rf"{MISSION} M-\d+-\d+ stannar i version 1\s+“{STAYED}”", chosen)
        officer.go(MISSION)
