"""Time that has been: nobody gives it back, says yes to it or waits for an answer about it; who hears of a change."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import site_scope
from missions_app.bookings import approval_service, booking_service, cancel_service, change_service, series_service
from missions_app.bookings.content import BookingContent, LineWish
from missions_app.bookings.errors import Incomplete, UseIsOver
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.bookings.series_service import Scope
from tests.factories.accounts import actor_of, grant_role, sign_in
from tests.factories.bookings import SMALL, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.outbox import all_mail
from tests.factories.series import make_series
from tests.factories.sites import make_manager, make_resource

HOUR = 100_00
WHY = "Så blir det den här gången."


def approved(**terms: Any) -> Line:
    return make_booking(make_resource(price_ore=HOUR, **terms), state=LineState.APPROVED).lines[0]


def cancel(line: Line, *, as_owner: bool = False) -> None:
    by = make_manager(line.resource.site) if as_owner else line.booking.requested_by
    cancel_service.cancel_line(line, reason=WHY, by=actor_of(by), expected_version=line.version)


@pytest.mark.parametrize("as_owner", [False, True])
def test_what_has_been_is_not_given_back(session: Session, as_owner: bool) -> None:
    line = approved()

    with clock.fixed(line.ends_at), pytest.raises(UseIsOver):
        cancel(line, as_owner=as_owner)
    with clock.fixed(line.ends_at), pytest.raises(UseIsOver):
        change_service.change_time(
            line, between(8, 12, days=30), by=actor_of(line.booking.requested_by), expected_version=line.version
        )

    assert (line.state, line.fee_ore) == (LineState.APPROVED, 0)


def test_the_page_offers_no_way_to_give_back_what_has_been(client: FlaskClient, session: Session) -> None:
    line = approved()
    page = f"/bookings/{line.booking.reference}"

    with clock.fixed(line.ends_at):
        browser = sign_in(client, line.booking.requested_by)
        shown, asked = browser.get(page).text, browser.get(f"{page}/cancel")

    assert f"{page}/cancel" not in shown
    assert (asked.status_code, "Tiden är slut och kan inte lämnas tillbaka." in asked.text) == (409, True)


@pytest.mark.parametrize(("minutes", "fee"), [(-1, 0), (1, 4 * HOUR)])
def test_what_may_be_cancelled_until_it_begins_costs_its_price_after_that(
    session: Session, minutes: int, fee: int
) -> None:
    line = approved(cancel_minutes=0)

    with clock.fixed(line.starts_at + timedelta(minutes=minutes)):
        cancel(line)

    assert (line.state, line.fee_ore) == (LineState.CANCELLED, fee)


def not_held(days: int = 10) -> Line:
    return make_booking(make_resource(requests_hold=False), use=between(8, 12, days=days)).lines[0]


def test_a_yes_to_what_has_been_comes_too_late(session: Session) -> None:
    line = not_held()

    with clock.fixed(line.ends_at), pytest.raises(Incomplete) as refused:
        approval_service.decide_line(
            line, LineState.APPROVED, reason="", by=actor_of(make_manager(line.resource.site)),
            expected_version=line.version,
        )  # fmt: skip

    assert [(one.code, one.field) for one in refused.value.problems] == [("use_is_over", "to")]


def test_a_request_that_holds_nothing_waits_no_longer_than_its_time(session: Session) -> None:
    line, later = not_held(), not_held(days=20)

    for moment, expected in ((line.starts_at, LineState.SUBMITTED), (line.ends_at, LineState.EXPIRED)):
        with clock.fixed(moment):
            cancel_service.expire_holds({})
            session.refresh(line)
            assert line.state is expected

    session.refresh(later)
    assert later.state is LineState.SUBMITTED
    told = {one["to"] for one in all_mail() if one["template"] == "booking_expired"}
    assert line.booking.requested_by.email in told


def for_a_colleague() -> Booking:
    organisation = make_organisation()
    user, colleague = make_member(organisation), make_member(organisation)
    return booking_service.request_booking(
        lines=[LineWish(make_resource(), between(8, 12))], organisation=organisation, by=actor_of(user),
        requested_by=user, booked_for=colleague, content=BookingContent(**SMALL),
    )  # fmt: skip


def told(template: str) -> dict[str, dict[str, Any]]:
    return {one["to"]: one["data"] for one in all_mail() if one["template"] == template}


def test_whoever_it_is_booked_for_hears_of_another_time_and_the_owner_alone_is_asked(session: Session) -> None:
    booking = for_a_colleague()
    line, manager = booking.lines[0], make_manager(booking.lines[0].resource.site)

    change_service.change_time(line, between(13, 15), by=actor_of(booking.requested_by), expected_version=line.version)

    assert booking.booked_for is not None
    found = {to: (data["needs_answer"], data["is_held"]) for to, data in told("booking_changed").items()}
    assert found == {booking.booked_for.email: (False, True), manager.email: (True, True)}


def test_whoever_asked_hears_that_somebody_else_of_them_has_cancelled(session: Session) -> None:
    booking = for_a_colleague()
    manager = make_manager(booking.lines[0].resource.site)
    assert booking.booked_for is not None

    cancel_service.cancel_booking(booking, reason="", by=actor_of(booking.booked_for), expected_version=booking.version)

    assert set(told("booking_cancelled")) == {booking.requested_by.email, manager.email}


def test_a_shorter_time_that_waits_for_conditions_needs_no_new_answer(session: Session) -> None:
    line = make_booking(state=LineState.CONDITIONAL).lines[0]
    manager = make_manager(line.resource.site)

    change_service.change_time(
        line, between(9, 12), by=actor_of(line.booking.requested_by), expected_version=line.version
    )

    assert told("booking_changed")[manager.email]["needs_answer"] is False


def test_hours_that_change_for_many_dates_are_told_to_both_sides(session: Session) -> None:
    series = make_series()
    manager = make_manager(series.resource.site)
    lines = sorted(series.booking.lines, key=lambda one: one.starts_at)
    starts = lines[0].starts_at.astimezone(clock.zone()).time()
    series.booking.booked_for = make_member(series.booking.organisation)
    session.flush()

    series_service.change_series(
        series, str(lines[0].occurs_on), Scope.ALL, starts=starts, ends=starts.replace(hour=starts.hour + 1),
        by=actor_of(series.booking.requested_by), expected_version=series.version,
    )  # fmt: skip

    assert {to: data["needs_answer"] for to, data in told("booking_series_changed").items()} == {
        series.booking.booked_for.email: False, manager.email: True,
    }  # fmt: skip


def test_a_manager_who_has_booked_hears_that_a_colleague_cancels_it(session: Session) -> None:
    line = approved()
    booking, site = line.booking, line.resource.site
    grant_role(booking.requested_by, "site_manager", site_scope(site.id))

    cancel(line, as_owner=True)

    assert set(told("booking_cancelled")) == {booking.requested_by.email}
