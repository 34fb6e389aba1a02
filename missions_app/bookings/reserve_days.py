"""The reserve dates of a booking: which days are free for all of it at the same local times, and which are held."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from missions_app import clock
from missions_app.bookings import checking, queries, reservations, rules, sending, states
from missions_app.bookings.askers import asker_of
from missions_app.bookings.errors import ClocksChange
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, Reservation
from missions_app.bookings.rules import Rules

DAYS = 21
MOST = 4


def suggested(booking: Booking) -> list[date]:
    """The first days of the three weeks after a booking on which every line of it is free and its rules grant it; up to
    eight statements for each line."""
    lines = [line for line in booking.lines if line.state not in states.OVER]
    if not lines:
        return []
    first = clock.day_of(min(line.starts_at for line in lines))
    fitting = [set(_free_days(line)) for line in lines]
    days = sorted(set.intersection(*fitting))
    return [first + timedelta(days=one) for one in days[:MOST]]


def _free_days(line: Line) -> Iterator[int]:
    now = sending.wish_of(line).occupied
    # An hour more at both ends, for what the clocks may do in between.
    window = Interval(now.start + timedelta(hours=23), now.end + timedelta(days=DAYS, hours=1))
    taken = reservations.taken_on(line.resource, window, line.units_wanted)
    # A draft holds nothing yet, and is in its own way all the same.
    taken += [
        sending.wish_of(other).occupied
        for other in line.booking.lines
        if other.state not in states.OVER and other.resource_id == line.resource_id
    ]
    asked = checking.rules_of(line.resource, window, replace(asker_of(line.booking), is_booking=False))
    # What its own day breaks too is told of that day.
    known = _broken(sending.use_of(line), asked) - {"closed"}
    for days in range(1, DAYS + 1):
        try:
            use = sending.days_later(sending.use_of(line), days)
        except ClocksChange:
            continue
        whole = sending.wish_of(line, use).occupied
        if not _broken(use, asked) - known and not any(whole.overlaps(one) for one in taken):
            yield days


def _broken(use: Interval, asked: Rules) -> set[str]:
    """The codes of the rules that a day breaks."""
    zone = clock.zone()
    problems = rules.time_problems(use, asked.terms, asked.opening, now=clock.now(), zone=zone)
    return {one.code for one in (*problems, *rules.qualification_problems(use, asked.qualifications, zone))}


def held(booking: Booking) -> dict[int, list[str]]:
    """The reserve dates that each line of a booking still holds, by the line's id; one statement."""
    if not booking.reserve_dates:
        return {}
    rows = _rows(booking)
    return {
        line.id: [day for day in booking.reserve_dates if _of_day(line, day, rows[line.id])]
        for line in booking.lines
        if line.id in rows
    }


def holds_on(booking: Booking, day: str) -> list[int]:
    """The reservations by which a booking holds one of its reserve dates."""
    rows = _rows(booking)
    return [one.id for line in booking.lines for one in _of_day(line, day, rows.get(line.id, ()))]


def _rows(booking: Booking) -> dict[int, list[Reservation]]:
    rows: dict[int, list[Reservation]] = {}
    for one in queries.held_reserve_dates(booking):
        rows.setdefault(one.line_id or 0, []).append(one)
    return rows


def _of_day(line: Line, day: str, rows: Iterable[Reservation]) -> list[Reservation]:
    """Those in which a line's use on a reserve date lies. On which day a hold begins says little: a part may come days
    after the first, or be set up the evening before."""
    try:
        use = sending.reserve_use(line, day)
    except ClocksChange:
        return []
    return [one for one in rows if Interval(one.starts_at, one.ends_at).contains(use)]
