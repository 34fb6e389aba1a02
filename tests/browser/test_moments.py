"""Pages that a short act leads to, each looked at on a phone."""

import re

from playwright.sync_api import Browser

from scripts import page_checks
from scripts.demo_server import DemoServer
from tests.browser.moments import BY_ACTS, Moments
from tests.browser.walking import Person


def test_pages_that_an_act_leads_to_are_accessible_and_fit_a_phone(browser: Browser, demonstration: DemoServer) -> None:
    moments = Moments(BY_ACTS)
    contexts = []

    def be(who: str) -> Person:
        account = next(one for one in demonstration.accounts if one.email.partition("@")[0] == who)
        context = browser.new_context(locale="sv-SE", viewport={"width": 360, "height": 800})
        contexts.append(context)
        page_checks.sign_in(context, demonstration, account)
        return Person(who, context, demonstration.url, moments)

    officer = be("handlaggare")
    officer.open("/missions").open(officer.link(r"/missions/M-\d+-\d+$"))
    officer.open(f"{officer.tab.url}/dossiers").send("Gör akten").send("Som pdf")

    lead = be("koordinator.netport").open("/work")
    answer = lead.link(r"/counter/answer$")
    lead.open(answer)
    be("byalag").open(answer.removesuffix("/answer"))

    manager = be("platsansvarig.hav").open("/calendar")
    manager.open(manager.link(r"resource=dykbassangen")).open(manager.link(r"/outside$"))
    manager.open("/work").open(manager.link(r"/bookings/B-\d+-\d+#line-\d+$"))
    reference, line = re.search(r"(B-\d+-\d+)/lines/(\d+)", manager.link(r"/lines/\d+/")).groups()  # type: ignore[union-attr]
    manager.open(f"/calendar/plan?line={reference}/{line}&day=2027-03-01&starts=9&ends=10")
    manager.open(f"/bookings/{reference}/lines/{line}/afterwards")

    wish = "resource=undervattenslabbet-vid-campus-grasvik/arbetsbat&first=2027-03-01&last=2027-03-01&hours=4"
    be("havsgivare").open(f"/waitlist/new?{wish}")

    for context in contexts:
        context.close()
    assert moments.faults == []
    assert moments.seen == BY_ACTS
