"""The waitlist."""

from tests.architecture.object_pages import Arranged, ObjectPage
from tests.factories.sites import make_resource
from tests.factories.waitlist import make_entry


def own_entry() -> Arranged:
    entry = make_entry(make_resource())
    return Arranged({"entry_id": entry.id}, entry.user)


def own_offer() -> Arranged:
    entry = make_entry(make_resource())
    return Arranged({"offer_id": entry.offers[0].id}, entry.user)


PAGES = [
    ObjectPage("finding.leave_waitlist", own_entry),
    ObjectPage("finding.show_offer", own_offer),
    ObjectPage("api_finding.show_entry", own_entry),
]
