"""Permits: on which days a test can take place, and what a site holds for a booking."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import permits, queries
from missions_app.bookings.models import PermitState
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_in_force
from tests.factories.bookings import at, between, make_booking
from tests.factories.organisations import make_organisation
from tests.factories.series import INSURED
from tests.factories.sites import make_resource, make_site

TODAY = date(2027, 3, 1)
SEA = {"sea": True, "bottom_contact": True}


def _method() -> Method:
    make_organisation()
    return method_in_force()


def _held(*periods: tuple[str, str]) -> list[dict[str, Any]]:
    needed = permits.needed(SEA, _method())
    return [{"permit": one.id, "valid_from": first, "valid_until": last} for one in needed for first, last in periods]


def test_without_any_permit_a_test_can_take_place_from_today(session: Session) -> None:
    assert permits.usable_days({}, _method(), today=TODAY) == [(TODAY, None)]


@pytest.mark.parametrize(
    ("periods", "before"),
    [
        ([], []),
        ([("2020-01-01", "2027-03-10")], [(TODAY, date(2027, 3, 10))]),
        ([("2027-03-05", "2027-03-10"), ("2027-03-11", "2027-03-12")], [(date(2027, 3, 5), date(2027, 3, 12))]),
        (
            [("2027-03-12", "2027-03-12"), ("2027-03-05", "2027-03-10")],
            [(date(2027, 3, 5), date(2027, 3, 10)), (date(2027, 3, 12), date(2027, 3, 12))],
        ),
    ],
)
def test_a_test_can_take_place_while_the_site_holds_every_permit_and_when_all_have_come(
    session: Session, periods: list[tuple[str, str]], before: list[permits.Days]
) -> None:
    method = _method()
    comes = permits.earliest(SEA, method, today=TODAY).day

    found = permits.usable_days(SEA, method, today=TODAY, permits_held=_held(*periods))

    assert found == [*before, (comes, None)]


@pytest.mark.parametrize(("days", "state"), [(10, PermitState.GRANTED), (9, PermitState.NEEDED)])
def test_a_booking_has_the_permit_that_its_site_holds_on_every_day_of_it(
    session: Session, days: int, state: PermitState
) -> None:
    until = clock.today() + timedelta(days=days)
    held = _held((str(TODAY - timedelta(days=900)), str(until)), ("2020-01-01", "2020-12-31"))
    resource = make_resource(make_site(permits_held=held))

    at_sea = dict.fromkeys(method_in_force().booking.required_if_sea, "Finns")

    booking = make_booking(resource, use=between(8, 12), answers=SEA, details=at_sea, **INSURED)

    rows = queries.permits_of(booking)
    assert {one.state for one in rows} == {state}
    assert {one.valid_until for one in rows} == {until if state is PermitState.GRANTED else None}
    assert clock.day_of(at(8)) == clock.today() + timedelta(days=10)


def test_what_a_site_holds_takes_no_time_unless_it_runs_out_before_the_rest_has_come(session: Session) -> None:
    method, answers = _method(), SEA | {"publishes_seabed_data": True}
    alone = permits.earliest(answers, method, today=TODAY)
    others = permits.earliest({"sea": True, "publishes_seabed_data": True}, method, today=TODAY)
    assert alone.decides is not None

    def at_site(first: date, last: date) -> permits.Earliest:
        held = [{"permit": alone.decides.id, "valid_from": str(first), "valid_until": str(last)}]  # type: ignore[union-attr]
        found = permits.earliest_at(answers, method, today=TODAY, permits_held=held)
        assert found.day == permits.usable_days(answers, method, today=TODAY, permits_held=held)[0][0]
        return found

    soon, later = TODAY + timedelta(days=5), others.day + timedelta(days=3)

    assert at_site(TODAY, soon) == permits.earliest_at(answers, method, today=TODAY, permits_held=[])
    assert at_site(TODAY, date(2040, 1, 1)).day == others.day
    begins = at_site(later, date(9999, 12, 31))
    assert (begins.day, begins.decides, begins.is_planning) == (later, alone.decides, False)
