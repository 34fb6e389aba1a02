"""A part of a booking that was refused: replaced, gone on without, and what is told of it."""

import pytest
from sqlalchemy.orm import Session

from missions_app.bookings import booking_service, states
from missions_app.bookings.content import LineWish
from missions_app.bookings.errors import NoSuchStep
from missions_app.bookings.models import LineState
from missions_app.errors import NotAllowed
from tests.bookings.test_requests import answer, asker_of, bundle, letters, occupied
from tests.factories.accounts import actor_of
from tests.factories.bookings import between
from tests.factories.sites import make_manager, make_resource

pytestmark = pytest.mark.usefixtures("session")


def test_a_refused_line_is_replaced_while_the_others_are_held(session: Session) -> None:
    booking = bundle(make_resource(), make_resource())
    first, second = booking.lines
    answer(second, LineState.DECLINED)
    wish = LineWish(make_resource(), between(8, 12))

    new = booking_service.add_line(
        booking, wish, by=asker_of(booking), expected_version=booking.version, replaces=second
    )
    gaps = states.gaps(booking.lines)
    booking_service.submit_booking(booking, by=asker_of(booking), expected_version=booking.version)

    assert gaps == []
    assert new.replaces_id == second.id
    assert {line for line, _kind in occupied(session, *booking.lines)} == {first.id, new.id}
    assert (first.state, second.state, new.state) == (LineState.SUBMITTED, LineState.DECLINED, LineState.SUBMITTED)


def test_those_who_booked_go_on_without_a_refused_line_once(session: Session) -> None:
    booking = bundle(make_resource(), make_resource())
    first, second = booking.lines
    answer(second, LineState.DECLINED)

    with pytest.raises(NoSuchStep):
        booking_service.go_on_without(first, by=asker_of(booking), expected_version=first.version)
    with pytest.raises(NotAllowed):
        booking_service.go_on_without(
            second, by=actor_of(make_manager(second.resource.site)), expected_version=second.version
        )
    booking_service.go_on_without(second, by=asker_of(booking), expected_version=second.version)
    with pytest.raises(NoSuchStep):
        booking_service.go_on_without(second, by=asker_of(booking), expected_version=second.version)

    assert (states.gaps(booking.lines), second.state) == ([], LineState.DECLINED)
    assert {line for line, _kind in occupied(session, *booking.lines)} == {first.id}


def test_a_refusal_says_that_the_rest_is_held_only_where_something_is_left() -> None:
    for line in bundle(make_resource(), make_resource()).lines:
        answer(line, LineState.DECLINED)
    assert [one["data"]["is_gap"] for one in letters("booking_decided")] == [True, False]


def test_a_line_stands_in_only_for_one_that_was_refused() -> None:
    booking = bundle(make_resource(), make_resource())

    with pytest.raises(NoSuchStep):
        booking_service.add_line(
            booking, LineWish(make_resource(), between(8, 12)), by=asker_of(booking),
            expected_version=booking.version, replaces=booking.lines[0],
        )  # fmt: skip
