"""People in a browser: each signed in once, each going to pages, filling in forms and pressing buttons."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, BrowserContext, Locator
from playwright.sync_api import Page as Tab

from scripts import page_checks
from scripts.demo_server import DemoServer
from tests.browser.moments import ON_THE_WAY, Moments

ZONE = ZoneInfo("Europe/Stockholm")
FORMS = "main form"
Typed = str | list[str] | bool | Path


class Walker:
    """Everybody who takes part in a story, at one moment of it."""

    def __init__(self, browser: Browser, server: DemoServer, clock_file: Path, *, script: bool) -> None:
        self.browser, self.server, self.clock_file, self.script = browser, server, clock_file, script
        self.contexts: dict[str, BrowserContext] = {}
        self.acted: set[str] = set()
        self.today = date.min
        self.moments = Moments(ON_THE_WAY) if script else None

    @contextmanager
    def at(self, day: date, hour: int) -> Iterator[None]:
        """Let the story stand at a local hour; people sign in anew, because days have passed."""
        self.today = day
        moment = datetime.combine(day, time(hour), ZONE).astimezone(UTC)
        self.clock_file.write_text(moment.isoformat(), "ascii")
        yield
        for context in self.contexts.values():
            context.close()
        self.contexts.clear()

    def be(self, who: str) -> "Person":
        """The person with this address before the @."""
        self.acted.add(who)
        if who not in self.contexts:
            context = self.browser.new_context(locale="sv-SE", java_script_enabled=self.script)
            context.set_default_timeout(60_000)
            account = next(one for one in self.server.accounts if one.email.partition("@")[0] == who)
            page_checks.sign_in(context, self.server, account)
            self.contexts[who] = context
        return Person(who, self.contexts[who], self.server.url, self.moments)


class Person:
    """One person with one tab."""

    def __init__(self, who: str, context: BrowserContext, base: str, moments: Moments | None) -> None:
        self.who, self.base, self.moments = who, base, moments
        self.tab: Tab = context.pages[0] if context.pages else context.new_page()

    def open(self, path: str) -> "Person":
        """Go to a page, which has to be there and to be in Swedish."""
        response = self.tab.goto(self.base + path if path.startswith("/") else path)
        assert response is not None and response.status == 200, (self.who, path, response and response.status)
        assert self.tab.get_attribute("html", "lang") == "sv"
        return self._seen()

    def _seen(self) -> "Person":
        if self.moments:
            self.moments.look(self.tab)
        return self

    def follow(self, text: str) -> "Person":
        """Click the first link with this text in the page's main part."""
        with self.tab.expect_navigation():
            self.tab.locator("main a", has_text=text).first.click()
        return self

    def fill(self, **typed: Typed) -> "Person":
        """Fill in fields by their names."""
        for name, value in typed.items():
            self._fill(self.tab.locator(f'{FORMS} [name="{name}"]:not([type="hidden"])'), value, name)
        return self

    def _fill(self, found: Locator, value: Typed, name: str) -> None:
        first = found.first
        assert found.count(), (self.who, self.tab.url, f"no field {name}")
        self._reveal(first)
        kind = first.get_attribute("type") or ""
        if isinstance(value, Path):
            first.set_input_files(value)
        elif first.evaluate("field => field.tagName") == "SELECT":
            first.select_option(value)  # type: ignore[arg-type]
        elif kind == "checkbox" and isinstance(value, bool):
            first.set_checked(value)
        elif kind == "radio":
            self.tab.locator(f'{FORMS} [name="{name}"][value="{value}"]').check()
        elif kind == "checkbox":
            boxes = {one.get_attribute("value"): one for one in found.all()}
            assert set(value) <= set(boxes), (self.who, name, value, list(boxes))  # type: ignore[arg-type]
            for key, box in boxes.items():
                box.set_checked(key in value)  # type: ignore[operator]
        else:
            first.fill(str(value))

    def _reveal(self, field: Locator) -> None:
        """Open the folded parts that the field lies in, as a reader does."""
        folded = field.locator("xpath=ancestor::details[not(@open)]/summary")
        for number in range(folded.count()):
            folded.nth(number).click()

    def send(self, button: str = "") -> "Person":
        """Press the form's button, the first or the one with this text; the answer must not be a refusal."""
        buttons = self.tab.locator(f"{FORMS} button[type=submit]:not([tabindex='-1'])")
        chosen = (buttons.filter(has_text=re.compile(button)) if button else buttons).first
        self._reveal(chosen)
        before = self.tab.url
        with self.tab.expect_navigation() as done:
            chosen.click()
        response = done.value
        refused = self.tab.locator(".m-errors").all_inner_texts()
        assert response is not None and response.status == 200 and not refused, (self.who, before, refused, done)
        return self._seen()

    def act(self, path: str, **typed: Typed) -> "Person":
        """Open a page with one form, fill it in and send it."""
        return self.open(path).fill(**typed).send()

    def has(self, selector: str) -> bool:
        """Whether the page shows it."""
        return self.tab.locator(selector).count() > 0

    def link(self, pattern: str) -> str:
        """The address of the first link on the page that fits the pattern."""
        found = self.links(pattern)
        assert found, (self.who, self.tab.url, f"no link {pattern}")
        return found[0]

    def links(self, pattern: str) -> list[str]:
        """The addresses of all links on the page that fit the pattern, each once, in order."""
        hrefs = self.tab.locator("main a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        return list(dict.fromkeys(href for href in hrefs if re.search(pattern, href)))


def later(day: date, days: int) -> str:
    """A day so many days later, as one types it."""
    return (day + timedelta(days=days)).isoformat()
