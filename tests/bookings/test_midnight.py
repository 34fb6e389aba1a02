"""A use that ends at midnight ends on the day before: insurance, permits and qualifications have to hold no longer."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import coverage, finding_service, permits, queries
from missions_app.bookings.errors import Incomplete
from missions_app.bookings.finding import Search
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import PermitState
from missions_app.bookings.needs import Need
from missions_app.workflow.method_service import method_in_force
from tests.factories.bookings import at, make_booking
from tests.factories.sites import make_resource, make_site

SEA = {"sea": True, "bottom_contact": True}


def whole_day() -> Interval:
    return Interval(at(0), at(0, days=11))


def test_an_insurance_of_the_last_day_is_enough(session: Session) -> None:
    day = clock.today() + timedelta(days=10)

    booking = make_booking(use=whole_day(), insurance_reference="K-1", insurance_valid_to=day)

    assert (coverage.is_insured(booking), coverage.period_of(booking)) == (True, (day, day))
    with pytest.raises(Incomplete):
        make_booking(use=whole_day(), insurance_reference="K-1", insurance_valid_to=day - timedelta(days=1))


def test_a_permit_of_the_last_day_is_enough(session: Session) -> None:
    day, method = clock.today() + timedelta(days=10), method_in_force() if make_site() else None
    assert method is not None
    held = [
        {"permit": one.id, "valid_from": "2020-01-01", "valid_until": day.isoformat()}
        for one in permits.needed(SEA, method)
    ]
    resource = make_resource(make_site(permits_held=held))
    wanted = Search((Need(exactly=f"{resource.site.slug}/{resource.slug}"),), timedelta(hours=2), day, 1)
    evening = Search(wanted.needs, timedelta(hours=4), day, 1, hours=(at(20).astimezone(clock.zone()).time(), None))
    at_sea = dict.fromkeys(method.booking.required_if_sea, "Finns")

    found = finding_service.find(evening, SEA, method).suggestions[0]
    booking = make_booking(
        resource, use=whole_day(), answers=SEA, details=at_sea, insurance_reference="K-1", insurance_valid_to=day
    )

    assert found.use.end == at(0, days=11)
    assert "permits_held" in [one.code for one in found.reasons]
    assert {one.state for one in queries.permits_of(booking)} == {PermitState.GRANTED}
    assert coverage.uncovered_permits(booking) == []
