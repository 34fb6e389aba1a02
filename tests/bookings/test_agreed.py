"""What was agreed when a time was asked for holds for it: its price, the market price and the notice of cancelling."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import booking_service, cancel_service, change_service, prices, series_service, statements
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, LineState
from missions_app.bookings.series_service import Scope
from missions_app.sites.models import Resource
from tests.factories.accounts import actor_of
from tests.factories.bookings import between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.series import make_series
from tests.factories.sites import make_manager, make_resource

pytestmark = pytest.mark.usefixtures("session")

HOUR, MARKET, DAY = 100_00, 300_00, 24 * 60
USE = between(8, 12)


def place() -> Resource:
    return make_resource(price_ore=HOUR, market_price_ore=MARKET, cancel_minutes=DAY, notice_minutes=0)


def approved(resource: Resource, **more: Any) -> Booking:
    return make_booking(resource, use=USE, state=LineState.APPROVED, **more)


def dearer(resource: Resource, session: Session) -> None:
    """The owner's new price list, and a longer notice."""
    resource.price_ore, resource.market_price_ore, resource.cancel_minutes = 2 * HOUR, 2 * MARKET, 9 * DAY
    session.flush()


def change(booking: Booking, use: Interval) -> None:
    line = booking.lines[0]
    by = actor_of(booking.requested_by)
    change_service.change_time(line, use, by=by, expected_version=line.version)


def terms(booking: Booking) -> tuple[int, int, int, int]:
    """(öre an hour, price, market price, days of notice)"""
    basis, line = prices.basis_of(booking.lines[0]), booking.lines[0]
    return basis.per_hour_ore, basis.price_ore, basis.market_ore, line.cancel_minutes // DAY


def test_a_statement_says_what_the_market_price_was_when_it_was_booked(session: Session) -> None:
    booking = approved(place())
    dearer(booking.lines[0].resource, session)

    [row] = statements.of_booking(booking)

    assert (row.price_ore, row.market_ore, row.benefit_ore) == (4 * HOUR, 4 * MARKET, 4 * (MARKET - HOUR))


def test_a_longer_notice_makes_no_earlier_booking_late(session: Session) -> None:
    booking = approved(place())
    dearer(booking.lines[0].resource, session)

    with clock.fixed(USE.start - timedelta(days=2)):
        cancel_service.cancel_booking(
            booking, reason="", by=actor_of(booking.requested_by), expected_version=booking.version
        )

    assert booking.lines[0].fee_ore == 0


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        (between(8, 10), (HOUR, 2 * HOUR, 2 * MARKET, 1)),
        (between(8, 14), (2 * HOUR, 12 * HOUR, 12 * MARKET, 9)),
        (between(8, 12, days=40), (2 * HOUR, 8 * HOUR, 8 * MARKET, 9)),
    ],
    ids=["shorter", "longer", "another day"],
)
def test_a_shorter_time_keeps_its_terms_and_what_is_asked_for_anew_has_those_of_the_day(
    session: Session, use: Interval, expected: tuple[int, int, int, int]
) -> None:
    booking = approved(place())
    dearer(booking.lines[0].resource, session)

    change(booking, use)

    assert terms(booking) == expected


def test_what_its_owner_moves_grows_no_dearer(session: Session) -> None:
    booking = approved(place())
    line = booking.lines[0]
    dearer(line.resource, session)

    change_service.move_line(
        line, between(8, 12, days=40), reason="Storm", by=actor_of(make_manager(line.resource.site)),
        expected_version=line.version,
    )  # fmt: skip

    assert terms(booking) == (HOUR, 4 * HOUR, 4 * MARKET, 1)


def test_what_its_owner_moves_to_a_day_too_near_to_be_cancelled_is_given_back_free_of_charge(session: Session) -> None:
    booking = approved(place())
    line, asker = booking.lines[0], actor_of(booking.requested_by)

    with clock.fixed(USE.start - timedelta(hours=30)):
        change_service.move_line(
            line, between(8, 12, days=9), reason="Storm väntas", by=actor_of(make_manager(line.resource.site)),
            expected_version=line.version,
        )  # fmt: skip
        cancel_service.cancel_line(line, reason="Vi kan inte då.", by=asker, expected_version=line.version)

    assert line.fee_ore == 0


def test_a_draft_is_sent_on_the_terms_of_the_day_it_is_sent(session: Session) -> None:
    organisation = make_organisation()
    user = make_member(organisation)
    booking = make_booking(place(), use=USE, user=user, organisation=organisation, state=LineState.DRAFT)
    dearer(booking.lines[0].resource, session)

    booking_service.submit_booking(booking, by=actor_of(user), expected_version=booking.version)

    assert terms(booking) == (2 * HOUR, 8 * HOUR, 8 * MARKET, 9)


def test_the_dates_of_a_series_keep_their_terms_when_their_hours_grow_fewer(session: Session) -> None:
    series = make_series(place())
    dearer(series.resource, session)
    lines = sorted(series.booking.lines, key=lambda one: one.starts_at)
    starts = lines[0].starts_at.astimezone(clock.zone()).time()

    series_service.change_series(
        series, str(lines[0].occurs_on), Scope.ALL, starts=starts, ends=starts.replace(hour=starts.hour + 1),
        by=actor_of(series.booking.requested_by), expected_version=series.version,
    )  # fmt: skip

    assert [(one.price_ore, one.market_hour_ore, one.cancel_minutes) for one in lines] == [(HOUR, MARKET, DAY)] * 3
