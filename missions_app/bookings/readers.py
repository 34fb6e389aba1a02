"""What a resource asks of the very person who searches: who may book it, quotas, qualifications. Pure.

A request is tried by `rules.problems`; a search of thousands of starts by masks that leave out exactly what it refuses.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
    """The starts of one search at which a reader is admitted. Each quota is weighed once, and so is
    what many resources ask alike."""

    def __init__(self, reader: Reader, grid: Grid, length: timedelta, zone: ZoneInfo) -> None:
        self.reader, self.grid, self.length, self.zone = reader, grid, length, zone
        begin = datetime.fromtimestamp(grid.origin, UTC)
        self._ask = Ask(Interval(begin, begin + length), reader.organisation_id, for_experiment=True)
        self._starts: dict[tuple[Rules, int], int] = {}
        self._within_quota: dict[tuple[Allowance, int], int] = {}

    def starts(self, choice: Choice) -> int:
        """The starts at which the reader may have a resource by itself."""
        return self._allowed(self._asked(choice), choice.need.units)

    def is_closed(self, choice: Choice) -> bool:
        """Whether the reader's organisation may never book it."""
        return bool(booker_problems(self._ask, self._asked(choice)))

    def together(self, choices: Sequence[Sequence[Choice]]) -> int:
        """The starts at which each quota that counts everything that answers to some needs has room for all of them."""
        return self._room(
            (set.intersection(*(set(one.quotas) for one in self._asked_of(need))), need) for need in choices
        )

    def limits(self, choices: Sequence[Sequence[Choice]]) -> bool:
        """Whether anything that answers to a search is kept from the reader at any start, for whatever reason."""
        whole = self.grid.whole
        if any(self._allowed(one, need[0].need.units) != whole for need in choices for one in self._asked_of(need)):
            return True
        most = [({quota for one in self._asked_of(need) for quota in one.quotas}, need) for need in choices]
        return self._room(most) != whole

    def is_too_much(self, one: Choice, chosen: Sequence[Choice], slot: int) -> bool:
        """Whether quotas that count several of them would be exceeded by all of them together."""
        for quota in self._asked(one).quotas:
            others = sum(other.need.units for other in chosen if quota in self._asked(other).quotas)
            if others and not self._within(quota, one.need.units + others) >> slot & 1:
                return True
        return False

    def problems(self, use: Interval, chosen: Sequence[Choice], now: datetime) -> list[tuple[Resource, Problem]]:
        """What a request for all of them would be refused for, each once, with what is asked for."""
        found: dict[tuple[str, str], tuple[Resource, Problem]] = {}
        for one in chosen:
            counted = []
            for quota in self._asked(one).quotas:
                others = [each for each in chosen if each is not one and quota in self._asked(each).quotas]
                counted.append(replace(quota, uses=[*quota.uses, *((use, each.need.units) for each in others)]))
            ask = replace(self._ask, use=use, units=one.need.units, people=one.need.people)
            asked = replace(self._asked(one), quotas=counted)
            for each in problems(ask, asked, now=now, zone=self.zone):
                found.setdefault((each.code, repr(each.params.get("name"))), (one.bookable.resource, each))
        return list(found.values())

    def _asked(self, choice: Choice) -> Rules:
        return self.reader.asked[choice.bookable.resource.id]

    def _asked_of(self, need: Sequence[Choice]) -> set[Rules]:
        """What the resources that answer to a need ask, each different thing once."""
        return {self._asked(one) for one in need}

    def _allowed(self, asked: Rules, units: int) -> int:
        """The starts at which the reader may have so many units of whatever asks this."""
        if (asked, units) not in self._starts:
            mask = 0 if booker_problems(self._ask, asked) else self.grid.whole
            mask &= qualified_starts(asked.qualifications, self.grid, self.length, self.zone)
            for quota in asked.quotas:
                mask &= self._within(quota, units)
            self._starts[asked, units] = mask
        return self._starts[asked, units]

    def _room(self, counted: Iterable[tuple[set[Allowance], Sequence[Choice]]]) -> int:
        """The starts at which some quotas have room for all the needs that count towards them."""
        units: Counter[Allowance] = Counter()
        for quotas, need in counted:
            for quota in quotas:
                units[quota] += need[0].need.units
        mask = self.grid.whole
        for quota, number in units.items():
            mask &= self._within(quota, number)
        return mask

    def _within(self, quota: Allowance, units: int) -> int:
        if (quota, units) not in self._within_quota:
            self._within_quota[quota, units] = starts_within_quota(quota, units, self.grid, self.length, self.zone)
        return self._within_quota[quota, units]
