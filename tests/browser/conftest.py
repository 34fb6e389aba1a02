"""A demonstration server and a real Chromium for the browser tests; without Chromium or npm packages they skip."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from scripts import demo_server, page_checks
from scripts.test import chromium
from tests.databases import empty_database

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def demonstration() -> Iterator[demo_server.DemoServer]:
    """Fresh example data, served on a free port."""
    with empty_database("browser") as url, demo_server.running(url) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    path, said = chromium()
    if not path or not page_checks.AXE.exists():
        pytest.skip(said if not path else "the front-end packages are not installed")
    with sync_playwright() as playwright, page_checks.browser(playwright, path) as opened:
        yield opened
