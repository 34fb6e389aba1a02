"""Letters about answers: one act is one letter to each, about all that it concerns."""

from datetime import timedelta
from typing import Any

import pytest

from missions_app import clock
from missions_app.bookings import (
    approval_service,
    booking_service,
    cancel_service,
    occupancy,
    series_queries,
    series_service,
)
from missions_app.bookings.approval_service import Asked
from missions_app.bookings.content import BookingContent, LineWish
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, ConditionDue, Line, LineState, Series
from missions_app.bookings.series_service import Scope
from missions_app.moments import local_datetime
from missions_app.outbox.mail import Mail
from missions_app.outbox.rendering import renderer
from missions_app.sites.models import Approval, Resource
from tests.factories.accounts import actor_of
from tests.factories.bookings import SMALL, between
from tests.factories.organisations import make_member, make_organisation
from tests.factories.outbox import all_mail
from tests.factories.series import make_series, weekly
from tests.factories.sites import make_manager, make_resource

pytestmark = pytest.mark.usefixtures("session")
WHY = "Välkomna, ta med hjälm."


def bundle(*resources: Resource) -> Booking:
    organisation = make_organisation()
    user = make_member(organisation)
    return booking_service.request_booking(
        lines=[LineWish(one, between(8, 12)) for one in resources], organisation=organisation,
        content=BookingContent(**SMALL), by=actor_of(user), requested_by=user,
    )  # fmt: skip


def approve(line: Line, **more: Any) -> None:
    approval_service.decide_line(
        line, LineState.APPROVED, reason=WHY, by=actor_of(make_manager(line.resource.site)),
        expected_version=line.version, **more,
    )  # fmt: skip


def approve_all(series: Series) -> None:
    manager = actor_of(make_manager(series.booking.lines[0].resource.site))
    series_service.decide_series(series, LineState.APPROVED, reason=WHY, by=manager, expected_version=series.version)


def told(booking: Booking) -> list[str]:
    """Which letters whoever asked has had."""
    return [one["template"] for one in all_mail() if one["to"] == booking.requested_by.email]


def in_words(letter: dict[str, Any], locale: str = "sv") -> str:
    render = renderer("https://missions.example", "Region Blekinge")
    return render(Mail(letter["to"], letter["template"], locale, letter["data"]))[1]


def test_the_last_yes_is_told_once_with_what_the_owner_wrote_and_asks_for() -> None:
    hall, boat = make_resource(), make_resource()
    booking = bundle(hall, boat)
    approve(booking.lines[0])
    assert told(booking) == ["booking_decided"]
    assert f"- {hall.name_sv}, " in in_words(all_mail()[-1]), "which part and when"

    approve(booking.lines[1], conditions=[Asked("Skyddsskor på kajen", ConditionDue.ON_SITE)])

    assert told(booking) == ["booking_decided", "booking_confirmed"]
    text = in_words(all_mail()[-1])
    assert f"Ägaren till {boat.name_sv} skriver: {WHY}" in text
    assert "Skyddsskor på kajen" in text


def test_a_series_that_is_answered_whole_is_confirmed_by_one_letter() -> None:
    series = make_series(pattern=weekly(3))
    approve_all(series)
    assert told(series.booking) == ["booking_confirmed"]
    assert len(all_mail()[-1]["data"]["lines"]) == 3


def test_the_rest_of_a_series_is_told_date_by_date_where_something_else_waits() -> None:
    series = make_series(pattern=weekly(14))
    first, *rest = series_queries.lines_of(series)
    manager = actor_of(make_manager(first.resource.site))
    approval_service.decide_line(first, LineState.DECLINED, reason=WHY, by=manager, expected_version=first.version)
    series_service.decide_series(
        series, LineState.NEEDS_INFO, reason="Vilken båt kommer ni med?", by=manager, expected_version=series.version
    )
    assert told(series.booking) == ["booking_decided"] * 2
    text = in_words(all_mail()[-1])
    assert text.count("\n- ") == 10
    assert f"och {len(rest) - 10} till" in text


def test_a_yes_that_waits_for_another_manager_is_no_answer_yet() -> None:
    series = make_series(make_resource(approval=Approval.SEVERAL, approvals_needed=2), weekly(2))
    approve_all(series)
    assert told(series.booking) == []
    approve_all(series)
    assert told(series.booking) == ["booking_confirmed"]


def test_a_series_that_nobody_answers_ends_with_one_letter_to_each() -> None:
    resource = make_resource(hold_hours=48)
    manager = make_manager(resource.site)
    series = make_series(resource, weekly(3))
    with clock.fixed(clock.now() + timedelta(hours=49)):
        cancel_service.expire_holds({})
        ended = [one for one in all_mail() if one["template"] == "booking_expired"]

    assert sorted(one["to"] for one in ended) == sorted([series.booking.requested_by.email, manager.email])
    assert [in_words(one).count("\n- ") for one in ended] == [3, 3]


