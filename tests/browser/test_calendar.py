"""The week over resources without JavaScript: by keyboard and links alone; and with it, dragging fills in the form."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser

from scripts import page_checks
from scripts.demo_server import DemoServer

RESEARCHER = "forskare@bth.example"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_timeline_is_usable_without_javascript(browser: Browser, demonstration: DemoServer, width: int) -> None:
    context = browser.new_context(java_script_enabled=False, locale="sv-SE", viewport={"width": width, "height": 900})
    account = next(one for one in demonstration.accounts if one.email == RESEARCHER)
    page_checks.sign_in(context, demonstration, account)
    tab = context.new_page()
    ahead = date.today() + timedelta(days=37)  # noqa: DTZ011 -- the demonstration stands at the real day

    tab.goto(f"{demonstration.url}/calendar?date={ahead.isoformat()}&mine=1")
    first_booking = tab.locator("table.m-week a.m-slot").first
    first_booking.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/bookings/B-*")
    tab.go_back()
    tab.select_option("#site", index=1)
    tab.uncheck("#mine")
    tab.locator(".m-filterbar button").first.click()

    tab.wait_for_url("**site=*")  # until the page is there, not only its address
    assert tab.locator("table.m-week tbody tr").count() >= 1
    with tab.expect_navigation():  # until the whole month is there
        tab.get_by_role("link", name="Månad", exact=True).click()
    assert "view=month" in tab.url
    links = tab.locator("table[data-month] a:not(.m-slot)")
    sizes = links.evaluate_all("all => all.map(one => one.getBoundingClientRect()).map(at => [at.width, at.height])")
    assert len(sizes) > 30
    assert [size for size in sizes if min(size) < 24] == []
    with tab.expect_navigation():
        tab.get_by_role("link", name="Lista", exact=True).click()
    assert "view=list" in tab.url
    context.close()


def test_dragging_over_free_time_fills_in_the_form_beside(browser: Browser, demonstration: DemoServer) -> None:
    context = browser.new_context(locale="sv-SE", viewport={"width": 1280, "height": 900})
    account = next(one for one in demonstration.accounts if one.email == RESEARCHER)
    page_checks.sign_in(context, demonstration, account)
    tab = context.new_page()
    ahead = date.today() + timedelta(days=400)  # noqa: DTZ011 -- the demonstration stands at the real day
    tab.goto(f"{demonstration.url}/calendar?date={ahead.isoformat()}")
    cell = tab.locator("table.m-week tbody tr").first.locator("td").nth(1)
    box = cell.bounding_box()
    assert box is not None
    tab.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 10)
    tab.mouse.down()
    tab.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 10)
    tab.mouse.up()

    assert tab.input_value("#plan-day") == cell.get_attribute("data-day")
    assert tab.input_value("#plan-starts") < tab.input_value("#plan-ends")
    context.close()


def test_a_booking_dragged_to_another_day_keeps_its_hours_in_the_form_beside(
    browser: Browser, demonstration: DemoServer
) -> None:
    context = browser.new_context(locale="sv-SE", viewport={"width": 1280, "height": 900})
    account = next(one for one in demonstration.accounts if one.email == RESEARCHER)
    page_checks.sign_in(context, demonstration, account)
    tab = context.new_page()
    ahead = date.today() + timedelta(days=37)  # noqa: DTZ011 -- the demonstration stands at the real day
    tab.goto(f"{demonstration.url}/calendar?date={ahead.isoformat()}&mine=1")
    slot = tab.locator("table.m-week a[data-line]").first
    cell = slot.locator("xpath=ancestor::td")
    days = slot.locator("xpath=ancestor::tr").locator("td")
    other = days.nth(0) if cell.get_attribute("data-day") != days.nth(0).get_attribute("data-day") else days.nth(1)
    starts, minutes = (int(slot.get_attribute(f"data-{name}") or "") for name in ("starts", "minutes"))

    slot.drag_to(other, source_position={"x": 20, "y": 10}, target_position={"x": 24, "y": 10})

    assert tab.input_value("#plan-day") == other.get_attribute("data-day")
    assert tab.input_value("#plan-starts") == f"{starts // 60:02}:{starts % 60:02}"
    assert tab.input_value("#plan-ends") == f"{(starts + minutes) // 60:02}:{(starts + minutes) % 60:02}"
    assert tab.locator("#plan [data-moves]").is_visible()
    tab.locator("#plan-resource").select_option(index=0)
    tab.locator("#plan-resource").dispatch_event("change")
    assert tab.input_value("#plan [name=line]") == ""
    context.close()
