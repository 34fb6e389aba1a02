"""Which organisations could cover a need, and why. Pure.

Ranked by what speaks for it; newcomers come before those who already take part elsewhere when all else is equal, so
that they are shown and not buried. Every match explains itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from missions_app.i18n import N_

LEVEL_POINTS = {1: 2, 2: 3, 3: 4}
SECTOR_POINTS = 3
PLACE_POINTS = 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation as matching sees it: what it can do (peak -> level 1 to 3), where, how often it takes part."""

    organisation_id: int
    name: str
    sector: str
    municipality: str
    capabilities: tuple[tuple[str, int], ...]
    missions: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a peak, sectors not yet present, and the municipalities concerned."""

    peak: str = ""
    missing_sectors: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a match, as a msgid with its values."""

    sentence: str
    values: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate with points, what speaks for it, and what it lacks."""

    candidate: Candidate
    points: int
    reasons: tuple[Reason, ...]
    lacks: tuple[Reason, ...]


def matches(wanted: Wanted, candidates: Iterable[Candidate]) -> Sequence[Match]:
    """Candidates with at least one reason, best first; the same input gives the same order."""
    found = [match for match in (_match(wanted, one) for one in candidates) if match.reasons]
    return sorted(found, key=lambda one: (-one.points, one.candidate.missions, one.candidate.organisation_id))


def _match(wanted: Wanted, one: Candidate) -> Match:
    reasons: list[Reason] = []
    lacks: list[Reason] = []
    points = 0
    level = dict(one.capabilities).get(wanted.peak, 0) if wanted.peak else 0
    if level:
        points += LEVEL_POINTS[level]
        reasons.append(Reason(N_("Has the capability %(peak)s"), (("peak", wanted.peak),)))
    elif wanted.peak:
        lacks.append(Reason(N_("Has not stated the capability %(peak)s"), (("peak", wanted.peak),)))
    if one.sector in wanted.missing_sectors:
        points += SECTOR_POINTS
        reasons.append(Reason(N_("Adds a sector that is missing")))
    if reasons and one.municipality and one.municipality in wanted.municipalities:
        points += PLACE_POINTS
        reasons.append(Reason(N_("Works in a municipality concerned")))
    if reasons and one.missions == 0:
        reasons.append(Reason(N_("Takes part for the first time")))
    return Match(one, points, tuple(reasons), tuple(lacks))
