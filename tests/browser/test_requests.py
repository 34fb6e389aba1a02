"""A bundle asked for by keyboard only, an answer on a phone, and a postponement for weather."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page

from scripts import page_checks
from scripts.demo_server import DemoServer

SEA = "undervattenslabbet-vid-campus-grasvik"
FILLED = {
    "reason": "Kalibrering före försöket", "purpose": "Givare på djupet", "people_on_site": "4",
    "on_site_responsible": "Utvecklingsledare, 0455-00 00 00", "emergency_contact": "Jouren", "limit_wind": "10",
    "insurance_reference": "Exempel",
}  # fmt: skip


def weekday_ahead(days: int) -> date:
    day = date.today() + timedelta(days=days)  # noqa: DTZ011 -- the server's own day, whatever its zone
    while day.weekday() != 1:
        day += timedelta(days=1)
    return day


@contextmanager
def someone(browser: Browser, server: DemoServer, address: str, width: int = 1280) -> Iterator[Page]:
    """A tab of somebody signed in."""
    account = next(one for one in server.accounts if one.email.startswith(address))
    context = browser.new_context(locale="sv-SE", viewport={"width": width, "height": 800})
    page_checks.sign_in(context, server, account)
    yield context.new_page()
    context.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the thing has focus."""
    for _press in range(160):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} is not reached by keyboard")


def write(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.type(text)


def ask_by_keyboard(page: Page, server: DemoServer, day: date) -> str:
    """Ask for boat and sensors at sea with a reserve date; the booking's reference."""
    lines = "&".join(f"line={SEA}/{name}&start={day}T08:00&end={day}T14:00" for name in ("arbetsbat", "givarsats"))
    page.goto(f"{server.url}/bookings/new?{lines}")
    tab_to(page, "main form button[type=submit].ds-button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit")
    write(page, "#reason", "Kalibrering före försöket")
    write(page, "#purpose", "Frösådd från flotte")
    write(page, "#people_on_site", "4")
    tab_to(page, "input[name=answers][value=sea]")
    page.keyboard.press("Space")
    tab_to(page, "input[name=answers][value=bottom_contact]")
    page.keyboard.press("Space")
    for name in ("vessel", "lookout", "communication_channel", "recovery_plan", "position_polygon", "ufs_notice"):
        write(page, f"#detail_{name}", "Enligt plan")
    tab_to(page, "input[name=reserve_dates]")
    page.keyboard.press("Space")
    write(page, "#limit_wind", "10")
    write(page, "#on_site_responsible", "Forskningsingenjör, 0455-00 00 00")
    write(page, "#emergency_contact", "Vakthavande ingenjör")
    write(page, "#insurance_reference", "Exempel")
    write(page, "#insurance_valid_to", f"{day.year + 1}-12-31")
    tab_to(page, "details summary")
    page.keyboard.press("Enter")
    for name in ("personal_data_assessment", "camera_assessment", "ethics_assessment"):
        write(page, f"#{name}", "Inga")
    tab_to(page, "button[value=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt")
    return page.url.split("/")[-2]


@pytest.fixture(scope="module")
def asked(browser: Browser, demonstration: DemoServer) -> str:
    """A bundle that a researcher asked for without touching a mouse."""
    with someone(browser, demonstration, "forskare@") as page:
        return ask_by_keyboard(page, demonstration, weekday_ahead(100))


def test_a_bundle_with_a_reserve_date_is_booked_by_keyboard_only(
    browser: Browser, demonstration: DemoServer, asked: str
) -> None:
    with someone(browser, demonstration, "forskare@") as page:
        page.goto(f"{demonstration.url}/bookings/{asked}/receipt")

        assert page.locator("h1").inner_text().startswith("Vi håller ")
        assert page.locator("#answers ~ ul > li").count() == 2
        assert "Reservdagar" in page.locator("aside").inner_text()


def test_an_owner_approves_with_conditions_on_a_phone_and_postpones_for_wind(
    browser: Browser, demonstration: DemoServer, asked: str
) -> None:
    with someone(browser, demonstration, "platsansvarig.hav@", width=360) as page:
        for _line in range(2):
            page.goto(f"{demonstration.url}/bookings/{asked}")
            with page.expect_navigation():
                page.locator("#lines ~ ul a.ds-button", has_text="Svara").first.click()
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            page.check("input[name=to][value=approved]")
            page.fill("#on_site", "Ta upp allt senast 14.30")
            page.click("form#page-form button[type=submit]")
            page.wait_for_url(re.compile(rf"/bookings/{asked}$"))
        before = page.locator("#lines ~ ul .m-checks li").count()
        page.locator("a.ds-button", has_text="Skjut upp till").click()
        page.fill("#reason", "Vind 14 m/s från sydväst")
        page.click("form#page-form button[type=submit]")
        page.wait_for_url(re.compile(rf"/bookings/{asked}$"))

        assert before == 2
        assert "Vind 14 m/s från sydväst" in page.locator(".m-thread").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_is_given_back_is_offered_to_whoever_waits_and_booked_from_the_offer(
    browser: Browser, demonstration: DemoServer
) -> None:
    day = weekday_ahead(150)
    with someone(browser, demonstration, "forskare@") as page:
        reference = ask_by_keyboard(page, demonstration, day)
    with someone(browser, demonstration, "havsgivare@", width=360) as page:
        waits = f"resource={SEA}/arbetsbat&first={day}&last={day}&hours=16"
        page.goto(f"{demonstration.url}/waitlist/new?{waits}")
        page.fill("#shortest", "12")
        page.click("form#page-form button[type=submit]")
        page.wait_for_url("**/waitlist")
        assert page.locator("main a.ds-button", has_text="Svara").count() == 0
    with someone(browser, demonstration, "forskare@") as page:
        page.goto(f"{demonstration.url}/bookings/{reference}/cancel")
        page.fill("#reason", "Försöket flyttas till hösten")
        page.click("form#page-form button[type=submit]")
        page.wait_for_url(re.compile(rf"/bookings/{reference}$"))
    with someone(browser, demonstration, "havsgivare@", width=360) as page:
        page.goto(f"{demonstration.url}/waitlist")
        with page.expect_navigation():
            page.locator("main a.ds-button", has_text="Svara").click()
        offer = page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.locator("main a.ds-button", has_text="Boka tiden").click()
        page.locator("main form button[type=submit].ds-button").first.click()
        page.wait_for_url("**/edit")
        for name in FILLED:
            page.fill(f"#{name}", FILLED[name])
        page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        for name in ("personal_data_assessment", "camera_assessment", "ethics_assessment"):
            page.fill(f"#{name}", "Inga")
        page.fill("#insurance_valid_to", f"{day.year + 1}-12-31")
        page.locator("input[name=reserve_dates]").first.check()
        page.click("button[value=submit]")
        page.wait_for_url("**/receipt")
        booked = page.url.split("/")[-2]
        page.goto(offer)

        assert booked in page.locator("main").inner_text()
