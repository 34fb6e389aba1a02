"""The map of the sites: reached by keyboard, equal to the list, and a drawing where no script runs."""

import math
import re
from itertools import combinations

import pytest
from playwright.sync_api import Browser

from scripts.demo_server import DemoServer


def test_pins_are_reached_by_keyboard_and_lead_to_the_sites(browser: Browser, demonstration: DemoServer) -> None:
    context = browser.new_context(locale="sv-SE", viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)

    tab.goto(f"{demonstration.url}/sites")
    pins = tab.locator(".m-leaflet__pin")
    pins.first.wait_for()
    listed = [re.sub(r"\s+", " ", text).strip() for text in tab.locator("ol.m-rows h2").all_inner_texts()]
    named = [pins.nth(number).get_attribute("aria-label") for number in range(pins.count())]
    tab.locator(".leaflet-control-zoom-out").focus()
    tab.keyboard.press("Tab")
    for _turn in range(20):
        if tab.evaluate("document.activeElement.classList.contains('m-leaflet__pin')"):
            break
        tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Enter")
    link = tab.locator(".leaflet-popup a")
    link.wait_for()
    wanted = link.inner_text()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/sites/*")

    assert named
    assert set(named) <= set(listed)
    assert tab.locator("h1").inner_text() == wanted
    assert faults == []
    context.close()


def test_no_pin_hides_another_however_near_one_comes(browser: Browser, demonstration: DemoServer) -> None:
    tab = browser.new_page(viewport={"width": 360, "height": 800}, reduced_motion="reduce")
    tab.goto(f"{demonstration.url}/sites")
    pins = tab.locator(".m-leaflet__pin")
    pins.first.wait_for()
    shown = tab.locator(".m-leaflet").bounding_box()
    assert shown
    assert all(
        shown["x"] < box["x"] + 15 < shown["x"] + shown["width"] for one in pins.all() if (box := one.bounding_box())
    )

    for _turn in range(3):
        boxes = [one.bounding_box() for one in pins.all()]
        middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box]
        assert len(middles) > 2
        assert min(math.dist(one, other) for one, other in combinations(middles, 2)) > 26
        tab.locator(".leaflet-control-zoom-in").click()
    tab.context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_without_scripts_the_drawing_has_the_same_links(
    browser: Browser, demonstration: DemoServer, width: int
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 900})
    tab = context.new_page()

    tab.goto(f"{demonstration.url}/sites")
    pins = tab.locator("svg.m-map a")
    where = pins.first.get_attribute("href")
    pins.first.focus()
    tab.keyboard.press("Enter")

    tab.wait_for_url(f"**{where}")
    assert tab.locator(".m-leaflet").count() == 0
    context.close()
