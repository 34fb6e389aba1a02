"""What a resource asks of the very person who searches: who may book it, quotas, qualifications. Pure.

A request is tried by `rules.problems`; a search of thousands of starts by masks that leave out exactly what it refuses.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from missions_app.bookings.grid import Grid
from missions_app.bookings.intervals import Interval
from missions_app.bookings.merits import Choice
from missions_app.bookings.rules import Allowance, Ask, Rules, booker_problems, problems
from missions_app.bookings.starts import qualified_starts, starts_within_quota
from missions_app.errors import Problem
from missions_app.sites.models import Resource


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever searches, for one organisation: what each resource asks of them, by its id. Whoever is offered a time may
    say then which experiment it is for."""

    organisation_id: int
    asked: Mapping[int, Rules]


class Admission:
    """The starts of one search at which a reader is admitted. Each quota and each resource is weighed once."""

    def __init__(self, reader: Reader, grid: Grid, length: timedelta, zone: ZoneInfo) -> None:
        self.reader, self.grid, self.length, self.zone = reader, grid, length, zone
        begin = datetime.fromtimestamp(grid.origin, UTC)
        self._ask = Ask(Interval(begin, begin + length), reader.organisation_id, for_experiment=True)
        self._starts: dict[tuple[int, int], int] = {}
        self._known = {id(quota): quota for one in reader.asked.values() for quota in one.quotas}
        self._masks: dict[tuple[int, int], int] = {}

    def starts(self, choice: Choice) -> int:
        """The starts at which the reader may have a resource by itself."""
        key = (choice.bookable.resource.id, choice.need.units)
        if key not in self._starts:
            mask = 0 if self.is_closed(choice) else self.grid.whole
            if needed := self.reader.asked[choice.bookable.resource.id].qualifications:
                mask &= qualified_starts(needed, self.grid, self.length, self.zone)
            for quota in self._quotas_of(choice):
                mask &= self._within(quota, choice.need.units)
            self._starts[key] = mask
        return self._starts[key]

    def is_closed(self, choice: Choice) -> bool:
        """Whether the reader's organisation may never book it."""
        return bool(booker_problems(self._ask, self.reader.asked[choice.bookable.resource.id]))

    def together(self, choices: Sequence[Sequence[Choice]]) -> int:
        """The starts at which each quota that counts everything that answers to some needs has room for all of them."""
        return self._room([(set.intersection(*(set(self._quotas_of(one)) for one in need)), need) for need in choices])

    def limits(self, choices: Sequence[Sequence[Choice]]) -> bool:
        """Whether anything that answers to a search is kept from the reader at any start, for whatever reason."""
        if any(self.starts(one) != self.grid.whole for need in choices for one in need):
            return True
        most = [({key for one in need for key in self._quotas_of(one)}, need) for need in choices]
        return self._room(most) != self.grid.whole

    def is_too_much(self, one: Choice, chosen: Sequence[Choice], slot: int) -> bool:
        """Whether quotas that count several of them would be exceeded by all of them together."""
        for key in self._quotas_of(one):
            others = sum(other.need.units for other in chosen if key in self._quotas_of(other))
            if others and not self._within(key, one.need.units + others) >> slot & 1:
                return True
        return False

    def problems(self, use: Interval, chosen: Sequence[Choice], now: datetime) -> list[tuple[Resource, Problem]]:
        """What a request for all of them would be refused for, each once, with what is asked for."""
        found: dict[tuple[str, str], tuple[Resource, Problem]] = {}
        for one in chosen:
            counted = []
            for key, quota in self._quotas_of(one).items():
                others = [each for each in chosen if each is not one and key in self._quotas_of(each)]
                counted.append(replace(quota, uses=[*quota.uses, *((use, each.need.units) for each in others)]))
            ask = replace(self._ask, use=use, units=one.need.units, people=one.need.people)
            asked = replace(self.reader.asked[one.bookable.resource.id], quotas=counted)
            for each in problems(ask, asked, now=now, zone=self.zone):
                found.setdefault((each.code, repr(each.params.get("name"))), (one.bookable.resource, each))
        return list(found.values())

    def _quotas_of(self, choice: Choice) -> dict[int, Allowance]:
        """What a resource counts towards, by the identity of what is shared."""
        return {id(one): one for one in self.reader.asked[choice.bookable.resource.id].quotas}

    def _room(self, counted: Sequence[tuple[set[int], Sequence[Choice]]]) -> int:
        """The starts at which some quotas have room for all the needs that count towards them."""
        units = Counter(key for keys, need in counted for key in keys for _unit in range(need[0].need.units))
        mask = self.grid.whole
        for key, number in units.items():
            mask &= self._within(key, number)
        return mask

    def _within(self, key: int, units: int) -> int:
        if (key, units) not in self._masks:
            quota = self._known[key]
            self._masks[key, units] = starts_within_quota(quota, units, self.grid, self.length, self.zone)
        return self._masks[key, units]
