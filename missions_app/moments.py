"""Moments in words, in the reader's language and the site's zone: pages and letters say them alike."""

from datetime import UTC, date, datetime

from babel.dates import format_date, format_time

from missions_app import clock
from missions_app.i18n import NO_BREAK, _, current_locale


def local(value: datetime) -> datetime:
    """A moment by the clocks of the site's zone."""
    return value.astimezone(clock.zone())


def local_date(value: date | datetime | None) -> str:
    """ "onsdag 17 mars 2027", for running text; "" for nothing."""
    return _date(value, "EEEE d MMMM y")


def plain_date(value: date | datetime | None) -> str:
    """ "17 mars 2027"; "" for nothing."""
    return _date(value, "d MMMM y")


def local_time(value: datetime) -> str:
    """ "08.00" in Swedish, "08:00" in English; with the zone in the autumn hour that comes twice."""
    text = format_time(local(value).timetz(), "HH.mm" if current_locale() == "sv" else "HH:mm", locale=current_locale())
    return f"{text}{NO_BREAK}{local(value).tzname()}" if _comes_twice(local(value)) else text


def local_datetime(value: datetime | None) -> str:
    """ "17 mars 2027 kl. 08.00"; "" for nothing."""
    return _("%(day)s at %(time)s", day=plain_date(value), time=local_time(value)) if value is not None else ""


def span(start: datetime, end: datetime) -> str:
    """ "17 mars 2027 kl. 08.00–12.00", with the day once when it is the same."""
    is_same_day = clock.day_of(start) == clock.day_of(end)
    return f"{local_datetime(start)}–{local_time(end) if is_same_day else local_datetime(end)}"


def _date(value: date | datetime | None, pattern: str) -> str:
    if value is None:
        return ""
    day = local(value).date() if isinstance(value, datetime) else value
    return format_date(day, pattern, locale=current_locale())


def _comes_twice(value: datetime) -> bool:
    exists = value.astimezone(UTC).astimezone(value.tzinfo).replace(fold=0) == value.replace(fold=0)
    return exists and value.utcoffset() != value.replace(fold=1 - value.fold).utcoffset()
