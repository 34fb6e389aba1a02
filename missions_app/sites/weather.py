"""Limits of weather: what they are called, in which unit, and whether a reading is within them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from missions_app.i18n import N_


@dataclass(frozen=True, slots=True)
class Limit:
    """One kind of limit. `is_most`: the test stops above it; otherwise below it."""

    name: str
    label: str
    unit: str
    is_most: bool
    least: float
    most: float


LIMITS = (
    Limit("wind", N_("Most wind"), "m/s", True, 0, 60),
    Limit("wave", N_("Highest wave"), "m", True, 0, 20),
    Limit("visibility", N_("Least visibility"), "m", False, 0, 50_000),
    Limit("air", N_("Lowest air temperature"), "°C", False, -40, 40),
    Limit("water", N_("Lowest water temperature"), "°C", False, -2, 35),
)
BY_NAME = {one.name: one for one in LIMITS}


def strictest(every: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """The limits that hold when several do: the strictest figure of each kind."""
    found: dict[str, float] = {}
    for limits in every:
        for name, figure in limits.items():
            if name in BY_NAME:
                choose = min if BY_NAME[name].is_most else max
                found[name] = choose(found.get(name, figure), figure)
    return found


def looser(limits: Mapping[str, float], than: Mapping[str, float]) -> list[Limit]:
    """The limits that let a test go on where others have stopped it; what is not said leaves the others as they are."""
    return [
        one for one in LIMITS
        if one.name in limits and one.name in than and broken({one.name: than[one.name]}, {one.name: limits[one.name]})
    ]  # fmt: skip


def broken(limits: Mapping[str, float], reading: Mapping[str, float]) -> list[str]:
    """The names of the limits that a reading breaks; what was not read breaks nothing."""
    return [
        one.name
        for one in LIMITS
        if one.name in limits and one.name in reading
        and (reading[one.name] > limits[one.name] if one.is_most else reading[one.name] < limits[one.name])
    ]  # fmt: skip


def in_figures(limits: Mapping[str, float], other: str = "") -> str:
    """The limits in one line, such as "wind 10 m/s; wave 0.5 m", and what else was written."""
    parts = [f"{one.name} {limits[one.name]:g} {one.unit}" for one in LIMITS if one.name in limits]
    return "; ".join([*parts, *([other.strip()] if other.strip() else [])])


def out_of_range(limits: Mapping[str, float]) -> list[Limit]:
    """The limits whose figure cannot be meant."""
    return [one for one in LIMITS if one.name in limits and not one.least <= limits[one.name] <= one.most]
