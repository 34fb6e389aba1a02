"""Charts as plain values for the SVG macro: places in a picture of 560 x 240, texts in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from missions_app.evaluation.progress import Point
from missions_app.evaluation.results import IndicatorResult
from missions_app.i18n import _, both, dated, number
from missions_app.indicators.models import IndicatorPlan
from missions_app.indicators.words import aim_words
from missions_app.scale import even_scale

# Above the picture there is room for one row of what happened.
LEFT, RIGHT, TOP, BOTTOM = 48, 480, 34, 212
TICK_DECIMALS = 6
MOST_NAMED = 3
CLOSE = 28
FIRST_ROW, ROW = 17, 14
TEXT = 14
BOTH = 2  # limits
DayInWords = Callable[[date], str]


@dataclass(frozen=True, slots=True)
class LineChart:
    """A line over time with baseline and target; ticks and dates are (place, text), events (x, y of the text, text).

    base and each of targets are (y, y of the text, text): one target, or the upper and the lower of two limits.

    An event's text is what happened, or its number in `happened` (day, what) where there are more than can be named.
    The line is broken where a value is missing, or too small to be shown (`smalls`). `milestones` are (x, y, text).
    """

    description: str
    caption: str
    ticks: list[tuple[float, str]]
    dates: list[tuple[float, str]]
    events: list[tuple[float, float, str]]
    happened: list[tuple[str, str]]
    gaps: list[float]
    smalls: list[float]
    milestones: list[tuple[float, float, str]]
    paths: list[str]
    dots: list[tuple[float, float]]
    base: tuple[float, float, str] | None
    targets: list[tuple[float, float, str]]
    last_text: str


def line_chart(
    one: IndicatorResult, events: Sequence[tuple[date, str]] = (), *, day: DayInWords = dated
) -> LineChart | None:  # fmt: skip
    """An indicator's approved values, oldest first, and what happened meanwhile; None when there is nothing to draw."""
    in_words = day
    plan, points, base = one.plan, one.points, one.baseline
    on_the_way = [(date.fromisoformat(day), float(value)) for day, value in sorted(plan.milestones.items())]
    aims = [value for _day, value in on_the_way]
    limits = _limits(plan)
    values = [value for value in (*(p.value for p in points), *aims, base, *limits) if value is not None]
    days = [
        day for day in (*(p.on for p in points), *(day for day, _v in on_the_way), plan.baseline_on, plan.target_on)
        if day is not None
    ]  # fmt: skip
    if not values or not days:
        return None
    # What moves between limits is seen from near, the rest from zero.
    scale = even_scale(min(values if len(limits) == BOTH else [*values, 0.0]), max(values))
    low, high = scale[0], scale[-1]
    first, last = min(days), max(days)
    span = max((last - first).days, 1)

    def x(day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - first).days / span, 1)

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low), 1)

    dots = [(x(one.on), y(one.value)) for one in points if one.value is not None]
    shown = sorted((on, text) for on, text in events if first <= on <= last)
    happened = [(in_words(on), text) for on, text in shown]
    now, unit = one.now, plan.unit
    sides = [(y(limit), text) for limit, text in limits.items()]
    texts = _apart([*(at for at, _text in sides), *([y(base)] if base is not None else [])])
    return LineChart(
        description=", ".join([_describe(one, in_words), *(f"{text} {on}" for on, text in happened)]),
        caption=f"{both(plan.label_sv, plan.label_en)}, {unit}. {plan.source}".strip(),
        ticks=[(y(value), number(value, TICK_DECIMALS)) for value in scale],
        dates=[(x(first), in_words(first)), (x(last), in_words(last))],
        events=_marks([(x(on), text) for on, text in shown]),
        happened=happened,
        gaps=[x(one.on) for one in points if one.value is None and not one.is_small],
        smalls=[x(one.on) for one in points if one.is_small],
        milestones=[(x(day), y(value), number(value)) for day, value in on_the_way],
        paths=[
            " ".join(f"{'M' if index == 0 else 'L'}{x(on)} {y(value)}" for index, (on, value) in enumerate(part))
            for part in _unbroken(points)
        ],
        dots=dots,
        base=(y(base), texts[-1], _("Before %(value)s", value=number(base))) if base is not None else None,
        targets=[(at, texts[place], text) for place, (at, text) in enumerate(sides)],
        last_text=_("Now %(value)s", value=number(now.value)) if now else "",
    )


def _limits(plan: IndicatorPlan) -> dict[float, str]:
    """What the line is held against, each with what it is called: the target, or the upper and the lower limit."""
    if plan.target_value is None:
        return {}
    if plan.target_low is None:
        return {plan.target_value: _("Target %(value)s", value=number(plan.target_value))}
    return {
        plan.target_value: _("At most %(value)s", value=number(plan.target_value)),
        plan.target_low: _("At least %(value)s", value=number(plan.target_low)),
    }


