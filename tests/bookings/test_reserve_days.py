"""Reserve dates that are suggested can be had, and none of them takes the time of the booking itself."""

from datetime import date, timedelta

import pytest

from missions_app import clock
from missions_app.accounts.actor import SYSTEM
from missions_app.bookings import booking_service, finding_service, reserve_days
from missions_app.bookings.errors import Incomplete
from missions_app.bookings.finding import Search
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, LineState
from missions_app.bookings.needs import Need
from missions_app.sites import rule_service
from missions_app.sites.rule_service import QualificationEntry
from missions_app.workflow.method_service import method_in_force
from tests.factories.accounts import actor_of
from tests.factories.bookings import at, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.series import INSURED
from tests.factories.sites import make_resource, make_site

pytestmark = pytest.mark.usefixtures("session")


def day(days: int) -> date:
    return clock.today() + timedelta(days=days)


def two_nights(*reserves: date) -> Booking:
    """From eight in ten days to eight two days later; a draft."""
    return make_booking(
        use=Interval(at(8), at(8, days=12)), state=LineState.DRAFT,
        reserve_dates=tuple(one.isoformat() for one in reserves), **INSURED,
    )  # fmt: skip


def send(booking: Booking) -> None:
    booking_service.submit_booking(booking, by=actor_of(booking.requested_by), expected_version=booking.version)


def test_what_is_suggested_does_not_take_the_time_of_the_booking_itself() -> None:
    assert reserve_days.suggested(two_nights()) == [day(number) for number in (12, 13, 14, 15)]


@pytest.mark.parametrize("reserves", [(11,), (14, 15)])
def test_reserve_dates_that_come_too_close_are_told_at_the_dates(reserves: tuple[int, ...]) -> None:
    with pytest.raises(Incomplete) as refused:
        send(two_nights(*map(day, reserves)))

    assert [(one.code, one.field) for one in refused.value.problems] == [("reserves_overlap", "reserve_dates")]


def test_reserve_dates_far_enough_apart_are_held() -> None:
    booking = two_nights(day(12), day(14))

    send(booking)

    assert reserve_days.held(booking) == {booking.lines[0].id: [day(12).isoformat(), day(14).isoformat()]}


def test_no_day_is_suggested_on_which_a_qualification_has_ended() -> None:
    resource, organisation = make_resource(), make_organisation()
    user = make_member(organisation)
    needed = rule_service.add_qualification(resource.site, QualificationEntry("Båtförare"), by=SYSTEM)
    rule_service.require_qualifications(resource, [needed], by=SYSTEM, expected_version=resource.version)
    rule_service.grant_qualification(
        needed, user, site=resource.site, valid_from=clock.today(), valid_until=day(12), by=SYSTEM
    )

    draft = make_booking(resource, organisation=organisation, user=user, state=LineState.DRAFT)

    assert reserve_days.suggested(draft) == [day(11), day(12)]


def test_a_found_time_names_a_reserve_day_after_it_is_over() -> None:
    resource = make_resource(make_site(is_outdoor=True), setup_minutes=60)
    wanted = Search((Need(exactly=f"{resource.site.slug}/{resource.slug}"),), timedelta(days=2), day(10), 5)

    found = finding_service.find(wanted, {}, method_in_force()).suggestions[0]

    assert [one.values["day"] for one in found.reasons if one.code == "reserve_day"] == [day(13)]
