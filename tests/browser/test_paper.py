"""What a body is given before it decides: two pages on screen, and two pages of A4 in print, light also for those who
read on dark."""

import io

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from scripts import page_checks
from scripts.demo_server import DemoServer

PAPER = "/missions/M-2024-001/paper/g5"
BACKGROUND = "getComputedStyle(document.querySelector('.m-paper')).backgroundColor"
WHITE = "rgb(255, 255, 255)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_paper_prints_on_two_pages(browser: Browser, demonstration: DemoServer, scheme: str) -> None:
    reader = next(one for one in demonstration.accounts if one.email.startswith("ledamot@"))
    context = browser.new_context(locale="sv-SE", viewport={"width": 1280, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page_checks.sign_in(context, demonstration, reader)
    tab = context.new_page()
    tab.goto(f"{demonstration.url}{PAPER}")
    assert tab.locator(".m-paper").count() == 2
    assert (tab.evaluate(BACKGROUND) == WHITE) == (scheme == "light")

    printed = PdfReader(io.BytesIO(tab.pdf(format="A4", print_background=True)))

    texts = [page.extract_text() for page in printed.pages]
    assert len(texts) == 2
    assert "Förslag till beslut" in texts[0] and "Sida 1 av 2" in texts[0]
    assert "Pengar och arbete" in texts[1] and "Sida 2 av 2" in texts[1]
    tab.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]
    assert tab.evaluate(BACKGROUND) in (WHITE, "rgba(0, 0, 0, 0)")
    context.close()


@pytest.mark.parametrize("view", ["week", "month"])
def test_the_whole_calendar_prints_without_what_is_for_the_screen(
    browser: Browser, demonstration: DemoServer, view: str
) -> None:
    context = browser.new_context(locale="sv-SE", viewport={"width": 1280, "height": 900})
    page_checks.sign_in(context, demonstration, demonstration.accounts[0])
    tab = context.new_page()
    tab.goto(f"{demonstration.url}/calendar?view={view}")

    printed = PdfReader(io.BytesIO(tab.pdf(format="A4", prefer_css_page_size=True)))

    first, text = printed.pages[0], "".join(page.extract_text() for page in printed.pages)
    assert first.mediabox.width > first.mediabox.height
    assert ("sön " if view == "week" else "söndag") in first.extract_text()
    assert "Välj en tid" not in text
    assert "Hitta tid" not in text
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": 1000, "height": 700})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 1000
    context.close()
