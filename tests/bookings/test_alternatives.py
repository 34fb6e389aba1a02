"""What is told instead of a taken time: times apart from each other, one of them at the wanted hours."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import SYSTEM
from missions_app.bookings import booking_service
from missions_app.bookings.content import BookingContent, LineWish
from missions_app.bookings.demand_models import UnmetDemand
from missions_app.bookings.errors import Alternative, Taken, Way
from missions_app.sites import resource_service
from missions_app.sites.models import Resource
from tests.factories.accounts import actor_of
from tests.factories.bookings import SMALL, at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_resource

pytestmark = pytest.mark.usefixtures("session")

HALF = timedelta(minutes=30)


def shifted(resource: Resource) -> list[Alternative]:
    """What is told instead when eight to twelve is taken."""
    with pytest.raises(Taken) as refused:
        make_booking(resource)
    return [one for one in refused.value.alternatives if one.way is Way.SHIFTED]


def test_a_place_that_never_closes_offers_times_apart_and_one_at_the_wanted_hours(session: Session) -> None:
    resource = make_resource(setup_minutes=0, cleanup_minutes=0)
    make_booking(resource)

    told = shifted(resource)

    assert [(one.start, one.end) for one in told] == [
        (at(4), at(8)), (at(12), at(16)), (at(8, days=9), at(12, days=9)),
    ]  # fmt: skip


def test_where_it_opens_at_the_same_hours_every_day_all_that_is_told_is_at_those(session: Session) -> None:
    resource = make_resource(setup_minutes=0, cleanup_minutes=0)
    resource_service.set_opening(
        resource, {day: [(time(8), time(12))] for day in range(7)}, by=SYSTEM, expected_version=resource.version
    )
    make_booking(resource)

    assert [one.start.astimezone(clock.zone()).time() for one in shifted(resource)] == [time(8)] * 3


def test_the_third_is_the_next_nearest_where_no_other_day_is_open_at_the_wanted_hours(session: Session) -> None:
    resource = make_resource(setup_minutes=0, cleanup_minutes=0)
    resource_service.set_opening(
        resource, {day: [(time(13), time(17))] for day in range(7)}, by=SYSTEM, expected_version=resource.version
    )
    day = clock.day_of(at(8))
    resource_service.set_exception(
        resource, day, day, [(time(8), time(12))], by=SYSTEM, expected_version=resource.version
    )
    make_booking(resource)

    assert [one.start for one in shifted(resource)] == [at(13, days=9), at(13, days=11), at(13, days=8)]


def test_what_a_request_adds_around_its_use_is_kept_free_and_is_no_part_of_the_time(session: Session) -> None:
    resource, organisation = make_resource(setup_minutes=0, cleanup_minutes=0), make_organisation()
    make_booking(resource)
    user = make_member(organisation)

    with pytest.raises(Taken) as refused:
        booking_service.request_booking(
            lines=[LineWish(resource, between(9, 11), 1, 60, 30)], organisation=organisation, by=actor_of(user),
            requested_by=user, content=BookingContent(**SMALL),
        )  # fmt: skip

    told = [(one.start, one.end) for one in refused.value.alternatives if one.way is Way.SHIFTED]
    assert told == [(at(5) + HALF, at(7) + HALF), (at(13), at(15)), (at(9, days=9), at(11, days=9))]
    assert session.scalars(select(UnmetDemand)).one().wish["starts_at"] == at(9).isoformat()


def test_the_extra_time_a_booking_asks_for_around_itself_is_occupied_too() -> None:
    resource = make_resource()
    organisation = make_organisation()
    user = make_member(organisation)
    booking_service.request_booking(
        lines=[LineWish(resource, between(8, 12), extra_cleanup_minutes=60)], organisation=organisation,
        content=BookingContent(**SMALL), by=actor_of(user), requested_by=user,
    )  # fmt: skip

    with pytest.raises(Taken):
        make_booking(resource, use=between(12, 14))
