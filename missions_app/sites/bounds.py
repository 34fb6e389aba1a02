"""How long names and how large amounts may be, on every way in: forms, files and the API. Pure."""

from collections.abc import Mapping
from typing import Any

from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.sites import hours

LONGEST_NAME = 200
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
    text = N_("Use at most %(most)d characters.")
    return [
        Problem("too_long", text, name, {"most": LONGEST_NAME})
        for name in ("name_sv", "name_en")
        if len(getattr(entry, name)) > LONGEST_NAME
    ]


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
