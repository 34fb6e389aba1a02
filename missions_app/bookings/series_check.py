"""Which dates of a series can be had: each is tried by the same rules as a single request, and every conflict is
named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice

from missions_app import clock
from missions_app.bookings import rules, sending
from missions_app.bookings.askers import Asker, asker_of
from missions_app.bookings.availability import nearest_free
from missions_app.bookings.checking import rules_of
from missions_app.bookings.errors import ClocksChange
from missions_app.bookings.intervals import Interval, crowded, peak
from missions_app.bookings.models import Line
from missions_app.bookings.occupancy import active_between, unit_ids_of
from missions_app.bookings.recurrence import Answer, Occurrence, Pattern, local_starts, occurrence_at
from missions_app.bookings.rules import Ask, Rules
from missions_app.bookings.series_errors import SeriesRefused
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.sites.models import Resource

NEAR = timedelta(days=2)
MOST_WITH_ALTERNATIVES, MOST_FREE, MOST_TRIED = 40, 3, 50
Extra = tuple[timedelta, timedelta]
KEY = "%Y-%m-%dT%H:%M"


class OnConflict(StrEnum):
    """What to do when a date cannot be had: book nothing; leave out those that are named; or answer with what can be
    had instead, and take what is chosen."""

    REFUSE = "refuse"
    SKIP = "skip"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose for one date: an answer about the clocks or to leave it out, or another time of use."""

    answer: Answer | None = None
    use: Interval | None = None


Choices = Mapping[str, Choice]


# A date's key, when the rule has it, and what is chosen for it.
_Date = tuple[str, Occurrence, Choice]


@dataclass(frozen=True, slots=True)
class DateCheck:
    """One date tried: when it would be used, what is wrong with it, and the nearest free times.

    key: its name in choices and refusals, the local start by the rule, 2026-10-25T09:00; also of a date that has been
    moved to another day. use: None when it is left out, or the clocks ask a question.
    """

    key: str
    occurrence: Occurrence
    use: Interval | None
    problems: Sequence[Problem] = ()
    is_taken: bool = False
    free: tuple[Interval, ...] = ()
    is_left_out: bool = False

    @property
    def is_question(self) -> bool:
        """Whether the clocks ask which time is meant."""
        return self.occurrence.is_open_question and not self.is_left_out

    @property
    def is_blocked(self) -> bool:
        """Whether it stands in the way of booking."""
        return not self.is_left_out and bool(self.problems or self.is_taken or self.is_question)


def key_of(local: datetime) -> str:
    """The name of a date: its local start, without zone."""
    return local.strftime(KEY)


@dataclass(frozen=True, slots=True)
class _Place:
    resource: Resource
    asker: Asker
    asked: Rules
    units: int
    unit_count: int
    taken: Sequence[Interval]
    extra: Extra
    present: Mapping[str, Interval]

    def occupied(self, use: Interval) -> Interval:
        """What use occupies: the resource's buffers and those the booking adds."""
        return rules.occupied(use.widened(*self.extra), self.asked.terms)

    def problems(self, key: str, use: Interval, accepted: Sequence[Interval]) -> list[Problem]:
        """Every rule of the resource that a date breaks, the dates before it counted. What is only made shorter keeps
        what was right when it was booked, as when one booking is."""
        ask = Ask(use, self.asker.organisation_id, self.asker.for_experiment, self.units, self.asker.people)
        asked = self.asked
        if asked.quotas:
            own = [(one, self.units) for one in accepted]
            asked = replace(asked, quotas=[replace(one, uses=[*one.uses, *own]) for one in asked.quotas])
        found = rules.problems(ask, asked, now=clock.now(), zone=clock.zone())
        is_shorter = key in self.present and self.present[key].contains(use)
        return [one for one in found if one.code in rules.OF_SHORTENING] if is_shorter else found

    def near(self, window: Interval) -> Sequence[Interval]:
        """What is taken of a window."""
        return [one for one in self.taken if one.overlaps(window)]

    def refuses(self, occupied: Interval, near: Sequence[Interval]) -> bool:
        """Whether so many units cannot be had, other dates of the series counted."""
        if self.resource.pool_id is None:
            return not self.unit_count or any(one.overlaps(occupied) for one in near)
        return peak(near, occupied) + self.units > self.unit_count


def check_dates(
    line: Line, pattern: Pattern, *, choices: Choices | None = None, on_conflict: OnConflict = OnConflict.ASK,
    starts: Mapping[str, datetime] | None = None, changing: Mapping[str, Line] | None = None,
) -> list[DateCheck]:  # fmt: skip
    """Try every date of a pattern. The number of statements does not depend on how many dates there are.

    Args:
        line: what each date is like: its resource, units, further buffers, and whose it is.
        choices: by key; leaving out counts unless everything is to be refused, another time only when one asks.
        starts: only these local starts, by key; all of the pattern when None.
        changing: lines that give their time back for it, by key.
    """
    place, given = None, choices or {}
    dates: list[_Date] = []
    for key, local in ({key_of(one): one for one in local_starts(pattern)} if starts is None else starts).items():
        choice = given.get(key, Choice())
        dates.append((key, occurrence_at(pattern, local, clock.zone(), choice.answer), choice))
    uses = [use for _key, occurrence, choice in dates if (use := _wanted(occurrence, choice, on_conflict))]
    if uses:
        window = Interval(min(uses).start - NEAR, max(one.end for one in uses) + NEAR)
        place = _place(line, window, changing or {})
    return _each(dates, place, on_conflict)


def _wanted(occurrence: Occurrence, choice: Choice, on_conflict: OnConflict) -> Interval | None:
    return choice.use if choice.use and on_conflict is OnConflict.ASK else occurrence.use


