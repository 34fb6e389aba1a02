"""Patterns in local time, against another library's expansion, and across both changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from missions_app.bookings.recurrence import (
    Answer,
    Clocks,
    Every,
    Pattern,
    begun_at,
    ended_before,
    local_starts,
    occurrences,
    pattern_problems,
    rule_values,
)

ZONE = ZoneInfo("Europe/Stockholm")
NIGHT = Pattern(date(2026, 10, 24), time(2, 30), time(4), Every.DAY, count=3)
patterns = st.builds(
    Pattern,
    first_day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    starts=st.builds(time, st.integers(5, 22), st.sampled_from([0, 15, 30])),
    ends=st.builds(time, st.just(23), st.sampled_from([0, 30])),
    every=st.sampled_from(Every),
    interval=st.integers(1, 4),
    weekdays=st.lists(st.integers(0, 6), max_size=3, unique=True).map(tuple),
    by_weekday=st.booleans(),
    count=st.integers(1, 40),
)


def expanded_by_another_library(pattern: Pattern) -> list[datetime]:
    """The instants at which a calendar app would let the series begin."""
    first = local_starts(pattern)[0].replace(tzinfo=ZONE)
    event = icalendar.Event()
    event.add("uid", "one")
    event.add("dtstart", first)
    event.add("dtend", pattern.end_of(first.replace(tzinfo=None)).replace(tzinfo=ZONE))
    event.add("rrule", rule_values(pattern, ZONE))
    calendar = icalendar.Calendar()
    calendar.add_component(event)
    read = icalendar.Calendar.from_ical(calendar.to_ical())
    found = recurring_ical_events.of(read).between(first - timedelta(days=1), first + timedelta(days=365 * 15))
    return sorted(one.start.astimezone(UTC) for one in found)


@settings(max_examples=60, deadline=None)
@given(patterns)
def test_the_expansion_equals_that_of_another_library(pattern: Pattern) -> None:
    ours = [one.use.start for one in occurrences(pattern, ZONE) if one.use]
    assert ours == expanded_by_another_library(pattern)


@settings(max_examples=30, deadline=None)
@given(patterns, st.integers(0, 400))
def test_a_last_day_says_the_same_to_both(pattern: Pattern, days: int) -> None:
    until = local_starts(pattern)[0].date() + timedelta(days=days)
    ending = Pattern(pattern.first_day, pattern.starts, pattern.ends, pattern.every, pattern.interval,
                     pattern.weekdays, pattern.by_weekday, until=until)  # fmt: skip
    assert [one.use.start for one in occurrences(ending, ZONE) if one.use] == expanded_by_another_library(ending)


@pytest.mark.parametrize(("first", "before", "after"), [(date(2026, 10, 22), 7, 8), (date(2027, 3, 25), 8, 7)])
def test_nine_o_clock_stays_nine_o_clock(first: date, before: int, after: int) -> None:
    found = occurrences(Pattern(first, time(9), time(11), count=2), ZONE)
    assert [(one.use.start.hour, one.use.length) for one in found if one.use] == [
        (before, timedelta(hours=2)), (after, timedelta(hours=2)),
    ]  # fmt: skip


def test_a_night_ends_on_the_clock_and_is_an_hour_longer_when_the_clocks_go_back() -> None:
    found = occurrences(Pattern(date(2026, 10, 23), time(22), time(6), Every.DAY, count=3), ZONE)
    assert [one.use.length for one in found if one.use] == [timedelta(hours=h) for h in (8, 9, 8)]


def test_a_time_that_comes_twice_is_a_question_and_each_answer_another_instant() -> None:
    local = datetime.combine(date(2026, 10, 25), time(2, 30))
    asked = occurrences(NIGHT, ZONE)[1]
    first, second = (occurrences(NIGHT, ZONE, {local: answer})[1].use for answer in (Answer.EARLIER, Answer.LATER))

    assert (asked.local, asked.clocks, asked.is_open_question, asked.use) == (local, Clocks.TWICE, True, None)
    assert first and second
    assert [one.start.time() for one in (first, second)] == [time(0, 30), time(1, 30)]


def test_a_time_that_the_clocks_skip_is_a_question_too() -> None:
    local = datetime.combine(date(2027, 3, 28), time(2, 30))
    night = Pattern(date(2027, 3, 28), time(2, 30), time(3), Every.DAY, count=1)
    asked = occurrences(night, ZONE)[0]
    found = {answer: occurrences(night, ZONE, {local: answer})[0] for answer in Answer}

    assert (asked.clocks, asked.is_open_question) == (Clocks.SKIPPED, True)
    assert (found[Answer.LEAVE_OUT].use, found[Answer.LEAVE_OUT].is_open_question) == (None, False)
    earlier, later = found[Answer.EARLIER].use, found[Answer.LATER].use
    assert earlier and later
    assert [one.start.astimezone(ZONE).time() for one in (earlier, later)] == [time(1, 30), time(3, 30)]
    assert later.length == timedelta(minutes=30)


def test_an_end_that_comes_twice_is_asked_about_as_well() -> None:
    found = occurrences(Pattern(date(2026, 10, 25), time(1), time(2, 30), Every.DAY, count=1), ZONE)
    assert found[0].is_open_question


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"count": None}, "no_end", "until"), ({"until": date(2027, 1, 1)}, "two_ends", "count"),
        ({"count": None, "until": date(2026, 1, 1)}, "period_reversed", "until"),
        ({"count": 501}, "too_many_dates", "count"),
        ({"count": None, "until": date(2033, 1, 1)}, "too_many_dates", "until"),
        ({"count": 0}, "out_of_range", "count"), ({"interval": 0}, "out_of_range", "interval"),
        ({"count": None, "until": date(2026, 10, 25), "every": Every.WEEK, "weekdays": (2,)}, "no_dates", "until"),
    ],
)  # fmt: skip
def test_a_pattern_that_cannot_be_is_told_where(change: dict[str, object], code: str, field: str) -> None:
    values = {"first_day": date(2026, 10, 24), "starts": time(9), "ends": time(11), "every": Every.DAY, "count": 3}
    assert [(one.code, one.field) for one in pattern_problems(Pattern(**(values | change)))] == [(code, field)]  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(patterns, st.data())
def test_a_pattern_cut_in_two_has_the_same_dates(pattern: Pattern, data: st.DataObject) -> None:
    whole = local_starts(pattern)
    cut = data.draw(st.sampled_from(whole))
    before = local_starts(ended_before(pattern, cut)) if cut != whole[0] else []
    assert before + local_starts(begun_at(pattern, cut)) == whole


def test_the_last_thursday_stays_the_last_when_the_series_is_cut_in_a_short_month() -> None:
    pattern = Pattern(date(2026, 1, 29), time(9), time(11), Every.MONTH, by_weekday=True, count=4)

    dates = local_starts(pattern)
    rest = begun_at(pattern, dates[1])

    assert [one.day for one in dates] == [29, 26, 26, 30]
    assert local_starts(rest) == dates[1:]
    assert local_starts(begun_at(rest, dates[2])) == dates[2:]
