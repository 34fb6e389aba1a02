"""What comes back: a pattern in local time, its dates, and what the clocks do to them. Pure.

A rule is expanded in local time, so that nine o'clock stays nine o'clock when the clocks change. A local time that the
clocks skip, or that comes twice, is never guessed: it is asked about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import rrule

from missions_app.bookings.intervals import Interval
from missions_app.errors import Problem
from missions_app.i18n import N_

MOST_DATES = 500
LAST = -1
DAY = timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Every(StrEnum):
    """After what it comes back, by the names of RFC 5545."""

    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"


class Clocks(StrEnum):
    """What the clocks do to a local time: nothing, they skip it, or it comes twice."""

    PLAIN = "plain"
    SKIPPED = "skipped"
    TWICE = "twice"


class Answer(StrEnum):
    """What to do with a date whose time the clocks skip or repeat."""

    LEAVE_OUT = "leave_out"
    EARLIER = "earlier"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A repetition in local time.

    first_day: nothing comes before. starts, ends: of each date; an end at or before the start is the day after.
    interval: every so many days, weeks or months. weekdays: 0 is Monday, for weeks; empty means that of the first day.
    by_weekday: for months, the same weekday of the same week ("the third Wednesday") instead of the same day; with
    weekdays (LAST,) the last one of each month, which a date of that pattern does not tell by itself.
    count, until: how many dates, or the last day; exactly one of them.
    """

    first_day: date
    starts: time
    ends: time
    every: Every = Every.WEEK
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    by_weekday: bool = False
    count: int | None = None
    until: date | None = None

    @property
    def is_overnight(self) -> bool:
        """Whether each date ends the day after it begins."""
        return self.ends <= self.starts

    def end_of(self, start: datetime) -> datetime:
        """The local end of a date that begins at a local time."""
        return datetime.combine(start.date() + (DAY if self.is_overnight else timedelta(0)), self.ends)


def pattern_problems(pattern: Pattern) -> list[Problem]:
    """What is wrong with a pattern."""
    problems = []
    if not 1 <= pattern.interval <= 52:
        text = N_("Choose between 1 and %(most)d.")
        problems.append(Problem("out_of_range", text, "interval", {"most": 52}))
    if pattern.count is None and pattern.until is None:
        problems.append(Problem("no_end", N_("Say how many times, or the last day."), "until"))
    elif pattern.count is not None and pattern.until is not None:
        problems.append(Problem("two_ends", N_("Choose either a number of times or a last day."), "count"))
    elif pattern.until is not None and pattern.until < pattern.first_day:
        problems.append(
            Problem(
                "period_reversed", N_("The last day comes before the first. Choose a later last day."), "until"
            )
        )  # fmt: skip
    if pattern.count is not None and pattern.count < 1:
        problems.append(Problem("out_of_range", N_("Write a number from 1 and up."), "count"))
    if not problems:
        number = len(local_starts(pattern))
        if number > MOST_DATES:
            text = N_("Those are more than %(most)d dates. Choose an earlier end.")
            where = "until" if pattern.count is None else "count"
            problems.append(Problem("too_many_dates", text, where, {"most": MOST_DATES}))
        elif number == 0:
            problems.append(Problem("no_dates", N_("No date comes out of this. Choose a later end."), "until"))
    return problems


def local_starts(pattern: Pattern) -> list[datetime]:
    """The local starts (naive) of a pattern in order; one more than may be booked tells that there are too many."""
    return list(islice(_rule(pattern), MOST_DATES + 1))


def _rule(pattern: Pattern) -> rrule.rrule:
    frequency: Any = {Every.DAY: rrule.DAILY, Every.WEEK: rrule.WEEKLY, Every.MONTH: rrule.MONTHLY}[pattern.every]
    days: Sequence[rrule.weekday] | None = None
    if pattern.every is Every.WEEK:
        days = [rrule.weekday(one) for one in _weekdays(pattern)]
    elif pattern.every is Every.MONTH and pattern.by_weekday:
        days = [rrule.weekday(pattern.first_day.weekday(), _week(pattern))]
    until = datetime.combine(pattern.until, time(23, 59, 59)) if pattern.until else None
    return rrule.rrule(
        frequency, dtstart=datetime.combine(pattern.first_day, pattern.starts), interval=pattern.interval,
        byweekday=days, count=pattern.count, until=until,
    )  # fmt: skip


def _week(pattern: Pattern) -> int:
    return -1 if pattern.weekdays == (LAST,) else _week_of_month(pattern.first_day)


