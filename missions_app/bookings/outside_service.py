"""Outside calendars: followed, fetched by the worker, and turned into occupied time. What comes where somebody has a
booking opens a case for the site's manager; nothing is ever occupied twice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM, Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.bookings import letters, outside_fetch, reservations
from missions_app.bookings.events import TimeFreed
from missions_app.bookings.intervals import Interval, gaps
from missions_app.bookings.models import Line, Reservation, ReservationKind
from missions_app.bookings.occupancy import active_between
from missions_app.bookings.outside_fetch import Fetched, FetchFailed
from missions_app.bookings.outside_models import (
    ConflictState,
    OutsideCalendar,
    OutsideConflict,
    OutsideEvent,
    OutsideReservation,
)
from missions_app.bookings.outside_read import (
    AHEAD,
    MOST_AHEAD,
    TOO_MUCH,
    Contents,
    Outside,
    Unread,
    read_calendar,
)
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.i18n import N_
from missions_app.outbox import jobs
from missions_app.sites.models import Resource, ResourceUnit, Unit
from missions_app.sites.policy import can_edit_site

FETCH = "bookings.fetch_outside"
MOST_CALENDARS = 5
Fetch = Callable[..., Fetched]
Read = Callable[[bytes, timedelta], Contents]


def follow(resource: Resource, *, name: str, url: str, by: Actor) -> OutsideCalendar:
    """Let a calendar kept elsewhere occupy a resource. It is fetched for the first time at once.

    Raises:
        NotAllowed, InvalidInput.
    """
    permit(can_edit_site, by, resource.site)
    with db.transaction() as session:
        problems = []
        try:
            if outside_fetch.is_plainly_private(outside_fetch.parts_of(url).hostname or ""):
                text = N_("The address is not on the public internet. Use the one that others subscribe to.")
                problems.append(Problem("not_public", text, "url"))
        except FetchFailed:
            text = N_("Write the whole address of the calendar, beginning with https:// and without a password in it.")
            problems.append(Problem("bad_address", text, "url"))
        if not name.strip():
            problems.append(Problem("missing", N_("Fill this in."), "name"))
        problems += [
            Problem("too_long", N_("Use at most %(most)d characters."), field, {"most": most})
            for field, text, most in (("name", name, 200), ("url", url, 1000))
            if len(text.strip()) > most
        ]
        there = calendars_of(resource)
        if url.strip() in [one.url for one in there]:
            problems.append(Problem("followed_already", N_("This calendar is followed already."), "url"))
        if len(there) >= MOST_CALENDARS:
            text = N_("Follow at most %(most)d calendars.")
            problems.append(Problem("too_many", text, "url", {"most": MOST_CALENDARS}))
        if problems:
            raise InvalidInput.of(problems)
        made = OutsideCalendar(
            resource=resource, name=name.strip(), url=url.strip(), added_at=clock.now(), added_by_id=by.user_id
        )
        session.add(made)
        session.flush()
        jobs.queue(FETCH, calendar_id=made.id)
        trail.record("outside_calendar.followed", resource.site, by=by, resource=resource.slug, calendar=made.id)
        return made


@db.retried
def stop(calendar: OutsideCalendar, *, by: Actor, expected_version: int) -> None:
    """Follow a calendar no more; what it has taken is free again."""
    permit(can_edit_site, by, calendar.resource.site)
    with db.transaction() as session:
        reservations.lock_units([calendar.resource])
        db.expect_version(calendar, expected_version)
        calendar.stopped_at = clock.now()
        session.flush()
        for event in _events_of(calendar):
            _end(event)
        trail.record("outside_calendar.stopped", calendar.resource.site, by=by, resource=calendar.resource.slug,
                     calendar=calendar.id)  # fmt: skip


def calendars_of(resource: Resource) -> Sequence[OutsideCalendar]:
    """The calendars that a resource follows, oldest first."""
    return db.session.scalars(
        select(OutsideCalendar)
        .where(OutsideCalendar.resource_id == resource.id, OutsideCalendar.stopped_at.is_(None))
        .order_by(OutsideCalendar.id)
    ).all()


def get_calendar(resource: Resource, calendar_id: int) -> OutsideCalendar:
    """A calendar that this resource follows, or NotFound."""
    found = next((one for one in calendars_of(resource) if one.id == calendar_id), None)
    if found is None:
        raise NotFound()
    return found


def ahead_of(resource: Resource) -> timedelta:
    """How far ahead what is told elsewhere is taken in: as far as anything at the site is let, within reason. What
    lies further ahead is taken in when it comes nearer."""
    furthest = select(func.max(Resource.horizon_days)).where(
        Resource.site_id == resource.site_id, Resource.retired_at.is_(None)
    )
    longest = timedelta(days=db.session.scalar(furthest) or 0)
    return min(max(longest, AHEAD), MOST_AHEAD)


def plan_fetches(_payload: Mapping[str, Any]) -> None:
    """Queue the fetching of every calendar that is followed; one that takes too long to read, once a day."""
    is_quick = or_(OutsideCalendar.failure != TOO_MUCH, OutsideCalendar.tried_at < clock.now() - timedelta(days=1))
    with db.transaction() as session:
        for key in session.scalars(
            select(OutsideCalendar.id).where(OutsideCalendar.stopped_at.is_(None), is_quick)
        ).all():
            jobs.queue(FETCH, calendar_id=key)


def fetcher(fetch: Fetch = outside_fetch.fetch, read: Read = read_calendar) -> Callable[[Mapping[str, Any]], None]:
    """The worker's handler. Nothing is locked while the network is waited for."""

    def run(payload: Mapping[str, Any]) -> None:
        calendar = db.session.get(OutsideCalendar, payload["calendar_id"])
        if calendar is None or calendar.stopped_at is not None:
            return
        key, url, etag, modified = calendar.id, calendar.url, calendar.etag, calendar.modified
        ahead = ahead_of(calendar.resource)
        if calendar.fetched_at is None or clock.day_of(calendar.fetched_at) != clock.today():
            # Once a day the whole of it is read: of what repeats without end, more comes within sight.
            etag = modified = ""
        db.session.commit()
        try:
            fetched = fetch(url, etag=etag, modified=modified)
            found = None if fetched.content is None else read(fetched.content, ahead)
        except FetchFailed as error:
            _note(key, error.code)
            return
        take(key, fetched, found)

    return run


