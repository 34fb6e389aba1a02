"""Calendars: what occupies which resources, as one reader may see it. The number of statements does not depend on how
many resources or bookings there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, null, or_, select
from sqlalchemy import Row as SqlRow
from sqlalchemy.orm import joinedload

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.bookings import bookables, visibility
from missions_app.bookings.bookables import BOOKABLE, Bookable
from missions_app.bookings.intervals import Interval, peak
from missions_app.bookings.models import Booking, Line, LineState, Reservation, ReservationKind
from missions_app.bookings.occupancy import overlapping
from missions_app.bookings.waitlist_models import (
    EntryState,
    WaitlistEntry,
    WaitlistHold,
    WaitlistOffer,
    WaitlistWish,
)
from missions_app.organisations.models import Organisation
from missions_app.sites.models import Resource, Site

PAGE = 50
MOVABLE = (LineState.SUBMITTED, LineState.NEEDS_INFO, LineState.CONDITIONAL, LineState.APPROVED)
CERTAIN = (LineState.APPROVED, LineState.ONGOING, LineState.COMPLETED, LineState.CLOSED)


class Look(StrEnum):
    """How an entry is drawn: one's own and certain, held and not certain, somebody else's."""

    MINE = "mine"
    HOLD = "hold"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Entry:
    """A stretch of time in which a resource is occupied, set-up and clean-up included. What the reader may not see is
    None; with a reference it may be opened. `units` of a pool; `reason` of a block. `via` is another resource that
    takes the same place; `use` is the time itself, without what is around it, for whoever may move it; `offer_id` is
    the offer by which it is held for the reader, who waited."""

    occupied: Interval
    look: Look
    kind: ReservationKind
    units: int
    purpose: str | None
    organisation: str | None
    reference: str | None
    line_id: int | None
    state: LineState | None
    reason: str
    via_id: int | None
    use: Interval | None
    offer_id: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A resource and what occupies it, by start; `others`: what is left out of the entries, and taken all the same."""

    bookable: Bookable
    entries: Sequence[Entry]
    others: Sequence[Entry] = ()

    def free_units(self, window: Interval) -> int:
        """How many units of a pool are never taken in a window."""
        taken = [one.occupied for one in (*self.entries, *self.others) for _unit in range(one.units)]
        return max(0, len(self.bookable.units) - peak(taken, window))


@dataclass(frozen=True, slots=True)
class Filters:
    """What to show: of one site (slug), theme, owner (slug), kind of site; only one's own."""

    site: str = ""
    theme: str = ""
    owner: str = ""
    kind: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """A page of resources with what occupies them. `sites` are all that take bookings, for the filters."""

    rows: Sequence[Row]
    number: int
    pages: int
    sites: Sequence[Site]


