"""How long names and how large amounts may be, on every way in: forms, files and the API. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from babel.dates import get_day_names

from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.sites import hours

LONGEST_NAME = 200
LONGEST_TEXT = 20_000
LONGEST_REASON = 2000
LONGEST_NUMBER = 100  # of a permit
MOST_UNITS = 60
SHORT = {"operator": 200, "contact_function": 200}  # of a site
DESCRIBED = dict.fromkeys(("description_sv", "description_en"), LONGEST_TEXT)
SORT = {"kind": 40, **DESCRIBED}  # of something that can be booked
LONGEST_NOTE = 500
MOST_ORE = 2_000_000_000
FIGURE = N_("Write a figure from %(least)d to %(most)d.")
MOST_DAYS = 36_500  # nobody plans longer ahead, and dates end somewhere
MOST_MINUTES = MOST_DAYS * 24 * 60
# The least and the most of what is counted about something that is booked; None is left as it is.
COUNTED = {
    "most_people": (1, 1_000_000), "approvals_needed": (1, 9), "horizon_days": (0, MOST_DAYS),
    "hold_hours": (1, MOST_DAYS * 24), "step_minutes": (5, MOST_MINUTES),
    **dict.fromkeys(("shortest_minutes", "longest_minutes"), (15, MOST_MINUTES)),
    **dict.fromkeys(("setup_minutes", "cleanup_minutes", "notice_minutes", "cancel_minutes"), (0, MOST_MINUTES)),
}  # fmt: skip


def name_problems(entry: Any) -> list[Problem]:
    """Names in either language that are too long."""
    return text_problems(entry, dict.fromkeys(("name_sv", "name_en"), LONGEST_NAME))


def text_problems(entry: Any, lengths: Mapping[str, int]) -> list[Problem]:
    """Short words that are longer than what keeps them."""
    return [too_long(name, most) for name, most in lengths.items() if len(getattr(entry, name)) > most]


def unit_names(names: Iterable[str]) -> list[str]:
    """Names of units as they are kept: each once, nothing around them. Small and large letters are no difference."""
    found: dict[str, str] = {}
    for name in (one.strip() for one in names if one.strip()):
        found.setdefault(name.casefold(), name)
    return list(found.values())


def numbered(name: str, number: int) -> str:
    """The name of one of several, no longer than what keeps it."""
    return f"{name[: LONGEST_NAME - len(str(number)) - 1]} {number}"


def unit_problems(names: Iterable[str]) -> list[Problem]:
    """Names of units that are longer than what keeps them, or more than anybody books together."""
    names = unit_names(names)
    problems = [too_long("units", LONGEST_NAME)] if any(len(one) > LONGEST_NAME for one in names) else []
    if len(names) > MOST_UNITS:
        problems.append(Problem("too_many", N_("Name at most %(most)d units."), "units", {"most": MOST_UNITS}))
    return problems


def too_long(name: str, most: int) -> Problem:
    """Something has more characters than are kept."""
    return Problem("too_long", N_("Use at most %(most)d characters."), name, {"most": most})


def count_problems(entry: Any) -> list[Problem]:
    """Figures that are below or above what anybody means."""
    problems = []
    for name, (least, most) in COUNTED.items():
        value = getattr(entry, name)
        if value is not None and not least <= value <= most:
            is_time = name.endswith("_minutes")
            text = N_("Write a figure from %(least)d minutes to %(most)d days.") if is_time else FIGURE
            said = {"least": least, "most": MOST_DAYS if is_time else most}
            problems.append(Problem("out_of_range", text, name, said))
    return problems


def time_problems(entry: Any) -> list[Problem]:
    """Rules of time which together let nobody book: each may be right alone."""
    problems = []
    step, shortest, longest = entry.step_minutes, entry.shortest_minutes, entry.longest_minutes
    if shortest > longest:
        text = N_("The longest time must not be shorter than the shortest.")
        problems.append(Problem("lengths", text, "longest_minutes"))
    elif step > 0 and longest // step * step < shortest:
        text = N_("No length between the shortest and the longest is whole steps. Choose a shorter step.")
        problems.append(Problem("no_length", text, "step_minutes"))
    if entry.notice_minutes > entry.horizon_days * 24 * 60:
        text = N_("Nobody could ask: the notice is longer than how far ahead one may book. Change one of them.")
        problems.append(Problem("never_asked", text, "horizon_days"))
    return problems


def price_problems(entry: Any) -> list[Problem]:
    """Prices below zero, or above what anybody asks for an hour."""
    problems = []
    for name in ("price_ore", "market_price_ore"):
        if not 0 <= getattr(entry, name) <= MOST_ORE:
            code = "negative" if getattr(entry, name) < 0 else "too_much"
            text = N_("Write a price from 0 to %(most)d kronor an hour.")
            problems.append(Problem(code, text, name, {"most": MOST_ORE // 100}))
    return problems


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week as a value of a sentence; 0 is Monday."""

    number: int

    def in_(self, locale: str) -> str:
        """Its name in a language."""
        return str(get_day_names("wide", context="stand-alone", locale=locale)[self.number]).capitalize()


def clash_problem(clash: hours.Clash, field: str) -> Problem:
    """Which periods of a day overlap, or which one does not end after it begins, and what to do."""
    first = hours.Hours((clash.first,))
    if clash.second is None:
        text = N_("%(period)s does not end after it begins. Write the earlier time first.")
        return Problem("periods", text, field, {"period": first})
    text = N_("%(first)s and %(second)s overlap. End the first before the second begins, or write them as one period.")
    return Problem("periods", text, field, {"first": first, "second": hours.Hours((clash.second,))})


def period_problem(periods: hours.Periods, field: str) -> Problem | None:
    """What is wrong with the opening hours of one day."""
    if any(at.tzinfo is not None or at.second or at.microsecond for period in periods for at in period):
        return Problem("not_minutes", N_("Write hours and whole minutes by the clock at the place."), field)
    try:
        hours.check(periods)
    except hours.Clash as clash:
        return clash_problem(clash, field)
    return None


def hour_problems(days: Mapping[Any, hours.Periods]) -> list[Problem]:
    """What is wrong with the opening hours of some days, weekdays by number or dates: every day is named."""
    problems = []
    for day, periods in days.items():
        if (found := period_problem(periods, "weekly")) is not None:
            named = {"day": Weekday(day) if isinstance(day, int) else day, "problem": found}
            problems.append(Problem(found.code, N_("%(day)s: %(problem)s"), "weekly", named))
    return problems