@db.retried
def take(calendar_id: int, fetched: Fetched, found: Contents | None) -> None:
    """What came is taken in and noted together: what is noted as fetched is not asked for again."""
    with db.transaction():
        if found is not None:
            take_in(calendar_id, found.dates, found.unread)
        _note(calendar_id, "", fetched)


def _note(calendar_id: int, failure: str, fetched: Fetched | None = None) -> None:
    with db.transaction() as session:
        calendar = session.get_one(OutsideCalendar, calendar_id)
        calendar.tried_at, calendar.failure = clock.now(), failure
        if fetched is not None:
            calendar.fetched_at = clock.now()
            calendar.etag, calendar.modified = fetched.etag[:300], fetched.modified[:100]


@db.retried
def take_in(calendar_id: int, found: Sequence[Outside], unread: Sequence[Unread] = ()) -> None:
    """Let the calendar occupy what it says and give back what it no longer says. Where somebody has a booking a case
    is opened. An event that could not be read keeps what it had before, and the owner is told of it."""
    with db.transaction() as session:
        calendar = session.get_one(OutsideCalendar, calendar_id, options=[joinedload(OutsideCalendar.resource)])
        if calendar.stopped_at is not None:
            return
        units = reservations.lock_units([calendar.resource])[calendar.resource.id]
        reservations.release_expired(units)
        known = {one.key: one for one in _events_of(calendar)}
        said = {one.key: one for one in found}
        unclear = {one.event for one in unread}
        for key, event in known.items():
            same = said.get(key)
            is_same = same is not None and (event.starts_at, event.ends_at) == (same.when.start, same.when.end)
            if same is None and unclear and event.event in (*unclear, ""):
                continue
            # What has passed is no longer told by the other side, and stays as it was.
            if not is_same and (same is not None or event.ends_at > clock.now()):
                _end(event)
        opened: list[OutsideConflict] = []
        for key, one in said.items():
            there = known.get(key)
            if there is not None:
                there.event = one.event
            if there is not None and there.gone_at is None:
                continue
            if there is None:
                there = OutsideEvent(
                    calendar=calendar, key=key, event=one.event, starts_at=one.when.start, ends_at=one.when.end
                )
                session.add(there)
            there.starts_at, there.ends_at, there.gone_at = one.when.start, one.when.end, None
            session.flush()
            _fill(there, units)
            opened += _open_cases(there, units)
        if opened:
            letters.tell_collisions(calendar, opened)
        _note_unread(calendar, unread)
        trail.record("outside_calendar.taken_in", calendar.resource.site, by=SYSTEM, calendar=calendar.id,
                     events=len(found), unread=len(unread))  # fmt: skip


def _note_unread(calendar: OutsideCalendar, unread: Sequence[Unread]) -> None:
    """Keep which events could not be read; the owner gets a letter about those that are new, not one at every fetch."""
    known = {one["event"] for one in calendar.unread}
    new = [one for one in unread if one.event not in known]
    told = [asdict(one) for one in unread]
    if told != calendar.unread:
        calendar.unread = told
    if new:
        letters.tell_unread(calendar, new)


def _events_of(calendar: OutsideCalendar) -> Sequence[OutsideEvent]:
    return db.session.scalars(select(OutsideEvent).where(OutsideEvent.calendar_id == calendar.id)).all()


