"""How sites are used, month by month: planned and used hours, no-shows, how early people ask, and what was asked for
in vain. Whole numbers and hours only, and of few bookings no more than how many and how long: who has booked stands in
the calendar, so how a single booking was used would tell who did not come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from statistics import median

from sqlalchemy import func, select

from missions_app import clock, db
from missions_app.bookings.demand_models import UnmetDemand
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.indicators.small_numbers import SMALLEST_SHOWN
from missions_app.sites.models import Resource, Site

PLANNED = (LineState.APPROVED, LineState.ONGOING, LineState.COMPLETED, LineState.CLOSED, LineState.NO_SHOW)
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """One month of use. Hours are for each unit; `unmet` counts wishes that could not be met; `lead_days` is how many
    days before the start people usually asked (None without bookings). What was used, no-shows and lead_days are None
    where the bookings are so few that they would tell who."""

    first: date
    bookings: int
    planned_hours: float
    used_hours: float | None
    no_shows: int | None
    unmet: int
    lead_days: float | None = None

    @property
    def is_shown(self) -> bool:
        """Whether how it was used may be told."""
        return self.used_hours is not None


@dataclass(frozen=True, slots=True)
class Use:
    """The months, oldest first; over all of them what was used, how often nobody came, and how many days before the
    start people usually ask (None without bookings). All three are None where they would tell who: by themselves, or
    as what is left when the parts that are shown are taken away."""

    months: tuple[Month, ...]
    lead_days: float | None
    used_hours: float | None = 0.0
    no_shows: int | None = 0

    @property
    def is_shown(self) -> bool:
        """Whether how it was used may be told."""
        return self.used_hours is not None

    @property
    def planned_hours(self) -> float:
        """All the planned hours."""
        return sum(one.planned_hours for one in self.months)

    @property
    def bookings(self) -> int:
        """How many lines were booked."""
        return sum(one.bookings for one in self.months)

    @property
    def unmet(self) -> int:
        """How many wishes could not be met."""
        return sum(one.unmet for one in self.months)


@dataclass(frozen=True, slots=True)
class _Row:
    site_id: int
    starts_at: datetime
    hours: float
    used: float
    state: LineState
    lead: float | None


def use_of_sites(sites: Sequence[Site], today: date, *, whole: bool = False) -> dict[int, Use]:
    """The last twelve months of each site, by its id: two statements whatever their number.

    Args:
        whole: also what few bookings would tell, for those who look after the sites.
    """
    firsts = _months(today)
    ids = [one.id for one in sites]
    rows, unmet = _rows(ids, firsts[0]), _unmet(ids, firsts[0])
    return {
        key: _use([one for one in rows if one.site_id == key], unmet.get(key, {}), firsts, whole=whole) for key in ids
    }


def use_of_all(sites: Sequence[Site], today: date, *, whole: bool = False) -> Use:
    """The last twelve months of all the sites together, with what was searched for and is nowhere; whole as for
    each."""
    firsts = _months(today)
    ids = [one.id for one in sites]
    together = _found_nowhere(firsts[0])
    for by_month in _unmet(ids, firsts[0]).values():
        for first, number in by_month.items():
            together[first] = together.get(first, 0) + number
    return _use(_rows(ids, firsts[0]), together, firsts, whole=whole)


def _months(today: date) -> list[date]:
    first = today.replace(day=1)
    found = [first]
    while len(found) < MONTHS:
        first = date(first.year - (first.month == 1), first.month - 1 or 12, 1)
        found.append(first)
    return found[::-1]


def _rows(ids: Sequence[int], since: date) -> list[_Row]:
    start = datetime.combine(since, time(0), clock.zone()).astimezone(UTC)
    found = db.session.execute(
        select(
            Resource.site_id, Line.starts_at, Line.ends_at, Line.units_wanted, Line.state, Line.checked_in_at,
            Line.checked_out_at, Booking.submitted_at,
        )
        .join(Resource, Resource.id == Line.resource_id)
        .join(Booking, Booking.id == Line.booking_id)
        .where(
            Resource.site_id.in_(ids), Line.state.in_(PLANNED), Line.starts_at >= start,
            Line.starts_at <= clock.now(),
        )
    )  # fmt: skip
    return [
        _Row(
            site, starts, _hours(starts, ends) * units,
            _hours(came, left or min(clock.now(), ends)) * units if came else 0.0,
            state, (starts - asked).total_seconds() / 86400 if asked else None,
        )
        for site, starts, ends, units, state, came, left, asked in found
    ]  # fmt: skip


def _hours(start: datetime, end: datetime) -> float:
    return max((end - start).total_seconds(), 0.0) / 3600


def _unmet(ids: Sequence[int], since: date) -> dict[int, dict[date, int]]:
    rows = db.session.execute(
        select(Resource.site_id, UnmetDemand.on_date, func.sum(UnmetDemand.times))
        .join(Resource, Resource.id == UnmetDemand.resource_id)
        .where(Resource.site_id.in_(ids), UnmetDemand.on_date >= since)
        .group_by(Resource.site_id, UnmetDemand.on_date)
    )
    found: dict[int, dict[date, int]] = {}
    for site, day, times in rows:
        by_month = found.setdefault(site, {})
        by_month[day.replace(day=1)] = by_month.get(day.replace(day=1), 0) + int(times)
    return found


def _found_nowhere(since: date) -> dict[date, int]:
    rows = db.session.execute(
        select(UnmetDemand.on_date, func.sum(UnmetDemand.times))
        .where(UnmetDemand.resource_id.is_(None), UnmetDemand.on_date >= since)
        .group_by(UnmetDemand.on_date)
    )
    found: dict[date, int] = {}
    for day, times in rows:
        found[day.replace(day=1)] = found.get(day.replace(day=1), 0) + int(times)
    return found


def _usual(leads: Iterable[float | None]) -> float | None:
    known = [one for one in leads if one is not None]
    return round(median(known), 1) if known else None


def _may_tell(parts: Iterable[tuple[int, bool]]) -> bool:
    """Whether the sum of some parts may be told beside them: (how many bookings, whether the part is shown)."""
    numbers = list(parts)
    total = sum(number for number, _shown in numbers)
    hidden = sum(number for number, is_shown in numbers if not is_shown)
    return total == 0 or (total >= SMALLEST_SHOWN and not 0 < hidden < SMALLEST_SHOWN)


def _by_site(rows: Iterable[_Row]) -> list[list[_Row]]:
    found: dict[int, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.site_id, []).append(row)
    return list(found.values())


def _use(rows: Iterable[_Row], unmet: dict[date, int], firsts: Sequence[date], *, whole: bool) -> Use:
    by_month: dict[date, list[_Row]] = {first: [] for first in firsts}
    every = list(rows)
    for row in every:
        first = clock.day_of(row.starts_at).replace(day=1)
        by_month.setdefault(first, []).append(row)
    months = tuple(_month(first, by_month[first], unmet.get(first, 0), whole=whole) for first in firsts)
    sites = _by_site(every)
    # The sites' own totals stand beside the region's; a site's own total stands or falls with its months.
    each = [(len(one), _use(one, {}, firsts, whole=False).is_shown) for one in sites] if len(sites) > 1 else []
    parts = [(one.bookings, one.is_shown) for one in months]
    is_shown = whole or (_may_tell(parts) and _may_tell(each))
    return Use(
        months, _usual(one.lead for one in every) if is_shown else None, _used(every) if is_shown else None,
        _missed(every) if is_shown else None,
    )  # fmt: skip


def _month(first: date, rows: Sequence[_Row], unmet: int, *, whole: bool) -> Month:
    parts = ((len(one), len(one) >= SMALLEST_SHOWN) for one in _by_site(rows))
    is_shown = whole or _may_tell(parts)
    return Month(
        first, len(rows), round(sum(one.hours for one in rows), 1), _used(rows) if is_shown else None,
        _missed(rows) if is_shown else None, unmet, _usual(one.lead for one in rows) if is_shown else None,
    )  # fmt: skip


def _used(rows: Iterable[_Row]) -> float:
    return round(sum(one.used for one in rows), 1)


def _missed(rows: Iterable[_Row]) -> int:
    return sum(one.state is LineState.NO_SHOW for one in rows)
