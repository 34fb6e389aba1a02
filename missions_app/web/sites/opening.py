"""When things are open, in words: by weekday, and the dates that are otherwise."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta

from missions_app import clock
from missions_app.i18n import _
from missions_app.moments import plain_date
from missions_app.sites import hours, resource_service
from missions_app.sites.models import OpeningPeriod, Resource
from missions_app.sites.resource_service import MOST_DATES
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
    return in_a_row({day: hours_in_words(sorted(periods)) for day, periods in by_day.items()})


def in_a_row(days: Mapping[date, str]) -> list[tuple[date, date, str]]:
    """(first, last, hours) of some days, in order; days in a row that are alike are one."""
    found: list[tuple[date, date, str]] = []
    for day, text in sorted(days.items()):
        if found and found[-1][1] + DAY == day and found[-1][2] == text:
            found[-1] = (found[-1][0], day, text)
        else:
            found.append((day, day, text))
    return found


def hours_on(resource: Resource, first: date, last: date) -> str | None:
    """What is saved now about some dates that are otherwise, in words; None where they are as their weekday."""
    days = [first + timedelta(days=number) for number in range(min((last - first).days + 1, MOST_DATES))]
    return days_in_words(resource_service.exceptions_on(resource, days), first, last) or None


def days_in_words(days: Mapping[date, str], first: date, last: date) -> str:
    """Those of some dates that are otherwise with their hours as they are kept, the days named where they are not all
    alike."""
    rows = in_a_row({day: kept_in_words(text) for day, text in days.items()})
    if len(rows) == 1 and rows[0][:2] == (first, last):
        return rows[0][2]
    return "; ".join(f"{span_of_days(first, last)}: {text}" for first, last, text in rows)


def span_of_days(first: date, last: date) -> str:
    """ "3 mars 2027", or the first and the last day."""
    return plain_date(first) if first == last else f"{plain_date(first)} – {plain_date(last)}"


def kept_in_words(text: str) -> str:
    """Hours as they are kept, in the reader's language."""
    return text.replace(".", forms.separator()) or _("closed")
