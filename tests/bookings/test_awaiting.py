"""What waits for those who have booked: refusals to make good, parts to send, conditions to tick off."""

from datetime import timedelta

from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import approval_service, booking_service, queries
from missions_app.bookings.approval_service import Asked
from missions_app.bookings.content import BookingContent, LineWish
from missions_app.bookings.models import Booking, ConditionDue, Line, LineState
from missions_app.bookings.tasks import tasks_for
from tests.factories.accounts import actor_of
from tests.factories.bookings import SMALL, between
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_manager, make_resource


def asked_for_two() -> Booking:
    """One request for two places of different owners."""
    organisation = make_organisation()
    member = make_member(organisation)
    return booking_service.request_booking(
        lines=[LineWish(make_resource(), between(8, 12)), LineWish(make_resource(), between(8, 12))],
        organisation=organisation, by=actor_of(member), requested_by=member, content=BookingContent(**SMALL),
    )  # fmt: skip


def answer(line: Line, to: LineState, *conditions: Asked) -> None:
    approval_service.decide_line(
        line, to, reason="Så blir det den här gången.", by=actor_of(make_manager(line.resource.site)),
        expected_version=line.version, conditions=conditions,
    )  # fmt: skip


def titles(booking: Booking) -> list[str]:
    return [one.title.split(" %(")[0] for one in tasks_for(actor_of(booking.requested_by))]


def test_a_refused_part_waits_for_whoever_booked_until_something_stands_in_for_it(session: Session) -> None:
    booking = asked_for_two()
    refused = booking.lines[0]

    answer(refused, LineState.DECLINED)
    before = titles(booking)
    booking_service.add_line(
        booking, LineWish(make_resource(), between(8, 12)), by=actor_of(booking.requested_by),
        expected_version=booking.version, replaces=refused,
    )  # fmt: skip

    assert before == ["Choose in place of"]
    assert titles(booking) == ["Send what you have added to"]


def test_a_booking_is_gone_on_with_after_a_week_when_all_the_rest_is_approved(session: Session) -> None:
    booking = asked_for_two()
    answer(booking.lines[0], LineState.DECLINED)
    answer(booking.lines[1], LineState.APPROVED)

    with clock.fixed(clock.now() + timedelta(days=6)):
        soon = titles(booking)
    with clock.fixed(clock.now() + timedelta(days=8)):
        later = titles(booking)

    assert (soon, later) == (["Choose in place of"], [])


def test_nothing_waits_when_all_of_it_was_refused(session: Session) -> None:
    booking = asked_for_two()
    for line in booking.lines:
        answer(line, LineState.DECLINED)

    assert titles(booking) == []


def test_conditions_before_the_yes_wait_until_the_last_is_ticked_off(session: Session) -> None:
    booking = asked_for_two()
    line, by = booking.lines[0], actor_of(booking.requested_by)
    answer(
        line, LineState.CONDITIONAL, Asked("Visa försäkringen", ConditionDue.BEFORE),
        Asked("Städa efter er", ConditionDue.ON_SITE),
    )  # fmt: skip

    before = titles(booking)
    [condition] = [one for one in queries.conditions_of(line) if one.due is ConditionDue.BEFORE]
    approval_service.tick_condition(condition, by=by, expected_version=condition.version)

    assert before == ["Tick off the owner's conditions for"]
    assert titles(booking) == []
