"""What can be booked, read all at once: resources with their rules, opening hours and units, and when they are taken.
The number of statements does not depend on how many there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Time,
    cast,
    func,
    select,
    union_all,
)
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from missions_app import db
from missions_app.bookings.availability import Opening
from missions_app.bookings.grid import Span
from missions_app.bookings.intervals import Interval, crowded_spans
from missions_app.bookings.models import Reservation
from missions_app.bookings.occupancy import opening_from, overlapping, terms_key, terms_of, to_come
from missions_app.bookings.rules import Terms
from missions_app.sites.models import OpeningPeriod, Resource, ResourceUnit, Site, SiteStatus, Unit

BOOKABLE = (SiteStatus.OPEN, SiteStatus.LIMITED)
Taken = Mapping[int, Sequence[Span]]
ALWAYS_OPEN = Opening({}, {})
# Up to so many resources or units are looked up one by one; for more, everything is read at once.
FEW = 100
# The Julian day on which 1970 begins.
EPOCH = 2440587.5


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


def sites_of(there: Iterable[Bookable]) -> list[Site]:
    """The sites of some resources, each once."""
    return list({one.resource.site_id: one.resource.site for one in there}.values())


def load(*which: ColumnElement[bool]) -> list[Bookable]:
    """Everything that takes bookings and satisfies the conditions, by name: three statements. Equal terms and equal
    opening hours are one value, so that what follows from them is worked out once."""
    resources = db.session.scalars(
        select(Resource)
        .join(Site, Site.id == Resource.site_id)
        .where(Resource.retired_at.is_(None), Site.status.in_(BOOKABLE), *which)
        .order_by(Resource.name_sv, Resource.id)
    ).all()
    _give_sites(resources)
    units, openings = _units_and_openings(resources)
    known: dict[Any, Terms] = {}
    found = []
    for one in resources:
        if (key := terms_key(one)) not in known:
            known[key] = terms_of(one)
        found.append(Bookable(one, units[one.id], known[key], openings.get(one.id, ALWAYS_OPEN)))
    return found


def _give_sites(resources: Sequence[Resource]) -> None:
    """Each site is read once: its row is long, and a join would read it again for everything that it lets."""
    ids = {one.site_id for one in resources}
    query = select(Site).where(Site.id.in_(ids)).options(joinedload(Site.owner))
    sites = {one.id: one for one in db.session.scalars(query)}
    for one in resources:
        set_committed_value(one, "site", sites[one.site_id])


def _units_and_openings(
    resources: Sequence[Resource],
) -> tuple[Mapping[int, tuple[int, ...]], Mapping[int, Opening]]:
    """The units and the opening hours of resources, by their ids."""
    no_period = (cast(None, Integer), cast(None, Date), cast(None, Time), cast(None, Time))
    opening: Any = select(
        OpeningPeriod.resource_id, cast(None, BigInteger), cast(None, BigInteger), OpeningPeriod.weekday,
        OpeningPeriod.on_date, OpeningPeriod.opens, OpeningPeriod.closes,
    )  # fmt: skip
    unit_of: Any = select(ResourceUnit.resource_id, cast(None, BigInteger), ResourceUnit.unit_id, *no_period)
    of_pool: Any = select(cast(None, BigInteger), Unit.pool_id, Unit.id, *no_period)
    of_pool = of_pool.where(Unit.pool_id.in_({one.pool_id for one in resources} - {None}))
    if len(resources) <= FEW:
        ids = [one.id for one in resources]
        opening = opening.where(OpeningPeriod.resource_id.in_(ids))
        unit_of = unit_of.where(ResourceUnit.resource_id.in_(ids))
    rows = db.session.execute(union_all(opening, unit_of, of_pool)).all()
    own, pooled, periods = (defaultdict[Any, list[Any]](list) for _each in range(3))
    for row in rows:
        resource, pool, unit = row[:3]
        if unit is None:
            periods[resource].append(row[3:])
        elif pool is None:
            own[resource].append(unit)
        else:
            pooled[pool].append(unit)
    units = {
        one.id: tuple(sorted(own[one.id] if one.pool_id is None else pooled[one.pool_id])) for one in resources
    }  # fmt: skip
    return units, _openings(periods)


def _openings(periods: Mapping[int, Sequence[Any]]) -> dict[int, Opening]:
    known: dict[frozenset[Any], Opening] = {}
    for found in periods.values():
        if (key := frozenset(found)) not in known:
            known[key] = opening_from(sorted(found, key=lambda period: period[2] or time()))
    return {resource: known[frozenset(found)] for resource, found in periods.items()}


def taken_between(bookables: Iterable[Bookable], window: Interval) -> dict[int, list[Span]]:
    """When the units of some bookables are occupied during a window, by unit: one statement."""
    units = sorted({unit for one in bookables for unit in one.units})
    columns = [Reservation.unit_id, _seconds(Reservation.starts_at), _seconds(Reservation.ends_at)]
    query: Any = overlapping(columns, units, window) if len(units) <= FEW else to_come(columns, window)
    found: dict[int, list[Span]] = {unit: [] for unit in units}
    for unit, start, end in db.session.execute(query):
        if unit in found:
            found[unit].append((start, end))
    return found


def _seconds(column: Any) -> Any:
    """A moment as whole seconds since 1970: rows by the ten thousand need no objects."""
    if db.dialect() == "sqlite":
        # strftime would write each as text first and take half as long again. SQLite tells milliseconds apart; half of
        # one makes up for what fractions of a day lose.
        return cast((func.julianday(column) - EPOCH) * 86400.0 + 0.0005, Integer)
    return cast(func.floor(func.date_part("epoch", column)), BigInteger)
