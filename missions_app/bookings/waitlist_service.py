"""Waiting for time: joining, being offered what becomes free, taking it, letting it go to the next."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM, Actor
from missions_app.accounts.models import User, UserState
from missions_app.accounts.policy import permit
from missions_app.accounts.queries import load_actor
from missions_app.audit import trail
from missions_app.bookings import bookables, checking, demand_service, policy, reservations, waitlist_queries
from missions_app.bookings.askers import Asker
from missions_app.bookings.demand_models import DemandKind
from missions_app.bookings.errors import OfferGone, Taken
from missions_app.bookings.events import OfferMet, TimeFreed
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import ReservationKind
from missions_app.bookings.readers import Reader
from missions_app.bookings.reservations import Wish
from missions_app.bookings.waiting import Hours, Waiting, first_fit
from missions_app.bookings.waitlist_checks import require_sensible
from missions_app.bookings.waitlist_models import (
    EntryState,
    OfferState,
    WaitlistEntry,
    WaitlistHold,
    WaitlistOffer,
    WaitlistWish,
)
from missions_app.i18n import N_
from missions_app.organisations.models import Organisation
from missions_app.outbox import jobs
from missions_app.outbox.mail import queue_mail
from missions_app.sites.models import Bookers, Resource

OFFER_LASTS, LEAST_TIME = timedelta(hours=24), timedelta(minutes=30)
TRY_AGAIN = timedelta(minutes=5)
LOST_RIGHT = N_("Skipped: the right to book for the organisation is gone.")
SHUT_OUT = N_("Skipped: the owner no longer lets the organisation book it.")


@db.retried
def join(
    wishes: Sequence[tuple[Resource, int]], waiting: Waiting, *, organisation: Organisation, by: Actor, user: User
) -> WaitlistEntry:
    """Wait for some resources together. What is free already is offered at once.

    Args:
        wishes: (resource, units of its pool), each resource once.

    Raises:
        NotAllowed, NothingBookable, Incomplete.
    """
    permit(policy.can_book_for, by, organisation.id)
    with db.transaction() as session:
        require_sensible(wishes, waiting, organisation)
        entry = WaitlistEntry(
            user=user, organisation=organisation, first=waiting.within.start, last=waiting.within.end,
            weekdays=sorted(waiting.weekdays), earliest_start=waiting.hours.earliest, latest_end=waiting.hours.latest,
            length_minutes=_minutes(waiting.length),
            shortest_minutes=_minutes(waiting.shortest or waiting.length), purpose=waiting.purpose.strip(),
            state=EntryState.WAITING, created_at=clock.now(),
            wishes=[WaitlistWish(resource=resource, units=units) for resource, units in wishes],
        )  # fmt: skip
        reservations.lock_units([resource for resource, _units in wishes])
        session.add(entry)
        trail.record("waitlist.joined", entry, by=by, resources=[resource.slug for resource, _units in wishes])
        _offer_first(entry)
        return entry


@db.retried
def leave(entry: WaitlistEntry, *, by: Actor, expected_version: int) -> None:
    """Stop waiting; what is held goes to the next.

    Raises:
        NotAllowed, StaleVersion.
    """
    permit(policy.can_tend_entry, by, entry)
    with db.transaction():
        _lock(entry)
        db.expect_version(entry, expected_version)
        if entry.state in (EntryState.WAITING, EntryState.OFFERED):
            _let_go(entry, OfferState.DECLINED)
            _end(entry, EntryState.LEFT)
            trail.record("waitlist.left", entry, by=by)


@db.retried
def decline_offer(offer: WaitlistOffer, *, by: Actor) -> None:
    """Let a time go to the next and keep waiting for another.

    Raises:
        NotAllowed, OfferGone.
    """
    permit(policy.can_tend_entry, by, offer.entry)
    with db.transaction():
        _require_open(offer)
        _let_go(offer.entry, OfferState.DECLINED)
        offer.entry.state = EntryState.WAITING
        trail.record("waitlist.declined", offer.entry, by=by)


def _require_open(offer: WaitlistOffer) -> None:
    """Lock the units of an offer and make sure that it still stands: declining and expiring cannot both win."""
    _lock(offer.entry)
    db.session.refresh(offer)
    if offer.state is not OfferState.OPEN or offer.expires_at <= clock.now():
        raise OfferGone()


def take_own_offer(event: OfferMet) -> None:
    """A request meets time that is held for the very person who asks: the offer is taken, the time is theirs."""
    line = event.line
    if line is None:
        return
    person = line.booking.booked_for_id or line.booking.requested_by_id
    for offer in waitlist_queries.offers_holding(event.reservation_ids):
        mine = offer.entry.user_id in (person, line.booking.requested_by_id)
        if not mine or offer.state is not OfferState.OPEN or offer.expires_at <= clock.now():
            continue
        _take(offer, line.booking_id, line.booking.reference)


def _take(offer: WaitlistOffer, booking_id: int, reference: str) -> None:
    offer.state, offer.booking_id = OfferState.ACCEPTED, booking_id
    reservations.release_reservations([one.reservation_id for one in offer.holds])
    _end(offer.entry, EntryState.BOOKED)
    trail.record("waitlist.accepted", offer.entry, by=SYSTEM, booking=reference)


def offer_freed(event: TimeFreed) -> None:
    """Hold what became free for the first who fits, then the next. Its units are locked by whoever freed it."""
    units = sorted({unit for unit, _span in event.spans})
    freed = Interval(min(span.start for _unit, span in event.spans), max(span.end for _unit, span in event.spans))
    for entry in waitlist_queries.entries_waiting(units, freed):
        _offer_first(entry)


def tend(_payload: Mapping[str, Any]) -> None:
    """The worker's round: offers that nobody took go to the next, waits that ended in vain are counted, and entries
    that could not be looked at in passing are tried in a transaction of their own."""
    now = clock.now()
    for offer_id in waitlist_queries.offers_lapsed(now):
        _lapse(offer_id)
    for entry_id in waitlist_queries.entries_over(now):
        _close(entry_id)


def offer_later(payload: Mapping[str, Any]) -> None:
    """Try one entry whose units were busy when time became free."""
    with db.transaction() as session:
        entry = session.get(WaitlistEntry, payload["entry"])
        if entry is not None and entry.state is EntryState.WAITING:
            _lock(entry)
            _offer_first(entry)


@db.retried
def _lapse(offer_id: int) -> None:
    with db.transaction() as session:
        offer = session.get_one(WaitlistOffer, offer_id)
        entry = offer.entry
        _lock(entry)
        session.refresh(offer)
        if offer.state is not OfferState.OPEN or offer.expires_at > clock.now():
            return
        if asked := waitlist_queries.asked_for(offer):
            # What does not hold a request has been asked for all the same.
            _take(offer, asked.id, asked.reference)
            return
        _let_go(entry, OfferState.EXPIRED)
        _end(entry, EntryState.LAPSED)
        trail.record("waitlist.lapsed", entry, by=SYSTEM)
        _mail(entry, "waitlist_lapsed", starts_at=offer.starts_at.isoformat())


@db.retried
def _close(entry_id: int) -> None:
    with db.transaction() as session:
        entry = session.get_one(WaitlistEntry, entry_id)
        db.lock_row(entry)
        if entry.state is not EntryState.WAITING:
            return
        _end(entry, EntryState.UNSERVED)
        trail.record("waitlist.unserved", entry, by=SYSTEM)
        for wish in entry.wishes:
            about = {
                "starts_at": entry.first.isoformat(), "ends_at": entry.last.isoformat(), "units": wish.units,
                "minutes": entry.length_minutes,
            }  # fmt: skip
            demand_service.note(DemandKind.WAITLIST, about, resource_id=wish.resource_id)
        _mail(entry, "waitlist_unserved")


def look_again(_payload: Mapping[str, Any]) -> None:
    """The worker's slower round. What suits may come without anything being given back: a qualification is granted, a
    quota is raised, longer hours are opened, the day comes near enough; and what is held for somebody who has lost the
    right goes to the next."""
    for entry_id in waitlist_queries.entries_live():
        _look_again(entry_id)


@db.retried
def _look_again(entry_id: int) -> None:
    with db.transaction() as session:
        entry = session.get_one(WaitlistEntry, entry_id)
        _lock(entry)
        if entry.state is EntryState.OFFERED:
            _pass_by(entry)
        elif not _has_lost_right(entry):
            _offer_first(entry)


def _has_lost_right(entry: WaitlistEntry) -> bool:
    return not policy.can_book_for(load_actor(entry.user), entry.organisation_id)  # nobody but the active has any


def _pass_by(entry: WaitlistEntry) -> bool:
    """Whether whoever waits may no longer book it: they are told, and what is held for them goes to the next."""
    shut = next((one.resource for one in entry.wishes if _shuts_out(one.resource, entry.organisation)), None)
    if _has_lost_right(entry):
        note, about, told = LOST_RIGHT, {}, {}
    elif shut is not None:
        note, about, told = SHUT_OUT, {"resource": shut.slug}, {"owner": shut.site.owner.name}
    else:
        return False
    _let_go(entry, OfferState.EXPIRED)
    _end(entry, EntryState.SKIPPED, note=note)
    trail.record("waitlist.skipped", entry, by=SYSTEM, **about)
    if entry.user.state is UserState.ACTIVE:
        _mail(entry, "waitlist_skipped", organisation=entry.organisation.name, **told)
    return True


def _offer_first(entry: WaitlistEntry) -> bool:
    """Hold the first time that fits an entry, and tell who waits."""
    if entry.state is not EntryState.WAITING or _pass_by(entry):
        return False
    resources = [wish.resource for wish in entry.wishes]
    if not reservations.try_lock_units(resources):
        jobs.queue("bookings.offer_later", dedupe_key=None, entry=entry.id)
        return False
    # What has expired is free, and those who came before have the first choice of it.
    units = reservations.lock_units(resources)
    reservations.release_expired({unit for ids in units.values() for unit in ids})
    db.run_before_commit(reservations.FREED)
    if entry.state is not EntryState.WAITING:
        return False
    use = _fit(entry)
    return use is not None and _hold(entry, use)


def _shuts_out(resource: Resource, organisation: Organisation) -> bool:
    """Whether the rules of a resource leave an organisation out at every time."""
    if resource.bookers is Bookers.EVERYONE:
        return False
    soon = Interval(clock.now(), clock.now() + timedelta(minutes=30))
    asker = Asker(organisation.id, for_experiment=True, is_booking=False)
    return any(one.code == "not_among_bookers" for one in checking.problems(Wish(resource, soon), asker))


def _fit(entry: WaitlistEntry) -> Interval | None:
    """The first time that suits and that the rules would grant this very person, who may say then which experiment it
    is for."""
    now, zone = clock.now(), clock.zone()
    there = {
        one.resource.id: one for one in bookables.load(Resource.id.in_([wish.resource_id for wish in entry.wishes]))
    }
    # Where an owner asks for notice there has to be time to answer before it.
    notice = _notice(entry)
    begin = max(entry.first, now + notice + LEAST_TIME if notice else now)
    if begin >= entry.last or len(there) < len(entry.wishes):
        return None
    within = Interval(begin, entry.last)
    margin = timedelta(days=1)
    asker = Asker(entry.organisation_id, entry.user_id, for_experiment=True, is_booking=False)
    return first_fit(
        [(there[wish.resource_id], wish.units) for wish in entry.wishes],
        bookables.taken_between(there.values(), within.widened(margin, margin)), within,
        length=timedelta(minutes=entry.length_minutes), shortest=timedelta(minutes=entry.shortest_minutes),
        weekdays=entry.weekdays, now=now, zone=zone, hours=Hours(entry.earliest_start, entry.latest_end),
        without=[Interval(one.starts_at, one.ends_at) for one in entry.offers],
        reader=Reader(asker.organisation_id, checking.rules_of_all(list(there.values()), within, asker)),
    )  # fmt: skip


def _notice(entry: WaitlistEntry) -> timedelta:
    return max(timedelta(minutes=wish.resource.notice_minutes) for wish in entry.wishes)


def _hold(entry: WaitlistEntry, use: Interval) -> bool:
    """Hold a time for an entry. Whoever frees time is never refused because somebody waits: what cannot be held after
    all is tried again by the worker."""
    now = clock.now()
    expires = min(now + OFFER_LASTS, use.start - _notice(entry))
    try:
        with db.session.begin_nested():
            held = reservations.occupy(
                [Wish(wish.resource, use, wish.units) for wish in entry.wishes], ReservationKind.OFFER,
                expires_at=expires,
            )  # fmt: skip
    except Taken:
        jobs.queue("bookings.offer_later", due_at=now + TRY_AGAIN, entry=entry.id)
        return False
    offer = WaitlistOffer(
        entry=entry, starts_at=use.start, ends_at=use.end, made_at=now, expires_at=expires, state=OfferState.OPEN,
        holds=[WaitlistHold(reservation=one) for one in held],
    )  # fmt: skip
    entry.state = EntryState.OFFERED
    db.session.add(offer)
    db.session.flush()
    trail.record("waitlist.offered", entry, by=SYSTEM, starts_at=use.start.isoformat(), ends_at=use.end.isoformat())
    _mail(
        entry, "waitlist_offered", starts_at=use.start.isoformat(), expires_at=expires.isoformat(),
        minutes=int(use.length.total_seconds() // 60), wanted=entry.length_minutes, offer=offer.id,
    )  # fmt: skip
    return True


def _let_go(entry: WaitlistEntry, state: OfferState) -> None:
    """End the open offer of an entry; its time is free for the next."""
    for offer in entry.offers:
        if offer.state is OfferState.OPEN:
            offer.state = state
            reservations.release_reservations([one.reservation_id for one in offer.holds])


def _lock(entry: WaitlistEntry) -> None:
    reservations.lock_units([wish.resource for wish in entry.wishes])
    db.session.refresh(entry)


def _end(entry: WaitlistEntry, state: EntryState, *, note: str = "") -> None:
    entry.state, entry.ended_at, entry.note = state, clock.now(), note


def _mail(entry: WaitlistEntry, template: str, **data: Any) -> None:
    user = entry.user
    names = [wish.resource.name_sv if user.locale == "sv" else wish.resource.name_en or wish.resource.name_sv
             for wish in entry.wishes]  # fmt: skip
    queue_mail(user.email, template, locale=user.locale, resources=names, **data)


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)
