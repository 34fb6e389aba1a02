"""The one door to occupying units: lock in id order, free what has expired, check, write.

Everything that occupies time comes through `occupy`. Behind it stands the database's own guard. What is given back is
announced once, last in the transaction, so that those who wait for it come before everybody else.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Select, bindparam, select, union, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from missions_app import clock, db
from missions_app.bookings import guard, pooling
from missions_app.bookings.askers import asker_of
from missions_app.bookings.errors import Taken
from missions_app.bookings.events import HoldsExpired, OfferMet, TimeFreed, TimeRefused
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Line, LineState, Reservation, ReservationKind
from missions_app.bookings.occupancy import (
    Wish,
    active_between,
    nearest,
    opening_of,
    spans_between,
    taken_on,
    terms_of,
    unit_ids_of,
)  # fmt: skip
from missions_app.errors import DomainError
from missions_app.events import announce
from missions_app.sites.models import Resource, ResourceUnit, Unit

FREED = "bookings.freed"
LOCKED = "bookings.locked"
FAR_AHEAD = datetime(9000, 1, 1, tzinfo=UTC)
log = logging.getLogger(__name__)
UNDECIDED = (LineState.SUBMITTED, LineState.NEEDS_INFO, LineState.CONDITIONAL)


def occupy(
    wishes: Sequence[Wish], kind: ReservationKind, *, expires_at: datetime | None = None, reason: str = ""
) -> list[Reservation]:
    """Occupy units for every wish, or for none. Call it inside a transaction.

    Raises:
        Taken: at least one wish cannot be met. When the transaction is over the error names the nearest alternatives
            of the first that cannot.
    """
    units = lock_units([wish.resource for wish in wishes])
    made: list[Reservation] = []
    try:
        busy = _busy(wishes, units)
        for wish in wishes:
            ids = units[wish.resource.id]
            chosen = _free(wish, ids, busy)
            if chosen is None:
                # Somebody is in the way. Holds may have expired, an offer be for whoever asks, others of a pool give
                # room: all of which moves what was read.
                if made:
                    db.session.flush()
                chosen = _choose(wish, ids)
                if chosen is None:
                    raise _refusal(wish)
                busy = _busy(wishes, units)
            for unit in chosen:
                reservation = Reservation(
                    unit_id=unit, line=wish.line, kind=kind, starts_at=wish.occupied.start, ends_at=wish.occupied.end,
                    active=True, expires_at=expires_at, reason=reason,
                )  # fmt: skip
                db.session.add(reservation)
                made.append(reservation)
                busy.setdefault(unit, []).append(wish.occupied)
        db.session.flush()
    except IntegrityError as error:
        if guard.is_overlap(error):
            raise _refusal(wishes[0]) from error
        raise
    return made


def _busy(wishes: Sequence[Wish], units: Mapping[int, Sequence[int]]) -> dict[int, list[Interval]]:
    """What occupies the units of some wishes around their times, by unit; expired holds too. One statement."""
    ids = sorted({unit for wish in wishes for unit in units[wish.resource.id]})
    wanted = [wish.occupied for wish in wishes]
    window = Interval(min(one.start for one in wanted), max(one.end for one in wanted))
    found: dict[int, list[Interval]] = {}
    # Whoever is refused has written nothing.
    with db.session.no_autoflush:
        spans = spans_between(ids, window)
    for unit, start, end in spans:
        found.setdefault(unit, []).append(Interval(start, end))
    return found


def _free(wish: Wish, ids: list[int], busy: Mapping[int, Sequence[Interval]]) -> list[int] | None:
    """The units a wish gets where nobody is in the way; None where that has to be looked at."""
    wanted = wish.occupied
    free = [unit for unit in ids if not any(one.overlaps(wanted) for one in busy.get(unit, ()))]
    if wish.resource.pool_id is None:
        return free if ids and len(free) == len(ids) else None
    return free[: wish.units] if len(free) >= wish.units else None


def _refusal(wish: Wish) -> Taken:
    """What a wish is answered with. Alternatives are looked for when nothing is locked: rivals do not wait for them."""
    error, line, resource, use, units = Taken(), wish.line, wish.resource.id, wish.use, wish.units
    asker = asker_of(line.booking, but=[line]) if line is not None else None
    extra = (timedelta(0), timedelta(0))
    if line is not None:
        extra = (timedelta(minutes=line.extra_setup_minutes), timedelta(minutes=line.extra_cleanup_minutes))
        use = Interval(use.start + extra[0], use.end - extra[1])

    def tell() -> None:
        try:
            announce(TimeRefused(error, resource, use, units, asker, *extra))
        except (DomainError, DBAPIError):
            log.warning("a refusal goes without alternatives", exc_info=True)

    db.after_rollback(tell)
    return error


def _locking(*, with_pools: bool) -> Select[int, int | None, int | None]:
    mine = ResourceUnit.resource_id.in_(bindparam("resources", expanding=True))
    ids = select(ResourceUnit.unit_id).where(mine)
    in_pools = select(Unit.id).where(Unit.pool_id.in_(bindparam("pools", expanding=True)))
    return (
        select(Unit.id, Unit.pool_id, ResourceUnit.resource_id)
        .outerjoin(ResourceUnit, (ResourceUnit.unit_id == Unit.id) & mine)
        .where(Unit.id.in_(union(ids, in_pools) if with_pools else ids))
        .order_by(Unit.id)
        .with_for_update(of=Unit)
    )


# Built once: every booking asks one of them.
_UNITS, _UNITS_AND_POOLS = _locking(with_pools=False), _locking(with_pools=True)


def lock_units(resources: Iterable[Resource]) -> dict[int, list[int]]:
    """Lock every unit the resources may take, in id order; the units of each resource by its id.

    Nothing is flushed before the locks are there, so that nobody waits for a unit while holding a row.
    """
    wanted = {one.id: one.pool_id for one in resources}
    locked = db.notes().setdefault(LOCKED, {}) if db.in_transaction() else {}
    if wanted.keys() <= locked.keys():
        return {one: list(locked[one]) for one in wanted}
    pools = sorted({pool for pool in wanted.values() if pool is not None})
    found: dict[int, list[int]] = {one: [] for one in wanted}
    by_pool: dict[int, list[int]] = {}
    with db.session.no_autoflush:
        among = {"resources": sorted(wanted), **({"pools": pools} if pools else {})}
        for unit, pool, resource in db.session.execute(_UNITS_AND_POOLS if pools else _UNITS, among):
            if resource is not None and wanted[resource] is None:
                found[resource].append(unit)
            if pool is not None and unit not in by_pool.setdefault(pool, []):
                by_pool[pool].append(unit)
    for resource, pool in wanted.items():
        if pool is not None:
            found[resource] = by_pool.get(pool, [])
    # Going back to a savepoint would let the locks go, so only those of the whole transaction are remembered.
    if not db.session().in_nested_transaction():
        locked.update(found)
    return found


def try_lock_units(resources: Iterable[Resource]) -> bool:
    """Lock every unit the resources may take unless somebody else has one locked: never waits, so it may be called
    with other units locked already. False when some could not be had."""
    pools = {one.pool_id for one in resources if one.pool_id is not None}
    own = select(ResourceUnit.unit_id).where(ResourceUnit.resource_id.in_([one.id for one in resources]))
    wanted = select(Unit.id).where(Unit.id.in_(own) | Unit.pool_id.in_(pools)).order_by(Unit.id)
    locked = db.session.scalars(wanted.with_for_update(skip_locked=True)).all()
    return len(locked) == len(db.session.scalars(wanted).all())


def lock_lines(lines: Sequence[Line]) -> None:
    """Lock the units of some lines, free what has expired on them, and read the lines anew: what a service that
    changes them begins with, so that rules are checked against what is true now."""
    units = lock_units([line.resource for line in lines])
    with db.session.no_autoflush:
        release_expired({unit for ids in units.values() for unit in ids})
        # What an outer service has changed in this transaction is kept.
        stale = [line for line in lines if line not in db.session.dirty]
        anew = select(Line).where(Line.id.in_([line.id for line in stale])).execution_options(populate_existing=True)
        read = {line.id for line in db.session.scalars(anew)}
        for line in stale:
            if line.id not in read:
                db.session.refresh(line)  # refuses: it is gone


def release_expired(unit_ids: Iterable[int]) -> int:
    """Free what was held until a moment that has passed; its lines are expired. Returns how many lines."""
    freed = _deactivate(Reservation.unit_id.in_(list(unit_ids)), Reservation.expires_at <= clock.now())
    lines = {line for line, _unit, _start, _end in freed} - {None}
    if not lines:
        return 0
    return _expire(Line.id.in_(lines), Line.state.in_(UNDECIDED))


def expire_unheld() -> int:
    """End the requests that hold no time, whose time is over without an answer. Returns how many lines."""
    holding = select(Reservation.line_id).where(Reservation.line_id == Line.id, Reservation.active).exists()
    asked = Line.state.in_((LineState.SUBMITTED, LineState.NEEDS_INFO))
    return _expire(asked, Line.ends_at <= clock.now(), ~holding)


def _expire(*which: ColumnElement[bool]) -> int:
    expired = db.session.scalars(
        update(Line)
        .where(*which)
        .values(state=LineState.EXPIRED, version=Line.version + 1)
        .returning(Line.id)
        .execution_options(synchronize_session=False)
    ).all()
    if expired:
        announce(HoldsExpired(sorted(expired)))
    return len(expired)


def release_all_expired(unit_ids: Sequence[int]) -> int:
    """The same for units that nobody has locked yet."""
    with db.session.no_autoflush:
        db.session.execute(select(Unit.id).where(Unit.id.in_(unit_ids)).order_by(Unit.id).with_for_update()).all()
    return release_expired(unit_ids)


def release(*lines: Line) -> None:
    """Free everything that some lines occupy."""
    lock_units([line.resource for line in lines])
    _deactivate(Reservation.line_id.in_([line.id for line in lines]))


def release_reservations(ids: Sequence[int]) -> None:
    """Free some reservations; their units are locked by the caller."""
    _deactivate(Reservation.id.in_(ids))


def _deactivate(*which: ColumnElement[bool]) -> list[tuple[int | None, int, datetime, datetime]]:
    """Let active rows go, and remember to tell what became free; (line, unit, start, end) of each."""
    rows = db.session.execute(
        update(Reservation)
        .where(Reservation.active, *which)
        .values(active=False)
        .returning(Reservation.line_id, Reservation.unit_id, Reservation.starts_at, Reservation.ends_at)
        .execution_options(synchronize_session=False)
    ).all()
    _note_freed([(unit, Interval(start, end)) for _line, unit, start, end in rows])
    return [(line, unit, start, end) for line, unit, start, end in rows]


def _note_freed(spans: Sequence[tuple[int, Interval]]) -> None:
    if not spans:
        return
    db.notes().setdefault(FREED, []).extend(spans)

    def tell() -> None:
        announce(TimeFreed(db.notes().pop(FREED)))

    db.before_commit(FREED, tell)


def tell_added(unit_ids: Iterable[int]) -> None:
    """Units have just been added to a pool, whose units are locked: what blocks the pool takes them too, and then come
    those who wait."""
    db.notes().pop(LOCKED, None)  # which units there are is read anew
    _note_freed([(unit, Interval(clock.now(), FAR_AHEAD)) for unit in unit_ids])


def release_reserves(line: Line) -> None:
    """Free the reserve dates of a line; its own time stays. Its units are locked by the caller."""
    _deactivate(Reservation.line_id == line.id, Reservation.kind == ReservationKind.RESERVE)


def keep(*lines: Line, until: datetime | None = None) -> None:
    """Held lines are decided: they no longer expire, or only at a later moment."""
    db.session.execute(
        update(Reservation)
        .where(Reservation.line_id.in_([line.id for line in lines]), Reservation.active)
        .values(expires_at=until)
        .execution_options(synchronize_session=False)
    )


def shorten(line: Line, end: datetime) -> None:
    """Free what lies after a moment, when use ended early; all of it, when use ended before it was to begin."""
    lock_units([line.resource])
    _deactivate(
        Reservation.line_id == line.id, Reservation.kind == ReservationKind.REQUEST, Reservation.starts_at >= end
    )
    units = db.session.scalars(
        update(Reservation)
        .where(
            Reservation.line_id == line.id, Reservation.active, Reservation.starts_at < end, Reservation.ends_at > end
        )
        .values(ends_at=end)
        .returning(Reservation.unit_id)
        .execution_options(synchronize_session=False)
    ).all()
    until = line.ends_at + terms_of(line.resource).cleanup + timedelta(minutes=line.extra_cleanup_minutes)
    if end < until:
        _note_freed([(unit, Interval(end, until)) for unit in units])


def _choose(wish: Wish, units: list[int]) -> list[int] | None:
    """The units a wish gets; None when it cannot be met. Others of a pool may be moved to make room."""
    occupied, now = wish.occupied, clock.now()
    with db.session.no_autoflush:
        there = active_between(units, occupied, expired=True)
    if any(one.expires_at is not None and one.expires_at <= now for one in there):
        release_expired(units)
        # Those who wait come before whoever happens to pass by.
        db.run_before_commit(FREED)
        there = active_between(units, occupied)
    if offered := [one.id for one in there if one.kind is ReservationKind.OFFER]:
        db.session.flush()  # the booking that takes it has a name then
        announce(OfferMet(wish.line, offered))
        there = active_between(units, occupied)
    if wish.resource.pool_id is None:
        return None if not units or there else units
    busy = {one.unit_id for one in there}
    free = [unit for unit in units if unit not in busy]
    if len(free) >= wish.units:
        return free[: wish.units]
    # What is to come of the whole pool is looked at only when that alone can make room.
    release_expired(units)
    rows = {one.id: one for one in active_between(units, Interval(min(now, occupied.start), FAR_AHEAD))}
    held = [
        pooling.Held(one.id, one.unit_id, Interval(one.starts_at, one.ends_at), fixed=one.starts_at <= now)
        for one in rows.values()
    ]
    room = pooling.make_room(units, held, occupied, wish.units)
    if room is None:
        return None
    chosen, moves = room
    move([rows[key] for key in moves], list(moves.values()))
    return chosen


def move(reservations: Sequence[Reservation], to: Sequence[int]) -> None:
    """Let occupied time stand on other units of its pool, all at once; the units are locked by the caller."""
    # The guard looks at rows one by one, so all leave before any comes back.
    for one in reservations:
        one.active = False
    db.session.flush()
    for one, unit in zip(reservations, to, strict=True):
        one.unit_id = unit
    db.session.flush()
    for one in reservations:
        one.active = True
    db.session.flush()


__all__ = [
    "Wish", "active_between", "expire_unheld", "keep", "lock_lines", "lock_units", "move", "nearest", "occupy",
    "opening_of", "release", "release_all_expired", "release_expired", "release_reservations", "release_reserves",
    "shorten", "taken_on", "tell_added", "terms_of", "try_lock_units", "unit_ids_of",
]  # fmt: skip
