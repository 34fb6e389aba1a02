"""What becomes possible without anything being given back, what is lost again, and when an answer is due."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import SYSTEM
from missions_app.accounts.models import User
from missions_app.accounts.queries import grants_of
from missions_app.bookings import cancel_service, waitlist_service
from missions_app.bookings.errors import Incomplete
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import LineState
from missions_app.bookings.waiting import lengths_between
from missions_app.bookings.waitlist_models import EntryState, OfferState
from missions_app.sites import rule_service
from missions_app.sites.rule_service import QualificationEntry
from tests.factories.accounts import sign_in
from tests.factories.bookings import between, make_booking
from tests.factories.outbox import all_mail
from tests.factories.sites import make_resource
from tests.factories.waitlist import make_entry


def lose_right(session: Session, user: User) -> None:
    for grant in grants_of(user):
        session.delete(grant)
    session.commit()


def test_who_is_granted_the_qualification_is_offered_what_is_free(session: Session) -> None:
    resource = make_resource()
    needed = rule_service.add_qualification(resource.site, QualificationEntry("Båtförare"), by=SYSTEM)
    rule_service.require_qualifications(resource, [needed], by=SYSTEM, expected_version=resource.version)
    entry = make_entry(resource)
    rule_service.grant_qualification(
        needed, entry.user, site=resource.site, valid_from=clock.today(), valid_until=None, by=SYSTEM
    )
    assert entry.state is EntryState.WAITING

    waitlist_service.look_again({})

    assert entry.state is EntryState.OFFERED


def test_what_comes_near_enough_to_be_booked_is_offered(session: Session) -> None:
    entry = make_entry(make_resource(horizon_days=9))
    assert entry.state is EntryState.WAITING

    with clock.fixed(clock.now() + timedelta(days=2)):
        waitlist_service.look_again({})

    assert entry.state is EntryState.OFFERED


def test_what_is_held_for_somebody_who_loses_the_right_goes_to_the_next(session: Session) -> None:
    resource = make_resource()
    booking = make_booking(resource)
    first, second = make_entry(resource), make_entry(resource)
    cancel_service.cancel_booking(booking, reason="", by=SYSTEM, expected_version=booking.version)
    lose_right(session, first.user)

    waitlist_service.look_again({})

    assert (first.state, first.note) == (EntryState.SKIPPED, waitlist_service.LOST_RIGHT)
    assert (first.offers[0].state, second.state) == (OfferState.EXPIRED, EntryState.OFFERED)


def test_who_waits_and_has_lost_the_right_is_passed_by_only_when_something_becomes_free(session: Session) -> None:
    resource = make_resource()
    make_booking(resource)
    entry = make_entry(resource)
    lose_right(session, entry.user)

    waitlist_service.look_again({})

    assert entry.state is EntryState.WAITING


def test_until_the_deadline_of_an_offer_it_can_be_booked(session: Session) -> None:
    resource = make_resource(notice_minutes=24 * 60)
    begin = datetime(2027, 3, 1, 7, 50, tzinfo=UTC)
    within = Interval(begin + timedelta(hours=24, minutes=10), begin + timedelta(hours=30, minutes=10))
    with clock.fixed(begin):
        entry = make_entry(resource, within=within, hours=2)
    offer = entry.offers[0]

    with clock.fixed(offer.expires_at - timedelta(minutes=1)):
        use = Interval(offer.starts_at, offer.ends_at)
        make_booking(resource, use=use, organisation=entry.organisation, user=entry.user)

    assert entry.state is EntryState.BOOKED
    assert offer.expires_at - begin >= timedelta(minutes=30)


def test_the_shortest_time_is_tried_whatever_the_step(session: Session) -> None:
    resource = make_resource(step_minutes=45, shortest_minutes=45)
    make_booking(resource, use=between(8, 11))

    entry = make_entry(resource, within=between(8, 12), hours=3, shortest=0.75)

    assert [one.ends_at - one.starts_at for one in entry.offers] == [timedelta(minutes=45)]


@pytest.mark.parametrize(
    ("longest", "shortest", "steps", "tried"),
    [(120, 60, (30,), [120, 90, 60]), (75, 60, (15,), [75, 60]), (180, 45, (45,), [180, 135, 90, 45]),
     (90, 60, (60,), [60]), (180, 60, (30, 45), [180, 90]), (50, 40, (20,), [40]), (60, 60, (30,), [60])],
)  # fmt: skip
def test_lengths_are_whole_steps_of_everything(
    longest: int, shortest: int, steps: tuple[int, ...], tried: list[int]
) -> None:
    minutes = [timedelta(minutes=one) for one in (longest, shortest, *steps)]

    found = lengths_between(minutes[0], minutes[1], minutes[2:])

    assert [one // timedelta(minutes=1) for one in found] == tried


def test_lengths_between_which_there_is_no_whole_step_are_not_waited_for(session: Session) -> None:
    with pytest.raises(Incomplete) as refused:
        make_entry(make_resource(step_minutes=60), hours=1.75, shortest=1.25)

    assert [(one.code, one.field) for one in refused.value.problems] == [("off_step", "length")]


def test_an_hour_is_one_where_one_waits(client: FlaskClient) -> None:
    resource = make_resource()
    make_booking(resource)
    sign_in(client, make_entry(resource, hours=1.5, shortest=1).user)

    page = client.get("/waitlist").text

    assert "1,5 timmar" in page
    assert "minst 1 timme" in page


def test_who_has_asked_for_what_a_request_does_not_hold_has_answered_the_offer(session: Session) -> None:
    resource = make_resource(requests_hold=False)
    taken = make_booking(resource, state=LineState.APPROVED)
    first, second = make_entry(resource), make_entry(resource)
    cancel_service.cancel_booking(taken, reason="", by=SYSTEM, expected_version=taken.version)
    use = between(8, 12)

    booking = make_booking(resource, use=use, organisation=first.organisation, user=first.user)
    assert (first.state, second.state) == (EntryState.OFFERED, EntryState.WAITING)
    with clock.fixed(first.offers[0].expires_at):
        waitlist_service.tend({})

    assert (first.state, first.offers[0].booking) == (EntryState.BOOKED, booking)
    assert second.state is EntryState.OFFERED
    assert "waitlist_lapsed" not in [one["template"] for one in all_mail()]
