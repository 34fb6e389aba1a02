"""Giving each booking its units of a pool, moving those that have not begun when that makes room. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from missions_app.bookings.intervals import Interval


@dataclass(frozen=True, slots=True)
class Held:
    """An occupied unit of the pool. `key` is the reservation's id; a fixed one may not move."""

    key: int
    unit: int
    interval: Interval
    fixed: bool


def free_units(units: Sequence[int], held: Sequence[Held], wanted: Interval) -> list[int]:
    """The units that are free during an interval, in order."""
    busy = {one.unit for one in held if one.interval.overlaps(wanted)}
    return [unit for unit in units if unit not in busy]


def make_room(
    units: Sequence[int], held: Sequence[Held], wanted: Interval, number: int
) -> tuple[list[int], Mapping[int, int]] | None:
    """Units for a new booking, and where others move to make room: (units, {key: new unit}); None when there is none.

    Intervals are given units in the order they start, which needs no more units than the peak; what is fixed keeps
    its own. Fixed ones that have begun start before all others, so the order holds for them too.
    """
    plan: dict[int, list[Interval]] = {unit: [] for unit in units}
    for one in held:
        if one.fixed:
            plan[one.unit].append(one.interval)
    moves: dict[int, int] = {}
    chosen: list[int] = []
    waiting = [(one.interval, one.key, one.unit) for one in held if not one.fixed]
    waiting += [(wanted, -1, -1)] * number
    for interval, key, present in sorted(waiting, key=lambda row: (row[0].start, row[1] < 0, row[1])):
        fitting = [unit for unit in units if not any(interval.overlaps(other) for other in plan[unit])]
        if not fitting:
            return None
        unit = present if present in fitting else fitting[0]
        plan[unit].append(interval)
        if key < 0:
            chosen.append(unit)
        elif unit != present:
            moves[key] = unit
    return chosen, moves


def repack(units: Sequence[int], held: Sequence[Held]) -> Mapping[int, int] | None:
    """Where what is held stands when only these units are left: {key: new unit} of those that move; None when it does
    not fit. What is fixed must stand on one of them."""
    if any(one.fixed and one.unit not in units for one in held):
        return None
    plan: dict[int, list[Interval]] = {unit: [] for unit in units}
    for one in held:
        if one.fixed:
            plan[one.unit].append(one.interval)
    moves: dict[int, int] = {}
    for one in sorted((each for each in held if not each.fixed), key=lambda each: (each.interval.start, each.key)):
        fitting = [unit for unit in units if not any(one.interval.overlaps(other) for other in plan[unit])]
        if not fitting:
            return None
        unit = one.unit if one.unit in fitting else fitting[0]
        plan[unit].append(one.interval)
        if unit != one.unit:
            moves[one.key] = unit
    return moves


def peak(intervals: Sequence[Interval]) -> tuple[int, datetime]:
    """How many are held at once at most, and the first moment when they are; there is at least one."""
    moments = [(sum(each.start <= one.start < each.end for each in intervals), one.start) for one in intervals]
    most = max(number for number, _at in moments)
    return most, min(at for number, at in moments if number == most)
