"""Saved as typed, a challenge or a request: what is half written holds nothing else up, and a line that is down loses
nothing."""

from playwright.sync_api import Browser, Error

from scripts.demo_server import DemoServer
from tests.browser.keyboard import Keyboard
from tests.browser.test_stories import write_challenge


def said(writer: Keyboard, words: str) -> None:
    """Wait until the line that tells what is saved says this."""
    writer.page.wait_for_function("words => document.querySelector('[data-saveline]').textContent.includes(words)",
                                  arg=words)  # fmt: skip


def test_nothing_typed_is_lost_when_it_is_half_written_or_the_line_is_down(
    browser: Browser, demonstration: DemoServer
) -> None:
    with Keyboard(browser, demonstration) as officer, Keyboard(browser, demonstration) as colleague:
        officer.sign_in("chef.karlskrona@")
        write_challenge(officer)
        draft = officer.page.url.removeprefix(officer.server.url)
        officer.fill("Vem påverkas", "Boende och alla som handlar.")
        officer.fill("Målet är nått senast", "sommaren 2030")
        said(officer, "utom ”Målet är nått senast”")
        colleague.sign_in("va.karlskrona@")
        colleague.open(draft.removesuffix("/edit"))
        assert "Boende och alla som handlar." in colleague.text()

        # The page is left: the half written date is still here.
        officer.open("/work")
        officer.open(draft)
        assert officer.page.input_value("#target_date") == "sommaren 2030"
        said(officer, "utom ”Målet är nått senast”")
        officer.fill("Målet är nått senast", "2030-08-31")
        said(officer, "Sparat")

        # The line is down while the last is written, and the page cannot be reached again until it is back.
        officer.context.set_offline(True)
        officer.fill("Vad ska vara sant när ni är klara?", "Senast 2030 är torget torrt inom en timme.")
        said(officer, "Inte sparat än, försöker igen.")
        try:
            officer.page.reload()
        except Error as error:
            assert "ERR_INTERNET_DISCONNECTED" in error.message
        officer.context.set_offline(False)
        officer.open(draft)
        said(officer, "Sparat")
        assert officer.page.input_value("#target_statement") == "Senast 2030 är torget torrt inom en timme."
        colleague.open(draft.removesuffix("/edit"))
        assert "Senast 2030 är torget torrt inom en timme." in colleague.text()
        assert "31 augusti 2030" in colleague.text()


def test_a_request_is_saved_as_it_is_typed_and_says_only_what_is_true(
    browser: Browser, demonstration: DemoServer
) -> None:
    with Keyboard(browser, demonstration) as researcher:
        researcher.sign_in("forskare@")
        researcher.open("/sites/undervattenslabbet-vid-campus-grasvik/resources/givarsats/request")
        researcher.go("Fortsätt")
        draft = researcher.page.url.removeprefix(researcher.server.url)
        researcher.fill("Vad ni ska göra", "Givare på fyra meters djup")
        said(researcher, "Sparat")

        # Left without a button, half typed: the text is saved, the rest is still here.
        researcher.fill("Hur många personer", "tre")
        said(researcher, "utom ”Hur många personer”")
        researcher.open("/work")
        researcher.open(draft)
        assert researcher.page.input_value("#purpose") == "Givare på fyra meters djup"
        assert researcher.page.input_value("#people_on_site") == "tre"

        # The button says the same, and what is mended is saved with it and not asked about again.
        researcher.go("Spara och visa det som följer")
        assert "utom ”Hur många personer”" in researcher.page.inner_text("[data-saveline]")
        researcher.page.fill("#people_on_site", "3")  # the summary of errors begins with the same words
        researcher.fill("Högsta vind", "8,50")
        researcher.go("Spara och visa det som följer")
        researcher.open("/work")
        researcher.open(draft)
        assert researcher.page.input_value("#people_on_site") == "3"
        assert researcher.page.input_value("#limit_wind") == "8,5"
        assert researcher.page.inner_text("[data-saveline]") == "Sparat som utkast."
