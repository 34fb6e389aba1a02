"""What a wanted time must keep to. Pure: each rule is one function with one code and one sentence, the same on every
path. Services ask `checking`, which reads what `problems` needs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from missions_app.bookings.availability import Opening, is_open
from missions_app.bookings.intervals import Interval
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.sites.hours import Hours
from missions_app.sites.models import Bookers
from missions_app.sites.rule_models import QuotaPeriod
from missions_app.workflow.method_parts import Text
from missions_app.workflow.method_places import BookingRules, SmallTest

HOUR_ORE = 3600
DAY = timedelta(days=1)
# When a request may be made; the owner who answers or postpones it later is not bound by that.
OF_ASKING = frozenset({"in_the_past", "too_short_notice", "too_far_ahead"})
# What is tried anew when a booking is made shorter; all else was right when it was booked.
OF_SHORTENING = frozenset({"too_short", "off_step", "in_the_past"})
# What is tried anew when the use begins: who uses it, and how many they are.
OF_USE = frozenset({"not_qualified", "qualification_ends", "too_many_people", "no_people"})
# Set aside for a time, or for its length: another time, or another length, is another question.
OF_TIME = frozenset({"closed", "over_quota", "too_short_notice", "too_far_ahead"})
OF_LENGTH = frozenset({"too_short", "too_long", "off_step"})
# Nobody can set these aside: time does not run backwards, and room for people is a matter of safety.
FIRM = frozenset({"in_the_past", "too_many_people", "no_people", "too_many_units"})
_NOT_ENOUGH = {
    QuotaPeriod.WEEK: N_(
        "The quota %(name)s is not enough in the week from %(day)s: hours left %(left)s of %(hours)s, this takes "
        "%(taking)s. Make it shorter or choose another week."
    ),
    QuotaPeriod.MONTH: N_(
        "The quota %(name)s is not enough in the month from %(day)s: hours left %(left)s of %(hours)s, this takes "
        "%(taking)s. Make it shorter or choose another month."
    ),
    QuotaPeriod.YEAR: N_(
        "The quota %(name)s is not enough in the year from %(day)s: hours left %(left)s of %(hours)s, this takes "
        "%(taking)s. Make it shorter or choose another year."
    ),
}


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


@dataclass(frozen=True, slots=True, eq=False)
class Allowance:
    """A quota and what counts towards it already: (use, units) of the organisation's other bookings. The same one for
    everything that counts towards it."""

    name: str
    period: QuotaPeriod
    limit: timedelta
    uses: Sequence[tuple[Interval, int]] = ()


@dataclass(frozen=True, slots=True)
class Needed:
    """A qualification that whoever uses the resource must hold, and the days (first, last) on which they do."""

    name: Text
    held: Sequence[tuple[date, date | None]] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Everything a resource asks of those who book it. pool_size is None where a booking takes the whole resource."""

    terms: Terms
    opening: Opening
    owner_id: int
    is_bookable: bool = True
    bookers: Bookers = Bookers.EVERYONE
    chosen: frozenset[int] = frozenset()
    pool_size: int | None = None
    quotas: Sequence[Allowance] = ()
    qualifications: Sequence[Needed] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A wanted time of use and whose it is. `for_experiment`: it belongs to an experiment of a mission."""

    use: Interval
    organisation_id: int
    for_experiment: bool = False
    units: int = 1
    people: int | None = None


def problems(ask: Ask, rules: Rules, *, now: datetime, zone: ZoneInfo) -> list[Problem]:
    """Everything wrong with a wish but that somebody may have the time: every rule of the resource, in one list."""
    return [
        *bookable_problems(rules),
        *booker_problems(ask, rules),
        *time_problems(ask.use, rules.terms, rules.opening, now=now, zone=zone),
        *people_problems(ask.people, rules.terms),
        *unit_problems(ask.units, rules.pool_size),
        *qualification_problems(ask.use, rules.qualifications, zone),
        *(found for one in rules.quotas for found in quota_problems(ask.use, ask.units, one, zone)),
    ]


def time_problems(use: Interval, terms: Terms, opening: Opening, *, now: datetime, zone: ZoneInfo) -> list[Problem]:
    """Everything wrong with a time of use, buffers aside."""
    return [
        *past_problems(use, now),
        *notice_problems(use, terms, now),
        *horizon_problems(use, terms, now),
        *shortest_problems(use, terms),
        *longest_problems(use, terms),
        *step_problems(use, terms),
        *opening_problems(use, opening, zone),
    ]


def bookable_problems(rules: Rules) -> list[Problem]:
    """Whether the resource and its site take bookings at all."""
    return [] if rules.is_bookable else [Problem("not_bookable", N_("This cannot be booked now."))]


def booker_problems(ask: Ask, rules: Rules) -> list[Problem]:
    """Whether the organisation may book it. The owner itself always may."""
    may = {
        Bookers.EVERYONE: True,
        Bookers.EXPERIMENTS: ask.for_experiment,
        Bookers.CHOSEN: ask.organisation_id in rules.chosen,
        Bookers.OWNER: False,
    }[rules.bookers]
    if may or ask.organisation_id == rules.owner_id:
        return []
    if rules.bookers is Bookers.EXPERIMENTS:
        text = N_("This is booked only for experiments of a mission. Choose the experiment it belongs to.")
        return [Problem("experiments_only", text, "experiment")]
    text = N_("The owner has chosen who may book this, and your organisation is not among them. Write to the site.")
    return [Problem("not_among_bookers", text, "organisation")]


def past_problems(use: Interval, now: datetime) -> list[Problem]:
    """Whether it begins before now."""
    text = N_("The time has passed. Choose a later one.")
    return [Problem("in_the_past", text, "starts_at")] if use.start < now else []


def notice_problems(use: Interval, terms: Terms, now: datetime) -> list[Problem]:
    """Whether it is asked for early enough; what has passed is another matter."""
    earliest = now + terms.notice
    if not now <= use.start < earliest:
        return []
    return [Problem("too_short_notice", N_("Too soon. The earliest time is %(at)s."), "starts_at", {"at": earliest})]


def horizon_problems(use: Interval, terms: Terms, now: datetime) -> list[Problem]:
    """Whether it is further ahead than the owner plans."""
    latest = now + terms.horizon
    if use.start <= latest:
        return []
    return [Problem("too_far_ahead", N_("Too far ahead. The latest time is %(at)s."), "starts_at", {"at": latest})]


def shortest_problems(use: Interval, terms: Terms) -> list[Problem]:
    """Whether the use is long enough."""
    if use.length >= terms.shortest:
        return []
    text = N_("Too short. The shortest booking is %(minutes)d minutes.")
    return [Problem("too_short", text, "ends_at", {"minutes": _minutes(terms.shortest)})]


def longest_problems(use: Interval, terms: Terms) -> list[Problem]:
    """Whether the use is short enough."""
    if use.length <= terms.longest:
        return []
    hours = _in_hours(terms.longest)
    if hours == 1:
        return [Problem("too_long", N_("Too long. The longest booking is one hour."), "ends_at")]
    text = N_("Too long. The longest booking is %(hours)s hours.")
    return [Problem("too_long", text, "ends_at", {"hours": hours})]


def step_problems(use: Interval, terms: Terms) -> list[Problem]:
    """Whether the length is whole steps."""
    if not use.length % terms.step:
        return []
    text = N_("Book in steps of %(minutes)d minutes.")
    return [Problem("off_step", text, "ends_at", {"minutes": _minutes(terms.step)})]


def opening_problems(use: Interval, opening: Opening, zone: ZoneInfo) -> list[Problem]:
    """Whether it lies within one stretch of opening hours, dated exceptions counted."""
    if is_open(use, opening, zone):
        return []
    day = use.start.astimezone(zone).date()
    if periods := opening.periods(day):
        text = N_("It is open %(hours)s on %(day)s. Choose a time within that.")
        return [Problem("closed", text, "starts_at", {"hours": Hours(tuple(periods)), "day": day})]
    return [Problem("closed", N_("It is closed on %(day)s. Choose another day."), "starts_at", {"day": day})]


def people_problems(people: int | None, terms: Terms) -> list[Problem]:
    """Whether so many people have room; one is the least that anybody can be."""
    if people is not None and people < 1:
        return [Problem("no_people", N_("Write at least one person."), "people_on_site")]
    if people is None or terms.most_people is None or people <= terms.most_people:
        return []
    text = N_("There is room for one person.") if terms.most_people == 1 else N_("There is room for %(most)d people.")
    return [Problem("too_many_people", text, "people_on_site", {"most": terms.most_people})]


def unit_problems(units: int, pool_size: int | None) -> list[Problem]:
    """Whether there are so many units at all; where the whole resource is taken the number says nothing."""
    if pool_size is None or 1 <= units <= pool_size:
        return []
    text = N_("There are %(most)d of them. Ask for at least one and at most so many.")
    return [Problem("too_many_units", text, "units", {"most": pool_size})]


def qualification_problems(use: Interval, needed: Sequence[Needed], zone: ZoneInfo) -> list[Problem]:
    """Whether whoever uses it holds every qualification on each day of use, whatever holds today."""
    first, last = days_of(use, zone)
    found = []
    for one in needed:
        ends = _held_until(one.held, first)
        if ends is not None and ends >= last:
            continue
        if ends is None:
            text = N_("Whoever uses this needs the qualification %(name)s. The owner gives it.")
            found.append(Problem("not_qualified", text, "booked_for", {"name": one.name}))
        else:
            text = N_("The qualification %(name)s has to hold on the day of use, and it ends %(day)s. Have it renewed.")
            found.append(Problem("qualification_ends", text, "booked_for", {"name": one.name, "day": ends}))
    return found


def stretches(held: Sequence[tuple[date, date | None]]) -> list[tuple[date, date]]:
    """The first and last days through which something is held, in order: renewed without a gap it goes on; without an
    end it holds until date.max."""
    found: list[tuple[date, date]] = []
    for start, end in sorted(held, key=lambda one: one[0]):
        last = end or date.max
        if found and start - DAY <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((start, last))
    return found


def _held_until(held: Sequence[tuple[date, date | None]], first: date) -> date | None:
    """Until when something is held from a first day on; where it is not held on that day, when it ended; None where it
    had not begun by then."""
    return max((last for start, last in stretches(held) if start <= first), default=None)


def quota_problems(use: Interval, units: int, quota: Allowance, zone: ZoneInfo) -> list[Problem]:
    """Whether the organisation stays within a quota in every period that the use touches."""
    for period in periods_of(use, quota.period, zone):
        left = left_within(quota, period)
        taking = _within(use, period) * units
        if taking > left:
            values = {
                "name": quota.name, "day": period.start.astimezone(zone).date(), "hours": _in_hours(quota.limit),
                "left": _in_hours(left), "taking": _in_hours(taking),
            }  # fmt: skip
            return [Problem("over_quota", _NOT_ENOUGH[quota.period], "ends_at", values)]
    return []


def _in_hours(length: timedelta) -> float | int:
    hours = round(length / timedelta(hours=1), 2)
    return int(hours) if hours.is_integer() else hours


def left_within(quota: Allowance, period: Interval) -> timedelta:
    """How much of a quota is left in one of its periods; nothing when more is booked than it allows."""
    return max(quota.limit - used_within(quota.uses, period), timedelta())


def used_within(uses: Iterable[tuple[Interval, int]], period: Interval) -> timedelta:
    """How much of a period some uses take, each as often as it has units."""
    return sum((_within(one, period) * number for one, number in uses), timedelta())


def period_around(moment: datetime, period: QuotaPeriod, zone: ZoneInfo) -> Interval:
    """The whole local week, month or year in which a moment lies."""
    return periods_of(Interval(moment, moment + timedelta(minutes=1)), period, zone)[0]


def periods_of(use: Interval, period: QuotaPeriod, zone: ZoneInfo) -> list[Interval]:
    """The whole local weeks, months or years that a use touches."""
    day, last = days_of(use, zone)
    found = []
    while day <= last:
        if period is QuotaPeriod.WEEK:
            first = day - timedelta(days=day.weekday())
            after = first + 7 * DAY
        elif period is QuotaPeriod.MONTH:
            first = day.replace(day=1)
            after = (first + 31 * DAY).replace(day=1)
        else:
            first, after = date(day.year, 1, 1), date(day.year + 1, 1, 1)
        found.append(Interval(midnight(first, zone), midnight(after, zone)))
        day = after
    return found


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a local day begins."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def days_of(use: Interval, zone: ZoneInfo) -> tuple[date, date]:
    """The first and last local day of use; an end at midnight belongs to the day before."""
    last = use.end - timedelta(microseconds=1)
    return use.start.astimezone(zone).date(), last.astimezone(zone).date()


def _within(use: Interval, period: Interval) -> timedelta:
    return max(min(use.end, period.end) - max(use.start, period.start), timedelta())


def occupied(use: Interval, terms: Terms) -> Interval:
    """What use occupies: set-up before and clean-up after."""
    return use.widened(terms.setup, terms.cleanup)


def price_ore(use: Interval, per_hour: int, units: int = 1) -> int:
    """The price in öre: per started hour of use and unit."""
    hours = -(-int(use.length.total_seconds()) // HOUR_ORE)
    return hours * per_hour * units


def asked_again(before: Interval, use: Interval) -> frozenset[str]:
    """The rules that another time has to keep by itself, whatever a manager set aside for the time before."""
    return OF_TIME if use.length == before.length else OF_TIME | OF_LENGTH


def is_small_test(use: Interval, people: int | None, risk_levels: Sequence[str], limits: SmallTest) -> bool:
    """Whether it is within the method's limits for a test without a mission ("småtest")."""
    short = use.length <= timedelta(hours=limits.max_hours)
    few = people is not None and people <= limits.max_people
    return short and few and all(level == limits.risk_level for level in risk_levels)


FILL_IN = N_("Fill this in before you send.")
# What can be answered in more than one way says so.
WAYS = {
    "weather_limits": N_("Write at which weather you stop, as a figure or in words."),
    "reserve_dates": N_("Choose at least one reserve date."),
}


def missing_answers(given: Mapping[str, Any], needed: Sequence[str]) -> list[Problem]:
    """What must be answered and is not."""
    return [
        Problem("missing", WAYS.get(name, FILL_IN), name)
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
