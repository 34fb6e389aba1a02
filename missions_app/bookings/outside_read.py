"""Reading a calendar kept elsewhere. What a file makes the libraries do is for the file to say: a repetition every
second without end, or one that gets nowhere, would keep them busy for ever. They therefore read it in a process of its
own that may use a little time and memory and knows nothing of the database. An event that cannot be read is told by
itself, and stands in the way of no other."""

import hashlib
import json
import resource
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from missions_app import clock
from missions_app.bookings.intervals import Interval
from missions_app.bookings.outside_fetch import FetchFailed

MOST_EVENTS = 2000
# How far ahead at least and at most: what repeats without end is so many dates.
AHEAD, MOST_AHEAD = timedelta(days=540), timedelta(days=1096)
TOO_MUCH = "too_many"
SECONDS, MOST_MEMORY = 10, 1 << 30
# What is kept of the words of an event that cannot be read.
LONGEST_WORDS = 120
TIMES, REPEATING = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID"), ("RRULE", "RDATE", "EXDATE", "EXRULE")


@dataclass(frozen=True, slots=True)
class Outside:
    """One date of an outside calendar: its name there, when, and the event it is a date of (its UID, hashed; "" where
    it has none)."""

    key: str
    when: Interval
    event: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """An event that could not be read: its UID, hashed, or what else it says where it has none; what it is called and
    its beginning as the file has them, to find it by; and why: no_start, bad_time, bad_repetition, other."""

    event: str
    name: str
    start: str
    why: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What an outside calendar says, and what of it could not be read."""

    dates: Sequence[Outside]
    unread: Sequence[Unread] = ()


def read_calendar(content: bytes, ahead: timedelta = AHEAD, *, seconds: int = SECONDS) -> Contents:
    """The dates of a calendar file from today and so far ahead, repetitions told one by one. What is cancelled or only
    says that somebody is free is left out.

    Raises:
        FetchFailed: not_a_calendar, too_many.
    """
    asked = [sys.executable, "-m", __name__, clock.today().isoformat(), clock.zone().key, str(ahead.days), str(seconds)]
    # The limit is on the work; waiting for a busy machine is given three times as long.
    try:
        answer = subprocess.run(asked, input=content, capture_output=True, timeout=3 * seconds, check=True)  # noqa: S603 -- ourselves
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise FetchFailed(TOO_MUCH) from error
    told = json.loads(answer.stdout)
    if "failure" in told:
        raise FetchFailed(told["failure"])
    return Contents(
        [Outside(key, Interval(*map(datetime.fromisoformat, span)), event) for key, event, *span in told["dates"]],
        [Unread(**one) for one in told["unread"]],
    )


def contents_of(content: bytes, today: date, zone: ZoneInfo, ahead: timedelta = AHEAD) -> Contents:
    """What `read_calendar` promises.

    Raises:
        FetchFailed.
    """
    try:
        calendar = icalendar.Calendar.from_ical(content)
        zones, events = calendar.walk("VTIMEZONE"), calendar.walk("VEVENT")
    except MemoryError as error:
        raise FetchFailed(TOO_MUCH) from error
    except Exception as error:
        # Whatever a file from elsewhere makes the libraries stumble over, it is the file that is wrong.
        raise FetchFailed("not_a_calendar") from error
    # A repetition and its exceptions are one event: half of it read would be a time that nobody means.
    by_uid: dict[str, list[Any]] = {}
    for number, event in enumerate(events):
        if not event.get("UID"):
            event.pop("UID", None)  # one that says nothing would make all that lack it one event
        by_uid.setdefault(str(event.get("UID") or f"#{number}"), []).append(event)
    flaws = {uid: flaw for uid, group in by_uid.items() if (flaw := _flaw(group))}
    whole = [group for uid, group in by_uid.items() if uid not in flaws]
    dates, stumbled = _dates(zones, whole, today, zone, ahead)
    unread = [_unread(group, flaws[uid]) for uid, group in by_uid.items() if uid in flaws]
    if len(dates) > MOST_EVENTS or len(unread) + len(stumbled) > MOST_EVENTS:
        raise FetchFailed(TOO_MUCH)
    return Contents(list(dates.values()), [*unread, *(_unread(group, "other") for group in stumbled)])


def _flaw(group: Iterable[Any]) -> str:
    """Why the time of an event cannot be told, or "". A line that has nothing to do with its time is no reason."""
    for event in group:
        for name, words in event.errors:
            # Of a line that is no line at all only the message tells how it began.
            said = (name or words.partition("'")[2]).upper()
            if said.startswith(REPEATING):
                return "bad_repetition"
            if said.startswith(TIMES):
                return "bad_time"
        if "DTSTART" not in event:
            return "no_start"
    return ""


def _dates(
    zones: Sequence[Any], groups: Sequence[list[Any]], today: date, zone: ZoneInfo, ahead: timedelta
) -> tuple[dict[str, Outside], list[list[Any]]]:
    """The dates of some events, by their names, and the events that the libraries stumble over all the same: what
    cannot be read together is read in halves, until what is wrong stands alone."""
    calendar = icalendar.Calendar()
    for component in (*zones, *(event for group in groups for event in group)):
        calendar.add_component(component)
    try:
        # From midnight here: a day alone would begin with each event's own zone, and what is told in UTC would end an
        # hour or two before it is over.
        since, until = (datetime.combine(day, time(0), zone) for day in (today, today + ahead))
        found = recurring_ical_events.of(calendar).between(since, until)
        return {one.key: one for event in found for one in _date(event, zone)}, []
    except MemoryError as error:
        raise FetchFailed(TOO_MUCH) from error
    except Exception:
        if len(groups) <= 1:
            return {}, list(groups)
    middle = len(groups) // 2
    first, second = (_dates(zones, half, today, zone, ahead) for half in (groups[:middle], groups[middle:]))
    return first[0] | second[0], first[1] + second[1]


def _unread(group: Sequence[Any], why: str) -> Unread:
    event = group[0]
    start = event.get("DTSTART")
    try:
        said = start.to_ical().decode() if start is not None else ""
    except Exception:
        said = ""
    name = str(event.get("SUMMARY") or "")[:LONGEST_WORDS]
    return Unread(_event_of(event) or _hashed(f"{name}|{said}"), name, said[:LONGEST_WORDS], why)


def _event_of(event: Any) -> str:
    return _hashed(str(event["UID"])) if "UID" in event else ""


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _date(event: Any, zone: ZoneInfo) -> Iterable[Outside]:
    if _said(event, "STATUS") == "CANCELLED" or _said(event, "TRANSP") == "TRANSPARENT":
        return
    start, end = _instant(event.start, zone), _instant(event.end, zone)
    if start < end:
        # One without a name of its own is told by the whole of its time.
        name = f"{event['UID']}|{start.isoformat()}" if "UID" in event else f"|{start.isoformat()}|{end.isoformat()}"
        yield Outside(_hashed(name), Interval(start, end), _event_of(event))


def _said(event: Any, name: str) -> str:
    return str(event.get(name, "")).upper()


def _instant(value: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(0))
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def _read_here(today: str, zone: str, days: str, seconds: str) -> None:
    """What the process of its own does; it ends by itself when it has used what it may."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        content, ahead = sys.stdin.buffer.read(), timedelta(days=int(days))
        found = contents_of(content, date.fromisoformat(today), ZoneInfo(zone), ahead)
        told: dict[str, Any] = {
            "dates": [
                (one.key, one.event, one.when.start.isoformat(), one.when.end.isoformat()) for one in found.dates
            ],
            "unread": [asdict(one) for one in found.unread],
        }
    except FetchFailed as error:
        told = {"failure": error.code}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    _read_here(*sys.argv[1:])
