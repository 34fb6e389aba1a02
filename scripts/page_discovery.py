"""Finding every page by following links as each kind of person, and validating its HTML on the way."""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E
from playwright.sync_api import APIRequestContext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from config.settings import Settings
from missions_app.app import create_app

# How many pages of one kind (one rule) are looked at for one person, and how many pages for one person in all.
EXAMPLES = 2
# Pages that offer different acts by the state of what they show: more of them are opened to find what they lead to.
HUBS = {
    "/bookings/<reference>": 8, "/experiments/<reference>": 6, "/gates/<int:journey_id>/<gate_id>": 10,
    "/missions/<reference>": 8, "/missions/<reference>/partnership": 6, "/organisations/<slug>": 6, "/sites/<slug>": 6,
    "/sites/<slug>/resources/<resource>": 6,
}  # fmt: skip
MOST_PAGES = 400
XHTML = "{http://www.w3.org/1999/xhtml}"
# Pages that a button of a page leads to, once it has saved what was written there.
BY_BUTTON = {
    "/challenges/<reference>/edit": "indicators/new",
    "/challenges/<reference>/history": "compare?from=1&to=2",
    "/bookings/<reference>": "{0}/receipt",
}
LEFT_ALONE = ("/static/", "/language/", "/api/", "/healthz", "/readyz", "/metrics")


@dataclass(frozen=True, slots=True)
class Page:
    """One page to look at: who looks ("" is a visitor), where, the rule it answers to, the status it should have."""

    who: str
    path: str
    rule: str
    status: int = 200

    @property
    def name(self) -> str:
        """A file name for its picture."""
        path = "".join(sign if sign.isalnum() else "-" for sign in self.path).strip("-") or "start"
        return f"{path[:80]}--{self.who.partition('@')[0] or 'visitor'}"


@dataclass
class Discovery:
    """Pages found, faults met, and rules that no link led to."""

    pages: list[Page] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)


class Routes:
    """The application's own rules, to tell pages of one kind from another."""

    def __init__(self) -> None:
        app = create_app(Settings.for_tests())
        self._adapter: MapAdapter = app.url_map.bind("localhost")
        self.pages = {
            rule.rule
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and not rule.rule.startswith(LEFT_ALONE)
        }

    def rule_of(self, path: str) -> str:
        """The rule a path answers to; "" when none does."""
        try:
            rule, _values = self._adapter.match(urlsplit(path).path, method="GET", return_rule=True)
        except HTTPException:
            return ""
        return str(rule.rule)


def read_html(text: str, base: str) -> tuple[list[str], list[str]]:
    """What is wrong with a document (parse errors of the HTML standard, ids that stand twice, references to nothing),
    and the paths of our own site that it links to, in order."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=True)
    tree = parser.parse(text)
    return _faults(parser, tree), _links(tree, base)


def _faults(parser: html5lib.HTMLParser, tree: Element) -> list[str]:
    faults = [f"line {line}: {E.get(code, code) % values}" for (line, _column), code, values in parser.errors]
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    faults += [f"id {name!r} stands {number} times" for name, number in ids.items() if number > 1]
    known = set(ids)
    for element in tree.iter():
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            for target in (element.get(attribute) or "").split():
                if target not in known:
                    faults.append(f"{attribute}={target!r} points at nothing")
    return faults


def _links(tree: Element, base: str) -> list[str]:
    own = urlsplit(base).netloc
    found = []
    for element in tree.iter(f"{XHTML}a"):
        target = urlsplit(urljoin(base, element.get("href") or "#"))
        if target.netloc == own and element.get("href") and element.get("download") is None:
            path = target.path + (f"?{target.query}" if target.query else "")
            found.append(path)
    return found


def discover(request: APIRequestContext, base: str, who: str, routes: Routes, starts: Iterable[str]) -> Discovery:
    """Follow links from the starting points with the rights of whoever is signed in in `request`."""
    found = Discovery()
    queue, seen, examples = deque(starts), set(starts), Counter[str]()
    while queue and len(found.pages) < MOST_PAGES:
        path = queue.popleft()
        rule = routes.rule_of(path)
        if not rule or path.startswith(LEFT_ALONE) or examples[rule] >= HUBS.get(rule, EXAMPLES):
            if not rule and not path.startswith(LEFT_ALONE):
                found.faults.append(f"{who or 'visitor'} {path}: no such page")
            continue
        response = request.get(base + path, max_redirects=0)
        kind = response.headers.get("content-type", "")
        if response.status in (301, 302, 303, 308):
            target = urlsplit(urljoin(base + path, response.headers["location"]))
            _add(queue, seen, [target.path + (f"?{target.query}" if target.query else "")])
            examples[rule] += 1
            continue
        if response.status != 200:
            found.faults.append(f"{who or 'visitor'} {path}: a link leads to status {response.status}")
            continue
        examples[rule] += 1
        if not kind.startswith("text/html"):
            continue
        faults, links = read_html(response.text(), base + path)
        found.faults += [f"{who or 'visitor'} {path}: {fault}" for fault in faults]
        found.pages.append(Page(who, path, rule))
        _add(queue, seen, links)
        if rule in BY_BUTTON:
            _add(queue, seen, [urljoin(path, BY_BUTTON[rule].format(path.rpartition("/")[2]))])
    found.unreached = sorted(routes.pages - set(examples))
    return found


def unlinked(request: APIRequestContext, base: str, who: str, rules: Iterable[str]) -> list[Page]:
    """Pages without an id in their address that no link leads to (they are shown after something was sent)."""
    pages = []
    for rule in rules:
        if "<" in rule:
            continue
        response = request.get(base + rule, max_redirects=0)
        if response.status == 200 and response.headers.get("content-type", "").startswith("text/html"):
            pages.append(Page(who, rule, rule))
    return pages


def _add(queue: deque[str], seen: set[str], paths: Iterable[str]) -> None:
    for path in paths:
        if path not in seen:
            seen.add(path)
            queue.append(path)
