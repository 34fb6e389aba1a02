"""Finding time: from what is needed to the best times at which all of it can be had together. Pure, and exact: a time
that is found is one that a request would be granted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from missions_app.bookings.availability import Opening
from missions_app.bookings.bookables import Bookable, Taken
from missions_app.bookings.grid import STEP, Grid, bits
from missions_app.bookings.intervals import Interval
from missions_app.bookings.merits import FAR_KM, Choice, Reason, collides, kilometres, merits_of, offered
from missions_app.bookings.needs import Need, Offered, answering
from missions_app.bookings.rules import price_ore
from missions_app.bookings.starts import free_starts, opened

DAY = timedelta(days=1)
RESERVE_DAYS = 14
EVERY_DAY = frozenset(range(7))
DAYTIME = (time(6), time(20))
BEST_START = time(8)
# One drawback weighs as much as so many days of waiting.
DRAWBACK_DAYS = 5
REPEATED_DAYS = 2
LOOKED_AT_DAYS = 45
MAIN_PLACES_TRIED = 6


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for. The first need is the place; conditions on the site are about that one.

    Args:
        length: of use. weekdays: on which it may begin (0 is Monday).
        hours: local times within which a use of one day has to lie.
    """

    needs: tuple[Need, ...]
    length: timedelta
    first: date
    days: int = 90
    weekdays: frozenset[int] = EVERY_DAY
    hours: tuple[time, time] = DAYTIME
    municipalities: frozenset[str] = frozenset()
    kind: str = ""
    theme: str = ""
    trl: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Resources that can all be had for one time of use, one for each need in order, with the reasons."""

    use: Interval
    choices: tuple[Choice, ...]
    reasons: tuple[Reason, ...]
    price_ore: int
    rank: float

    @property
    def place(self) -> int:
        """The id of the resource that is the place."""
        return self.choices[0].bookable.resource.id


class Finder:
    """One search over what was read. Masks are made once for each resource and used for every question."""

    def __init__(
        self, search: Search, bookables: Sequence[Bookable], taken: Taken, *, now: datetime, zone: ZoneInfo,
        earliest: Mapping[int, date] | None = None, offers: Sequence[Offered] | None = None,
    ) -> None:  # fmt: skip
        """earliest: site id -> the earliest realistic date there, by its permits; sites left out are free at once."""
        self.search, self.bookables, self.taken, self.now, self.zone = search, bookables, taken, now, zone
        self.earliest = earliest or {}
        self.offers = offers or [offered(one) for one in bookables]
        self.length = int(search.length.total_seconds())
        self.grid = Grid(self._local(search.first, time(0)), (search.days + RESERVE_DAYS + 1) * 86400 // STEP)
        self._open: dict[int, int] = {}
        self._masks: dict[tuple[int, int], int] = {}
        self._near: dict[tuple[int, int], list[Choice]] = {}
        self.choices = [self._choices(number, need) for number, need in enumerate(search.needs)]

    def window(self) -> Interval:
        """What has to be known about: the searched days, reserve days and buffers included."""
        return Interval(
            datetime.fromtimestamp(self.grid.origin, UTC) - DAY,
            datetime.fromtimestamp(self.grid.end + self.length, UTC) + DAY,
        )

    def starts(self) -> int:
        """The starts at which every need can be met by something."""
        wanted = self._wanted()
        for number, choices in enumerate(self.choices):
            mask = 0
            for choice in choices:
                mask |= self._main(choice) if number == 0 else self.mask(choice)
            wanted &= mask
        return wanted

    def suggestions(self, most: int) -> list[Suggestion]:
        """The best times, best first: at most one for each day and place."""
        found: dict[tuple[object, ...], Suggestion] = {}
        first_day: date | None = None
        for day, slots in self._by_day(self.starts()):
            first_day = first_day or day
            if (day - first_day).days > LOOKED_AT_DAYS or len(found) >= 12 * most:
                break
            for suggestion in self._on(day, slots):
                found.setdefault((day, suggestion.choices[0].bookable.resource.id), suggestion)
        return _varied(sorted(found.values(), key=lambda one: (one.rank, one.use.start)), most)

    def mask(self, choice: Choice) -> int:
        """The starts at which a resource can be had for the whole length."""
        one, units = choice.bookable, choice.need.units
        key = (one.resource.id, units)
        if key not in self._masks:
            self._masks[key] = free_starts(
                one, units, self.grid, self._opened(one.opening), self.taken, length=self.search.length, now=self.now
            )
        return self._masks[key]

    def _opened(self, opening: Opening) -> int:
        if id(opening) not in self._open:
            self._open[id(opening)] = opened(opening, self.grid, self.search.length, self.zone)
        return self._open[id(opening)]

    def _main(self, choice: Choice) -> int:
        day = self.earliest.get(choice.bookable.resource.site_id)
        mask = self.mask(choice)
        return mask if day is None else mask & self.grid.between(self._local(day, time(0)), self.grid.end)

    def _wanted(self) -> int:
        """The starts on the days and at the hours that were asked for."""
        search, mask = self.search, 0
        opens, closes = search.hours
        for number in range(search.days):
            day = search.first + number * DAY
            if day.weekday() not in search.weekdays:
                continue
            begin, end = self._local(day, opens), self._local(day, closes)
            if self.length > end - begin:
                # Longer than a day's hours: it begins in the morning.
                mask |= self.grid.between(self._local(day, BEST_START), self._local(day, BEST_START))
            else:
                mask |= self.grid.between(begin, end - self.length)
        return mask

    def _choices(self, number: int, need: Need) -> list[Choice]:
        search = self.search
        kept = [place for place, one in enumerate(self.bookables) if number > 0 or suits(one, search)]
        found = answering(need, [self.offers[place] for place in kept])
        choices = [Choice(self.bookables[kept[place]], need, each) for place, each in found]
        return sorted(
            choices, key=lambda one: (-one.match.score, len(one.match.unsaid), one.bookable.resource.price_ore)
        )

    def _by_day(self, mask: int) -> Iterator[tuple[date, list[int]]]:
        day: date | None = None
        slots: list[int] = []
        for slot in bits(mask):
            that = datetime.fromtimestamp(self.grid.at(slot), self.zone).date()
            if day is not None and that != day:
                yield day, slots
                slots = []
            day = that
            slots.append(slot)
        if day is not None:
            yield day, slots

    def _on(self, day: date, slots: Sequence[int]) -> Iterator[Suggestion]:
        """The suggestions of one day: for each of the best places the hour nearest to the morning."""
        best = self._local(day, BEST_START)
        ordered = sorted(slots, key=lambda slot: (self.grid.at(slot) < best, abs(self.grid.at(slot) - best)))
        tried = 0
        for main in self.choices[0]:
            mask = self._main(main)
            for slot in ordered:
                if mask >> slot & 1 and (chosen := self._rest(main, slot)):
                    tried += 1
                    yield self._suggestion(slot, chosen, day)
                    break
            if tried == MAIN_PLACES_TRIED:
                return

    def _rest(self, main: Choice, slot: int) -> tuple[Choice, ...] | None:
        """Something for each further need at one start, nearest to the main place first; None when they collide."""
        chosen = [main]
        for number in range(1, len(self.choices)):
            near = self._nearest(number, main)
            fits = (one for one in near if self.mask(one) >> slot & 1 and not collides(one, chosen))
            found = next(fits, None)
            if found is None:
                return None
            chosen.append(found)
        return tuple(chosen)

    def _nearest(self, number: int, main: Choice) -> list[Choice]:
        """What meets a further need, in the order in which it suits a main place."""
        key = (number, main.bookable.resource.site_id)
        if key not in self._near:
            far = {one.bookable.resource.site_id: 0.0 for one in self.choices[number]}
            for one in self.choices[number]:
                site = one.bookable.resource.site_id
                far[site] = far[site] or kilometres(main, one)
            self._near[key] = sorted(
                self.choices[number],
                key=lambda one: (
                    far[one.bookable.resource.site_id] > FAR_KM,
                    -one.match.score,
                    far[one.bookable.resource.site_id],
                ),
            )
        return self._near[key]

    def _suggestion(self, slot: int, chosen: tuple[Choice, ...], day: date) -> Suggestion:
        start = datetime.fromtimestamp(self.grid.at(slot), UTC)
        use = Interval(start, start + self.search.length)
        price = sum(price_ore(use, one.bookable.resource.price_ore, one.need.units) for one in chosen)
        reasons = [*self._reserve(slot, chosen, day), *merits_of(chosen, price)]
        drawbacks = sum(one.is_drawback for one in reasons)
        waited = (day - self.search.first).days
        quality = sum(one.match.score for one in chosen) / 100
        rank = (
            waited
            + DRAWBACK_DAYS * drawbacks
            - quality
            + abs(self.grid.at(slot) - self._local(day, BEST_START)) / 86400
        )
        return Suggestion(use, chosen, tuple(reasons), price, rank)

    def _reserve(self, slot: int, chosen: Sequence[Choice], day: date) -> Iterator[Reason]:
        """Outdoors: whether the same can be had at the same hour on another day within two weeks."""
        if not any(one.bookable.resource.site.is_outdoor for one in chosen):
            return
        at = datetime.fromtimestamp(self.grid.at(slot), self.zone).time()
        for number in range(1, RESERVE_DAYS + 1):
            later = day + number * DAY
            other = self.grid.slot_of(self._local(later, at))
            if later.weekday() not in self.search.weekdays or other is None:
                continue
            if all(self.mask(one) >> other & 1 for one in chosen):
                yield Reason("reserve_day", values={"day": later})
                return
        yield Reason("no_reserve_day", is_drawback=True)

    def _local(self, day: date, at: time) -> int:
        return int(datetime.combine(day, at, self.zone).timestamp())


def _varied(ranked: Sequence[Suggestion], most: int) -> list[Suggestion]:
    """The best ones, where each repetition of a place weighs as some days of waiting."""
    left = list(ranked)
    chosen: list[Suggestion] = []
    seen: dict[int, int] = {}
    while left and len(chosen) < most:
        best = min(left, key=lambda one: one.rank + REPEATED_DAYS * seen.get(one.place, 0))
        left.remove(best)
        chosen.append(best)
        seen[best.place] = seen.get(best.place, 0) + 1
    return chosen


def suits(one: Bookable, search: Search) -> bool:
    """Whether a resource's site meets the conditions on the place."""
    site = one.resource.site
    return (
        (not search.municipalities or site.municipality in search.municipalities)
        and (not search.kind or site.kind == search.kind)
        and (not search.theme or search.theme in site.themes)
        and (search.trl is None or site.trl_from <= search.trl <= site.trl_to)
    )
