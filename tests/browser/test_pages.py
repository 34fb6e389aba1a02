"""Every page, found by following links as each kind of person, is valid, accessible and silent in two variants."""

import pytest
from playwright.sync_api import Browser

from scripts import page_checks
from scripts.demo_server import DemoServer
from scripts.page_checks import TWO_VARIANTS, Report, Variant
from scripts.test import chromium
from tests.browser.moments import BY_ACTS, ON_THE_WAY

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
# Files and redirects that only a click of somebody with a reason leads to.
NO_PAGES = {
    "/bookings/<reference>/deviations/<int:deviation_id>/photo",
    "/calendar/plan",
    "/dossiers/<reference>/<cut_off>.zip",
    "/experiments/<reference>/log/<int:entry_id>/photo",
    "/missions/<reference>/measurements/template.csv",
    "/printouts/<int:printout_id>/file",
    "/sites/<slug>/photos/<int:photo_id>",
}
# Pages of a moment that the example does not stand in. The walk and test_moments look at most of them; the rest take
# a calendar kept elsewhere, a second version of the method, a series that waits for its owner, a coordination that is
# offered, a challenge that was brought together with another or objected to, a question of an assessor, an indicator
# without a baseline; a call for funding, and money that came afterwards, lie beyond the pages that the tour opens for
# one person.
AFTER_AN_ACT = (
    ON_THE_WAY
    | BY_ACTS
    | {
        "/bookings/<reference>/series/<int:series_id>/decide",
        "/challenges/<reference>/objection",
        "/challenges/<reference>/split",
        "/funding-calls/<int:call_id>/edit",
        "/missions/<reference>/follow-up-funding/<int:follow_up_id>/edit",
        "/missions/<reference>/indicators/<int:indicator_id>/baseline",
        "/calendar/collisions/<int:case_id>",
        "/method/versions/<int:number>/cases/<int:journey_id>",
        "/questions/<int:question_id>",
        "/missions/<reference>/coordination",
    }
)


@pytest.fixture(scope="module")
def found(browser: Browser, demonstration: DemoServer) -> Report:
    """Every page the people of the demonstration reach."""
    return page_checks.find_pages(browser, demonstration)


@pytest.fixture(scope="module")
def looked_at(demonstration: DemoServer, found: Report) -> dict[Variant, list[str]]:
    """What is wrong with one page of each kind, in each variant."""
    return page_checks.look_in_each(chromium()[0], demonstration, found, found.one_of_each(), TWO_VARIANTS)


def test_every_link_leads_to_a_valid_page(found: Report) -> None:
    assert not found.faults, "\n".join(found.faults)


def test_every_page_is_reached_by_somebody(found: Report) -> None:
    assert [rule for rule in found.unreached if rule not in BY_LETTER | NO_PAGES | AFTER_AN_ACT] == []


@pytest.mark.slow
@pytest.mark.parametrize("variant", TWO_VARIANTS, ids=lambda variant: variant.name)
def test_every_page_is_accessible_and_silent(looked_at: dict[Variant, list[str]], variant: Variant) -> None:
    faults = looked_at[variant]
    assert not faults, "\n".join(faults)


def test_enter_sends_a_form_and_does_not_switch_the_language(browser: Browser, demonstration: DemoServer) -> None:
    context = browser.new_context(locale="sv-SE")
    page_checks.sign_in(context, demonstration, demonstration.accounts[0])
    tab = context.new_page()
    tab.goto(demonstration.url)

    assert tab.get_attribute("html", "lang") == "sv"
    context.close()
