"""The one door to occupying units: lock in id order, free what has expired, check, write.

Everything that occupies time comes through `occupy`. Behind it stands the database's own guard.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, cast, select, update
from sqlalchemy.exc import IntegrityError

from missions_app import clock, db
from missions_app.bookings import guard, pooling
from missions_app.bookings.availability import Opening, nearest_free
from missions_app.bookings.errors import Taken
from missions_app.bookings.intervals import Interval, crowded
from missions_app.bookings.models import Line, LineState, Reservation, ReservationKind
from missions_app.bookings.rules import Terms
from missions_app.sites import queries as sites
from missions_app.sites.models import Resource, ResourceUnit, Unit

WINDOW = timedelta(days=15)


@dataclass(frozen=True, slots=True)
class Wish:
    """Time wanted on a resource: the interval of use, how many units of a pool (ignored without one), which line."""

    resource: Resource
    use: Interval
    units: int = 1
    line: Line | None = None

    @property
    def occupied(self) -> Interval:
        """What it occupies, set-up and clean-up included."""
        terms = terms_of(self.resource)
        return self.use.widened(terms.setup, terms.cleanup)


def terms_of(resource: Resource) -> Terms:
    """A resource's rules as values."""
    return Terms(
        shortest=timedelta(minutes=resource.shortest_minutes), longest=timedelta(minutes=resource.longest_minutes),
        step=timedelta(minutes=resource.step_minutes), setup=timedelta(minutes=resource.setup_minutes),
        cleanup=timedelta(minutes=resource.cleanup_minutes), notice=timedelta(minutes=resource.notice_minutes),
        horizon=timedelta(days=resource.horizon_days), most_people=resource.most_people,
    )  # fmt: skip


def opening_of(resource: Resource) -> Opening:
    """A resource's opening hours as values: one statement."""
    weekly: dict[int, list] = {}  # type: ignore[type-arg]
    exceptions: dict = {}  # type: ignore[type-arg]
    for one in sites.opening_of(resource):
        bucket = (
            weekly.setdefault(one.weekday, []) if one.weekday is not None else exceptions.setdefault(one.on_date, [])
        )
        if one.opens is not None and one.closes is not None:
            bucket.append((one.opens, one.closes))
    return Opening(weekly, exceptions)


def occupy(
    wishes: Sequence[Wish], kind: ReservationKind, *, expires_at: datetime | None = None, reason: str = ""
) -> list[Reservation]:
    """Occupy units for every wish, or for none. Call it inside a transaction, with nothing else locked before.

    Raises:
        Taken: at least one wish cannot be met; names the nearest alternatives of the first that cannot.
    """
    units = lock_units([wish.resource for wish in wishes])
    release_expired([unit.id for unit in units])
    made: list[Reservation] = []
    for wish in wishes:
        chosen = _choose(wish, [unit.id for unit in units if _belongs(unit, wish.resource)])
        if chosen is None:
            raise Taken(alternatives(wish))
        for unit in chosen:
            reservation = Reservation(
                unit_id=unit, line_id=wish.line.id if wish.line else None, kind=kind, starts_at=wish.occupied.start,
                ends_at=wish.occupied.end, active=True, expires_at=expires_at, reason=reason,
            )  # fmt: skip
            db.session.add(reservation)
            made.append(reservation)
    try:
        db.session.flush()
    except IntegrityError as error:
        if guard.is_overlap(error):
            raise Taken() from error
        raise
    return made


def lock_units(resources: Iterable[Resource]) -> list[Unit]:
    """Every unit the resources may take, locked in id order."""
    ids = sorted({one.id for one in resources})
    pools = sorted({one.pool_id for one in resources if one.pool_id is not None})
    own = select(ResourceUnit.unit_id).where(ResourceUnit.resource_id.in_(ids))
    return list(
        db.session.scalars(
            select(Unit).where(Unit.id.in_(own) | Unit.pool_id.in_(pools)).order_by(Unit.id).with_for_update()
        )
    )


def release_expired(unit_ids: Sequence[int]) -> int:
    """Free what was held until a moment that has passed; its lines are expired. Returns how many lines."""
    now = clock.now()
    expired = set(
        db.session.scalars(
            update(Reservation)
            .where(Reservation.unit_id.in_(unit_ids), Reservation.active, Reservation.expires_at <= now)
            .values(active=False)
            .returning(Reservation.line_id)
            .execution_options(synchronize_session=False)
        )
    ) - {None}
    if not expired:
        return 0
    db.session.execute(
        update(Line)
        .where(Line.id.in_(expired), Line.state.in_((LineState.SUBMITTED, LineState.NEEDS_INFO, LineState.CONDITIONAL)))
        .values(state=LineState.EXPIRED)
        .execution_options(synchronize_session=False)
    )

    return len(expired)


