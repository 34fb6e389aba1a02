"""How far an indicator has come from its baseline towards its target. Pure.

Values are in the indicator's unit. Progress is a share: 0.0 at the baseline, 1.0 at the target; it may be negative or
exceed 1.0. What is missing stays missing: None, never zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from missions_app.indicators.library import RANGE


@dataclass(frozen=True, slots=True)
class Point:
    """One approved value on a day; None where it is known that no value could be had, or where the count is so small
    that it is not shown to everybody (`is_small`). `parts` is the value divided, by the part's key."""

    on: date
    value: float | None
    is_small: bool = False
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest value there is."""

    on: date
    value: float


def latest(points: Sequence[Point]) -> Latest | None:
    """The newest point that has a value; of two on the same day the later one given."""
    found = [Latest(one.on, one.value) for one in points if one.value is not None]
    return max(reversed(found), key=lambda point: point.on, default=None)


def change_share(*, baseline: float | None, value: float | None) -> float | None:
    """The change from the baseline as a share of it: -0.33 is a third less. None when a figure is missing or the
    baseline is zero, since a share of nothing says nothing."""
    if baseline is None or value is None or baseline == 0:
        return None
    return (value - baseline) / abs(baseline)


def progress(
    *, baseline: float | None, target: float | None, value: float | None, direction: str, low: float | None = None
) -> float | None:
    """The share of the way from baseline to target.

    Args:
        direction: "up" and "down" measure the way. "range" is 1.0 while the value lies within its limits, wherever it
            began; outside them it is 1 - (how far outside the value lies) / (how far outside the baseline lies), each
            from the nearest limit: 0.0 at the baseline, 1.0 at the limit, negative farther out; where the baseline lies
            within, there is no way to measure by and a value outside is 0.0. "hold" is 1.0 while the value is no
            farther from the baseline, on either side, than the target is, and less the farther it moves.
        target, low: for "range" the upper and the lower limit; `low` has no meaning otherwise.

    Returns:
        None when a figure is missing, or when baseline and target are the same so that there is no way to go.
    """
    if target is None or value is None:
        return None
    if direction == RANGE:
        return _within(baseline, low, target, value)
    if baseline is None:
        return None
    if direction == "hold":
        return _kept(baseline, target, value)
    if baseline == target:
        return None
    return (value - baseline) / (target - baseline)


def outside(value: float, low: float, high: float) -> float:
    """How far outside its limits a value lies, from the nearest of them; 0.0 within."""
    return max(low - value, 0.0, value - high)


def _within(baseline: float | None, low: float | None, high: float, value: float) -> float | None:
    if low is None:
        return None
    beyond = outside(value, low, high)
    if beyond == 0:
        return 1.0
    if baseline is None:
        return None
    way = outside(baseline, low, high)
    return 1.0 - beyond / way if way else 0.0


def _kept(baseline: float, target: float, value: float) -> float:
    """How well a value has been kept: 1.0 within what the target allows, 0.0 when it is as far beyond it as the
    baseline is large."""
    allowed, moved = abs(target - baseline), abs(value - baseline)
    if moved <= allowed:
        return 1.0
    scale = max(abs(baseline), allowed)
    return max(0.0, 1.0 - (moved - allowed) / scale) if scale else 0.0


def reached(
    *, baseline: float | None, target: float | None, value: float | None, direction: str, low: float | None = None
) -> bool | None:
    """Whether the target is reached; None when it cannot be told. The arguments are those of progress."""
    if target is None or value is None:
        return None
    if direction == RANGE:
        return None if low is None else low <= value <= target
    if direction == "down":
        return value <= target
    if direction == "up":
        return value >= target
    share = progress(baseline=baseline, target=target, value=value, direction=direction)
    return None if share is None else share >= 1.0


@dataclass(frozen=True, slots=True)
class Milestone:
    """A value on the way: what was to be reached by a day, what had been measured by then, and whether it was reached;
    None while the day lies ahead or when nothing had been measured."""

    on: date
    value: float
    actual: float | None
    reached: bool | None


def milestones(
    wanted: Mapping[str, float], points: Sequence[Point], *, direction: str, baseline: float | None, today: date,
    limits: tuple[float | None, float | None] = (None, None),
) -> list[Milestone]:  # fmt: skip
    """Every milestone as it stands, earliest first.

    Args:
        wanted: values by their days as ISO dates.
        limits: for "range" the lower and the upper. A milestone is reached by a value that lies within them, or no
            farther outside than the milestone does.
    """
    found = []
    for day in sorted(wanted):
        on, value = date.fromisoformat(day), wanted[day]
        now = latest([one for one in points if one.on <= on]) if on <= today else None
        actual = now.value if now else None
        if direction == RANGE:
            hit = _as_near(actual, value, *limits)
        else:
            hit = reached(baseline=baseline, target=value, value=actual, direction=direction)
        found.append(Milestone(on, value, actual, hit))
    return found


def _as_near(actual: float | None, wanted: float, low: float | None, high: float | None) -> bool | None:
    if actual is None or low is None or high is None:
        return None
    return outside(actual, low, high) <= outside(wanted, low, high)
