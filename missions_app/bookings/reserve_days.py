"""The reserve dates of a booking: which days are free for all of it at the same local times, and which are held."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from missions_app import clock
from missions_app.bookings import checking, queries, reservations, rules, sending, states
from missions_app.bookings.askers import asker_of
from missions_app.bookings.errors import ClocksChange
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState, Reservation
from missions_app.bookings.rules import Rules
from missions_app.errors import Problem
from missions_app.i18n import N_

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


def held_days(booking: Booking) -> list[str]:
    """The reserve dates of which something is still held."""
    there = {day for days in held(booking).values() for day in days}
    return [day for day in booking.reserve_dates if day in there]


def holds_on(booking: Booking, day: str) -> list[int]:
    """The reservations by which a booking holds one of its reserve dates."""
    rows = _rows(booking)
    return [one.id for line in booking.lines for one in _of_day(line, day, rows.get(line.id, ()))]


def asked_of_others(booking: Booking, sending_now: Collection[LineState]) -> bool:
    """Whether some owners have been asked about the reserve dates there are, besides what is to be sent."""
    return any(line.state not in sending_now for line in booking.moving)


def to_choose_among(booking: Booking, sending_now: Collection[LineState]) -> list[str]:
    """The reserve dates that may be chosen: those there are, those that were taken away and are still held, and further
    ones as long as no owner has been asked."""
    if asked_of_others(booking, sending_now):
        return sorted({*booking.reserve_dates, *_still_held(booking)})
    return sorted({*(day.isoformat() for day in suggested(booking)), *booking.reserve_dates})


def is_any_to_choose(booking: Booking, sending_now: Collection[LineState]) -> bool:
    """Whether a request can have a reserve date: no more can be added once some owners have been asked, and those there
    were may have been given up, or lie before a time that was moved."""
    if not asked_of_others(booking, sending_now):
        return True
    days = to_choose_among(booking, sending_now)
    return any(sending.shift_to(booking, date.fromisoformat(day)) > 0 for day in days)


def added_problems(booking: Booking, days: Collection[str]) -> list[Problem]:
    """What is wrong with other reserve dates once some owners have been asked about those there are. What was taken
    away is held until the request is sent again, and may be taken back until then."""
    new = set(days) - set(booking.reserve_dates)
    if not new or new <= _still_held(booking):
        return []
    text = N_(
        "Other owners have been asked about the reserve dates there are, so no more can be added. Keep them, or take "
        "some away."
    )
    return [Problem("reserves_asked", text, "reserve_dates")]


def _still_held(booking: Booking) -> set[str]:
    """The days on which something of a booking is held beside its time, whether it still names them or not."""
    rows = _rows(booking)
    return {
        day.isoformat()
        for line in booking.lines
        for one in rows.get(line.id, ())
        for day in _days_about(line, one)
        if _of_day(line, day.isoformat(), [one])
    }


def _days_about(line: Line, held: Reservation) -> Iterator[date]:
    """The days of which a hold may be the reserve date: it may be set up the evening before, or clean up after."""
    shift = (clock.day_of(held.starts_at) - clock.day_of(line.starts_at)).days
    return (line.booking.first_day + timedelta(shift + more) for more in (-1, 0, 1, 2))


def give_back_unnamed(booking: Booking) -> None:
    """Let go of what is held on reserve dates that a booking no longer has; its units are locked by the caller."""
    kept = {key for day in booking.reserve_dates for key in holds_on(booking, day)}
    found = [one.id for one in queries.held_reserve_dates(booking) if one.id not in kept]
    if found:
        reservations.release_reservations(found)


def _rows(booking: Booking) -> dict[int, list[Reservation]]:
    rows: dict[int, list[Reservation]] = {}
    for one in queries.held_reserve_dates(booking):
        rows.setdefault(one.line_id or 0, []).append(one)
    return rows


def _of_day(line: Line, day: str, rows: Iterable[Reservation]) -> list[Reservation]:
    """Those in which a line's use on a reserve date lies. On which day a hold begins says little: a part may come days
    after the first, or be set up the evening before."""
    use = use_on(line, day)
    return [one for one in rows if use and Interval(one.starts_at, one.ends_at).contains(use)]


def use_on(line: Line, day: str) -> Interval | None:
    """A line's use on a reserve date; None where the clocks change at that time."""
    try:
        return sending.reserve_use(line, day)
    except ClocksChange:
        return None