def _place(line: Line, window: Interval, changing: Mapping[str, Line]) -> _Place:
    resource, gone = line.resource, {one.id for one in changing.values()}
    ids = unit_ids_of(resource)
    taken = sorted(
        Interval(one.starts_at, one.ends_at)
        for one in active_between(ids, window)
        if one.line_id is None or one.line_id not in gone
    )
    asker = asker_of(line.booking, but=changing.values() or [line])
    extra = (timedelta(minutes=line.extra_setup_minutes), timedelta(minutes=line.extra_cleanup_minutes))
    asked = rules_of(resource, window, asker)
    present = {key: Interval(one.starts_at, one.ends_at) for key, one in changing.items()}
    return _Place(resource, asker, asked, line.units_wanted, len(ids), taken, extra, present)


def _each(dates: Sequence[_Date], place: _Place | None, on_conflict: OnConflict) -> list[DateCheck]:
    found: list[DateCheck] = []
    accepted: list[Interval] = []
    shown = 0
    for key, occurrence, choice in dates:
        leaves_out = choice.answer is Answer.LEAVE_OUT
        if leaves_out and (on_conflict is not OnConflict.REFUSE or occurrence.use is None):
            found.append(DateCheck(key, occurrence, None, is_left_out=True))
            continue
        use = _wanted(occurrence, choice, on_conflict)
        if use is None or place is None:
            found.append(DateCheck(key, occurrence, None))
            continue
        one = _try(place, key, occurrence, use, accepted, with_free=shown < MOST_WITH_ALTERNATIVES)
        shown += one.is_blocked
        if not one.is_blocked:
            accepted.append(use)
        found.append(one)
    return found


def _try(
    place: _Place, key: str, occurrence: Occurrence, use: Interval, accepted: Sequence[Interval], *, with_free: bool
) -> DateCheck:
    problems = place.problems(key, use, accepted)
    occupied = place.occupied(use)
    around = occupied.widened(NEAR, NEAR)
    times = place.units if place.resource.pool_id else 1
    own = [place.occupied(one) for one in accepted if one.overlaps(around)] * times
    near = [one for one in (*place.near(around), *own) if one.overlaps(around)]
    is_taken = place.refuses(occupied, near)
    free: tuple[Interval, ...] = ()
    if with_free and (is_taken or problems):
        terms = place.asked.terms
        busy = near if place.resource.pool_id is None else crowded(near, place.unit_count - place.units)
        nearest = nearest_free(
            use, taken=busy, opening=place.asked.opening, zone=clock.zone(), setup=terms.setup + place.extra[0],
            cleanup=terms.cleanup + place.extra[1], step=terms.step, earliest=clock.now() + terms.notice, days=1,
        )  # fmt: skip
        # Another time is no way out of what is wrong at any time, such as the length.
        fitting = (one for one in islice(nearest, MOST_TRIED) if not place.problems(key, one, accepted))
        free = tuple(islice(fitting, MOST_FREE))
    return DateCheck(key, occurrence, use, tuple(problems), is_taken, free)


def reserve_problems(lines: Sequence[Line]) -> list[Problem]:
    """The reserve dates that cannot be held for some dates of a series, since one of them would then meet another date
    or somebody else's time. They move together, each by as many days."""
    booking, resource, units = lines[0].booking, lines[0].resource, lines[0].units_wanted
    moved: dict[str, list[Interval]] = {}
    for day in booking.reserve_dates:
        try:
            uses = [sending.reserve_use(one, day) for one in lines]
        except ClocksChange:
            continue  # told with the rules
        moved[day] = [sending.wish_of(one, use).occupied for one, use in zip(lines, uses, strict=True)]
    if not moved:
        return []
    everything = [sending.wish_of(one).occupied for one in lines] + [one for each in moved.values() for one in each]
    ids = unit_ids_of(resource)
    window = Interval(min(everything).start, max(one.end for one in everything))
    taken = [Interval(one.starts_at, one.ends_at) for one in active_between(ids, window)]
    taken += [sending.wish_of(one).occupied for one in lines for _unit in range(units)]
    found = []
    for day, wanted in moved.items():
        busy = taken if resource.pool_id is None else crowded(taken, len(ids) - units)
        if any(one.overlaps(each) for one in wanted for each in busy):
            text = N_(
                "The reserve date %(day)s cannot be held: a date of the series would then meet another one of it, or "
                "somebody else's time. Choose another reserve date."
            )
            found.append(Problem("reserve_taken", text, "reserve_dates", {"day": date.fromisoformat(day)}))
        taken += [one for one in wanted for _unit in range(units)]
    return found


def settled(checks: Sequence[DateCheck]) -> list[DateCheck]:
    """The dates to be booked.

    Raises:
        SeriesRefused: some date cannot be had, or the clocks ask; or nothing is left. Each date is named.
    """
    blocked = [one for one in checks if one.is_blocked]
    kept = [one for one in checks if not one.is_left_out]
    if blocked or not kept:
        raise SeriesRefused.of_dates(checks, [problem for one in blocked for problem in _problems(one)])
    return kept


def _problems(check: DateCheck) -> list[Problem]:
    found = [Problem(one.code, one.message, check.key, one.params) for one in check.problems]
    if check.is_question:
        text = N_("%(day)s: the clocks change that night and the time is not certain. Choose which one is meant.")
        found.append(Problem("clocks_change", text, check.key, {"day": check.occurrence.local.date()}))
    if check.is_taken and check.use:
        found.append(Problem("taken", N_("%(at)s: the time is taken."), check.key, {"at": check.use.start}))
    return found