def _apart(places: Sequence[float]) -> list[float]:
    """Where texts stand beside their lines, in the order given: at the line, or farther down under one too near."""
    found = [place + 4 for place in places]
    order = sorted(range(len(found)), key=lambda at: found[at])
    for above, below in pairwise(order):
        found[below] = max(found[below], found[above] + TEXT)
    return found


def _marks(events: Sequence[tuple[float, str]]) -> list[tuple[float, float, str]]:
    """Where events are marked: named below each other while they are few, else by their numbers in one row, those that
    lie close in one mark."""
    if len(events) <= MOST_NAMED:
        return [(x, FIRST_ROW + ROW * place, text) for place, (x, text) in enumerate(events)]
    marks: list[tuple[float, int, int]] = []
    for place, (x, _text) in enumerate(events, 1):
        if marks and x - marks[-1][0] < CLOSE:
            marks[-1] = (marks[-1][0], marks[-1][1], place)
        else:
            marks.append((x, place, place))
    return [(x, FIRST_ROW, str(first) if first == last else f"{first}–{last}") for x, first, last in marks]


def _unbroken(points: Sequence[Point]) -> list[list[tuple[date, float]]]:
    """The stretches of the line between missing values."""
    parts: list[list[tuple[date, float]]] = [[]]
    for one in points:
        if one.value is None:
            parts.append([])
        else:
            parts[-1].append((one.on, one.value))
    return [part for part in parts if len(part) > 1]


def _describe(one: IndicatorResult, in_words: DayInWords) -> str:
    plan, now = one.plan, one.now
    parts = [both(plan.label_sv, plan.label_en)]
    if one.baseline is not None:
        parts.append(_("before the mission %(value)s %(unit)s", value=number(one.baseline), unit=plan.unit))
    if now is not None:
        parts.append(_("now %(value)s %(unit)s", value=number(now.value), unit=plan.unit))
    for day, value in sorted(plan.milestones.items()):
        on = in_words(date.fromisoformat(day))
        parts.append(_("milestone %(value)s %(unit)s by %(day)s", value=number(value), unit=plan.unit, day=on))
    if plan.target_value is not None:
        aim = aim_words(plan.target_value, plan.target_low)
        parts.append(_("target %(value)s %(unit)s", value=aim, unit=plan.unit))
    return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class PartChart:
    """One part of a divided indicator: its name, the line and dots in a picture of 160 x 56, and the newest value."""

    name: str
    path: str
    dots: list[tuple[float, float]]
    last: tuple[date, float] | None


def part_charts(one: IndicatorResult, names: Mapping[str, str]) -> list[PartChart]:
    """Small charts of a divided indicator, one for each part, all on the same scale; [] when nothing is divided."""
    rows = [(p.on, key, float(value)) for p in one.points for key, value in p.parts.items() if key in names]
    if not rows:
        return []
    low, high = min(0.0, *(value for _on, _key, value in rows)), max(value for _on, _key, value in rows)
    first, last = min(on for on, _key, _value in rows), max(on for on, _key, _value in rows)
    wide, tall = max((last - first).days, 1), (high - low) or 1.0
    found = []
    for key, name in names.items():
        own = [(on, value) for on, part, value in rows if part == key]
        dots = [
            (round(8 + 144 * (on - first).days / wide, 1), round(50 - 44 * (value - low) / tall, 1))
            for on, value in own
        ]
        path = " ".join(f"{'L' if index else 'M'}{x} {y}" for index, (x, y) in enumerate(dots))
        found.append(PartChart(name, path if len(dots) > 1 else "", dots, own[-1] if own else None))
    return found


@dataclass(frozen=True, slots=True)
class Bullet:
    """How far an indicator has come, in a picture of 320 x 28: the bar's ends, the baseline, targets (one, or two
    limits), milestones and the value as places along it. `text` says the same in words."""

    text: str
    bar: tuple[float, float]
    base: float
    targets: list[float]
    marks: list[float]
    now: float | None


def bullet(one: IndicatorResult, *, day: DayInWords = dated) -> Bullet | None:
    """The way from baseline to target, or what lies between two limits, with the value on it; None while one of the two
    is missing or they are the same. A value outside the way stands outside the bar."""
    base, limits = one.baseline, list(_limits(one.plan))
    if base is None or not limits or limits == [base]:
        return None
    value = one.now.value if one.now else None
    inside = [base, *limits, *(float(aim) for aim in one.plan.milestones.values())]
    all_values = [*inside, value] if value is not None else inside
    low, high = min(all_values), max(all_values)

    def x(figure: float) -> float:
        return round(8 + 304 * (figure - low) / (high - low), 1)

    ends = sorted(map(x, limits if len(limits) == BOTH else (base, *limits)))
    return Bullet(
        text=_describe(one, day), bar=(ends[0], ends[1]), base=x(base), targets=[x(limit) for limit in limits],
        marks=[x(float(aim)) for aim in one.plan.milestones.values()], now=None if value is None else x(value),
    )  # fmt: skip
