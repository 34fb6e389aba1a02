"""What a wanted time must keep to. Pure: each rule has one code and one sentence, the same on every path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from missions_app.bookings.availability import Opening, is_open
from missions_app.bookings.intervals import Interval
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.workflow.method_places import BookingRules, SmallTest

HOUR_ORE = 3600


@dataclass(frozen=True, slots=True)
class Terms:
    """A resource's rules: lengths and buffers of use, step, how late and how early one may ask, how many people."""

    shortest: timedelta
    longest: timedelta
    step: timedelta
    setup: timedelta
    cleanup: timedelta
    notice: timedelta
    horizon: timedelta
    most_people: int | None = None


def time_problems(use: Interval, terms: Terms, opening: Opening, *, now: datetime, zone: ZoneInfo) -> list[Problem]:
    """Everything wrong with a time of use, buffers aside."""
    problems = []
    if use.start < now:
        problems.append(Problem("in_the_past", N_("The time has passed. Choose a later one."), "starts_at"))
    elif use.start < now + terms.notice:
        earliest = now + terms.notice
        problems.append(
            Problem("too_short_notice", N_("Too soon. The earliest time is %(at)s."), "starts_at", {"at": earliest})
        )
    if use.start > now + terms.horizon:
        problems.append(
            Problem(
                "too_far_ahead",
                N_("Too far ahead. The latest time is %(at)s."),
                "starts_at",
                {"at": now + terms.horizon},
            )
        )
    if use.length < terms.shortest:
        problems.append(
            Problem(
                "too_short",
                N_("Too short. The shortest booking is %(minutes)d minutes."),
                "ends_at",
                {"minutes": _minutes(terms.shortest)},
            )
        )
    if use.length > terms.longest:
        problems.append(
            Problem(
                "too_long",
                N_("Too long. The longest booking is %(hours)d hours."),
                "ends_at",
                {"hours": _minutes(terms.longest) // 60},
            )
        )
    if use.length % terms.step:
        problems.append(
            Problem(
                "off_step", N_("Book in steps of %(minutes)d minutes."), "ends_at", {"minutes": _minutes(terms.step)}
            )
        )
    if not is_open(use, opening, zone):
        problems.append(
            Problem("closed", N_("It is closed then. Choose a time within the opening hours."), "starts_at")
        )
    return problems


def people_problems(people: int | None, terms: Terms) -> list[Problem]:
    """Whether so many people have room."""
    if people is not None and terms.most_people is not None and people > terms.most_people:
        return [
            Problem(
                "too_many_people",
                N_("There is room for %(most)d people."),
                "people_on_site",
                {"most": terms.most_people},
            )
        ]
    return []


def occupied(use: Interval, terms: Terms) -> Interval:
    """What use occupies: set-up before and clean-up after."""
    return use.widened(terms.setup, terms.cleanup)


def price_ore(use: Interval, per_hour: int, units: int = 1) -> int:
    """The price in öre: per started hour of use and unit."""
    hours = -(-int(use.length.total_seconds()) // HOUR_ORE)
    return hours * per_hour * units


def is_small_test(use: Interval, people: int | None, risk_levels: Sequence[str], limits: SmallTest) -> bool:
    """Whether it is within the method's limits for a test without a mission ("småtest")."""
    short = use.length <= timedelta(hours=limits.max_hours)
    few = people is not None and people <= limits.max_people
    return short and few and all(level == limits.risk_level for level in risk_levels)


def missing_answers(given: Mapping[str, Any], needed: Sequence[str]) -> list[Problem]:
    """What must be answered and is not."""
    return [
        Problem("missing", N_("Fill this in before you send."), name)
        for name in needed
        if given.get(name) is None or given.get(name) in ("", [])
    ]


def needed_answers(rules: BookingRules, *, outdoor: bool, answers: Mapping[str, Any], small: bool) -> list[str]:
    """The fields a request must hold, by where it is and what it does."""
    always = ["purpose", "on_site_responsible", "people_on_site", "emergency_contact"]
    if not small:
        always += ["insurance_reference", "insurance_valid_to"]
    if outdoor:
        always += list(rules.required_if_outdoor)
    for question, names in (
        ("sea", rules.required_if_sea),
        ("street", rules.required_if_street),
        ("airborne", rules.required_if_airborne),
    ):
        if answers.get(question):
            always += [name for name in names if name not in answers]
    return always


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)
