"""Who takes an offer, until when it stands, and who hears of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.models import UserState
from missions_app.audit.models import AuditEvent
from missions_app.bookings import booking_service, cancel_service, waitlist_service
from missions_app.bookings.booking_service import BookingContent
from missions_app.bookings.errors import Incomplete, Taken
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, LineState
from missions_app.bookings.waiting import Waiting
from missions_app.bookings.waitlist_models import EntryState, OfferState
from missions_app.errors import NotAllowed
from tests.factories.accounts import actor_of
from tests.factories.bookings import SMALL, at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.outbox import all_mail
from tests.factories.sites import make_resource
from tests.factories.waitlist import make_entry

pytestmark = pytest.mark.usefixtures("session")


def cancel(booking: Booking) -> None:
    by = actor_of(booking.requested_by)
    cancel_service.cancel_booking(booking, reason="", by=by, expected_version=booking.version)


def letters() -> list[tuple[str, str]]:
    return [(one["template"], one["to"]) for one in all_mail() if one["template"].startswith("waitlist")]


def told(session: Session, entry: object) -> list[str]:
    rows = select(AuditEvent.action).where(
        AuditEvent.subject_kind == "waitlist_entry",
        AuditEvent.subject_id == entry.id,  # type: ignore[attr-defined]
    )
    return list(session.scalars(rows.order_by(AuditEvent.id)))


def test_an_offer_is_taken_by_a_colleague_who_asks_for_whoever_waits_and_by_nobody_else() -> None:
    resource, organisation = make_resource(), make_organisation()
    waits, colleague = make_member(organisation), make_member(organisation)
    entry = make_entry(resource, user=waits, organisation=organisation)

    with pytest.raises(Taken):
        make_booking(resource, organisation=organisation, user=colleague)
    booking_service.request_booking(
        resource=resource, use=between(8, 12), organisation=organisation, by=actor_of(colleague),
        requested_by=colleague, booked_for=waits, content=BookingContent(**SMALL),
    )  # fmt: skip

    assert (entry.state, entry.offers[0].state) == (EntryState.BOOKED, OfferState.ACCEPTED)


def test_whoever_waits_takes_their_offer_for_a_colleague_too() -> None:
    resource, organisation = make_resource(), make_organisation()
    waits, colleague = make_member(organisation), make_member(organisation)
    entry = make_entry(resource, user=waits, organisation=organisation)

    booking_service.request_booking(
        resource=resource, use=between(8, 12), organisation=organisation, by=actor_of(waits), requested_by=waits,
        booked_for=colleague, content=BookingContent(**SMALL),
    )  # fmt: skip

    assert entry.state is EntryState.BOOKED


def test_whoever_has_left_is_passed_by_without_a_letter() -> None:
    resource = make_resource()
    booking = make_booking(resource)
    first, second = make_entry(resource), make_entry(resource)
    first.user.state = UserState.SUSPENDED

    cancel(booking)

    assert (first.state, second.state) == (EntryState.SKIPPED, EntryState.OFFERED)
    assert letters() == [("waitlist_offered", second.user.email)]


@pytest.mark.parametrize(
    ("before", "notice_hours", "stands"),
    [
        (100, 24, timedelta(hours=24)),  # a day at most
        (40, 24, timedelta(hours=16)),  # while the notice of the place is still kept
        (2, 0, timedelta(hours=2)),  # until the use begins
        (24.5, 24, timedelta(minutes=30)),  # half an hour at least: less is not offered
        (24.25, 0, timedelta(hours=24)),
    ],
)
def test_an_offer_stands_for_a_day_as_long_as_the_time_can_still_be_asked_for(
    before: float, notice_hours: int, stands: timedelta
) -> None:
    resource, use = make_resource(notice_minutes=notice_hours * 60), between(8, 12)
    booking, now = make_booking(resource, use=use, state=LineState.APPROVED), use.start - timedelta(hours=before)
    entry = make_entry(resource, within=use)

    with clock.fixed(now):
        cancel(booking)

    assert [one.expires_at - now for one in entry.offers] == [stands]


def test_of_a_bundle_the_longest_notice_counts() -> None:
    soon, late = make_resource(notice_minutes=0), make_resource(notice_minutes=30 * 60)
    use = between(8, 12)
    booking, now = make_booking(soon, use=use, state=LineState.APPROVED), use.start - timedelta(hours=40)
    entry = make_entry(soon, late, within=use)

    with clock.fixed(now):
        cancel(booking)

    assert [one.expires_at - now for one in entry.offers] == [timedelta(hours=10)]


def test_what_has_passed_of_a_wait_is_not_offered() -> None:
    resource, use, nine = make_resource(notice_minutes=0), between(8, 16), at(9)
    booking = make_booking(resource, use=use, state=LineState.APPROVED)
    entry = make_entry(resource, within=use, hours=4)

    with clock.fixed(nine):
        cancel(booking)

    assert [one.starts_at for one in entry.offers] == [nine]


def test_a_wait_in_vain_and_one_that_is_offered_and_taken_stand_in_the_history(session: Session) -> None:
    resource = make_resource()
    booking = make_booking(resource)
    taken, vain = make_entry(resource), make_entry(resource)
    cancel(booking)
    make_booking(resource, organisation=taken.organisation, user=taken.user)

    with clock.fixed(vain.last):
        waitlist_service.tend({})

    assert told(session, taken) == ["waitlist.joined", "waitlist.offered", "waitlist.accepted"]
    assert told(session, vain) == ["waitlist.joined", "waitlist.unserved"]
    assert letters()[-1] == ("waitlist_unserved", vain.user.email)


def test_an_offer_that_nobody_takes_stands_in_the_history(session: Session) -> None:
    entry = make_entry(make_resource())

    with clock.fixed(entry.offers[0].expires_at):
        waitlist_service.tend({})

    assert told(session, entry) == ["waitlist.joined", "waitlist.offered", "waitlist.lapsed"]


def test_one_waits_for_ones_own_organisation_and_for_a_year_at_most() -> None:
    resource, organisation = make_resource(), make_organisation()
    user = make_member(organisation)
    far = Interval(at(0, days=380), at(0, days=381))

    with pytest.raises(NotAllowed):
        make_entry(resource, user=user, organisation=make_organisation())
    with pytest.raises(Incomplete) as refused:
        waitlist_service.join(
            [(resource, 1)], Waiting(far, timedelta(hours=4)), organisation=organisation, by=actor_of(user), user=user
        )

    assert [(one.code, one.field) for one in refused.value.problems] == [("too_far_ahead", "last")]
