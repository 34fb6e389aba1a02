"""How long names and how large amounts may be, on every way in: forms, files and the API. Pure."""

from collections.abc import Mapping
from typing import Any

from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.sites import hours

LONGEST_NAME = 200
MOST_ORE = 2_000_000_000


def name_problems(entry: Any) -> list[Problem]:
    """Names in either language that are too long."""
    text = N_("Use at most %(most)d characters.")
    return [
        Problem("too_long", text, name, {"most": LONGEST_NAME})
        for name in ("name_sv", "name_en")
        if len(getattr(entry, name)) > LONGEST_NAME
    ]


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


def overlapping(field: str) -> Problem:
    """What is wrong with periods that overlap or end before they begin."""
    return Problem("periods", N_("Two periods overlap, or one ends before it begins."), field)


def hour_problems(days: Mapping[Any, hours.Periods]) -> list[Problem]:
    """What is wrong with the opening hours of some days."""
    for periods in days.values():
        try:
            hours.check(periods)
        except ValueError:
            return [overlapping("weekly")]
    return []
