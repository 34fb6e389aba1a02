"""From every published figure of the demonstration to its raw value in at most three clicks, without signing in."""

import re

from playwright.sync_api import APIRequestContext, Browser

from scripts.demo_server import DemoServer

LINK = re.compile(r'href="(/[^"#?]+)')
RAW = re.compile(r"/missions/[^/]+/measurements/\d+$")


def links(request: APIRequestContext, server: DemoServer, path: str) -> set[str]:
    """What the middle of a page leads to; the page has to be there for everybody."""
    answer = request.get(server.url + path, max_redirects=0)
    assert answer.status == 200, path
    return set(LINK.findall(answer.text().partition("<main")[2].partition("</main>")[0]))


def test_every_published_figure_leads_to_raw_values_and_to_no_dead_end(
    browser: Browser, demonstration: DemoServer
) -> None:
    context = browser.new_context()
    reports = sorted(one for one in links(context.request, demonstration, "/reports") if one.startswith("/reports/"))
    figures = [one for report in reports for one in links(context.request, demonstration, report) if "/figures/" in one]
    assert len(figures) > 20
    raw: dict[str, set[str]] = {}
    for figure in figures:
        behind = {one for one in links(context.request, demonstration, figure) if not one.startswith("/reports")}
        # The report is the first click's page, the figure its second: what it leads to is the third.
        for path in behind:
            links(context.request, demonstration, path)
        raw[figure] = {one for one in behind if RAW.search(one)}

    measured = {figure: found for figure, found in raw.items() if "/figures/indicator." in figure}
    assert sum(bool(found) for found in measured.values()) >= 6
    for found in measured.values():
        for path in found:
            assert "<dt" in context.request.get(demonstration.url + path).text(), path
    context.close()
