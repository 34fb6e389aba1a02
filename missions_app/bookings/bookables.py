"""What can be booked, read all at once: resources with their rules, opening hours and units, and when they are taken.
The number of statements does not depend on how many there are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, cast, extract, func, select
from sqlalchemy.orm import joinedload

from missions_app import db
from missions_app.bookings.availability import Opening
from missions_app.bookings.grid import Span, crowded_spans
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Reservation
from missions_app.bookings.occupancy import opening_from, overlapping, terms_of, to_come
from missions_app.bookings.rules import Terms
from missions_app.sites.models import OpeningPeriod, Resource, ResourceUnit, Site, SiteStatus, Unit

BOOKABLE = (SiteStatus.OPEN, SiteStatus.LIMITED)
Taken = Mapping[int, Sequence[Span]]
ALWAYS_OPEN = Opening({}, {})
# Up to so many units are looked up one by one; for more, everything that is to come is read at once.
FEW_UNITS = 100


@dataclass(frozen=True, slots=True, eq=False)
class Bookable:
    """A resource with what decides when it can be had. `units` are those it may take, in id order."""

    resource: Resource
    units: tuple[int, ...]
    terms: Terms
    opening: Opening

    @property
    def is_pool(self) -> bool:
        """Whether a booking takes some of the units instead of all."""
        return self.resource.pool_id is not None

    def taken(self, by_unit: Taken, units: int = 1) -> Sequence[Span]:
        """When so many units cannot be had."""
        spans = [span for unit in self.units for span in by_unit.get(unit, ())]
        return crowded_spans(spans, len(self.units) - units) if self.is_pool else spans


def load(*which: ColumnElement[bool]) -> list[Bookable]:
    """Everything that takes bookings and satisfies the conditions, by name: three statements."""
    resources = db.session.scalars(
        select(Resource)
        .join(Site, Site.id == Resource.site_id)
        .where(Resource.retired_at.is_(None), Site.status.in_(BOOKABLE), *which)
        .options(joinedload(Resource.site).joinedload(Site.owner))
        .order_by(Resource.name_sv, Resource.id)
    ).all()
    units, openings = _units(resources), _openings(resources)
    return [Bookable(one, units.get(one.id, ()), terms_of(one), openings.get(one.id, ALWAYS_OPEN)) for one in resources]


def _units(resources: Sequence[Resource]) -> dict[int, tuple[int, ...]]:
    by_pool = {one.pool_id: one.id for one in resources if one.pool_id is not None}
    own = select(ResourceUnit.resource_id, ResourceUnit.unit_id, cast(None, BigInteger)).where(
        ResourceUnit.resource_id.in_([one.id for one in resources if one.pool_id is None])
    )
    pooled = select(cast(None, BigInteger), Unit.id, Unit.pool_id).where(Unit.pool_id.in_(by_pool))
    found: dict[int, list[int]] = {}
    pools: dict[int, list[int]] = {}
    for resource, unit, pool in db.session.execute(own.union_all(pooled)):
        if resource is not None:
            found.setdefault(resource, []).append(unit)
        else:
            pools.setdefault(pool, []).append(unit)
    for one in resources:
        if one.pool_id is not None:
            found[one.id] = pools.get(one.pool_id, [])
    return {resource: tuple(sorted(ids)) for resource, ids in found.items()}


def _openings(resources: Iterable[Resource]) -> dict[int, Opening]:
    """Opening hours by resource; resources with equal hours share one value."""
    rows = db.session.execute(
        select(
            OpeningPeriod.resource_id, OpeningPeriod.weekday, OpeningPeriod.on_date, OpeningPeriod.opens,
            OpeningPeriod.closes,
        )
        .where(OpeningPeriod.resource_id.in_([one.id for one in resources]))
        .order_by(OpeningPeriod.on_date, OpeningPeriod.weekday, OpeningPeriod.opens)
    )  # fmt: skip
    periods: dict[int, list[Any]] = {}
    for resource, *period in rows:
        periods.setdefault(resource, []).append(tuple(period))
    known: dict[tuple[Any, ...], Opening] = {}
    for found in periods.values():
        key = tuple(found)
        if key not in known:
            known[key] = opening_from(found)
    return {resource: known[tuple(found)] for resource, found in periods.items()}


def taken_between(bookables: Iterable[Bookable], window: Interval) -> dict[int, list[Span]]:
    """When the units of some bookables are occupied during a window, by unit: one statement."""
    units = sorted({unit for one in bookables for unit in one.units})
    columns = [Reservation.unit_id, _seconds(Reservation.starts_at), _seconds(Reservation.ends_at)]
    query: Any = overlapping(columns, units, window) if len(units) <= FEW_UNITS else to_come(columns, window)
    found: dict[int, list[Span]] = {unit: [] for unit in units}
    for unit, start, end in db.session.execute(query):
        if unit in found:
            found[unit].append((start, end))
    return found


def _seconds(column: Any) -> Any:
    """A moment as whole seconds since 1970: rows by the ten thousand need no objects."""
    if db.dialect() == "sqlite":
        return cast(func.strftime("%s", column), Integer)
    return cast(func.floor(extract("epoch", column)), BigInteger)
