"""A reviewer's whole job by keys alone: interests, what is unclear, scores kept and sent, and what the others see."""

import io

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from scripts.demo_server import DemoServer
from tests.browser.keyboard import Keyboard
from tests.browser.test_stories import declare

MISSION = "Stränder utan skräp"
QUESTION = "Hur många gånger räknades skräpet före åtgärden, och av vem?"
ANSWER = "Tre gånger under 2025, av föreningen enligt Ospars metod."
REASON = "Underlaget vilar på en enda säsong efter åtgärden."


@pytest.mark.story(10)
@pytest.mark.story(11)
def test_a_reviewer_declares_asks_scores_and_sends_without_a_mouse(browser: Browser, demonstration: DemoServer) -> None:
    with Keyboard(browser, demonstration) as reviewer, Keyboard(browser, demonstration) as mission:
        reviewer.sign_in("bedomare.a@")
        reviewer.go(f"Lämna jävsförklaring innan du bedömer {MISSION}")
        declare(reviewer)
        score = reviewer.page.url.removeprefix(reviewer.server.url)

        # What is unclear is asked, and the mission does not learn by whom.
        reviewer.go("Fråga om det som är oklart")
        reviewer.fill("Vad du vill veta", QUESTION)
        reviewer.go("Fråga")
        assert QUESTION in reviewer.text()
        assert "Väntar på svar" in reviewer.text()
        mission.sign_in("koordinator")
        mission.go(f"Svara på frågan om {MISSION}")
        assert QUESTION in mission.text()
        assert "Bedömare" not in mission.text()
        mission.fill("Ditt svar", ANSWER)
        mission.go("Svara")
        assert ANSWER in mission.text()

        # Half done is kept; then everything is sent, once.
        reviewer.open(score)
        groups = reviewer.groups()
        reviewer.choose(groups[0], 1)
        reviewer.fill("Skäl", REASON)
        reviewer.go("Spara")
        assert REASON in reviewer.page.locator("textarea").first.input_value()
        reviewer.open(score)
        reviewer.go("Frågor och svar")
        assert ANSWER in reviewer.text()
        reviewer.go("Till din bedömning")
        for group in groups[1:]:
            reviewer.choose(group, 3)
        reviewer.go("Skicka in bedömningen")
        assert f"Din bedömning av ”{MISSION}” är inne" in reviewer.text()

        # Blind first: while another still reviews, nobody sees what was sent.
        for person in (reviewer, mission):
            person.open(score.replace("/score", ""))
            assert REASON not in person.text()

    decide_direction(browser, demonstration)
    report_to_the_board(browser, demonstration)


def decide_direction(browser: Browser, demonstration: DemoServer) -> None:
    """Story 10: from results to a decision on direction."""
    with (
        Keyboard(browser, demonstration) as officer, Keyboard(browser, demonstration) as second,
        Keyboard(browser, demonstration) as owner, Keyboard(browser, demonstration) as decider,
    ):  # fmt: skip
        officer.sign_in("handlaggare@")
        officer.open("/missions")
        officer.go(MISSION)
        reference = officer.page.url.rpartition("/")[2]
        officer.open(f"/missions/{reference}/evaluation")
        for words in ("Före", "Mål", "Nu", "Bättre är", "Hur säkra vi är"):
            assert words in officer.text(), words
        officer.go("Öppna kontrollpunkten")
        gate = officer.page.url.removeprefix(officer.server.url)
        assert "Alla bedömningar av" in officer.text()
        officer.go("Till bedömningen")
        officer.go("Utse en bedömare")
        officer.choose("assessor", 0)
        officer.go("Fråga personen")

        see_it_otherwise(officer, second)
        hear_the_owner(officer, owner, gate)
        officer.open(gate)
        officer.go("Skriv en rekommendation")
        officer.choose("outcome", 1)
        officer.fill("Skälen", "Lovande, men mätningen är för kort.")
        officer.go("Spara rekommendationen")
        decider.sign_in("beslutsfattare@")
        decider.go(f"Besluta: {MISSION}")
        decider.go("Besluta")
        decider.fill("Skälen", "Vi gör om försöket en säsong till.")
        decider.to("Jag är inte jävig")
        decider.page.keyboard.press("Space")
        decider.go("Besluta")

        # A new round with the same partners; everything from before can still be read.
        officer.open(f"/missions/{reference}")
        assert "Beslut: gör om med ändringar" in officer.text()
        assert officer.page.locator("section[aria-labelledby=experiments] li h3").count() == 2
        officer.open(gate)
        assert "Vi gör om försöket en säsong till." in officer.text()


def see_it_otherwise(officer: Keyboard, second: Keyboard) -> None:
    """The second reviewer is free of conflicts too, and sees it otherwise: what they agree on is written down."""
    second.sign_in("bedomare.b@")
    second.go(f"Lämna jävsförklaring innan du bedömer {MISSION}")
    declare(second)
    for group in second.groups():
        second.choose(group, 3)
    second.go("Skicka in bedömningen")
    officer.open("/work")
    officer.go(f"Skriv vad bedömarna av {MISSION} enades om")
    officer.go("Skriv vad ni enades om")
    officer.fill("Vad ni enades om", "Effekten är osäker efter en säsong.")
    officer.go("Spara")


def hear_the_owner(officer: Keyboard, owner: Keyboard, gate: str) -> None:
    """Nothing is recommended before the mission has been heard."""
    officer.open(gate)
    assert "har inte fått yttra sig" in officer.text()
    officer.go("Till bedömningen")
    officer.go("Inhämta yttrande")
    officer.fill("Vad ni vill ha deras syn på", "Vad säger ni om bedömningarna?")
    officer.go("Be om yttrande")
    owner.sign_in("chef.solvesborg@")
    owner.go(f"Svara på frågan om {MISSION}")
    owner.fill("Ditt svar", "En säsong till hade gett ett säkrare svar.")
    owner.go("Svara")


def report_to_the_board(browser: Browser, demonstration: DemoServer) -> None:
    """Story 11: the report to the board stands still, each figure opens its rows, and it prints on A4."""
    with Keyboard(browser, demonstration) as officer:
        officer.sign_in("handlaggare@")
        officer.open("/reports")
        officer.go("Gör en rapport")
        officer.fill("Rubrik", "Till nämnden i vår")
        officer.go("Lås siffrorna")
        report = officer.page.url.removeprefix(officer.server.url)
        frozen = officer.page.inner_text(".m-paper")
        assert "Målkonflikter" in frozen

        # From a figure to its raw value in three steps, and back to a report that has not moved.
        officer.page.locator("a[href*='/figures/indicator']").first.focus()
        officer.enter()
        officer.page.locator("main table a[href*='/measurements/']").first.focus()
        officer.enter()
        assert "Varifrån värdet kommer" in officer.text()
        officer.open(report)
        assert officer.page.inner_text(".m-paper") == frozen
        printed = PdfReader(io.BytesIO(officer.page.pdf(format="A4", print_background=True)))
        width, height = printed.pages[0].mediabox[2:]
        assert float(height) / float(width) == pytest.approx(2**0.5, rel=0.01)  # A4, upright
        assert "Till nämnden i vår" in printed.pages[0].extract_text()
