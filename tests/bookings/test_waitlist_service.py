"""The waitlist: a freed slot is held for the first who fits, and one after the other is offered it."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import SYSTEM
from missions_app.accounts.queries import grants_of
from missions_app.bookings import cancel_service, reservations, waitlist_service
from missions_app.bookings.demand_models import DemandKind, UnmetDemand
from missions_app.bookings.errors import OfferGone, Taken
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import LineState, Reservation, ReservationKind
from missions_app.bookings.waiting import Hours, Waiting
from missions_app.bookings.waitlist_models import EntryState, OfferState, WaitlistOffer
from missions_app.errors import NotAllowed
from missions_app.outbox.models import Job
from missions_app.sites import rule_service
from missions_app.sites.rule_models import QuotaPeriod
from missions_app.sites.rule_service import QualificationEntry, QuotaEntry
from tests.factories.accounts import actor_of
from tests.factories.bookings import at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_resource, make_site
from tests.factories.waitlist import make_entry


def cancel(booking: object) -> None:
    cancel_service.cancel_booking(
        booking,
        reason="Behövs inte",
        by=actor_of(booking.requested_by),
        expected_version=booking.version,  # type: ignore[attr-defined, arg-type]
    )


def offers(session: Session, state: OfferState = OfferState.OPEN) -> list[WaitlistOffer]:
    return list(session.scalars(select(WaitlistOffer).where(WaitlistOffer.state == state).order_by(WaitlistOffer.id)))


def active(session: Session) -> list[tuple[ReservationKind, datetime, datetime]]:
    rows = session.scalars(select(Reservation).where(Reservation.active).order_by(Reservation.starts_at))
    return [(one.kind, one.starts_at, one.ends_at) for one in rows]


def mails(session: Session) -> list[tuple[str, str]]:
    jobs = session.scalars(select(Job).where(Job.kind == "mail").order_by(Job.id))
    return [(one.payload["template"], one.payload["to"]) for one in jobs if "waitlist" in one.payload["template"]]


def test_a_freed_time_is_held_for_the_first_who_waits_and_nobody_else_gets_it(session: Session) -> None:
    resource = make_resource()
    booking = make_booking(resource)
    first, second = make_entry(resource), make_entry(resource)
    assert (first.state, second.state) == (EntryState.WAITING, EntryState.WAITING)

    cancel(booking)

    assert (first.state, second.state) == (EntryState.OFFERED, EntryState.WAITING)
    assert active(session) == [(ReservationKind.OFFER, at(8), at(12))]
    assert mails(session) == [("waitlist_offered", first.user.email)]
    with pytest.raises(Taken):
        make_booking(resource)


def test_who_is_offered_a_time_gets_it_by_asking_for_it(session: Session) -> None:
    resource = make_resource()
    booking = make_booking(resource)
    entry = make_entry(resource)
    cancel(booking)

    taken = make_booking(resource, organisation=entry.organisation, user=entry.user)

    assert taken.lines[0].state is LineState.SUBMITTED
    assert (entry.state, entry.offers[0].state) == (EntryState.BOOKED, OfferState.ACCEPTED)
    assert entry.offers[0].booking == taken
    assert active(session) == [(ReservationKind.REQUEST, at(8), at(12))]


def test_the_next_is_offered_what_the_first_declines_and_is_not_offered_it_again(session: Session) -> None:
    resource = make_resource()
    booking = make_booking(resource)
    first, second = make_entry(resource), make_entry(resource)
    cancel(booking)

    waitlist_service.decline_offer(first.offers[0], by=actor_of(first.user))

    assert (first.state, second.state) == (EntryState.WAITING, EntryState.OFFERED)
    waitlist_service.decline_offer(second.offers[0], by=actor_of(second.user))
    assert (first.state, second.state) == (EntryState.WAITING, EntryState.WAITING)
    assert active(session) == []


def test_an_offer_that_lapses_goes_to_the_next(session: Session) -> None:
    resource = make_resource()
    booking = make_booking(resource)
    first, second = make_entry(resource), make_entry(resource)
    cancel(booking)

    with clock.fixed(first.offers[0].expires_at):
        waitlist_service.tend({})

    assert (first.state, second.state) == (EntryState.LAPSED, EntryState.OFFERED)
    assert [one for one, _to in mails(session)] == ["waitlist_offered", "waitlist_lapsed", "waitlist_offered"]


def test_who_passes_by_when_an_offer_lapses_does_not_get_ahead_of_those_who_make_entry(session: Session) -> None:
    resource = make_resource()
    booking = make_booking(resource)
    first, second = make_entry(resource), make_entry(resource)
    cancel(booking)

    use = between(8, 12)
    with clock.fixed(first.offers[0].expires_at), pytest.raises(Taken):
        make_booking(resource, use=use)
    with clock.fixed(first.offers[0].expires_at):
        waitlist_service.tend({})

    assert second.state is EntryState.OFFERED


@pytest.mark.parametrize(("moment", "outcome"), [(timedelta(seconds=-1), "theirs"), (timedelta(0), "gone")])
def test_at_the_deadline_there_is_one_outcome(session: Session, moment: timedelta, outcome: str) -> None:
    resource = make_resource()
    booking = make_booking(resource)
    entry = make_entry(resource)
    cancel(booking)
    offer, use = entry.offers[0], between(8, 12)

    with clock.fixed(offer.expires_at + moment):
        if outcome == "theirs":
            taken = make_booking(resource, use=use, organisation=entry.organisation, user=entry.user)
            waitlist_service.tend({})
            assert (entry.state, offer.booking) == (EntryState.BOOKED, taken)
        else:
            with pytest.raises(OfferGone):
                waitlist_service.decline_offer(offer, by=actor_of(entry.user))
            waitlist_service.tend({})
            assert (entry.state, offer.booking) == (EntryState.LAPSED, None)
    assert len(active(session)) == (1 if outcome == "theirs" else 0)


def test_a_shorter_wish_fits_a_partial_gap(session: Session) -> None:
    resource = make_resource()
    morning, _noon = make_booking(resource, use=between(8, 10)), make_booking(resource, use=between(10, 12))
    whole, part = make_entry(resource), make_entry(resource, hours=4, shortest=1.5)

    cancel(morning)

    assert whole.state is EntryState.WAITING
    assert [(one.starts_at, one.ends_at) for one in part.offers] == [(at(8), at(10))]


def test_a_bundle_is_offered_only_when_all_of_it_is_free(session: Session) -> None:
    hall, boat = make_resource(), make_resource()
    hall_taken, boat_taken = make_booking(hall), make_booking(boat)
    entry = make_entry(hall, boat)

    cancel(hall_taken)
    assert entry.state is EntryState.WAITING
    cancel(boat_taken)

    assert entry.state is EntryState.OFFERED
    assert active(session) == [(ReservationKind.OFFER, at(8), at(12))] * 2


def test_flexible_dates_take_the_first_that_becomes_free_on_a_wanted_weekday(session: Session) -> None:
    resource = make_resource()
    insured = {"insurance_reference": "K-1", "insurance_valid_to": clock.today() + timedelta(days=60)}
    held = {
        at(0, days=day).astimezone(clock.zone()).weekday(): make_booking(
            resource, use=Interval(at(0, days=day), at(0, days=day + 1)), **insured
        )
        for day in range(10, 17)
    }
    organisation = make_organisation()
    user = make_member(organisation)
    waiting = Waiting(Interval(at(0, days=10), at(0, days=17)), timedelta(hours=2), weekdays=(3,))
    entry = waitlist_service.join([(resource, 1)], waiting, organisation=organisation, by=actor_of(user), user=user)

    cancel(held[4])
    assert entry.state is EntryState.WAITING
    cancel(held[3])

    assert entry.offers[0].starts_at.astimezone(clock.zone()).weekday() == 3


def test_a_freed_time_outside_the_hours_that_suit_goes_to_the_next(session: Session) -> None:
    resource = make_resource()
    morning, afternoon = make_booking(resource, use=between(8, 12)), make_booking(resource, use=between(13, 17))
    late = make_entry(resource, within=between(8, 17), at_hours=Hours(time(12), time(18)))
    any_time = make_entry(resource, within=between(8, 17))

    cancel(morning)
    assert (late.state, any_time.state) == (EntryState.WAITING, EntryState.OFFERED)
    cancel(afternoon)

    assert (late.state, late.offers[0].starts_at) == (EntryState.OFFERED, at(12))


def test_hours_that_suit_choose_the_hour_of_what_is_free_and_the_night_when_somebody_asks_for_it(
    session: Session,
) -> None:
    day = Interval(at(0), at(0) + timedelta(days=2))

    midday = make_entry(make_resource(), within=day, at_hours=Hours(time(10), time(15)))
    night = make_entry(make_resource(), within=day, at_hours=Hours(time(22), None))
    shorter = make_entry(make_resource(), within=day, hours=6, shortest=3, at_hours=Hours(time(9), time(13)))

    assert [(one.starts_at, one.ends_at) for each in (midday, night, shorter) for one in each.offers] == [
        (at(10), at(14)), (at(22), at(22) + timedelta(hours=4)), (at(9), at(13)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "hours", "suits"),
    [(8, 8, True), (7.5, 4, False), (13, 4, False), (12, 4, True), (20, 14, False), (8, 24, True), (8, 32, True),
     (9, 24 * 3, True), (17, 48, False)],
)  # fmt: skip
def test_a_use_suits_within_the_hours_of_one_day_or_from_the_first_to_the_last(
    start: float, hours: float, suits: bool
) -> None:
    begin = at(0) + timedelta(hours=start)
    use = Interval(begin, begin + timedelta(hours=hours))

    assert Hours(time(8), time(16)).suit(use, clock.zone()) is suits


@pytest.mark.parametrize(("hours", "has_room"), [(8, True), (9, False), (24, True), (33, True)])
def test_hours_have_room_for_what_can_lie_within_them_on_some_day(hours: int, has_room: bool) -> None:
    length, wanted, begin = timedelta(hours=hours), Hours(time(8), time(16)), at(0)
    uses = [Interval(start := begin + timedelta(minutes=30 * slot), start + length) for slot in range(48)]

    assert wanted.have_room(length) is has_room is any(wanted.suit(use, clock.zone()) for use in uses)


def test_who_may_book_only_later_is_offered_the_first_time_that_the_rules_grant(session: Session) -> None:
    resource, organisation = make_resource(), make_organisation()
    user = make_member(organisation)
    needed = rule_service.add_qualification(resource.site, QualificationEntry("Båtförare"), by=SYSTEM)
    rule_service.require_qualifications(resource, [needed], by=SYSTEM, expected_version=resource.version)
    rule_service.grant_qualification(
        needed, user, site=resource.site, valid_from=clock.today() + timedelta(days=40), valid_until=None, by=SYSTEM
    )

    waiting = Waiting(Interval(at(0), at(0, days=60)), timedelta(hours=4))
    entry = waitlist_service.join([(resource, 1)], waiting, organisation=organisation, by=actor_of(user), user=user)

    assert entry.offers[0].starts_at == at(6, days=40)


def test_somebody_who_lost_the_right_is_skipped_with_a_note(session: Session) -> None:
    resource = make_resource()
    booking = make_booking(resource)
    first, second = make_entry(resource), make_entry(resource)
    for grant in grants_of(first.user):
        session.delete(grant)
    session.commit()

    cancel(booking)

    assert first.state is EntryState.SKIPPED
    assert "right to book" in first.note
    assert ("waitlist_skipped", first.user.email) in mails(session)
    assert second.state is EntryState.OFFERED


def test_who_waits_for_another_time_is_not_looked_at_when_something_becomes_free(session: Session) -> None:
    resource = make_resource()
    wanted, other = make_booking(resource), make_booking(resource, use=between(8, 12, days=60))
    entry = make_entry(resource)
    for grant in grants_of(entry.user):
        session.delete(grant)
    session.commit()

    cancel(other)
    assert entry.state is EntryState.WAITING

    cancel(wanted)
    assert entry.state is EntryState.SKIPPED


def test_what_a_quota_has_left_again_is_offered_whenever_the_time_is(session: Session) -> None:
    first = next(days for days in (10, 20) if at(8, days=days).year == at(8, days=days + 5).year)
    resource, organisation = make_resource(), make_organisation()
    user = make_member(organisation)
    rule_service.add_quota(QuotaEntry("Fyra timmar", QuotaPeriod.YEAR, 4), [resource], by=SYSTEM)
    booking = make_booking(
        resource, use=between(8, 12, days=first + 5), organisation=organisation, user=user
    )  # fmt: skip
    entry = make_entry(resource, within=between(8, 12, days=first), organisation=organisation, user=user)
    assert entry.state is EntryState.WAITING

    cancel(booking)

    assert entry.state is EntryState.OFFERED


def test_what_is_free_when_one_joins_is_offered_at_once(session: Session) -> None:
    entry = make_entry(make_resource())

    assert entry.state is EntryState.OFFERED


def test_what_is_open_round_the_clock_is_offered_by_day(session: Session) -> None:
    resource = make_resource()
    day = Interval(at(0), at(0) + timedelta(days=1))

    entry = make_entry(resource, within=day, hours=4)
    longer = make_entry(make_resource(), within=day.widened(timedelta(0), timedelta(days=1)), hours=20)

    assert [one.starts_at for one in (*entry.offers, *longer.offers)] == [at(6), at(6)]


def test_a_pool_is_offered_as_soon_as_enough_units_are_free(session: Session) -> None:
    pool = make_resource(pool_size=2)
    one, other = make_booking(pool), make_booking(pool)
    entry = make_entry(pool, units=2)

    cancel(one)
    assert entry.state is EntryState.WAITING
    cancel(other)

    assert (entry.state, len(active(session))) == (EntryState.OFFERED, 2)


def test_a_wait_in_vain_is_counted_without_a_name(session: Session) -> None:
    resource = make_resource()
    make_booking(resource)
    entry = make_entry(resource)

    with clock.fixed(entry.last):
        waitlist_service.tend({})

    assert entry.state is EntryState.UNSERVED
    demand = session.scalars(select(UnmetDemand)).one()
    assert (demand.kind, demand.resource_id, demand.times) == (DemandKind.WAITLIST, resource.id, 1)
    assert str(entry.user_id) not in demand.wish.values()


def test_leaving_gives_the_time_to_the_next(session: Session) -> None:
    resource = make_resource()
    booking = make_booking(resource)
    first, second = make_entry(resource), make_entry(resource)
    cancel(booking)

    waitlist_service.leave(first, by=actor_of(first.user), expected_version=first.version)

    assert (first.state, second.state) == (EntryState.LEFT, EntryState.OFFERED)


def test_nobody_answers_for_somebody_else(session: Session) -> None:
    entry = make_entry(make_resource())

    with pytest.raises(NotAllowed):
        waitlist_service.leave(entry, by=actor_of(make_member(make_organisation())), expected_version=entry.version)


def test_refusals_are_counted_once_for_each_time_asked(session: Session) -> None:
    resource = make_resource(make_site())
    make_booking(resource)
    for _number in range(2):
        with pytest.raises(Taken):
            make_booking(resource)

    demand = session.scalars(select(UnmetDemand)).one()

    assert (demand.kind, demand.resource_id, demand.times) == (DemandKind.REFUSED, resource.id, 2)
    assert reservations.taken_on(resource, between(8, 12)) == [between(8, 12)]


def test_a_hold_that_has_expired_meanwhile_never_stops_somebody_from_giving_time_back(session: Session) -> None:
    resource = make_resource()
    make_booking(resource)
    later = make_booking(resource, use=between(13, 17), state=LineState.APPROVED)
    entry = make_entry(resource, within=between(8, 17))
    with clock.fixed(clock.now() + timedelta(days=8)):
        cancel(later)

        assert (later.lines[0].state, entry.state) == (LineState.CANCELLED, EntryState.OFFERED)
        assert active(session) == [(ReservationKind.OFFER, at(8, days=2), at(12, days=2))]


def test_nobody_is_offered_what_the_rules_would_refuse_them(session: Session) -> None:
    resource = make_resource()
    booking = make_booking(resource)
    first, second = make_entry(resource), make_entry(resource)
    needed = rule_service.add_qualification(resource.site, QualificationEntry("Båtförare"), by=SYSTEM)
    rule_service.require_qualifications(resource, [needed], by=SYSTEM, expected_version=resource.version)
    rule_service.grant_qualification(
        needed, second.user, site=resource.site, valid_from=clock.today(), valid_until=None, by=SYSTEM
    )

    cancel(booking)

    assert (first.state, second.state) == (EntryState.WAITING, EntryState.OFFERED)
