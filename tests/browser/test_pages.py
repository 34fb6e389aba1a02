"""Every page, found by following links as each kind of person, is valid, accessible and silent in two variants."""

import pytest
from playwright.sync_api import Browser

from scripts import page_checks
from scripts.demo_server import DemoServer
from scripts.page_checks import TWO_VARIANTS, Report, Variant

# Pages that only a link in a letter or a secret leads to; tests/web opens them.
BY_LETTER = {
    "/account/confirm/<token>",
    "/account/email/<token>",
    "/calendar/feeds/<secret>.ics",
    "/challenges/<reference>/invitation",
    "/challenges/follow/<token>",
    "/challenges/unfollow/<key>",
    "/invitation/<token>",
    "/password/<token>",
}
AFTER_SENDING = {"/account/request/sent"}


@pytest.fixture(scope="module")
def found(browser: Browser, demonstration: DemoServer) -> Report:
    """Every page the people of the demonstration reach."""
    return page_checks.find_pages(browser, demonstration)


def test_every_link_leads_to_a_valid_page(found: Report) -> None:
    assert found.faults == []


def test_every_page_is_reached_by_somebody(found: Report) -> None:
    assert [rule for rule in found.unreached if rule not in BY_LETTER | AFTER_SENDING] == []


@pytest.mark.parametrize("variant", TWO_VARIANTS, ids=lambda variant: variant.name)
def test_every_page_is_accessible_and_silent(
    browser: Browser, demonstration: DemoServer, found: Report, variant: Variant
) -> None:
    assert page_checks.look(browser, demonstration, found.pages, variant, None) == []


def test_enter_sends_a_form_and_does_not_switch_the_language(browser: Browser, demonstration: DemoServer) -> None:
    context = browser.new_context(locale="sv-SE")
    page_checks.sign_in(context, demonstration, demonstration.accounts[0])
    tab = context.new_page()
    tab.goto(demonstration.url)

    assert tab.get_attribute("html", "lang") == "sv"
    context.close()
