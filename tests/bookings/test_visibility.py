"""How much of a booking each reader sees: said in the query, so that what is hidden never leaves the database."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from missions_app.accounts.actor import ANONYMOUS, Actor
from missions_app.bookings import visibility
from missions_app.bookings.models import Booking, LineState, Tier
from missions_app.bookings.visibility import ShownLine
from tests.factories.accounts import actor_of, make_actor, make_user
from tests.factories.bookings import between, make_booking
from tests.factories.organisations import make_member
from tests.factories.sites import make_manager


def seen(booking: Booking, reader: Actor) -> ShownLine:
    """The one line of a booking as a reader sees it on its day."""
    return visibility.lines_shown(reader, between(0, 23), site_ids=[booking.lines[0].resource.site_id])[0]


@pytest.mark.parametrize(
    ("tier", "purpose", "organisation", "people"),
    [
        (Tier.FREE_BUSY, False, False, False),
        (Tier.PURPOSE, True, False, False),
        (Tier.ORGANISATION, True, True, False),
        (Tier.FULL, True, True, True),
    ],
)
def test_a_stranger_sees_what_the_tier_shows_and_never_the_reference(
    session: Session, tier: Tier, purpose: bool, organisation: bool, people: bool
) -> None:
    booking = make_booking(visibility=tier)

    for reader in (ANONYMOUS, actor_of(make_user())):
        found = seen(booking, reader)
        shows = (found.purpose is not None, found.organisation is not None, found.people is not None)
        assert (*shows, found.reference) == (purpose, organisation, people, None)


INSIDERS: list[Callable[[Booking], Actor]] = [
    lambda booking: actor_of(booking.requested_by),
    lambda booking: actor_of(make_member(booking.organisation)),
    lambda booking: actor_of(make_manager(booking.lines[0].resource.site)),
    lambda _booking: make_actor("secretariat_officer"),
]


@pytest.mark.parametrize("insider", INSIDERS, ids=["asker", "colleague", "manager", "secretariat"])
def test_those_it_concerns_see_all_of_the_most_hidden_booking(
    session: Session, insider: Callable[[Booking], Actor]
) -> None:
    booking = make_booking(visibility=Tier.FREE_BUSY)

    found = seen(booking, insider(booking))

    assert (found.reference, found.purpose, found.organisation) == (
        booking.reference, booking.purpose, booking.organisation.name,
    )  # fmt: skip


def test_drafts_and_what_is_over_do_not_show(session: Session) -> None:
    booking = make_booking(state=LineState.DRAFT)

    site = booking.lines[0].resource.site_id
    assert visibility.lines_shown(actor_of(booking.requested_by), between(0, 23), site_ids=[site]) == []
