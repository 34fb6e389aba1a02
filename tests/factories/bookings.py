"""Bookings for tests: times, what requests say, and requests that have been sent."""

import base64
from datetime import UTC, datetime, time, timedelta
from typing import Any

from missions_app import clock
from missions_app.accounts.models import User
from missions_app.bookings import approval_service, booking_service
from missions_app.bookings.booking_service import BookingContent
from missions_app.bookings.content import LineWish
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, LineState
from missions_app.organisations.models import Organisation
from missions_app.sites.models import Resource
from tests.factories.accounts import actor_of
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_manager, make_resource

# Everything that a small test indoors has to say.
SMALL: dict[str, Any] = {
    "purpose": "Prova en givare", "reason": "Ett första prov före missionen.", "people_on_site": 2,
    "on_site_responsible": "Forskningsingenjör", "emergency_contact": "Vakthavande ingenjör",
}  # fmt: skip

# The smallest picture there is.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def at(hour: int, *, days: int = 10) -> datetime:
    """A local hour so many days ahead, as an instant in UTC."""
    day = clock.today() + timedelta(days=days)
    return datetime.combine(day, time(hour), clock.zone()).astimezone(UTC)


def between(start: int, end: int, *, days: int = 10) -> Interval:
    """A time of use between two local hours of one day."""
    return Interval(at(start, days=days), at(end, days=days))


def make_booking(
    resource: Resource | None = None, *, use: Interval | None = None, organisation: Organisation | None = None,
    user: User | None = None, state: LineState = LineState.SUBMITTED, units: int = 1, **content: Any,
) -> Booking:  # fmt: skip
    """A small test from eight to twelve that has been asked for; answered by a manager when a state asks for it."""
    resource, organisation = resource or make_resource(), organisation or make_organisation()
    user = user or make_member(organisation)
    act = booking_service.draft_booking if state is LineState.DRAFT else booking_service.request_booking
    booking = act(
        lines=[LineWish(resource, use or between(8, 12), units)], organisation=organisation, by=actor_of(user),
        requested_by=user, content=BookingContent(**(SMALL | content)),
    )  # fmt: skip
    if state not in (LineState.DRAFT, LineState.SUBMITTED):
        line, manager = booking.lines[0], actor_of(make_manager(resource.site))
        approval_service.decide_line(
            line, state, reason="Så blir det den här gången.", by=manager, expected_version=line.version
        )
    return booking
