"""What a series says in words: its rule, what can be chosen for a date of it, and why it is refused."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from missions_app import clock
from missions_app.bookings.intervals import Interval
from missions_app.bookings.recurrence import Answer, Clocks, Every, Pattern
from missions_app.bookings.series_check import DateCheck, OnConflict
from missions_app.i18n import _
from missions_app.moments import local_datetime, local_time, plain_date
from missions_app.web.bookings.weeks import weekday_words

A_MONDAY = date(2024, 1, 1)


def rule_words(pattern: Pattern) -> str:
    """The rule as a sentence."""
    often, number = _often(pattern.every, pattern.interval), pattern.count
    end = _("until %(day)s", day=plain_date(pattern.until)) if number is None else _("%(number)d times", number=number)
    if pattern.every is Every.WEEK and pattern.weekdays:
        days = (weekday_words(A_MONDAY + timedelta(days=one), "EEE") for one in sorted(set(pattern.weekdays)))
        often = f"{often} ({', '.join(days)})"
    hours = f"{_hour(pattern.starts)}–{_hour(pattern.ends)}"
    return _("%(often)s %(hours)s from %(day)s, %(end)s", often=often, hours=hours,
             day=plain_date(pattern.first_day), end=end)  # fmt: skip


def _often(every: Every, interval: int) -> str:
    if interval == 1:
        return {Every.DAY: _("Every day"), Every.WEEK: _("Every week"), Every.MONTH: _("Every month")}[every]
    if interval == 2:
        other = {
            Every.DAY: _("Every other day"), Every.WEEK: _("Every other week"), Every.MONTH: _("Every other month"),
        }  # fmt: skip
        return other[every]
    return {
        Every.DAY: _("Every %(number)d days", number=interval),
        Every.WEEK: _("Every %(number)d weeks", number=interval),
        Every.MONTH: _("Every %(number)d months", number=interval),
    }[every]


def _hour(at: time) -> str:
    return local_time(datetime.combine(clock.today(), at, clock.zone()))


def _hours(use: Interval) -> str:
    return f"{local_time(use.start)}–{local_time(use.end)}"


def offers(check: DateCheck, on_conflict: str, leave_out: str) -> list[tuple[str, str]]:
    """(value, words) of what can be chosen for a date: only what would then be done.

    Args:
        leave_out: what it is called to leave the date out.
    """
    found = []
    if check.occurrence.clocks is Clocks.TWICE:
        found += [("earlier", _("The first time, summer time")), ("later", _("The second time, normal time"))]
    elif check.occurrence.clocks is Clocks.SKIPPED:
        earlier, later = (check.occurrence.by_answer[one] for one in (Answer.EARLIER, Answer.LATER))
        found += [("earlier", _("An hour earlier: %(hours)s", hours=_hours(earlier)))] if earlier != later else []
        found += [("later", _("An hour later: %(hours)s", hours=_hours(later)))]
    if on_conflict == OnConflict.ASK:
        # A time that was chosen can be had, and stays among them.
        chosen = check.use if check.use != check.occurrence.use and not check.is_blocked else None
        found += [
            (f"{one.start.isoformat()}/{one.end.isoformat()}",
             _("Instead %(start)s–%(end)s", start=local_datetime(one.start), end=local_time(one.end)))
            for one in (*check.free, *([chosen] if chosen else []))
        ]  # fmt: skip
    may_leave_out = on_conflict in (OnConflict.SKIP, OnConflict.ASK) or bool(found)
    return [*found, ("leave_out", leave_out)] if may_leave_out else []


def refused_words(checks: Sequence[DateCheck], on_conflict: str) -> str:
    """What to do about dates that cannot be had."""
    if on_conflict == OnConflict.REFUSE and any(one.problems or one.is_taken for one in checks):
        return _(
            "Some dates cannot be had, so nothing is done. Choose other times, or choose under “If a date is taken” "
            "to decide about each."
        )
    return _("Some dates cannot be had. Choose below what to do about each.")
