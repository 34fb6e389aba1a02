"""Pages of a moment that the example does not stand in: a story that comes by looks at each of them."""

from playwright.sync_api import Page as Tab

from scripts import page_checks
from scripts.page_discovery import Routes, html_faults

# The walk from draft to closed comes by these.
ON_THE_WAY = {
    "/bookings/<reference>/edit",
    "/gates/<int:journey_id>/<gate_id>/consult",
    "/gates/<int:journey_id>/<gate_id>/decide",
}


class Moments:
    """Looks at each kind of page of a moment once; `seen` are their rules, `faults` what was wrong, in words."""

    def __init__(self) -> None:
        self.routes, self.seen, self.faults = Routes(), set[str](), list[str]()

    def look(self, tab: Tab) -> None:
        """Look at the page, if it is one of a moment and the first of its kind."""
        rule = self.routes.rule_of(tab.url)
        if rule not in ON_THE_WAY or rule in self.seen:
            return
        self.seen.add(rule)
        found = page_checks.axe_faults(tab) + page_checks.sideways_faults(tab) + html_faults(tab.content())
        self.faults += [f"{tab.url}: {fault}" for fault in found]
