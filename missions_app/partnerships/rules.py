"""Whether a partnership holds together. Pure: plain records in, answers out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from missions_app.workflow.method_parts import PartnerRole

ROUNDING = 1e-6
# A promise is confirmed once a year.
CONFIRM_EVERY = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a funding plan for the check of double funding: mission, source, what it pays for, öre, and the
    mission's reference."""

    id: int
    mission_id: int
    source: str
    cost: str
    amount_ore: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount of something: how much in its unit, and what that is worth in öre."""

    quantity: float = 0.0
    value_ore: int = 0


class Part(Protocol):
    """Part of a promise kept."""

    @property
    def quantity(self) -> float | None: ...

    @property
    def value_ore(self) -> int: ...

    @property
    def is_extra(self) -> bool: ...


class Place(Protocol):
    """An organisation's place in a partnership: whose group it belongs to, its sector, its roles."""

    @property
    def group(self) -> int: ...

    @property
    def sector(self) -> str: ...


def filled_roles(roles: Iterable[PartnerRole], held: Iterable[Sequence[str]]) -> list[dict[str, object]]:
    """Every partner role of the method, whether it is required, and whether enough committed partners hold it."""
    counts: dict[str, int] = defaultdict(int)
    for one in held:
        for role in one:
            counts[role] += 1
    return [
        {
            "role": role.id,
            "required": role.required,
            "filled": role.min <= counts[role.id] and (role.max is None or counts[role.id] <= role.max),
        }
        for role in roles
    ]


def unfilled(roles: Iterable[PartnerRole], held: Iterable[Sequence[str]]) -> list[PartnerRole]:
    """The required roles that too few committed partners hold, in the method's order."""
    known = list(roles)
    missing = {row["role"] for row in filled_roles(known, held) if row["required"] and not row["filled"]}
    return [role for role in known if role.id in missing]


def sector_counts(places: Iterable[Place]) -> dict[str, int]:
    """Sector -> number of independent organisations: those of one owner group count once, in its owner's sector."""
    sectors: dict[int, str] = {}
    for place in places:
        sectors.setdefault(place.group, place.sector)
    counts: dict[str, int] = defaultdict(int)
    for sector in sectors.values():
        counts[sector] += 1
    return dict(counts)


def independent(places: Iterable[Place]) -> int:
    """How many organisations there are when those under common control count as one."""
    return len({place.group for place in places})


def shares(values: Iterable[tuple[int, int]]) -> Mapping[int, float]:
    """Group of owners -> share of the summed value (0.0 to 1.0); {} when nothing has a value."""
    sums: dict[int, int] = defaultdict(int)
    for group, value in values:
        sums[group] += value
    total = sum(sums.values())
    return {group: value / total for group, value in sums.items()} if total else {}


def doubly_funded(line: Line, others: Iterable[Line]) -> bool:
    """Whether another line, in any mission, takes the same cost to the same source."""
    return any(
        other.id != line.id
        and line.source.strip()
        and _same(other.source, line.source)
        and _same(other.cost, line.cost)
        for other in others
    )


def delivered(parts: Iterable[Part]) -> Sum:
    """What has been kept of a promise so far; what was brought beyond it is not counted."""
    return _sum(one for one in parts if not one.is_extra)


def extra(parts: Iterable[Part]) -> Sum:
    """What was brought beyond a promise."""
    return _sum(one for one in parts if one.is_extra)


def _sum(parts: Iterable[Part]) -> Sum:
    quantity, value = 0.0, 0
    for part in parts:
        quantity, value = quantity + (part.quantity or 0.0), value + part.value_ore
    return Sum(quantity, value)


@dataclass(frozen=True, slots=True)
class Running:
    """A promise that may be drawn down: what is left of it, and its period."""

    id: int
    left: float
    period_from: date | None = None
    period_until: date | None = None