def _weekdays(pattern: Pattern) -> list[int]:
    return sorted(set(pattern.weekdays)) or [pattern.first_day.weekday()]


def _week_of_month(day: date) -> int:
    """1 to 4, or -1 for a fifth week: "the last" exists in every month."""
    week = (day.day - 1) // 7 + 1
    return week if week < 5 else -1


def rule_values(pattern: Pattern, zone: ZoneInfo) -> dict[str, object]:
    """The rule's parts by RFC 5545. UNTIL is an instant in UTC, as it must be when the start has a zone."""
    values: dict[str, object] = {"FREQ": pattern.every.value}
    if pattern.interval > 1:
        values["INTERVAL"] = pattern.interval
    if pattern.every is Every.WEEK:
        values["BYDAY"] = [WEEKDAYS[one] for one in _weekdays(pattern)]
    elif pattern.every is Every.MONTH and pattern.by_weekday:
        values["BYDAY"] = f"{_week(pattern)}{WEEKDAYS[pattern.first_day.weekday()]}"
    if pattern.count is not None:
        values["COUNT"] = pattern.count
    elif pattern.until is not None:
        values["UNTIL"] = datetime.combine(pattern.until, time(23, 59, 59), zone).astimezone(UTC)
    return values


def clocks_at(local: datetime, zone: ZoneInfo) -> Clocks:
    """What the clocks do to a local time (naive)."""
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return Clocks.PLAIN
    back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    return Clocks.TWICE if back == local else Clocks.SKIPPED


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series: its local start by the rule (naive), what the clocks do to it, and its time of use.

    use: None when the clocks ask a question that has not been answered, or it was answered by leaving the date out.
    by_answer: what it would be by each answer, where the clocks ask.
    """

    local: datetime
    clocks: Clocks
    answer: Answer | None
    use: Interval | None
    by_answer: Mapping[Answer, Interval] = field(default_factory=dict)

    @property
    def is_open_question(self) -> bool:
        """Whether somebody has to say which time is meant."""
        return self.clocks is not Clocks.PLAIN and self.answer is None


def occurrences(pattern: Pattern, zone: ZoneInfo, answers: Mapping[datetime, Answer] | None = None) -> list[Occurrence]:
    """Every date of a pattern.

    Args:
        answers: by local start (naive), for those whose start or end the clocks skip or repeat.
    """
    return [occurrence_at(pattern, local, zone, (answers or {}).get(local)) for local in local_starts(pattern)]


def occurrence_at(pattern: Pattern, local: datetime, zone: ZoneInfo, answer: Answer | None = None) -> Occurrence:
    """The date of a pattern that begins at a local time."""
    ends = pattern.end_of(local)
    odd = next((one for one in (clocks_at(local, zone), clocks_at(ends, zone)) if one is not Clocks.PLAIN), None)
    if odd is None:
        return Occurrence(local, Clocks.PLAIN, None, Interval(_instant(local, zone, None), _instant(ends, zone, None)))
    by_answer = {one: _answered(local, ends, zone, one) for one in (Answer.EARLIER, Answer.LATER)}
    return Occurrence(local, odd, answer, by_answer.get(answer) if answer else None, by_answer)


def _answered(local: datetime, ends: datetime, zone: ZoneInfo, answer: Answer) -> Interval:
    start, end = _instant(local, zone, answer), _instant(ends, zone, answer)
    return Interval(start, end if start < end else start + (ends - local))


def _instant(local: datetime, zone: ZoneInfo, answer: Answer | None) -> datetime:
    """Of a time that comes twice the earlier or the later one; of one that is skipped, an hour earlier or later."""
    kind = clocks_at(local, zone)
    later = answer is Answer.LATER
    fold = 0
    if kind is Clocks.TWICE:
        fold = 1 if later else 0
    elif kind is Clocks.SKIPPED:
        fold = 0 if later else 1
    return local.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def ended_before(pattern: Pattern, local: datetime) -> Pattern:
    """The same pattern, ending with the day before a date of it."""
    return replace(pattern, count=None, until=local.date() - DAY)


def begun_at(pattern: Pattern, local: datetime) -> Pattern:
    """What is left of a pattern from a date of it, with as many dates as are left."""
    left = None
    if pattern.count is not None:
        left = sum(1 for one in local_starts(pattern) if one >= local)
    weekdays = tuple(_weekdays(pattern)) if pattern.every is Every.WEEK else pattern.weekdays
    if pattern.every is Every.MONTH and pattern.by_weekday and _week(pattern) == -1:
        weekdays = (LAST,)
    return replace(pattern, first_day=local.date(), count=left, weekdays=weekdays)
