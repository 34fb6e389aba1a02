"""What people write in a request: its lines and what it says besides them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from missions_app.accounts.models import User
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Tier
from missions_app.errors import Problem
from missions_app.experiments.models import Experiment
from missions_app.i18n import N_
from missions_app.sites.models import Resource
from missions_app.sites.weather import LIMITS

# Nobody needs a week to rig; what is longer is mistyped, and would hold the place for it.
MOST_EXTRA_MINUTES = 10_000
# How many characters a text may have, and those that are no more than a line.
MOST_TEXT, MOST_DETAIL = 5000, 1000
MOST = dict.fromkeys(("on_site_responsible", "emergency_contact", "insurance_reference"), 200)


@dataclass(frozen=True, slots=True)
class LineWish:
    """One resource for one time of use. Extra minutes lengthen what the resource itself adds around it."""

    resource: Resource
    use: Interval
    units: int = 1
    extra_setup_minutes: int = 0
    extra_cleanup_minutes: int = 0


@dataclass(frozen=True, slots=True)
class BookingContent:
    """What a request says besides its time.

    answers: permit question -> yes or no; details: further answers by name. limits: weather limits by name.
    go_no_go_at: when it is decided whether the weather allows it. reserve_dates: ISO dates to move to if it does not.
    """

    purpose: str = ""
    reason: str = ""
    on_site_responsible: str = ""
    emergency_contact: str = ""
    people_on_site: int | None = None
    insurance_reference: str = ""
    insurance_valid_to: date | None = None
    personal_data_assessment: str = ""
    camera_assessment: str = ""
    ethics_assessment: str = ""
    hazardous_items: str = ""
    public_cannot_opt_out: bool = False
    weather_limits: str = ""
    limits: dict[str, float] = field(default_factory=dict)
    go_no_go_at: datetime | None = None
    reserve_dates: tuple[str, ...] = ()
    visibility: Tier = Tier.ORGANISATION
    is_own_use: bool = False
    answers: dict[str, bool] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parties:
    """What a booking is part of and whom it is for, besides the organisation."""

    experiment: Experiment | None = None
    booked_for: User | None = None


def wish_problems(wish: LineWish) -> list[Problem]:
    """What is wrong with a line's numbers whatever is asked for; where, by the names of LineWish."""
    problems = []
    if wish.units < 1:
        problems.append(Problem("units_out_of_range", N_("Write at least 1."), "units"))
    text = N_("Write a number of minutes from 0 to %(most)d.")
    problems += [
        Problem("extra_minutes_out_of_range", text, name, {"most": MOST_EXTRA_MINUTES})
        for name in ("extra_setup_minutes", "extra_cleanup_minutes")
        if not 0 <= getattr(wish, name) <= MOST_EXTRA_MINUTES
    ]
    return problems


def content_problems(content: BookingContent) -> list[Problem]:
    """What cannot be kept of a request, whatever is asked for: texts without end, weather limits that nobody knows."""
    texts = [(one.name, getattr(content, one.name), MOST.get(one.name, MOST_TEXT)) for one in fields(content)]
    texts += [(name, value, MOST_DETAIL) for name, value in content.details.items()]
    text = N_("Write at most %(most)d characters.")
    problems = [
        Problem("too_long", text, name, {"most": most})
        for name, value, most in texts
        if isinstance(value, str) and len(value) > most
    ]
    if set(content.limits) - {one.name for one in LIMITS}:
        problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), "limits"))
    return problems


def wishes_of(
    resource: Resource | None, use: Interval | None, units: int, lines: Sequence[LineWish]
) -> Sequence[LineWish]:
    """The lines of a request, or the one line that a resource and a time make."""
    if resource is None or use is None:
        return lines
    return [LineWish(resource, use, units), *lines]
