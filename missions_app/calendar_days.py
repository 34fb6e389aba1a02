"""The years people plan in, and working days by the Swedish calendar. Holidays come from the `holidays` library."""

from datetime import date, timedelta
from functools import cache

import holidays

# Beyond these years nobody plans anything, and midnights there cannot be told in every zone.
FIRST_YEAR, LAST_YEAR = 1900, 2199


@cache
def _holidays_of(year: int) -> frozenset[date]:
    # The library counts every Sunday as a Swedish holiday unless told otherwise; weekends are handled below.
    return frozenset(holidays.country_holidays("SE", years=year, include_sundays=False))


def is_working_day(day: date) -> bool:
    """Monday to Friday and not a public holiday."""
    return day.weekday() < 5 and day not in _holidays_of(day.year)


def add_working_days(start: date, days: int) -> date:
    """The working day `days` working days after `start` (days >= 0; 0 gives start, or the next working day)."""
    day = start
    while not is_working_day(day):
        day += timedelta(days=1)
    for _step in range(days):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day
