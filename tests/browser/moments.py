"""Pages of a moment that the example does not stand in: a story that comes by looks at each of them."""

from collections.abc import Iterable

from playwright.sync_api import Page as Tab

from scripts import page_checks
from scripts.page_discovery import Routes, read_html

# The walk from draft to closed comes by these.
ON_THE_WAY = {"/bookings/<reference>/edit"}
# A short act of one or two people leads to these.
BY_ACTS = {
    "/bookings/<reference>/lines/<int:line_id>/afterwards",
    "/bookings/<reference>/lines/<int:line_id>/plan",
    "/dossiers/<reference>/<cut_off>",
    "/missions/<reference>/partners/<int:partner_id>/counter",
    "/missions/<reference>/partners/<int:partner_id>/counter/answer",
    "/printouts/<int:printout_id>",
    "/sites/<slug>/resources/<resource>/outside",
    "/waitlist/new",
}


class Moments:
    """Looks at each kind of page of a moment once; `seen` are their rules, `faults` what was wrong, in words."""

    def __init__(self, rules: Iterable[str]) -> None:
        self.routes, self.wanted = Routes(), set(rules)
        self.seen, self.faults = set[str](), list[str]()

    def look(self, tab: Tab) -> None:
        """Look at the page, if it is one of a moment and the first of its kind."""
        rule = self.routes.rule_of(tab.url)
        if rule not in self.wanted or rule in self.seen:
            return
        self.seen.add(rule)
        found = page_checks.axe_faults(tab) + page_checks.sideways_faults(tab) + read_html(tab.content(), tab.url)[0]
        self.faults += [f"{tab.url}: {fault}" for fault in found]