def allocate(quantity: float, on: date, running: Iterable[Running]) -> tuple[list[tuple[int, float]], float]:
    """Which promises an amount brought on a day draws down, and what is over.

    Those whose period holds the day come before the others, then the one that ends first; never more than what is left
    of each, and never more in all than was brought.
    """
    drawn: list[tuple[int, float]] = []
    rest = quantity
    for one in sorted(running, key=lambda one: (not holds(one, on), one.period_until or date.max, one.id)):
        part = min(rest, one.left)
        if part > ROUNDING:
            drawn.append((one.id, part))
            rest -= part
    return drawn, rest if rest > ROUNDING else 0.0


def holds(one: Running, on: date) -> bool:
    """Whether a day is within a promise's period; a missing end is open."""
    return (one.period_from is None or one.period_from <= on) and (one.period_until is None or on <= one.period_until)


@dataclass(frozen=True, slots=True)
class Hours:
    """A promise of hours for the check that the same hours are not promised twice. `words` is "" where it is masked."""

    id: int
    mission_id: int
    group: int
    quantity: float
    words: str
    period_from: date | None
    period_until: date | None


def promised_twice(one: Hours, others: Iterable[Hours]) -> list[int]:
    """The missions, its own among them, to which the same owner group seems to have promised the same hours in another
    promise: overlapping periods, and the same words, or the same number of hours for exactly the same period."""
    found = [
        other.mission_id
        for other in others
        if other.id != one.id and other.group == one.group and _overlap(one, other) and _alike(one, other)
    ]
    return sorted(set(found))


def _overlap(one: Hours, other: Hours) -> bool:
    first = max(one.period_from or date.min, other.period_from or date.min)
    return first <= min(one.period_until or date.max, other.period_until or date.max)


def _alike(one: Hours, other: Hours) -> bool:
    if one.words.strip() and _same(one.words, other.words):
        return one.quantity == other.quantity
    whole = (one.period_from, one.period_until)
    return None not in whole and whole == (other.period_from, other.period_until) and one.quantity == other.quantity


def is_late(period_until: date | None, left: Sum, today: date) -> bool:
    """Whether a promise's last day has passed while something is left of it."""
    return period_until is not None and period_until < today and (left.quantity > ROUNDING or left.value_ore > 0)


def confirm_by(made_on: date, confirmed_on: date | None) -> date:
    """The last day to say that a promise still holds: a year after it was made, or said to hold."""
    return max(made_on, confirmed_on or made_on) + CONFIRM_EVERY


def left_of(quantity: float | None, value_ore: int, parts: Iterable[Part]) -> Sum:
    """What is left of a promise; never below zero."""
    kept = delivered(parts)
    return Sum(max((quantity or 0.0) - kept.quantity, 0.0), max(value_ore - kept.value_ore, 0))


def worked_out(quantity: float | None, rate_ore: int | None) -> int:
    """What a quantity is worth at so much for one, in whole öre; 0 where either is missing."""
    return round(quantity * rate_ore) if quantity and rate_ore else 0


def part_of(promised: Sum, quantity: float | None, value_ore: int | None) -> Sum:
    """A delivered part with its value: as given, else the same share of the promise's value as of its quantity."""
    amount = quantity or 0.0
    if value_ore is not None:
        return Sum(amount, value_ore)
    return Sum(amount, round(promised.value_ore * amount / promised.quantity) if promised.quantity else 0)


def beyond(part: Sum, left: Sum, *, has_quantity: bool) -> Sum:
    """What of a delivered part is more than is left of the promise. With a quantity, the value follows it in
    proportion; without one, the value itself is compared."""
    if not has_quantity:
        return Sum(0.0, max(part.value_ore - left.value_ore, 0))
    over = part.quantity - left.quantity
    if over <= ROUNDING:
        return Sum(0.0, max(part.value_ore - left.value_ore, 0))
    share = over / part.quantity
    return Sum(over, max(round(part.value_ore * share), part.value_ore - left.value_ore))


def is_kept(quantity: float | None, value_ore: int, parts: Iterable[Part]) -> bool:
    """Whether nothing is left: by quantity where the promise has one, else by value."""
    left = left_of(quantity, value_ore, parts)
    return left.quantity <= ROUNDING if quantity is not None else left.value_ore == 0


def _same(first: str, second: str) -> bool:
    return first.strip().casefold() == second.strip().casefold()
