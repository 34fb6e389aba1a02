"""Whose turn it is: what is declined goes on to others, and who may no longer book is passed by and told."""

import pytest

from missions_app.accounts.actor import SYSTEM
from missions_app.bookings import cancel_service, waitlist_service
from missions_app.bookings.models import Booking
from missions_app.bookings.waitlist_models import EntryState
from missions_app.outbox.mail import Mail
from missions_app.outbox.rendering import renderer
from missions_app.sites import rule_service
from missions_app.sites.models import Bookers
from tests.factories.accounts import actor_of
from tests.factories.bookings import at, between, make_booking
from tests.factories.outbox import queued_mail
from tests.factories.sites import make_resource
from tests.factories.waitlist import make_entry

pytestmark = pytest.mark.usefixtures("session")


def cancel(booking: Booking) -> None:
    cancel_service.cancel_booking(booking, reason="", by=SYSTEM, expected_version=booking.version)


def test_what_is_declined_is_not_offered_again_half_an_hour_later() -> None:
    resource = make_resource()
    booking = make_booking(resource, use=between(8, 16))
    first = make_entry(resource, within=between(8, 16), shortest=2, hours=8)
    second = make_entry(resource, within=between(8, 16), hours=3)
    cancel(booking)

    waitlist_service.decline_offer(first.offers[0], by=actor_of(first.user))

    assert (first.state, second.state) == (EntryState.WAITING, EntryState.OFFERED)
    assert second.offers[0].starts_at == at(8)


def test_who_declined_a_part_is_offered_the_whole_when_that_becomes_free() -> None:
    resource = make_resource()
    early, late = make_booking(resource, use=between(8, 10)), make_booking(resource, use=between(10, 16))
    entry = make_entry(resource, within=between(8, 16), shortest=2, hours=8)
    cancel(early)
    waitlist_service.decline_offer(entry.offers[0], by=actor_of(entry.user))
    assert entry.state is EntryState.WAITING

    cancel(late)

    assert [(one.starts_at, one.ends_at) for one in entry.offers] == [(at(8), at(10)), (at(8), at(16))]


def test_an_organisation_that_the_owner_no_longer_lets_book_is_passed_by_and_told() -> None:
    resource = make_resource()
    booking = make_booking(resource)
    first, second = make_entry(resource), make_entry(resource)
    resource.bookers = Bookers.CHOSEN
    rule_service.choose_bookers(
        resource, [booking.organisation, second.organisation], by=SYSTEM, expected_version=resource.version
    )

    cancel(booking)

    assert (first.state, first.note, second.state) == (
        EntryState.SKIPPED, waitlist_service.SHUT_OUT, EntryState.OFFERED,
    )  # fmt: skip
    letter = queued_mail("waitlist_skipped")
    assert (letter["to"], letter["data"]["owner"]) == (first.user.email, resource.site.owner.name)


def test_hours_of_an_offer_are_written_as_the_reader_writes_them() -> None:
    resource = make_resource()
    booking = make_booking(resource, use=between(8, 12))
    make_entry(resource, within=between(8, 12), hours=3.5)
    cancel(booking)

    told = queued_mail("waitlist_offered")
    mail = Mail(to=told["to"], template="waitlist_offered", locale="sv", data=told["data"])
    assert "i 3,5 timmar" in renderer("http://localhost", "Regionen")(mail)[1]
