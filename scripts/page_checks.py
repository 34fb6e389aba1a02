"""Looking at pages in a real browser: axe-core, console, sideways scrolling, pictures; in every variant."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Playwright, StorageState, sync_playwright
from playwright.sync_api import Page as Tab

from scripts.demo_server import Account, DemoServer
from scripts.page_discovery import Discovery, Page, Routes, discover, unlinked

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-prefers-reduced-motion",
]  # fmt: skip
# One picture of each kind of page is enough for each of these people; the first who reaches it shows it.
MOST_PEOPLE_PER_RULE = 2
# Rows of a table are cards on a phone, so that nobody has to scroll for the end of a row. Real grids may be wider.
WIDE_TABLES = """innerWidth > 640 ? [] : [...document.querySelectorAll(".m-scroll:has(> .m-table)")]
    .filter(one => one.scrollWidth > one.clientWidth).map(one => one.getAttribute("aria-label"))"""
NO_SUCH_PAGE = "/no-such-page"
# Whoever follows links, or looks, waits for the server most of the time: so many do it side by side.
AT_ONCE = 2
# WCAG 2.5.8 lets a target be small where another on the page does the same: each place on a map stands in its list.
MAP_PIN = "m-leaflet__pin"


@dataclass(frozen=True, slots=True)
class Variant:
    """How a page is looked at."""

    width: int
    language: str
    scheme: str

    @property
    def name(self) -> str:
        """ "360-sv-light"."""
        return f"{self.width}-{self.language}-{self.scheme}"


ALL_VARIANTS = tuple(Variant(*one) for one in product((360, 1280), ("sv", "en"), ("light", "dark")))
TWO_VARIANTS = (Variant(360, "sv", "light"), Variant(1280, "en", "dark"))


@dataclass
class Report:
    """What was looked at and what was wrong with it; `cookies` are those of each person who is signed in."""

    cookies: dict[str, StorageState] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)
    looked_at: int = 0
    faults: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)

    def one_of_each(self) -> list[Page]:
        """One page of each kind."""
        return list({page.rule: page for page in reversed(self.pages)}.values())


@contextmanager
def browser(playwright: Playwright, path: str) -> Iterator[Browser]:
    """The Chromium at a path, without a window."""
    opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    try:
        yield opened
    finally:
        opened.close()


def sign_in(context: BrowserContext, server: DemoServer, account: Account) -> None:
    """Sign in through the form, as a person does."""
    tab = context.new_page()
    tab.goto(f"{server.url}/sign-in")
    tab.fill("input[name=email]", account.email)
    tab.fill("input[name=password]", account.password)
    with tab.expect_navigation():
        tab.press("input[name=password]", "Enter")
    if tab.locator("input[name=password]").count():
        raise RuntimeError(f"{account.email} could not sign in")
    tab.close()


def people(server: DemoServer) -> list[Account | None]:
    """A visitor, and one account for each role."""
    by_role: dict[str, Account] = {}
    for account in server.accounts:
        by_role.setdefault(account.role, account)
    return [None, *by_role.values()]


def find_pages(browser: Browser, server: DemoServer) -> Report:
    """Every kind of page as the people who reach it, with what was wrong on the way."""
    whos = [account.email if account else "" for account in people(server)]
    report = Report({account.email: _cookies_of(browser, server, account) for account in people(server) if account})
    reached: dict[str, int] = defaultdict(int)
    unreached: set[str] | None = None
    routes, found = Routes(), dict[str, Discovery]()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        parts = [whos[place::AT_ONCE] for place in range(AT_ONCE)]
        for part in pool.map(lambda part: _discover_as(part, server, report.cookies, routes), parts):
            found.update(part)
    for who in whos:
        report.faults += found[who].faults
        unreached = set(found[who].unreached) if unreached is None else unreached & set(found[who].unreached)
        for page in found[who].pages:
            if reached[page.rule] < MOST_PEOPLE_PER_RULE:
                reached[page.rule] += 1
                report.pages.append(page)
    report.pages.append(Page("", NO_SUCH_PAGE, "(no such page)", 404))
    report.unreached = sorted(unreached or ())
    return report


def _cookies_of(browser: Browser, server: DemoServer, account: Account) -> StorageState:
    context = browser.new_context(locale="sv-SE")
    sign_in(context, server, account)
    cookies = context.storage_state()
    context.close()
    return cookies


def _discover_as(
    whos: Sequence[str], server: DemoServer, cookies: Mapping[str, StorageState], routes: Routes
) -> dict[str, Discovery]:
    """What each of these people finds. For a thread of its own: Playwright is not shared between threads."""
    found = {}
    with sync_playwright() as playwright:
        for who in whos:
            request = playwright.request.new_context(
                storage_state=cookies.get(who), extra_http_headers={"Accept-Language": "sv-SE"}
            )
            found[who] = discover(request, server.url, who, routes, ["/"])
            more = unlinked(request, server.url, who, found[who].unreached)
            found[who].pages += more
            found[who].unreached = sorted(set(found[who].unreached) - {page.rule for page in more})
            request.dispose()
    return found


def look_in_each(
    path: str, server: DemoServer, report: Report, pages: Sequence[Page], variants: Sequence[Variant]
) -> dict[Variant, list[str]]:
    """What is wrong in each variant, looked at side by side, each in a Chromium of its own."""

    def in_one(variant: Variant) -> list[str]:
        with sync_playwright() as playwright, browser(playwright, path) as opened:
            return look(opened, server, report.cookies, pages, variant, None)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(variants, pool.map(in_one, variants), strict=True))


def look(
    browser: Browser, server: DemoServer, cookies: Mapping[str, StorageState], pages: Iterable[Page],
    variant: Variant, pictures: Path | None,
) -> list[str]:  # fmt: skip
    """Open every page in one variant; what is wrong, in words. Pictures go to a folder when one is given."""
    by_person: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        by_person[page.who].append(page)
    faults: list[str] = []
    for who, theirs in by_person.items():
        context = browser.new_context(
            viewport={"width": variant.width, "height": 900},
            color_scheme="dark" if variant.scheme == "dark" else "light",
            locale="sv-SE" if variant.language == "sv" else "en-GB",
            storage_state=cookies.get(who),
        )
        context.add_cookies([{"name": "language", "value": variant.language, "url": server.url}])
        tab, said = _listened_to(context)
        for page in theirs:
            said.clear()
            for fault in _look_at(tab, said, server.url, page, variant, pictures):
                faults.append(f"{variant.name} {who or 'visitor'} {page.path}: {fault}")
        context.close()
    return faults


def _listened_to(context: BrowserContext) -> tuple[Tab, list[str]]:
    """A tab, and the list in which whatever its console says ends up."""
    tab, said = context.new_page(), list[str]()
    tab.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: said.append(str(error)))
    return tab, said


def _look_at(tab: Tab, said: list[str], base: str, page: Page, variant: Variant, pictures: Path | None) -> list[str]:
    response = tab.goto(base + page.path, wait_until="load")
    faults = [] if response and response.status == page.status else [f"status {response.status if response else '?'}"]
    faults += [f"leads to {tab.url}"] if response and response.request.redirected_from else []
    faults += [f"console: {text}" for text in said if not (page.status >= 400 and str(page.status) in text)]
    faults += [f"lang is {found}" for found in [tab.get_attribute("html", "lang")] if found != variant.language]
    faults += sideways_faults(tab)
    faults += axe_faults(tab)
    if pictures is not None:
        folder = pictures / variant.name
        folder.mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=folder / f"{page.name}.png", full_page=True)
    return faults


def sideways_faults(tab: Tab) -> list[str]:
    """How far the page, or a table on a phone, can be scrolled sideways, in words; nothing when all fits."""
    extra = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    wide = tab.evaluate(WIDE_TABLES)
    return ([f"scrolls {extra} px sideways"] if extra > 0 else []) + [f"the table {name} is too wide" for name in wide]


@cache
def _axe_source() -> str:
    return AXE.read_text("utf-8")


def axe_faults(tab: Tab) -> list[str]:
    """What axe-core finds, each with where. It goes in through the debugger: the page's strict policy stays on."""
    session = tab.context.new_cdp_session(tab)
    session.send("Runtime.evaluate", {"expression": _axe_source()})
    options = json.dumps({"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]})
    script = (
        f"axe.run(document, {options}).then(r => JSON.stringify(r.violations.map(v => "
        "({id: v.id, impact: v.impact, help: v.help, where: v.nodes.map(n => n.target.join(' '))}))))"
    )
    answer: dict[str, Any] = session.send(
        "Runtime.evaluate", {"expression": script, "awaitPromise": True, "returnByValue": True}
    )
    session.detach()
    if "exceptionDetails" in answer:
        return [f"axe failed: {answer['exceptionDetails'].get('text')}"]
    found = json.loads(answer["result"]["value"])
    for one in found:
        if one["id"] == "target-size":
            one["where"] = [where for where in one["where"] if MAP_PIN not in where]
    return [
        f"axe {one['id']} ({one['impact']}): {one['help']} at {' ; '.join(one['where'][:3])}"
        for one in found
        if one["where"]
    ]
