"""Reading what is occupied: by unit, by resource, and which times of use are free. As fast with a long history as
with none: no statement looks at more of the past than the one row of each unit that may reach into the window."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, bindparam, literal_column, select, true, union_all

from missions_app import clock, db
from missions_app.bookings.availability import Opening, nearest_free
from missions_app.bookings.intervals import Interval, crowded
from missions_app.bookings.models import Line, LineState, Reservation, ReservationKind
from missions_app.bookings.rules import Terms
from missions_app.db import UtcDateTime
from missions_app.sites import queries as sites
from missions_app.sites.models import Resource, ResourceUnit, Unit

WINDOW = timedelta(days=15)
MOST_NEAREST = 3
# SQLite uses the partial index only where the words are those of the index: "active", not "active = 1".
ACTIVE: ColumnElement[Any] = literal_column("reservation.active")


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


# What terms are made of: resources in which all of it is equal have equal terms.
terms_key = attrgetter(
    "shortest_minutes", "longest_minutes", "step_minutes", "setup_minutes", "cleanup_minutes", "notice_minutes",
    "horizon_days", "most_people",
)  # fmt: skip


def terms_of(resource: Resource) -> Terms:
    """A resource's rules as values."""
    *minutes, days, most_people = terms_key(resource)
    shortest, longest, step, setup, cleanup, notice = (timedelta(minutes=each) for each in minutes)
    return Terms(shortest, longest, step, setup, cleanup, notice, timedelta(days=days), most_people)


def opening_of(resource: Resource) -> Opening:
    """A resource's opening hours as values: one statement."""
    periods = ((one.weekday, one.on_date, one.opens, one.closes) for one in sites.opening_of(resource))
    return opening_from(periods)


def opening_from(periods: Iterable[tuple[Any, Any, Any, Any]]) -> Opening:
    """Opening hours from (weekday, date, opens, closes), with one of weekday and date and both times or none."""
    weekly: dict[Any, list[Any]] = {}
    exceptions: dict[Any, list[Any]] = {}
    for weekday, on_date, opens, closes in periods:
        kept = weekly.setdefault(weekday, []) if weekday is not None else exceptions.setdefault(on_date, [])
        if opens is not None and closes is not None:
            kept.append((opens, closes))
    return Opening(weekly, exceptions)


def overlapping(columns: Sequence[Any], units: Any, window: Interval, *, expired: bool = False) -> CompoundSelect[Any]:
    """The occupied rows of some units (ids, or a select of ids) during a window. Holds that have expired count only
    when asked for: the row is still there."""
    counts = true() if expired else Reservation.expires_at.is_(None) | (Reservation.expires_at > clock.now())
    return _overlapping(columns, units, window.start, window.end, counts)


def _overlapping(columns: Sequence[Any], units: Any, start: Any, end: Any, counts: Any) -> CompoundSelect[Any]:
    """Active rows of a unit never overlap. So of those that began before the window only the last one of each unit can
    reach into it, and an index finds that one at once however long the history is."""
    last_before = (
        select(Reservation.id)
        .where(Reservation.unit_id == Unit.id, ACTIVE, Reservation.starts_at < start)
        .order_by(Reservation.starts_at.desc())
        .limit(1)
        .correlate(Unit)
        .scalar_subquery()
    )
    reaching_in = select(last_before).select_from(Unit).where(Unit.id.in_(units))
    return union_all(
        select(*columns).where(
            Reservation.unit_id.in_(units), ACTIVE, Reservation.starts_at >= start, Reservation.starts_at < end, counts
        ),
        select(*columns).where(Reservation.id.in_(reaching_in), Reservation.ends_at > start, counts),
    )


# Built once: every booking asks it, and building it takes longer than answering it.
_SPANS = _overlapping(
    [Reservation.unit_id, Reservation.starts_at, Reservation.ends_at], bindparam("units", expanding=True),
    bindparam("start", type_=UtcDateTime()), bindparam("end", type_=UtcDateTime()), true(),
)  # fmt: skip


def spans_between(unit_ids: Sequence[int], window: Interval) -> Sequence[Any]:
    """(unit id, start, end) of what occupies units during a window, expired holds included."""
    if not unit_ids:
        return []
    return db.session.execute(_SPANS, {"units": unit_ids, "start": window.start, "end": window.end}).all()


def to_come(columns: Sequence[Any], window: Interval) -> Select[Any]:
    """The occupied rows of every unit during a window that reaches into the future; expired holds do not count."""
    return select(*columns).where(
        ACTIVE, Reservation.ends_at > window.start, Reservation.starts_at < window.end,
        Reservation.expires_at.is_(None) | (Reservation.expires_at > clock.now()),
    )  # fmt: skip


def active_between(unit_ids: Sequence[int], window: Interval, *, expired: bool = False) -> Sequence[Reservation]:
    """What occupies units during a window, by unit and start."""
    if not unit_ids:
        return []
    query = overlapping(list(Reservation.__table__.columns), unit_ids, window, expired=expired)
    found = db.session.scalars(
        select(Reservation).from_statement(query).execution_options(populate_existing=True)
    ).all()
    return sorted(found, key=lambda one: (one.unit_id, one.starts_at))


def held_until(lines: Iterable[Line]) -> dict[int, datetime]:
    """Until when the time of each line is held that waits for an answer, by the line's id: until the hold ends or the
    use begins, when an answer comes too late. What holds nothing is left out. One statement. What is asked for later is
    held longer than the rest of its booking."""
    waiting = {line.id: line.starts_at for line in lines if line.state in (LineState.SUBMITTED, LineState.NEEDS_INFO)}
    if not waiting:
        return {}
    rows = db.session.execute(
        select(Reservation.line_id, Reservation.expires_at).where(
            ACTIVE, Reservation.line_id.in_(waiting), Reservation.kind == ReservationKind.REQUEST,
            Reservation.expires_at.is_not(None),
        )
    )  # fmt: skip
    return {line: min(until, waiting[line]) for line, until in rows if line is not None and until is not None}


def unit_ids_of(resource: Resource) -> list[int]:
    """The units a resource may take, in id order."""
    if "units" in resource.__dict__ and resource.pool_id is None:
        return sorted(one.id for one in resource.units)
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


def nearest(wish: Wish) -> list[Interval]:
    """The free times of use nearest to a wish on the same resource, within its rules."""
    terms = terms_of(wish.resource)
    free = nearest_free(
        wish.use, taken=taken_on(wish.resource, wish.occupied.widened(WINDOW, WINDOW), wish.units),
        opening=opening_of(wish.resource), zone=clock.zone(), setup=terms.setup, cleanup=terms.cleanup,
        step=terms.step, earliest=clock.now() + terms.notice,
    )  # fmt: skip
    return list(islice(free, MOST_NEAREST))
