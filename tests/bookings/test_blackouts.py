"""Blackouts take what is free, list what is not, and never remove a booking."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from missions_app import clock
from missions_app.bookings import blackout_service, cancel_service
from missions_app.bookings.errors import Taken
from missions_app.bookings.models import LineState, Reservation, ReservationKind
from missions_app.bookings.occupancy import taken_on
from missions_app.errors import InvalidInput, NotAllowed
from tests.factories.accounts import actor_of
from tests.factories.bookings import between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_manager, make_resource


def _blocks(session):
    return session.scalars(
        select(Reservation).where(Reservation.kind == ReservationKind.BLOCK, Reservation.active)
        .order_by(Reservation.unit_id, Reservation.starts_at)
    ).all()  # fmt: skip


def test_a_blackout_takes_what_is_free_and_leaves_bookings_where_they_are(session):
    resource = make_resource()
    booking = make_booking(resource, use=between(10, 12))
    manager = actor_of(make_manager(resource.site))

    listed = blackout_service.lines_within(resource, between(8, 16))
    blackout_service.black_out(resource, between(8, 16), reason="Underhåll", by=manager)

    assert listed == [booking.lines[0]]
    assert booking.lines[0].state is LineState.SUBMITTED
    assert [(one.starts_at, one.ends_at) for one in _blocks(session)] == [
        (between(8, 10).start, between(8, 10).end), (between(12, 16).start, between(12, 16).end),
    ]  # fmt: skip
    with pytest.raises(Taken):
        make_booking(resource, use=between(13, 15))


def test_what_a_booking_gives_back_falls_to_the_blackout(session):
    resource = make_resource()
    organisation = make_organisation()
    user = make_member(organisation)
    booking = make_booking(resource, use=between(10, 12), user=user, organisation=organisation)
    blackout_service.black_out(resource, between(8, 16), reason="Underhåll", by=actor_of(make_manager(resource.site)))

    cancel_service.cancel_booking(
        booking, reason="Vi hinner inte.", by=actor_of(user), expected_version=booking.version
    )

    assert len(_blocks(session)) == 3
    with pytest.raises(Taken):
        make_booking(resource, use=between(10, 12))


def test_a_lifted_blackout_gives_the_time_back(session):
    resource = make_resource()
    manager = actor_of(make_manager(resource.site))
    made = blackout_service.black_out(resource, between(8, 16), reason="Underhåll", by=manager)

    blackout_service.lift(made, by=manager, expected_version=made.version)

    assert _blocks(session) == []
    assert taken_on(resource, between(0, 23)) == []
    assert blackout_service.blackouts_of(resource) == []


def test_a_pool_is_blocked_as_a_whole_and_moves_bookings_around_it(session):
    pool = make_resource(pool_size=2)
    make_booking(pool, use=between(9, 11))
    blackout_service.black_out(pool, between(10, 12), reason="Underhåll", by=actor_of(make_manager(pool.site)))

    # The peak before ten is one of two: another fits, whichever unit the first one has.
    make_booking(pool, use=between(8, 10))

    with pytest.raises(Taken):
        make_booking(pool, use=between(11, 12))


def test_shared_units_are_blocked_with_the_resource(session):
    hall = make_resource(units=["Norra", "Södra"])
    bay = make_resource(hall.site, units=["Norra"])
    blackout_service.black_out(bay, between(8, 16), reason="Underhåll", by=actor_of(make_manager(hall.site)))

    with pytest.raises(Taken):
        make_booking(hall, use=between(9, 11))


def test_a_blackout_needs_a_reason_and_a_manager(session):
    resource = make_resource()

    with pytest.raises(InvalidInput):
        blackout_service.black_out(resource, between(8, 16), reason=" ", by=actor_of(make_manager(resource.site)))
    with pytest.raises(NotAllowed):
        blackout_service.black_out(
            resource, between(8, 16), reason="Underhåll", by=actor_of(make_manager(make_resource().site))
        )


def test_what_a_booking_of_a_pool_gives_back_falls_to_the_blackout_too(session):
    pool = make_resource(pool_size=2)
    booking = make_booking(pool, use=between(10, 12))
    blackout_service.black_out(pool, between(8, 16), reason="Underhåll", by=actor_of(make_manager(pool.site)))

    cancel_service.cancel_booking(
        booking, reason="", by=actor_of(booking.requested_by), expected_version=booking.version
    )

    with pytest.raises(Taken):
        make_booking(pool, use=between(10, 12))


def test_a_hold_that_nobody_answered_is_blocked_with_the_rest(session):
    resource, window = make_resource(hold_hours=48), between(8, 16)
    booking = make_booking(resource, use=between(10, 12))
    manager = actor_of(make_manager(resource.site))

    with clock.fixed(clock.now() + timedelta(hours=49)):
        blackout_service.black_out(resource, window, reason="Underhåll", by=manager)

    session.refresh(booking.lines[0])
    assert booking.lines[0].state is LineState.EXPIRED
    assert [(one.starts_at, one.ends_at) for one in _blocks(session)] == [(window.start, window.end)]