def release(line: Line) -> None:
    """Free everything a line occupies."""
    db.session.execute(
        update(Reservation)
        .where(Reservation.line_id == line.id, Reservation.active)
        .values(active=False)
        .execution_options(synchronize_session=False)
    )


def keep(line: Line) -> None:
    """A held line is decided: it no longer expires."""
    db.session.execute(
        update(Reservation)
        .where(Reservation.line_id == line.id, Reservation.active)
        .values(expires_at=None)
        .execution_options(synchronize_session=False)
    )


def shorten(line: Line, end: datetime) -> None:
    """Free what lies after a moment, when use ended early."""
    db.session.execute(
        update(Reservation)
        .where(
            Reservation.line_id == line.id, Reservation.active, Reservation.starts_at < end, Reservation.ends_at > end
        )
        .values(ends_at=end)
        .execution_options(synchronize_session=False)
    )


def active_between(unit_ids: Sequence[int], window: Interval) -> Sequence[Reservation]:
    """What occupies units during a window; expired holds no longer count."""
    # Small whole numbers would be sent as int2, which the index on (bigint, range) cannot serve.
    wanted = [cast(unit, Integer) for unit in unit_ids]
    now = clock.now()
    return db.session.scalars(
        select(Reservation)
        .where(
            Reservation.unit_id.in_(wanted),
            Reservation.active,
            Reservation.starts_at < window.end,
            Reservation.ends_at > window.start,
            Reservation.expires_at.is_(None) | (Reservation.expires_at > now),
        )
        .order_by(Reservation.unit_id, Reservation.starts_at)
    ).all()


def unit_ids_of(resource: Resource) -> list[int]:
    """The units a resource may take, in id order."""
    if resource.pool_id is not None:
        return list(db.session.scalars(select(Unit.id).where(Unit.pool_id == resource.pool_id).order_by(Unit.id)))
    return list(
        db.session.scalars(
            select(ResourceUnit.unit_id).where(ResourceUnit.resource_id == resource.id).order_by(ResourceUnit.unit_id)
        )
    )


def taken_on(resource: Resource, window: Interval, units: int = 1) -> list[Interval]:
    """When a resource cannot be had during a window: any of its units is occupied, or too few of its pool are free."""
    ids = unit_ids_of(resource)
    held = [Interval(one.starts_at, one.ends_at) for one in active_between(ids, window)]
    return crowded(held, len(ids) - units) if resource.pool_id is not None else held


def alternatives(wish: Wish) -> list[Interval]:
    """The free times nearest to a wish, within the resource's rules."""
    terms = terms_of(wish.resource)
    now = clock.now()
    return nearest_free(
        wish.use, taken=taken_on(wish.resource, wish.occupied.widened(WINDOW, WINDOW), wish.units),
        opening=opening_of(wish.resource), zone=clock.zone(), setup=terms.setup, cleanup=terms.cleanup,
        step=terms.step, earliest=now + terms.notice,
    )  # fmt: skip


def _belongs(unit: Unit, resource: Resource) -> bool:
    if resource.pool_id is not None:
        return unit.pool_id == resource.pool_id
    return unit.id in {one.id for one in resource.units}


def _choose(wish: Wish, units: list[int]) -> list[int] | None:
    occupied = wish.occupied
    if wish.resource.pool_id is None:
        return None if not units or active_between(units, occupied) else units
    now = clock.now()
    rows = {
        one.id: one
        for one in active_between(units, Interval(min(now, occupied.start), datetime.max.replace(tzinfo=now.tzinfo)))
    }
    held = [
        pooling.Held(
            one.id, one.unit_id, Interval(one.starts_at, one.ends_at),
            fixed=one.starts_at <= now or one.kind is ReservationKind.BLOCK,
        )
        for one in rows.values()
    ]  # fmt: skip
    free = pooling.free_units(units, held, occupied)
    if len(free) >= wish.units:
        return free[: wish.units]
    room = pooling.make_room(units, held, occupied, wish.units)
    if room is None:
        return None
    chosen, moves = room
    _move([rows[key] for key in moves], list(moves.values()))
    return chosen


def _move(reservations: Sequence[Reservation], to: Sequence[int]) -> None:
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