def schedule(actor: Actor, window: Interval, filters: Filters, *, number: int = 1, size: int = PAGE) -> Schedule:
    """One page of resources during a window: seven statements."""
    sites = db.session.scalars(
        select(Site).where(Site.status.in_(BOOKABLE)).options(joinedload(Site.owner)).order_by(Site.sort_key, Site.id)
    ).all()
    shown = [one.id for one in sites if _fits(one, filters)]
    which: list[ColumnElement[bool]] = [Resource.site_id.in_(shown), Resource.retired_at.is_(None)]
    if filters.mine:
        which.append(or_(Resource.id.in_(_own_resources(actor, window)), Resource.id.in_(_offered_resources(actor))))
    total = db.session.scalar(select(func.count()).select_from(Resource).where(*which)) or 0
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    ids = db.session.scalars(
        select(Resource.id)
        .join(Site, Site.id == Resource.site_id)
        .where(*which)
        .order_by(Site.sort_key, Resource.name_sv, Resource.id)
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    place = {key: at for at, key in enumerate(ids)}
    there = sorted(bookables.load(Resource.id.in_(ids)), key=lambda one: place[one.resource.id])
    return Schedule(rows_of(actor, there, window, only_mine=filters.mine), number, pages, sites)


def _fits(site: Site, filters: Filters) -> bool:
    return (
        filters.site in ("", site.slug)
        and (not filters.theme or filters.theme in site.themes)
        and filters.owner in ("", site.owner.slug)
        and filters.kind in ("", site.kind)
    )


def _own_resources(actor: Actor, window: Interval) -> Select[int]:
    return (
        select(Line.resource_id)
        .join(Booking, Booking.id == Line.booking_id)
        .where(
            Line.starts_at < window.end,
            Line.ends_at > window.start,
            Line.state.in_(visibility.SHOWN_STATES),
            visibility.is_own(actor),
        )
    )


def _offered_resources(actor: Actor) -> Select[int]:
    return (
        select(WaitlistWish.resource_id)
        .join(WaitlistEntry, WaitlistEntry.id == WaitlistWish.entry_id)
        .where(WaitlistEntry.user_id == actor.user_id, WaitlistEntry.state == EntryState.OFFERED)
    )


def of_resource(actor: Actor, resource: Resource, window: Interval) -> Row | None:
    """One resource during a window: four statements. None when it takes no bookings."""
    there = bookables.load(Resource.id == resource.id)
    return next(iter(rows_of(actor, there, window)), None)


def rows_of(actor: Actor, there: Sequence[Bookable], window: Interval, *, only_mine: bool = False) -> list[Row]:
    """What occupies some resources during a window: one statement."""
    by_unit = _entries(actor, sorted({unit for one in there for unit in one.units}), window)
    rows = []
    for one in there:
        found: dict[object, list[Entry]] = {}
        for unit in one.units:
            for key, entry in by_unit.get(unit, ()):
                found.setdefault(key, []).append(entry)
        entries = sorted((_joined(same, one.resource.id) for same in found.values()), key=lambda entry: entry.occupied)
        others = [entry for entry in entries if only_mine and entry.look is Look.BUSY]
        rows.append(Row(one, [entry for entry in entries if entry not in others], others))
    return rows


def _joined(same: Sequence[Entry], resource_id: int) -> Entry:
    """The units that one line or block takes at the same time are one entry."""
    first = same[0]
    return Entry(
        first.occupied, first.look, first.kind, len(same), first.purpose, first.organisation, first.reference,
        first.line_id, first.state, first.reason, None if first.via_id == resource_id else first.via_id,
        first.use, first.offer_id,
    )  # fmt: skip


def _entries(actor: Actor, units: Sequence[int], window: Interval) -> dict[int, list[tuple[object, Entry]]]:
    if not units:
        return {}
    taken = overlapping(
        [
            Reservation.id, Reservation.unit_id, Reservation.starts_at, Reservation.ends_at, Reservation.kind,
            Reservation.line_id, Reservation.reason,
        ],
        units, window,
    ).subquery("taken")  # fmt: skip
    used = {"line_id", "starts_at", "ends_at", "people"}
    seen = [one for one in visibility.columns_for(actor) if one.key not in used]
    seen += [Line.starts_at.label("use_start"), Line.ends_at.label("use_end")]
    seen += [visibility.takes_part(actor).label("may_move"), _own_offer(actor, taken).label("offer_id")]
    query = (
        select(
            taken.c.unit_id, taken.c.starts_at, taken.c.ends_at, taken.c.kind, taken.c.line_id, taken.c.reason, *seen
        )
        .select_from(taken)
        .outerjoin(Line, Line.id == taken.c.line_id)
        .outerjoin(Booking, Booking.id == Line.booking_id)
        .outerjoin(Resource, Resource.id == Line.resource_id)
        .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
    )
    found: dict[int, list[tuple[object, Entry]]] = {}
    for row in db.session.execute(query):
        entry = Entry(
            Interval(row.starts_at, row.ends_at), _look(row), row.kind, 1, row.purpose, row.organisation,
            row.reference, row.line_id, row.state, row.reason, row.resource_id, _movable(row), row.offer_id,
        )  # fmt: skip
        key = (row.line_id, row.starts_at, row.kind) if row.line_id else (row.starts_at, row.ends_at, row.reason)
        found.setdefault(row.unit_id, []).append((key, entry))
    return found


def _own_offer(actor: Actor, taken: Subquery) -> ColumnElement[Any]:
    """The offer that holds time for the reader; nothing where it is held for anything or anybody else."""
    if actor.user_id is None:
        return null()
    offer = (
        select(WaitlistHold.offer_id)
        .join(WaitlistOffer, WaitlistOffer.id == WaitlistHold.offer_id)
        .join(WaitlistEntry, WaitlistEntry.id == WaitlistOffer.entry_id)
        .where(WaitlistHold.reservation_id == taken.c.id, WaitlistEntry.user_id == actor.user_id)
        .correlate(taken)
        .scalar_subquery()
    )
    return case((taken.c.kind == ReservationKind.OFFER, offer), else_=null())


def _movable(row: SqlRow[Any]) -> Interval | None:
    """What is moved in a calendar: a time that is asked for, by those who may, never a reserve date."""
    is_moved = row.may_move and row.kind is ReservationKind.REQUEST and row.state in MOVABLE
    return Interval(row.use_start, row.use_end) if is_moved else None


def _look(row: SqlRow[Any]) -> Look:
    if not row.is_mine:
        return Look.BUSY if row.offer_id is None else Look.HOLD
    return Look.MINE if row.state in CERTAIN and row.kind is ReservationKind.REQUEST else Look.HOLD


@dataclass(frozen=True, slots=True)
class Visit:
    """An entry of a list: when, of what."""

    at: datetime
    bookable: Bookable
    entry: Entry


def as_list(rows: Sequence[Row]) -> list[Visit]:
    """Every entry by start, then by the order of the resources."""
    found = [Visit(entry.occupied.start, row.bookable, entry) for row in rows for entry in row.entries]
    return sorted(found, key=lambda one: one.at)