def _end(event: OutsideEvent) -> None:
    """The event is no more: its time is given back and its cases are over. Its units are locked."""
    if event.gone_at is not None:
        return
    event.gone_at = clock.now()
    db.session.flush()
    held = db.session.scalars(
        select(OutsideReservation.reservation_id).where(OutsideReservation.event_id == event.id)
    ).all()
    reservations.release_reservations(held)
    for case in db.session.scalars(
        select(OutsideConflict).where(OutsideConflict.event_id == event.id, OutsideConflict.state == ConflictState.OPEN)
    ):
        case.state, case.settled_at = ConflictState.GONE, clock.now()


def _fill(event: OutsideEvent, units: Sequence[int]) -> None:
    """Take everything that is free of some units during an event; what has passed is left."""
    window = Interval(event.starts_at, event.ends_at)
    if window.end <= clock.now():
        return
    taken: dict[int, list[Interval]] = {unit: [] for unit in units}
    for one in active_between(units, window):
        taken[one.unit_id].append(Interval(one.starts_at, one.ends_at))
    for unit in units:
        for gap in gaps(window, taken[unit]):
            row = Reservation(
                unit_id=unit, kind=ReservationKind.BLOCK, starts_at=gap.start, ends_at=gap.end, active=True
            )
            db.session.add(OutsideReservation(event_id=event.id, reservation=row))
    db.session.flush()


def _open_cases(event: OutsideEvent, units: Sequence[int]) -> list[OutsideConflict]:
    """The cases that an event opens: one for each line that has some of its time."""
    window = Interval(max(event.starts_at, clock.now()), event.ends_at) if event.ends_at > clock.now() else None
    if window is None:
        return []
    there = {one.line_id for one in active_between(units, window) if one.line_id is not None}
    known = {
        one.line_id: one
        for one in db.session.scalars(select(OutsideConflict).where(OutsideConflict.event_id == event.id))
    }
    opened = []
    for line_id in sorted(there):
        case = known.get(line_id)
        if case is None:
            case = OutsideConflict(event=event, line_id=line_id, opened_at=clock.now(), state=ConflictState.OPEN)
            db.session.add(case)
            opened.append(case)
        elif case.state is ConflictState.GONE:
            case.state, case.settled_at, case.opened_at = ConflictState.OPEN, None, clock.now()
            opened.append(case)
    db.session.flush()
    for case in opened:
        trail.record(
            "outside_conflict.opened", db.session.get_one(Line, case.line_id).booking, by=SYSTEM, case=case.id,
            calendar=event.calendar.name, line=case.line_id, starts_at=event.starts_at.isoformat(),
            ends_at=event.ends_at.isoformat(),
        )  # fmt: skip
    return opened


def take_freed(event: TimeFreed) -> None:
    """What is given back where an outside calendar has something falls to it, before anybody who waits. Cases about
    bookings that have nothing of its time any more are over; one is opened where somebody has booked what was held for
    them when the event came."""
    units = sorted({unit for unit, _span in event.spans})
    first, last = min(span.start for _unit, span in event.spans), max(span.end for _unit, span in event.spans)
    live = (
        OutsideEvent.gone_at.is_(None), OutsideEvent.ends_at > max(first, clock.now()), OutsideEvent.starts_at < last,
        OutsideCalendar.stopped_at.is_(None),
    )  # fmt: skip
    at = select(OutsideEvent, Unit.id).join(OutsideCalendar, OutsideCalendar.id == OutsideEvent.calendar_id)
    own = (
        at.join(ResourceUnit, ResourceUnit.resource_id == OutsideCalendar.resource_id)
        .join(Unit, Unit.id == ResourceUnit.unit_id)
        .where(Unit.id.in_(units), *live)
    )
    pooled = (
        at.join(Resource, Resource.id == OutsideCalendar.resource_id)
        .join(Unit, Unit.pool_id == Resource.pool_id)
        .where(Unit.id.in_(units), *live)
    )
    met: dict[OutsideEvent, list[int]] = {}
    for query in (own, pooled):
        for found, unit in db.session.execute(query).all():
            met.setdefault(found, []).append(unit)
    for found, taken in met.items():
        _fill(found, taken)
        _close_cases(found)
        if opened := _open_cases(found, reservations.unit_ids_of(found.calendar.resource)):
            letters.tell_collisions(found.calendar, opened)


def _close_cases(event: OutsideEvent) -> None:
    """Cases that nobody has decided about, of lines that have left the time of an event, are over."""
    has_some = (
        select(Reservation.id)
        .where(Reservation.line_id == OutsideConflict.line_id, Reservation.active,
               Reservation.starts_at < event.ends_at, Reservation.ends_at > event.starts_at)
        .exists()
    )  # fmt: skip
    over = select(OutsideConflict).where(
        OutsideConflict.event_id == event.id, OutsideConflict.state == ConflictState.OPEN, ~has_some
    )
    for case in db.session.scalars(over).all():
        case.state, case.settled_at = ConflictState.GONE, clock.now()
