"""When things are open, in words: by weekday, and the dates that are otherwise."""

from collections.abc import Iterable
from datetime import date, time, timedelta

from missions_app import clock
from missions_app.i18n import _
from missions_app.sites import hours
from missions_app.sites.models import OpeningPeriod
from missions_app.web.sites import resource_forms as forms

DAY = timedelta(days=1)


def week_of(opening: Iterable[OpeningPeriod]) -> list[tuple[str, str]]:
    """(weekday, hours) for each day; [] when it is always open."""
    rows = [one for one in opening if one.weekday is not None]
    if not rows:
        return []
    return [(word, hours_in_words(periods_of(rows, number))) for number, word in enumerate(forms.weekday_words())]


def periods_of(rows: Iterable[OpeningPeriod], weekday: int) -> list[tuple[time, time]]:
    """The hours of a weekday."""
    there = [(one.opens, one.closes) for one in rows if one.weekday == weekday]
    return [(opens, closes) for opens, closes in there if opens is not None and closes is not None]


def hours_in_words(periods: list[tuple[time, time]]) -> str:
    """The hours of a day, or that it is closed."""
    return hours.written(periods, forms.separator()) or _("closed")


def exceptions_of(opening: Iterable[OpeningPeriod]) -> list[tuple[date, date, str]]:
    """(first, last, hours) of the dates to come that are otherwise; days in a row that are alike are one."""
    by_day: dict[date, list[tuple[time, time]]] = {}
    for one in opening:
        if one.on_date is not None and one.on_date >= clock.today():
            kept = by_day.setdefault(one.on_date, [])
            if one.opens is not None and one.closes is not None:
                kept.append((one.opens, one.closes))
    found: list[tuple[date, date, str]] = []
    for day, periods in sorted(by_day.items()):
        text = hours_in_words(sorted(periods))
        if found and found[-1][1] + DAY == day and found[-1][2] == text:
            found[-1] = (found[-1][0], day, text)
        else:
            found.append((day, day, text))
    return found
