"""A reviewer's whole job by keys alone: interests, what is unclear, scores kept and sent, and what the others see."""

from playwright.sync_api import Browser

from scripts.demo_server import DemoServer
from tests.browser.keyboard import Keyboard
from tests.browser.test_stories import declare

MISSION = "Stränder utan skräp"
QUESTION = "Hur många gånger räknades skräpet före åtgärden, och av vem?"
ANSWER = "Tre gånger under 2025, av föreningen enligt Ospars metod."
REASON = "Underlaget vilar på en enda säsong efter åtgärden."


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
