"""The first three stories, told in Swedish by people who use nothing but the keyboard."""

import re

import pytest
from playwright.sync_api import Browser

from scripts.demo_server import DemoServer
from tests.browser.keyboard import Keyboard


def write_challenge(officer: Keyboard) -> None:
    """The officer has drafted "Minska översvämningar i centrum", with no figure, date or starting point."""
    officer.open("/challenges")
    officer.go("Beskriv en utmaning")
    officer.fill("Vad är det som inte fungerar i dag?", "Det svämmar över vid torget när det regnar mycket.")
    officer.fill("Vem märker av det?", "Boende och handlare.")
    officer.fill("Var är det?", "Torget i Karlskrona")
    officer.fill("Vad ska vara annorlunda, och när?", "Mindre vatten på torget.")
    officer.unfold("Namn och språk")
    officer.fill("Utmaningens namn", "Minska översvämningar i centrum")
    officer.go("Gör ett utkast av det här")


def add_indicator(officer: Keyboard) -> None:
    """Unit, starting value, target, date, source and owner."""
    officer.go("Minskat toppflöde")
    officer.fill("Utgångsläge", "0")
    officer.fill("Utgångsläget är från", "2026-01-15")
    officer.fill("Mål", "30,5")
    officer.fill("Nått senast", "2029-06-30")
    officer.fill("Varifrån siffrorna kommer", "Nivågivare i brunnen vid torget")
    officer.fill("Vem som följer upp", "VA-ingenjör")
    officer.go("Spara måttet")


@pytest.mark.story(1)
def test_a_challenge_needs_a_target_that_can_be_measured(browser: Browser, demonstration: DemoServer) -> None:
    with Keyboard(browser, demonstration) as officer:
        officer.sign_in("chef.karlskrona@")
        write_challenge(officer)

        officer.go("Skicka in")

        assert "m-errors" in str(officer.page.evaluate("document.activeElement.className"))
        summary = officer.page.inner_text(".m-errors")
        assert "behövs innan du kan skicka in" in summary
        assert "Ange när målet ska vara nått." in summary
        assert "Välj minst ett mått på effekt, med enhet, utgångsläge, mål, datum, källa och ansvarig." in summary
        assert officer.page.input_value("#problem") == "Det svämmar över vid torget när det regnar mycket."
        officer.to("Ange när målet ska vara nått.")
        officer.enter()
        assert officer.page.evaluate("document.activeElement.id") == "target_date" or "#target_date" in officer.page.url

        officer.fill("Målet är nått senast", "2029-06-30")
        add_indicator(officer)
        officer.go("Skicka in")

        assert officer.page.url.endswith("/receipt")
        assert "inkommen allmän handling" in officer.text()
        assert "Diarienummer" in officer.text()


TITLE, REASON = "Klassrum som blir för varma i maj", "Det står ett tal men inget om var det mäts."


def appoint(officer: Keyboard, how_many: int) -> str:
    """Take the challenge up and ask the first free people of the pool; where its assessment is."""
    officer.open("/challenges/screening")
    officer.go(TITLE)
    officer.go("Ta upp till bedömning")
    officer.go("Ta upp till bedömning")
    officer.go("Bedömning")
    panel = officer.page.url.removeprefix(officer.server.url)
    for _person in range(how_many):
        officer.go("Utse en bedömare")
        officer.choose("assessor", 0)
        officer.go("Fråga personen")
    return panel


def declare(assessor: Keyboard, yes: str = "") -> None:
    """Answer no to everything about oneself but what is given."""
    for group in assessor.groups():
        assessor.choose(group, 1 if group == yes else 0)
        if group == yes:
            assessor.fill("Vad det handlar om", "Jag sitter i styrelsen.")
    assessor.go("Lämna in")


def declare_first(assessor: Keyboard) -> None:
    """From one's own work to the declaration, and on."""
    assessor.go(f"Lämna jävsförklaring innan du bedömer {TITLE}")
    declare(assessor)


def score(assessor: Keyboard, *, target: int) -> None:
    """Three on everything but the target; a reason there; send in."""
    for group in assessor.groups():
        assessor.choose(group, target if group == "target" else 3)
        if group == "target":
            assessor.fill("Skäl", REASON)
    assessor.go("Skicka in bedömningen")


@pytest.mark.story(2)
@pytest.mark.story(3)
def test_two_assess_apart_and_agree_and_a_conflict_closes_the_door(browser: Browser, demonstration: DemoServer) -> None:
    with (
        Keyboard(browser, demonstration) as officer, Keyboard(browser, demonstration) as first,
        Keyboard(browser, demonstration) as second, Keyboard(browser, demonstration) as proposer,
    ):  # fmt: skip
        officer.sign_in("handlaggare@")
        panel = appoint(officer, 2)
        first.sign_in("bedomare.a@")
        declare_first(first)
        score(first, target=3)
        assert "är inskickad" in first.text() or "är inne" in first.text()
        second.sign_in("bedomare.b@")
        declare_first(second)

        # A has scored: B's scores stay hidden from A, and A's from B and the secretariat, until both are in.
        for person in (first, officer):
            person.open(panel)
            assert "1 av 2" in person.text() if person is officer else REASON not in person.text()
        second.open("/work")
        second.go(f"Bedöm {TITLE}")
        score(second, target=1)
        assignment = second.page.url.removeprefix(second.server.url)

        # They differ by two on the target: a note on what they agreed is asked for.
        first.open(panel)
        assert REASON in first.text()
        assert "Det de enades om ska skrivas ner." in first.text()
        first.go("Skriv vad ni enades om")
        first.fill("Vad ni enades om", "Målet går att mäta när platsen är sagd.")
        first.go("Spara")
        proposer.sign_in("chef.ronneby@")
        proposer.open(panel)
        assert REASON in proposer.text()
        assert "Målet går att mäta när platsen är sagd." in proposer.text()
        assert re.search(r"Medelvärdet är \d", proposer.text())

        # Assessor C, who is B, comes to sit on the board of somebody who takes part, and says so.
        second.open(assignment)
        second.go("Något om mina intressen har ändrats")
        declare(second, yes="employment")

        assert "Ärendet är stängt för dig" in second.text()
        second.open(f"{assignment}/score")
        assert "Ärendet är stängt för dig" in second.text()
        second.open(panel)
        assert REASON not in second.text()
        officer.open(panel)
        assert "Jäv" in officer.text()
        assert "1 av 2 bedömningar är inne" in officer.text()  # the score given earlier no longer counts
