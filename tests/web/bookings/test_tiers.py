"""What a booking's tier hides is hidden everywhere: calendar, site, search, API, feeds, own bookings and exports."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import link_service
from missions_app.bookings.link_models import FeedKind
from missions_app.bookings.link_service import Target
from missions_app.bookings.models import Booking, Tier
from tests.factories.accounts import actor_of, bearer, make_user, sign_in
from tests.factories.bookings import make_booking
from tests.factories.organisations import make_member, make_organisation

PURPOSE, WHO, NAME = "Ubåtsprovet", "Dolda Varv AB", "Dold Platsansvarig"
SHOWN = {
    Tier.FREE_BUSY: set(), Tier.PURPOSE: {PURPOSE}, Tier.ORGANISATION: {PURPOSE, WHO}, Tier.FULL: {PURPOSE, WHO},
}  # fmt: skip


def _booking(tier: Tier) -> Booking:
    organisation = make_organisation(WHO)
    return make_booking(
        organisation=organisation, user=make_member(organisation), visibility=tier, purpose=PURPOSE,
        on_site_responsible=NAME, emergency_contact=NAME,
    )  # fmt: skip


def _told(text: str) -> set[str]:
    return {one for one in (PURPOSE, WHO, NAME) if one in text}


def _places(booking: Booking) -> dict[str, str]:
    """Everything a stranger can open that may show a booking: its name here and its address."""
    site, resource = booking.lines[0].resource.site, booking.lines[0].resource
    day = (clock.today() + timedelta(days=10)).isoformat()
    return {
        **{f"calendar {view}": f"/calendar?date={day}&view={view}" for view in ("week", "month", "list")},
        "api calendar": f"/api/v1/calendar?first={day}&days=2",
    } | {
        f"nothing {number}": path for number, path in enumerate((
            f"/sites/{site.slug}", f"/sites/{site.slug}/week?from={day}", f"/sites/{site.slug}/statistics",
            f"/search?q={PURPOSE}", f"/search?q={booking.reference}", f"/api/v1/search?q={PURPOSE}",
            f"/api/v1/sites/{site.slug}/resources/{resource.slug}/taken?from={day}", "/api/v1/bookings", "/bookings",
        ))
    }  # fmt: skip


@pytest.mark.parametrize("tier", list(Tier))
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_a_stranger_is_told_no_more_than_the_tier_wherever_they_look(
    session: Session, client: FlaskClient, tier: Tier, is_signed_in: bool
) -> None:
    booking = _booking(tier)
    reader = make_user()
    if is_signed_in:
        sign_in(client, reader)

    for place, path in _places(booking).items():
        headers = bearer(reader) if is_signed_in and path.startswith("/api/") else {}
        text = client.get(path, headers=headers).text.replace("\\u00e5", "å")
        allowed = set() if place.startswith("nothing") else SHOWN[tier]
        # A search page repeats what was searched for.
        told = _told(text.replace(PURPOSE, "") if "/search" in path and "items" not in text else text)
        assert told <= allowed, (place, told)
        if not place.startswith("nothing"):
            assert told == allowed, (place, told)
            assert booking.reference not in text, place


@pytest.mark.parametrize("tier", list(Tier))
@pytest.mark.parametrize("kind", [FeedKind.SITE, FeedKind.RESOURCE])
def test_a_feed_tells_its_follower_no_more_than_the_tier(session: Session, tier: Tier, kind: FeedKind) -> None:
    booking = _booking(tier)
    resource = booking.lines[0].resource
    key = resource.site_id if kind is FeedKind.SITE else resource.id
    stranger, own = make_user(), booking.requested_by

    def read(user) -> str:  # type: ignore[no-untyped-def]
        _link, secret = link_service.make_link(Target(kind, key, "Här"), by=actor_of(user))
        return link_service.read(secret, base_url="http://x").replace(b"\r\n ", b"").decode()

    assert _told(read(stranger)) == SHOWN[tier]
    assert booking.reference not in read(stranger)
    assert PURPOSE in read(own)


@pytest.mark.parametrize("tier", list(Tier))
def test_the_booking_itself_opens_for_nobody_else(session: Session, client: FlaskClient, tier: Tier) -> None:
    booking = _booking(tier)
    sign_in(client, make_user())

    for path in (f"/bookings/{booking.reference}", f"/bookings/{booking.reference}/booking.ics"):
        answer = client.get(path)
        assert answer.status_code in (403, 404)
        assert _told(answer.text) == set()
    answer = client.get(f"/api/v1/bookings/{booking.reference}", headers=bearer(make_user()))
    assert answer.status_code in (403, 404)
