"""What an indicator must hold before a case may rest on it. Pure."""

from datetime import date
from math import isfinite

from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.indicators.library import BASELINE_KINDS, BEFORE_TEST, DIRECTIONS, FREQUENCIES, LEVELS, RANGE
from missions_app.indicators.models import IndicatorPlan

MOST_MILESTONES = 12
LONGEST = {"label_sv": 300, "unit": 60, "uncertainty": 200, "owner_function": 200}
NO_BASELINE = N_("Give the baseline. If you have no measurement you can choose “measured before the test”.")
NO_BASELINE_DATE = N_("Say when the baseline was measured.")
NO_TARGET = N_("Give the target as a figure.")
NO_LIMITS = N_("Give both limits, the lower and the upper.")
NO_TARGET_DATE = N_("Say by when the target shall be reached.")
NO_SOURCE = N_("Say where the figures come from.")
NO_OWNER = N_("Say who is responsible for following up the indicator.")
NO_UNIT = N_("Write the unit, for example minutes or per cent.")


def missing(plan: IndicatorPlan) -> list[Problem]:
    """Everything the indicator still lacks, each with the field at fault; [] when it is complete."""
    found = [] if plan.unit else [Problem("no_unit", NO_UNIT, "unit")]
    if plan.baseline_kind != BEFORE_TEST:
        if plan.baseline_value is None:
            found.append(Problem("no_baseline", NO_BASELINE, "baseline_value"))
        elif plan.baseline_on is None:
            found.append(Problem("no_baseline_date", NO_BASELINE_DATE, "baseline_on"))
    if plan.target_value is None:
        found.append(Problem("no_target", NO_LIMITS if plan.direction == RANGE else NO_TARGET, "target_value"))
    if plan.target_on is None:
        found.append(Problem("no_target_date", NO_TARGET_DATE, "target_on"))
    if not plan.source:
        found.append(Problem("no_source", NO_SOURCE, "source"))
    if plan.owner_id is None or not plan.owner_function:
        found.append(Problem("no_owner", NO_OWNER, "owner_function"))
    return found


def baseline_problems(value: float | None, on: date | None, kind: str, *, today: date) -> list[Problem]:
    """Everything wrong with a baseline that is entered by itself, each with the field at fault."""
    found = []
    if value is None:
        found.append(Problem("no_baseline", N_("Write the baseline as a figure."), "value"))
    if on is None:
        found.append(Problem("no_baseline_date", NO_BASELINE_DATE, "on"))
    elif on > today:
        found.append(Problem("in_the_future", N_("Choose a day that has been."), "on"))
    if kind not in BASELINE_KINDS or kind == BEFORE_TEST:
        found.append(Problem("unknown_kind", N_("Say how you know the baseline."), "kind"))
    return found


def limit_problems(plan: IndicatorPlan) -> list[Problem]:
    """Everything wrong with the limits: what stays within limits has both, the lower below the upper, or none yet; what
    goes another way has none."""
    low, high = plan.target_low, plan.target_value
    if plan.direction != RANGE:
        text = N_("Only what is to stay within limits has a lower limit. Leave it empty, or choose that way.")
        return [] if low is None else [Problem("not_a_range", text, "target_low")]
    if low is None or high is None:
        found = Problem("limit_missing", NO_LIMITS, "target_low" if low is None else "target_value")
        return [] if low is high else [found]
    text = N_("The lower limit must lie below the upper.")
    return [Problem("limits_reversed", text, "target_low")] if low >= high else []


def milestone_problems(plan: IndicatorPlan) -> list[Problem]:
    """Everything wrong with the values on the way: each needs a day between the baseline's and the target's."""
    found = []
    if len(plan.milestones) > MOST_MILESTONES:
        found.append(Problem("too_many", N_("Give at most %(most)d milestones."), "milestones",
                             {"most": MOST_MILESTONES}))  # fmt: skip
    for day in plan.milestones:
        try:
            on = date.fromisoformat(day)
        except ValueError:
            text = N_("Write the date as year-month-day, such as 2027-03-17.")
            found.append(Problem("not_a_date", text, "milestones"))
            continue
        early = plan.baseline_on is not None and on <= plan.baseline_on
        if early or (plan.target_on is not None and on >= plan.target_on):
            text = N_("%(day)s is not between the day of the baseline and the day of the target.")
            found.append(Problem("not_on_the_way", text, "milestones", {"day": day}))
    return found


def choice_problems(plan: IndicatorPlan) -> list[Problem]:
    """Everything that was to be chosen from a list and is not in it."""
    lists: dict[str, tuple[str, ...]] = {"baseline_kind": ("", *BASELINE_KINDS)}
    if not plan.library_key:  # what the library says is the method's own
        lists |= {"direction": DIRECTIONS, "level": LEVELS, "frequency": ("", *FREQUENCIES)}
    return [
        Problem(
            "not_in_the_list",
            N_("Choose one of these: %(known)s."),
            name,
            {"known": ", ".join(filter(None, known))},
        )
        for name, known in lists.items()
        if getattr(plan, name) not in known
    ]


def figure_problems(plan: IndicatorPlan) -> list[Problem]:
    """Everything that stands as a figure and is none, and every text that there is no room for."""
    figures = {"baseline_value": [plan.baseline_value], "target_value": [plan.target_value],
               "target_low": [plan.target_low],
               "milestones": list(plan.milestones.values())}  # fmt: skip
    found = [
        Problem("not_a_number", N_("Write a number, such as 2.4."), name)
        for name, values in figures.items()
        if not all(value is None or isfinite(value) for value in values)
    ]
    for name, most in LONGEST.items():
        if len(getattr(plan, name)) > most:
            field = "label" if name == "label_sv" else name
            found.append(Problem("too_long", N_("Write at most %(most)d characters."), field, {"most": most}))
    return found


def points_the_wrong_way(direction: str, baseline: float | None, target: float | None) -> bool:
    """Whether the target would be a change for the worse."""
    if baseline is None or target is None or direction not in ("up", "down"):
        return False
    return target < baseline if direction == "up" else target > baseline
