"""What a calendar shows, made ready to print: days in the site's zone, strips, and times in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from babel.dates import format_date, get_timezone_location
from flask import url_for

from missions_app import clock
from missions_app.bookings.intervals import Interval
from missions_app.bookings.local_days import local_days
from missions_app.bookings.models import ReservationKind
from missions_app.bookings.schedule import Entry, Filters, Look, Row, Visit
from missions_app.i18n import _, both, current_locale
from missions_app.sites.models import Resource

DAY = timedelta(days=1)
FIRST_HOUR, HALF_HOURS = 6, 28
Names = Mapping[int, Resource]


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_number(day: date) -> int:
    """The week of the year, as it is counted in Sweden."""
    return day.isocalendar().week


def span_words(first: date, last: date) -> str:
    """ "15–21 mars 2027", "29 mars–4 april 2027"."""
    locale = current_locale()
    if first.month == last.month:
        return f"{first.day}–{format_date(last, 'd MMMM y', locale=locale)}"
    pattern = "d MMMM" if first.year == last.year else "d MMMM y"
    return f"{format_date(first, pattern, locale=locale)}–{format_date(last, 'd MMMM y', locale=locale)}"


def weekday_words(day: date, pattern: str = "EEE d") -> str:
    """ "mån 15"."""
    return format_date(day, pattern, locale=current_locale()).replace(".", "")


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of an entry that falls on one day. a, b: half hours from 06, for its strip; None when it lies outside.

    line, starts, minutes: what a script needs to move it to another time: which it is, the minute of the day its use
    begins and how long it lasts; "" when the reader may not, or when it does not begin and end on this day.
    """

    hours: str
    what: str
    look: str
    is_held: bool
    url: str
    a: int | None
    b: int | None
    line: str = ""
    starts: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class DayCell:
    """A resource on one day. `is_others`: it is taken by what the reader has chosen not to see."""

    day: date
    pieces: Sequence[Piece]
    is_closed: bool
    is_others: bool


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A resource and its seven days."""

    row: Row
    key: str
    below: str
    cells: Sequence[DayCell]


def week_rows(rows: Sequence[Row], first: date) -> list[WeekRow]:
    """Resources with their days from a Monday."""
    names = {row.bookable.resource.id: row.bookable.resource for row in rows}
    made = []
    for row in rows:
        resource = row.bookable.resource
        cells = [_cell(row, first + number * DAY, names) for number in range(7)]
        made.append(WeekRow(row, f"{resource.site.slug}/{resource.slug}", _below(row, first), cells))
    return made


def _below(row: Row, first: date) -> str:
    site = row.bookable.resource.site
    name = both(site.name_sv, site.name_en)
    if not row.bookable.is_pool:
        return name
    count = len(row.bookable.units)
    free = row.free_units(local_days(first, first + 6 * DAY))
    return _("%(site)s, %(free)d of %(count)d free all week", site=name, free=free, count=count)


def _cell(row: Row, day: date, names: Names) -> DayCell:
    window = local_days(day, day)
    pieces = [piece_of(one, window, names) for one in row.entries if one.occupied.overlaps(window)]
    is_others = any(one.occupied.overlaps(window) for one in row.others)
    return DayCell(day, pieces, not row.bookable.opening.periods(day), is_others)


def piece_of(entry: Entry, window: Interval, names: Names | None = None) -> Piece:
    """The part of an entry that falls in a day."""
    start, end = max(entry.occupied.start, window.start), min(entry.occupied.end, window.end)
    a = max(0, _half_hours(start, window, up=False))
    b = min(HALF_HOURS, _half_hours(end, window, up=True))
    return Piece(
        hours_words(entry.occupied, window), what_words(entry, names), entry.look.value, entry.look.value == "hold",
        _page_of(entry), a if a < b else None, b if a < b else None, *_moved(entry, window),
    )  # fmt: skip


def _page_of(entry: Entry) -> str:
    if entry.offer_id is not None:
        return url_for("finding.show_offer", offer_id=entry.offer_id)
    return url_for("bookings.show_booking", reference=entry.reference) if entry.reference else ""


def _moved(entry: Entry, window: Interval) -> tuple[str, int, int]:
    use = entry.use
    if use is None or not window.contains(use):
        return "", 0, 0
    starts = use.start.astimezone(clock.zone())
    minutes = int((use.end - use.start) / timedelta(minutes=1))
    return f"{entry.reference}/{entry.line_id}", starts.hour * 60 + starts.minute, minutes


def _half_hours(moment: datetime, window: Interval, *, up: bool) -> int:
    """Half hours on the clock from the strip's first hour; the end of the day is far behind its last."""
    if moment >= window.end:
        return 2 * 24
    local = moment.astimezone(clock.zone())
    minutes = (local.hour - FIRST_HOUR) * 60 + local.minute
    return -(-minutes // 30) if up else minutes // 30


def hours_words(occupied: Interval, window: Interval) -> str:
    """ "08–14", "15–" when it goes on, "–16" when it began before, "hela dagen"."""
    begins, ends = occupied.start >= window.start, occupied.end <= window.end
    if not begins and not ends:
        return _("all day")
    first = _clock(occupied.start) if begins else ""
    last = "" if not ends else "24" if occupied.end == window.end else _clock(occupied.end)
    return f"{first}–{last}"


def _clock(moment: datetime) -> str:
    local = moment.astimezone(clock.zone())
    sign = "." if current_locale() == "sv" else ":"
    text = f"{local:%H}" if local.minute == 0 else f"{local:%H}{sign}{local:%M}"
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{text} {local.tzname()}" if twice else text


def what_words(entry: Entry, names: Names | None = None) -> str:
    """What an entry says to this reader."""
    if entry.kind is ReservationKind.BLOCK:
        return entry.reason or _("Taken in the owner's own calendar")
    if entry.kind is ReservationKind.OFFER:
        return _("Offered to somebody who waits") if entry.offer_id is None else _("Offered to you")
    whose = entry.organisation if entry.look is Look.BUSY else None
    told = ": ".join(part for part in (whose, _short(entry.purpose)) if part)
    if entry.kind is ReservationKind.RESERVE:
        told = _("Reserve date, %(what)s", what=told) if told else _("Reserve date")
    if entry.reference:
        told = f"{told}, {entry.reference}" if told else entry.reference
    via = (names or {}).get(entry.via_id or 0)
    if via is not None:
        told = _("%(what)s (through %(name)s)", what=told or _("Taken"),
                 name=both(via.name_sv, via.name_en))  # fmt: skip
    return told or _("Taken")


def _short(text: str | None) -> str:
    plain = " ".join((text or "").split())
    return plain if len(plain) <= 60 else plain[:57].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A day and what happens on it: (piece, resource's name, its page)."""

    day: date
    rows: Sequence[tuple[Piece, str, str]]


def listed_days(visits: Sequence[Visit], first: date, days: int) -> list[ListedDay]:
    """Days with what begins or goes on on them; days without anything are left out."""
    made = []
    names = {one.bookable.resource.id: one.bookable.resource for one in visits}
    for number in range(days):
        day = first + number * DAY
        window = local_days(day, day)
        there = [one for one in visits if one.entry.occupied.overlaps(window)]
        if there:
            made.append(ListedDay(day, [_listed(one, window, names) for one in there]))
    return made


def _listed(visit: Visit, window: Interval, names: Names) -> tuple[Piece, str, str]:
    resource = visit.bookable.resource
    return (
        piece_of(visit.entry, window, names), both(resource.name_sv, resource.name_en),
        url_for("sites.show_site", slug=resource.site.slug),
    )  # fmt: skip


def zone_words() -> str:
    """The place whose time is shown: "Stockholm"."""
    return get_timezone_location(clock.zone(), locale=current_locale(), return_city=True)


def month_weeks(day: date) -> list[list[date]]:
    """The weeks that a month touches, Mondays first."""
    first = monday_of(day.replace(day=1))
    after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    weeks = []
    while first < after:
        weeks.append([first + number * DAY for number in range(7)])
        first += 7 * DAY
    return weeks


def address(view: str, day: date, filters: Filters, *, page: int = 1, resource: str = "", **more: str) -> str:
    """The address of a calendar with its choices; what is not chosen is left out."""
    chosen = {
        "view": view if view != "week" else "", "date": day.isoformat(), "site": filters.site, "theme": filters.theme,
        "owner": filters.owner, "type": filters.kind, "mine": "1" if filters.mine else "", "resource": resource,
        "page": str(page) if page > 1 else "", **more,
    }  # fmt: skip
    return f"{url_for('bookings.show_calendar')}?{urlencode({key: value for key, value in chosen.items() if value})}"


def day_after(first: date, days: int) -> date:
    """So many days after a day."""
    return first + days * DAY
