"""How long names and how large amounts may be, on every way in: forms, files and the API. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from babel.dates import get_day_names

from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.sites import hours

LONGEST_NAME = 200
SHORT = {"operator": 200, "municipality": 10, "contact_function": 200}  # of a site
SORT = {"kind": 40}  # of something that can be booked
LONGEST_NOTE = 500
MOST_ORE = 2_000_000_000
MOST_DAYS = 36_500  # nobody plans longer ahead, and dates end somewhere
MOST_MINUTES = MOST_DAYS * 24 * 60
# The least and the most of what is counted about something that is booked; None is left as it is.
COUNTED = {
    "most_people": (1, 1_000_000), "approvals_needed": (1, 100), "horizon_days": (0, MOST_DAYS),
    "hold_hours": (1, MOST_DAYS * 24),
    **dict.fromkeys(("shortest_minutes", "longest_minutes", "step_minutes"), (1, MOST_MINUTES)),
    **dict.fromkeys(("setup_minutes", "cleanup_minutes", "notice_minutes", "cancel_minutes"), (0, MOST_MINUTES)),
}  # fmt: skip


def name_problems(entry: Any) -> list[Problem]:
    """Names in either language that are too long."""
    return text_problems(entry, dict.fromkeys(("name_sv", "name_en"), LONGEST_NAME))


def text_problems(entry: Any, lengths: Mapping[str, int]) -> list[Problem]:
    """Short words that are longer than what keeps them."""
    return [too_long(name, most) for name, most in lengths.items() if len(getattr(entry, name)) > most]


def unit_problems(names: Iterable[str]) -> list[Problem]:
    """Names of units that are longer than what keeps them."""
    return [too_long("units", LONGEST_NAME)] if any(len(one) > LONGEST_NAME for one in names) else []


def too_long(name: str, most: int) -> Problem:
    """Something has more characters than are kept."""
    return Problem("too_long", N_("Use at most %(most)d characters."), name, {"most": most})


def count_problems(entry: Any) -> list[Problem]:
    """Figures that are below or above what anybody means."""
    problems = []
    for name, (least, most) in COUNTED.items():
        value = getattr(entry, name)
        if value is not None and not least <= value <= most:
            text = N_("Write a figure from %(least)d to %(most)d.")
            problems.append(Problem("out_of_range", text, name, {"least": least, "most": most}))
    return problems


def price_problems(entry: Any) -> list[Problem]:
    """Prices below zero, or above what anybody asks for an hour."""
    problems = []
    for name in ("price_ore", "market_price_ore"):
        if getattr(entry, name) < 0:
            problems.append(Problem("negative", N_("Use an amount that is not below zero."), name))
        if getattr(entry, name) > MOST_ORE:
            text = N_("Use an amount of at most %(most)d kronor.")
            problems.append(Problem("too_much", text, name, {"most": MOST_ORE // 100}))
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


def hour_problems(days: Mapping[Any, hours.Periods]) -> list[Problem]:
    """What is wrong with the opening hours of some days, weekdays by number or dates: every day is named."""
    problems = []
    for day, periods in days.items():
        try:
            hours.check(periods)
        except hours.Clash as clash:
            named = {"day": Weekday(day) if isinstance(day, int) else day, "problem": clash_problem(clash, "weekly")}
            problems.append(Problem("periods", N_("%(day)s: %(problem)s"), "weekly", named))
    return problems
