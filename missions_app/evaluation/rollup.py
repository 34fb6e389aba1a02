"""Putting together one indicator over several missions. Pure.

Only amounts are added (see indicators/units.py); each mission counts once; what is missing is said, never filled in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MissionValue:
    """One mission's figures of an indicator, in its unit. None is missing."""

    mission_id: int
    baseline: float | None
    target: float | None
    value: float | None


@dataclass(frozen=True, slots=True)
class Rollup:
    """An indicator over missions.

    change: the sum of value - baseline over the `counted` missions that have both, None when none has.
    aim: the sum of target - baseline over the same missions that also have a target, None when none has.
    missions: how many missions follow the indicator at all.
    """

    change: float | None
    aim: float | None
    counted: int
    missions: int

    @property
    def is_whole(self) -> bool:
        """Whether every mission that follows the indicator has a value."""
        return self.counted == self.missions


def roll_up(rows: Iterable[MissionValue], *, additive: bool) -> Rollup:
    """The change so far and the change aimed at.

    Args:
        rows: a mission that stands twice counts once, by its first row.
        additive: False for shares, rates and levels: then nothing is summed, only counted.
    """
    first: dict[int, MissionValue] = {}
    for row in rows:
        first.setdefault(row.mission_id, row)
    known = [one for one in first.values() if one.value is not None and one.baseline is not None]
    if not additive or not known:
        return Rollup(None, None, len(known), len(first))
    change = sum((one.value or 0.0) - (one.baseline or 0.0) for one in known)
    aimed = [one for one in known if one.target is not None]
    aim = sum((one.target or 0.0) - (one.baseline or 0.0) for one in aimed) if aimed else None
    return Rollup(change, aim, len(known), len(first))


@dataclass(frozen=True, slots=True)
class PartTotal:
    """One part of a divided indicator over missions.

    total: the sum of the newest values of the part, None where nothing may be added or nothing is known. counted: the
    missions that have a value of the part, of the `missions` that divide the indicator this way.
    """

    total: float | None
    counted: int
    missions: int


def roll_up_parts(rows: Iterable[tuple[object, str, float | None]], *, additive: bool) -> Mapping[str, PartTotal]:
    """Every part by its key, in the order they first stand in.

    Args:
        rows: (mission, part, newest value or None); a mission counts once in a part, by its first row.
        additive: False for shares, rates and levels: then nothing is summed, only counted.
    """
    first: dict[str, dict[object, float | None]] = {}
    for mission, part, value in rows:
        first.setdefault(part, {}).setdefault(mission, value)
    found = {}
    for part, values in first.items():
        known = [value for value in values.values() if value is not None]
        found[part] = PartTotal(sum(known) if additive and known else None, len(known), len(values))
    return found
