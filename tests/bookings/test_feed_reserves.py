"""Reserve dates in calendar links: held and not certain, and cancelled when they are given back."""

from datetime import timedelta

import icalendar
import pytest
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.bookings import change_service, feeds
from missions_app.bookings.link_models import FeedKind
from missions_app.bookings.models import Booking, LineState, Tier
from tests.factories.accounts import actor_of, make_user
from tests.factories.bookings import at, make_booking
from tests.factories.sites import make_resource

pytestmark = pytest.mark.usefixtures("session")


def with_reserve(**more: object) -> Booking:
    day = (clock.today() + timedelta(days=17)).isoformat()
    resource = make_resource(setup_minutes=30, cleanup_minutes=60)
    return make_booking(resource, state=LineState.APPROVED, reserve_dates=(day,), **more)  # type: ignore[arg-type]


def reserves(actor: Actor, kind: FeedKind = FeedKind.MINE, target: int | None = None) -> list[icalendar.Event]:
    found = feeds.feed(actor, kind, target, name="Prov", base_url="https://example.org")
    events = icalendar.Calendar.from_ical(found).walk("VEVENT")
    return [one for one in events if "-reserve-" in one["UID"]]


def test_a_reserve_date_is_told_as_held_with_the_time_of_use() -> None:
    booking = with_reserve()
    [event] = reserves(actor_of(booking.requested_by))
    assert (event.start, event.end) == (at(8, days=17), at(12, days=17))
    assert (event["STATUS"], event["TRANSP"]) == ("TENTATIVE", "OPAQUE")
    assert event["SUMMARY"].startswith("Reservdag, ")
    assert booking.reference in event["SUMMARY"]


def test_what_is_given_back_is_cancelled_and_newer_than_what_was_held() -> None:
    booking = with_reserve()
    asker = actor_of(booking.requested_by)
    [before] = reserves(asker)
    change_service.decide_go(booking, by=asker)

    [after] = reserves(asker)
    assert (after["UID"], after["STATUS"]) == (before["UID"], "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_a_stranger_learns_no_more_of_a_reserve_date_than_of_the_booking() -> None:
    booking = with_reserve(visibility=Tier.FREE_BUSY, purpose="Hemligt prov")
    resource = booking.lines[0].resource
    [event] = reserves(actor_of(make_user()), FeedKind.RESOURCE, resource.id)
    assert "Hemligt" not in event["SUMMARY"]
    assert booking.reference not in event["SUMMARY"]
    assert booking.organisation.name not in event["SUMMARY"]


def test_a_date_that_is_held_on_many_units_is_told_once(session: Session) -> None:
    day = (clock.today() + timedelta(days=17)).isoformat()
    booking = make_booking(make_resource(pool_size=3), units=2, state=LineState.APPROVED, reserve_dates=(day,))
    assert len(reserves(actor_of(booking.requested_by))) == 1