def test_each_owner_hears_of_own_parts_that_nobody_answered() -> None:
    hall, boat = make_resource(hold_hours=48), make_resource()
    keeper, skipper = make_manager(hall.site), make_manager(boat.site)
    booking = bundle(hall, boat)
    with clock.fixed(clock.now() + timedelta(hours=49)):
        cancel_service.expire_holds({})
    ended = {one["to"]: one["data"]["resource"] for one in all_mail() if one["template"] == "booking_expired"}
    assert ended == {
        keeper.email: hall.name_sv, skipper.email: boat.name_sv,
        booking.requested_by.email: f"{hall.name_sv}, {boat.name_sv}",
    }  # fmt: skip


def test_the_owner_learns_each_date_that_a_series_gives_back() -> None:
    series = make_series(pattern=weekly(4))
    make_manager(series.booking.lines[0].resource.site)
    at = series_queries.lines_of(series)[2].occurs_on or ""
    series_service.cancel_dates(
        series, at, Scope.FOLLOWING, reason="", by=actor_of(series.booking.requested_by),
        expected_version=series.version,
    )  # fmt: skip
    assert in_words(all_mail()[-1]).count("\n- ") == 2


def for_colleague(**more: Any) -> Booking:
    """A request at a site whose manager it is for."""
    organisation, resource = make_organisation(), make_resource()
    return booking_service.request_booking(
        lines=[LineWish(resource, between(8, 12))], organisation=organisation, content=BookingContent(**SMALL),
        by=actor_of(make_member(organisation)), booked_for=make_manager(resource.site), **more,
    )  # fmt: skip


def test_a_colleague_is_told_what_was_asked_for_in_their_name_and_is_not_asked_to_answer_it() -> None:
    booking = for_colleague()
    colleague = booking.booked_for

    assert colleague is not None
    letter = next(one for one in all_mail() if one["to"] == colleague.email)
    assert [one["template"] for one in all_mail() if one["to"] == colleague.email] == ["booking_for_you"]
    assert f"för din räkning ({booking.reference})" in in_words(letter)
    assert told(booking) == []


def test_a_manager_is_not_asked_to_answer_their_own_request() -> None:
    resource, organisation = make_resource(), make_organisation()
    manager, other = make_manager(resource.site), make_manager(resource.site)
    booking_service.request_booking(
        lines=[LineWish(resource, between(8, 12))], organisation=organisation, content=BookingContent(**SMALL),
        by=actor_of(make_member(organisation)), requested_by=manager,
    )  # fmt: skip

    assert [(one["to"], one["template"]) for one in all_mail()] == [(other.email, "booking_submitted")]


def test_who_is_asked_for_more_reads_what_to_do_and_until_when() -> None:
    booking = bundle(make_resource())
    line = booking.lines[0]
    approval_service.decide_line(
        line, LineState.NEEDS_INFO, reason="Vilken båt blir det?", by=actor_of(make_manager(line.resource.site)),
        expected_version=line.version,
    )  # fmt: skip

    text = in_words(all_mail()[-1])

    assert booking.held_until is not None
    assert "Skriv det i begäran och skicka den på nytt. Vi håller tiden åt dig till" in text
    assert local_datetime(booking.held_until) in text


def test_who_gets_a_yes_on_conditions_reads_what_to_do_with_them() -> None:
    line = bundle(make_resource()).lines[0]
    approval_service.decide_line(
        line, LineState.CONDITIONAL, reason="", by=actor_of(make_manager(line.resource.site)),
        expected_version=line.version, conditions=[Asked("Visa försäkringen")],
    )  # fmt: skip

    assert "Bocka av dem när de är uppfyllda, så bekräftar ägaren." in in_words(all_mail()[-1])


def test_nobody_is_told_that_time_is_held_beyond_its_own_beginning() -> None:
    resource, organisation = make_resource(), make_organisation()
    manager, user, soon = make_manager(resource.site), make_member(organisation), clock.now() + timedelta(hours=30)
    soon = soon.replace(minute=0, second=0, microsecond=0)
    booking = booking_service.request_booking(
        lines=[LineWish(resource, Interval(soon, soon + timedelta(hours=2)))], organisation=organisation,
        content=BookingContent(**SMALL), by=actor_of(user), requested_by=user,
    )  # fmt: skip
    line = booking.lines[0]

    assert [one["data"]["held_until"] for one in all_mail() if one["to"] == manager.email] == [soon.isoformat()]
    assert occupancy.held_until([line]) == {line.id: soon}
