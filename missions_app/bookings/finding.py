"""Finding time: from what is needed to the best times at which all of it can be had together. Pure, and exact: a time
that is found is one that a request would be granted."""

import copy
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from itertools import islice
from operator import or_
from zoneinfo import ZoneInfo

from missions_app.bookings.availability import Opening
from missions_app.bookings.bookables import Bookable, Taken
from missions_app.bookings.grid import STEP, Grid, bits
from missions_app.bookings.intervals import Interval
from missions_app.bookings.merits import (
    FAR_KM,
    Choice,
    Reason,
    by_name,
    collides,
    in_one_pool,
    kilometres,
    merits_of,
    offers_of,
)
from missions_app.bookings.needs import Need, Offered, answering
from missions_app.bookings.permits import Days
from missions_app.bookings.readers import Admission, Reader
from missions_app.bookings.rules import price_ore
from missions_app.bookings.starts import allowed_starts, free_starts, opened
from missions_app.bookings.suggestions import Barred, Suggestion, varied
from missions_app.bookings.waiting import Hours, starts_on

DAY = timedelta(days=1)
RESERVE_DAYS = 14
EVER = timedelta(days=366 * 20)
EVERY_DAY = frozenset(range(7))
DAYTIME, WHOLE_DAYTIME = (time(6), time(20)), timedelta(hours=14)
BEST_START = time(8)
# One drawback weighs as much as so many days of waiting.
DRAWBACK_DAYS = 5
LOOKED_AT_DAYS = 45
MAIN_PLACES_TRIED = 6
# Where what meets one need stands in the way of the next: so many others are tried, and no more in a whole search.
COMBINED, MOST_COMBINED = 20, 1_000_000


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for. The first need is the place; conditions on the site are about that one.

    Args:
        length: of use. weekdays: on which it may begin (0 is Monday).
        hours: local times that suit, see `waiting.Hours`.
    """

    needs: tuple[Need, ...]
    length: timedelta
    first: date
    days: int = 90
    weekdays: frozenset[int] = EVERY_DAY
    hours: tuple[time | None, time | None] = DAYTIME
    municipalities: frozenset[str] = frozenset()
    kind: str = ""
    theme: str = ""
    trl: int | None = None

    @property
    def last(self) -> date:
        """The day after the last one that is searched, reserve days included."""
        return self.first + (self.days + RESERVE_DAYS + 1) * DAY


class Finder:
    """One search over what was read. Masks are made once for each resource and used for every question."""

    def __init__(
        self, search: Search, bookables: Sequence[Bookable], taken: Taken, *, now: datetime, zone: ZoneInfo,
        usable: Mapping[int, Sequence[Days]] | None = None, offers: Sequence[Offered] | None = None,
        reader: Reader | None = None,
    ) -> None:  # fmt: skip
        """usable: site id -> the days on which its permits allow the test; sites left out can be used on any.
        reader: whose rules count; None finds what is free, whoever may have it."""
        self.search, self.bookables, self.taken, self.now, self.zone = search, bookables, taken, now, zone
        self.usable = usable or {}
        self._permitted: dict[int, int] = {}
        self.offers = offers or offers_of(bookables)
        self.length = int(search.length.total_seconds())
        self.grid = Grid(self._local(search.first, time(0)), (search.days + RESERVE_DAYS + 1) * 86400 // STEP)
        self.reader, self.admission = reader, Admission(reader, self.grid, search.length, zone) if reader else None
        self._open: dict[int, int] = {}
        self._terms: dict[tuple[int, int], int] = {}
        self._free: dict[tuple[int, int], int] = {}
        self._masks: dict[tuple[int, int], int] = {}
        self._near: dict[tuple[int, int], list[Choice]] = {}
        self._combined = 0
        self.choices = by_name([self._choices(number, need) for number, need in enumerate(search.needs)])

    def window(self) -> Interval:
        """What has to be known about: the searched days, reserve days and buffers included."""
        return Interval(
            datetime.fromtimestamp(self.grid.origin, UTC) - DAY,
            datetime.fromtimestamp(self.grid.end + self.length, UTC) + DAY,
        )

    def starts(self) -> int:
        """The starts at which every need can be met by something. When something is taken is looked at only
        where it can meet what nothing before it does."""
        wanted = self._wanted() if all(self.choices) else 0
        if wanted and self.admission:
            wanted &= self.admission.together(self.choices)
        for number, choices in enumerate(self.choices):
            unmet, mask = wanted, self.mask if number else self._main
            for choice in choices:
                if not unmet:
                    break
                if unmet & self._granted(choice):
                    unmet &= ~mask(choice)
            wanted &= ~unmet
        return wanted

    def suggestions(
        self, most: int, only: Callable[[Suggestion], bool] = lambda _one: True, *, below: float = math.inf
    ) -> list[Suggestion]:
        """The best times of a rank below some number, best first: at most one for each day and place."""
        found: dict[tuple[object, ...], Suggestion] = {}
        places: dict[int, float] = {}
        first_day: date | None = None
        for day, slots in self._by_day(self.starts()):
            first_day = first_day or day
            if (day - first_day).days > LOOKED_AT_DAYS or len(found) >= 12 * most or self._least_rank(day) >= below:
                break
            for suggestion in self._on(day, slots):
                if suggestion.rank < below and only(suggestion):
                    found.setdefault((day, suggestion.place), suggestion)
                    places[suggestion.place] = min(suggestion.rank, places.get(suggestion.place, math.inf))
            if len(places) >= most:
                # Later days are worth a look only while they can be better than so many other places.
                below = sorted(places.values())[most - 1]
        return varied(sorted(found.values(), key=lambda one: (one.rank, one.use.start)), most)

    def barred(self, most: int, but: str = "", *, below: float = math.inf) -> list[Barred]:
        """The best time at each place that is free but that rules about the reader bar; those that the rule `but` bars
        left out, and those of no rank below some number."""
        if self.admission is None or not self.admission.limits(self.choices):
            return []
        admission, there = self.admission, copy.copy(self)
        there.admission, there._masks = None, {}

        def barred(one: Suggestion) -> Barred:
            return Barred(one, admission.problems(one.use, one.choices, self.now))

        def counts(one: Suggestion) -> bool:
            codes = barred(one).codes
            return bool(codes) and but not in codes

        best: dict[int, Barred] = {}
        for one in there.suggestions(3 * most, counts, below=below):
            best.setdefault(one.place, barred(one))
        return list(best.values())[:most]

    def may_come(self, choices: Sequence[Choice], before: datetime | None = None) -> bool:
        """Whether some resources are let at any start that was asked for, whoever has them now: what is closed or too
        soon never becomes free. How far ahead they are let grows with every day."""
        mask = self._wanted()
        if before is not None:
            mask &= self.grid.between(self.grid.origin, int(before.timestamp()) - 1)
        for one in choices:
            bookable, length = one.bookable, self.search.length
            terms = replace(bookable.terms, horizon=max(bookable.terms.horizon, EVER))
            mask &= allowed_starts(terms, self._opened(bookable.opening), self.grid, length=length, now=self.now)
        return mask > 0

    def is_closed(self, choice: Choice) -> bool:
        """Whether the reader may never book a resource."""
        return self.admission is not None and self.admission.is_closed(choice)

    def mask(self, choice: Choice) -> int:
        """The starts at which the reader can have a resource for the whole length."""
        key = (choice.bookable.resource.id, choice.need.units)
        if key not in self._masks:
            self._masks[key] = self._when_free(choice) & self._admitted(choice)
        return self._masks[key]

    def _granted(self, choice: Choice) -> int:
        """The starts that are left to the reader where nothing is taken."""
        return self._allowed(choice.bookable) & self._admitted(choice)

    def _admitted(self, choice: Choice) -> int:
        return self.admission.starts(choice) if self.admission else self.grid.whole

    def _when_free(self, choice: Choice) -> int:
        one, units = choice.bookable, choice.need.units
        key = (one.resource.id, units)
        if key not in self._free:
            self._free[key] = free_starts(one, units, self.grid, self._allowed(one), self.taken, self.search.length)
        return self._free[key]

    def _allowed(self, one: Bookable) -> int:
        key = (id(one.terms), id(one.opening))
        if key not in self._terms:
            is_open, length = self._opened(one.opening), self.search.length
            self._terms[key] = allowed_starts(one.terms, is_open, self.grid, length=length, now=self.now)
        return self._terms[key]

    def _opened(self, opening: Opening) -> int:
        if id(opening) not in self._open:
            self._open[id(opening)] = opened(opening, self.grid, self.search.length, self.zone)
        return self._open[id(opening)]

    def _main(self, choice: Choice) -> int:
        """The starts at which a resource can be had as the place: its site's permits count."""
        site = choice.bookable.resource.site_id
        if site not in self.usable:
            return self.mask(choice)
        if site not in self._permitted:
            far = self.grid.end + self.length
            stretches = [
                (self._local(first, time(0)), self._local(last + DAY, time(0)) if last is not None else far)
                for first, last in self.usable[site]
            ]
            self._permitted[site] = self.grid.within(stretches, self.length)
        return self.mask(choice) & self._permitted[site]

    def _wanted(self) -> int:
        """The starts on the days and at the hours that were asked for."""
        search = self.search
        every = (search.first + number * DAY for number in range(search.days))
        days = [day for day in every if day.weekday() in search.weekdays]
        if search.hours != DAYTIME or search.length <= WHOLE_DAYTIME:
            return starts_on(days, Hours(*search.hours), search.length, self.grid, self.zone)
        # Nobody has asked for hours, and it is longer than a day: it begins in the morning.
        mornings = (self._local(day, BEST_START) for day in days)
        return reduce(or_, (self.grid.between(at, at) for at in mornings), 0)

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
        of_day = self.grid.between(self.grid.at(min(slots)), self.grid.at(max(slots)))
        tried = 0
        for main in self.choices[0]:
            mask = self._main(main) & of_day
            for slot in ordered if mask else ():
                if mask >> slot & 1 and (chosen := self._rest(main, slot)):
                    tried += 1
                    yield self._suggestion(slot, chosen, day)
                    break
            if tried == MAIN_PLACES_TRIED:
                return

    def _rest(self, main: Choice, slot: int) -> tuple[Choice, ...] | None:
        """Something for each further need at one start, nearest to the main place first; None when they collide."""
        return next(self._together([main], slot), None)

    def _together(self, chosen: list[Choice], slot: int) -> Iterator[tuple[Choice, ...]]:
        """The ways to meet the needs that are left, beside what has been chosen."""
        if len(chosen) == len(self.choices):
            yield tuple(chosen)
            return
        near = self._nearest(len(chosen), chosen[0])
        for one in islice(self._beside(chosen, near, slot), COMBINED):
            yield from self._together([*chosen, one], slot)

    def _beside(self, chosen: Sequence[Choice], near: Sequence[Choice], slot: int) -> Iterator[Choice]:
        for one in near:
            self._combined += 1
            if self._combined > MOST_COMBINED:
                return
            if self.mask(one) >> slot & 1 and not self._excludes(one, chosen, slot):
                yield one

    def _excludes(self, one: Choice, chosen: Sequence[Choice], slot: int) -> bool:
        """Whether something cannot be had beside what has been chosen: the same unit, or too much of a pool or a
        quota."""
        if collides(one, chosen):
            return True
        if not all(self._when_free(each) >> slot & 1 for each in in_one_pool(one, chosen)):
            return True
        return self.admission is not None and self.admission.is_too_much(one, chosen, slot)

    def _nearest(self, number: int, main: Choice) -> list[Choice]:
        """What meets a further need, in the order in which it suits a main place."""
        key = (number, main.bookable.resource.site_id)
        if key not in self._near:
            far: dict[int, float] = {}

            def drawbacks(one: Choice) -> tuple[bool, int, float]:
                site = one.bookable.resource.site_id
                if site not in far:
                    far[site] = kilometres(main, one)
                return far[site] > FAR_KM, -one.match.score, far[site]

            self._near[key] = sorted(self.choices[number], key=drawbacks)
        return self._near[key]

    def _suggestion(self, slot: int, chosen: tuple[Choice, ...], day: date) -> Suggestion:
        start = datetime.fromtimestamp(self.grid.at(slot), UTC)
        use = Interval(start, start + self.search.length)
        price = sum(price_ore(use, one.bookable.resource.price_ore, one.need.units) for one in chosen)
        reasons = [*self._reserve(slot, chosen, day), *merits_of(chosen, price, is_admitted=self.admission is not None)]
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

    def _least_rank(self, day: date) -> float:
        """No suggestion of a day has a lower rank."""
        return (day - self.search.first).days - sum(choices[0].match.score for choices in self.choices) / 100

    def _reserve(self, slot: int, chosen: Sequence[Choice], day: date) -> Iterator[Reason]:
        """Outdoors: whether the same can be had at the same hour on another day within two weeks."""
        if not any(one.bookable.resource.site.is_outdoor for one in chosen):
            return
        at = datetime.fromtimestamp(self.grid.at(slot), self.zone).time()
        between = max(one.bookable.terms.setup + one.bookable.terms.cleanup for one in chosen)
        over = self.grid.at(slot) + self.length + between.total_seconds()
        for number in range(1, RESERVE_DAYS + 1):
            later = day + number * DAY
            other = self.grid.slot_of(self._local(later, at))
            if later.weekday() not in self.search.weekdays or other is None or self.grid.at(other) < over:
                continue
            if all(mask >> other & 1 for mask in (self._main(chosen[0]), *map(self.mask, chosen[1:]))):
                yield Reason("reserve_day", values={"day": later})
                return
        yield Reason("no_reserve_day", is_drawback=True)

    def _local(self, day: date, at: time) -> int:
        return int(datetime.combine(day, at, self.zone).timestamp())


def suits(one: Bookable, search: Search) -> bool:
    """Whether a resource's site meets the conditions on the place."""
    site = one.resource.site
    return (
        (not search.municipalities or site.municipality in search.municipalities)
        and (not search.kind or site.kind == search.kind)
        and (not search.theme or search.theme in site.themes)
        and (search.trl is None or site.trl_from <= search.trl <= site.trl_to)
    )
