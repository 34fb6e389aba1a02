"""Reading a calendar kept elsewhere. What a file makes the libraries do is for the file to say: a repetition every
second without end, or one that gets nowhere, would keep them busy for ever. They therefore read it in a process of its
own that may use a little time and memory and knows nothing of the database."""

import hashlib
import json
import resource
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from missions_app import clock
from missions_app.bookings.intervals import Interval
from missions_app.bookings.outside_fetch import FetchFailed

MOST_EVENTS = 2000
AHEAD = timedelta(days=540)
TOO_MUCH = "too_many"
SECONDS, MOST_MEMORY = 10, 1 << 30


@dataclass(frozen=True, slots=True)
class Outside:
    """One date of an outside calendar: its name there, and when."""

    key: str
    when: Interval


def read_calendar(content: bytes, *, seconds: int = SECONDS) -> list[Outside]:
    """The dates of a calendar file from today and ahead, repetitions told one by one. What is cancelled or only says
    that somebody is free is left out.

    Raises:
        FetchFailed: not_a_calendar, too_many.
    """
    asked = [sys.executable, "-m", __name__, clock.today().isoformat(), clock.zone().key, str(seconds)]
    # The limit is on the work; waiting for a busy machine is given three times as long.
    try:
        answer = subprocess.run(asked, input=content, capture_output=True, timeout=3 * seconds, check=True)  # noqa: S603 -- ourselves
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise FetchFailed(TOO_MUCH) from error
    told = json.loads(answer.stdout)
    if "failure" in told:
        raise FetchFailed(told["failure"])
    return [Outside(key, Interval(*map(datetime.fromisoformat, span))) for key, *span in told["dates"]]


def dates_of(content: bytes, today: date, zone: ZoneInfo) -> dict[str, Interval]:
    """What `read_calendar` promises, by the names of the dates.

    Raises:
        FetchFailed.
    """
    try:
        calendar = icalendar.Calendar.from_ical(content)
        found = recurring_ical_events.of(calendar).between(today, today + AHEAD)
        dates = {key: when for event in found for key, when in _date(event, zone)}
    except MemoryError as error:
        raise FetchFailed(TOO_MUCH) from error
    except Exception as error:
        # Whatever a file from elsewhere makes the libraries stumble over, it is the file that is wrong.
        raise FetchFailed("not_a_calendar") from error
    if len(dates) > MOST_EVENTS:
        raise FetchFailed(TOO_MUCH)
    return dates


def _date(event: Any, zone: ZoneInfo) -> Iterable[tuple[str, Interval]]:
    if event.get("STATUS") == "CANCELLED" or event.get("TRANSP") == "TRANSPARENT":
        return
    start, end = _instant(event.start, zone), _instant(event.end, zone)
    if start < end:
        name = f"{event.get('UID')}|{start.isoformat()}"
        yield hashlib.sha256(name.encode()).hexdigest(), Interval(start, end)


def _instant(value: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(0))
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def _read_here(today: str, zone: str, seconds: str) -> None:
    """What the process of its own does; it ends by itself when it has used what it may."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        dates = dates_of(sys.stdin.buffer.read(), date.fromisoformat(today), ZoneInfo(zone))
        told: dict[str, Any] = {
            "dates": [(key, one.start.isoformat(), one.end.isoformat()) for key, one in dates.items()]
        }
    except FetchFailed as error:
        told = {"failure": error.code}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    _read_here(*sys.argv[1:])
