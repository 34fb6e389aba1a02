"""The partnerships of all missions together: who works with whom, what is new each year, what nobody covers. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation that has joined a mission: which year, and its sector."""

    mission_id: int
    organisation_id: int
    name: str
    sector: str
    year: int


@dataclass(frozen=True, slots=True)
class Tie:
    """Two organisations and in how many missions they have met."""

    first: int
    second: int
    missions: int


@dataclass(frozen=True, slots=True)
class Year:
    """What joined in a year: by sector, how many for the first time ever, and how many pairs met for the first time."""

    year: int
    sectors: Mapping[str, int]
    newcomers: int
    new_pairs: int


def ties(places: Iterable[Place]) -> list[Tie]:
    """Every pair that has met, the strongest first."""
    met = Counter(pair for members in _members(places).values() for pair in combinations(sorted(members), 2))
    return [Tie(first, second, number) for (first, second), number in sorted(met.items(), key=lambda x: (-x[1], x[0]))]


def years(places: Sequence[Place]) -> list[Year]:
    """Year by year. A pair meets in the year when the later of the two joined."""
    first_year: dict[int, int] = {}
    for one in sorted(places, key=lambda one: one.year):
        first_year.setdefault(one.organisation_id, one.year)
    pair_year: dict[tuple[int, int], int] = {}
    for members in _members(places).values():
        for first, second in combinations(sorted(members), 2):
            year = max(members[first], members[second])
            pair_year[first, second] = min(year, pair_year.get((first, second), year))
    return [
        Year(
            year=year,
            sectors=Counter(one.sector for one in places if one.year == year),
            newcomers=sum(1 for began in first_year.values() if began == year),
            new_pairs=sum(1 for met in pair_year.values() if met == year),
        )
        for year in sorted({one.year for one in places})
    ]


def _members(places: Iterable[Place]) -> dict[int, dict[int, int]]:
    """Mission -> organisation -> year it joined."""
    found: dict[int, dict[int, int]] = {}
    for one in places:
        found.setdefault(one.mission_id, {})[one.organisation_id] = one.year
    return found
