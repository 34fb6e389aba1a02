"""What a calendar link gives: the bookings its user may see, as iCalendar. Series are told by their rule, with what is
left out and what differs. Reserve dates are told as what they are: time that is held and may not be used."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import icalendar
from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.bookings import calendar, visibility
from missions_app.bookings.calendar import CANCELLED, STATUS, TENTATIVE
from missions_app.bookings.link_models import FeedKind
from missions_app.bookings.models import Booking, Line, LineState, Reservation, ReservationKind, Series
from missions_app.bookings.recurrence import Clocks, local_starts, occurrence_at, rule_values
from missions_app.bookings.series_check import key_of
from missions_app.bookings.states import OVER
from missions_app.i18n import _, both
from missions_app.organisations.models import Organisation
from missions_app.sites.models import Resource, Site

PAST = timedelta(days=90)
CANCELLED_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A line as the link's user may see it. `at` is when it was last changed; `key` its date in its series."""

    line_id: int
    series_id: int | None
    key: str | None
    version: int
    at: datetime
    starts_at: datetime
    ends_at: datetime
    state: LineState
    summary: str
    location: str
    reference: str | None

    @property
    def status(self) -> str:
        """Whether the time is certain, by RFC 5545."""
        return STATUS[self.state]


def feed(actor: Actor, kind: FeedKind, target_id: int | None, *, name: str, base_url: str) -> bytes:
    """The bookings of a link as a calendar file: three statements.

    Args:
        base_url: where the platform is, for links to the bookings.
    """
    which = _belongs(actor, kind, target_id)
    lines = _lines(actor, which)
    by_series: dict[int, list[FeedLine]] = {}
    events = []
    for line in lines:
        if line.series_id is None:
            events.append(single_event(line, base_url))
        else:
            by_series.setdefault(line.series_id, []).append(line)
    found = select(Series, _changes()).where(Series.id.in_(by_series)).order_by(Series.id)
    for series, changes in db.session.execute(found):
        events += series_events(series, by_series[series.id], base_url, sequence=series.own_version + changes)
    return calendar.as_file([*events, *_reserve_events(lines, which, base_url)], name=name)


def _changes() -> ScalarSelect[int]:
    """How often the dates of a series' booking have changed, those that are over or in another part of it counted: a
    number that only grows, whoever changes which of them by which way."""
    return (
        select(func.sum(Line.version))
        .where(Line.booking_id == Series.booking_id, Line.series_id.is_not(None))
        .scalar_subquery()
    )


def _belongs(actor: Actor, kind: FeedKind, target_id: int | None) -> ColumnElement[bool]:
    match kind:
        case FeedKind.MINE:
            return or_(Booking.requested_by_id == actor.user_id, Booking.booked_for_id == actor.user_id)
        case FeedKind.SITE:
            return Resource.site_id == target_id
        case FeedKind.RESOURCE:
            return Line.resource_id == target_id
        case FeedKind.MISSION:
            return Booking.mission_id == target_id


def _lines(actor: Actor, which: ColumnElement[bool]) -> list[FeedLine]:
    now = clock.now()
    told = or_(
        Line.state.in_((*visibility.SHOWN_STATES, LineState.POSTPONED)),
        Line.state.in_(OVER) & (Line.changed_at > now - CANCELLED_KEPT) & Booking.submitted_at.is_not(None),
    )
    rows = db.session.execute(
        select(
            Line.series_id, Line.occurs_on, Line.version, Line.changed_at, Booking.submitted_at, Booking.created_at,
            Resource.name_sv, Resource.name_en, Site.name_sv.label("site_sv"), Site.name_en.label("site_en"),
            *visibility.columns_for(actor),
        )
        .join(Booking, Booking.id == Line.booking_id)
        .join(Resource, Resource.id == Line.resource_id)
        .join(Site, Site.id == Resource.site_id)
        .join(Organisation, Organisation.id == Booking.organisation_id)
        .where(which, told, or_(Line.ends_at > now - PAST, Line.series_id.is_not(None)))
        .order_by(Line.starts_at, Line.id)
    )  # fmt: skip
    return [_feed_line(row) for row in rows]


def _reserve_events(
    lines: Sequence[FeedLine], which: ColumnElement[bool], base_url: str
) -> list[icalendar.Event]:  # fmt: skip
    """The reserve dates to come of some lines, what was given back as cancelled. A pool holds a date on many units."""
    told = {one.line_id: one for one in lines}
    rows = db.session.execute(
        select(
            Reservation.line_id, Reservation.starts_at, Reservation.ends_at, Reservation.active,
            (Resource.setup_minutes + Line.extra_setup_minutes).label("before"),
            (Resource.cleanup_minutes + Line.extra_cleanup_minutes).label("after"),
        )
        .join(Line, Line.id == Reservation.line_id)
        .join(Booking, Booking.id == Line.booking_id)
        .join(Resource, Resource.id == Line.resource_id)
        .where(which, Reservation.kind == ReservationKind.RESERVE, Reservation.ends_at > clock.now())
        .order_by(Reservation.starts_at, Reservation.line_id)
    )  # fmt: skip
    found: dict[tuple[int, datetime], Any] = {}
    for row in rows:
        key = (row.line_id, row.starts_at)
        found[key] = row if row.active or key not in found else found[key]
    return [_reserve_event(told[line_id], row, base_url) for (line_id, _at), row in found.items() if line_id in told]


def _reserve_event(line: FeedLine, row: Any, base_url: str) -> icalendar.Event:
    start, end = row.starts_at + timedelta(minutes=row.before), row.ends_at - timedelta(minutes=row.after)
    event = calendar.timed_event(
        calendar.uid_of(line.line_id, reserve=clock.day_of(start)), start, end, stamp=line.at,
        # What is given back is newer than what was held, though the line is the same.
        sequence=2 * line.version + (not row.active), status=TENTATIVE if row.active else CANCELLED,
        summary=_("Reserve date, %(what)s", what=line.summary),
    )  # fmt: skip
    return _placed(event, line, base_url)


def _feed_line(row: Any) -> FeedLine:
    said = ": ".join(part for part in (row.organisation, row.purpose) if part) or _("Taken")
    reference = f" ({row.reference})" if row.reference else ""
    return FeedLine(
        row.line_id, row.series_id, row.occurs_on, row.version, row.changed_at or row.submitted_at or row.created_at,
        row.starts_at, row.ends_at, row.state, f"{both(row.name_sv, row.name_en)}: {said}{reference}",
        both(row.site_sv, row.site_en), row.reference,
    )  # fmt: skip


def single_event(line: FeedLine, base_url: str) -> icalendar.Event:
    """A line by itself."""
    event = calendar.timed_event(
        calendar.uid_of(line.line_id), line.starts_at, line.ends_at, stamp=line.at, sequence=line.version,
        status=line.status, summary=line.summary,
    )  # fmt: skip
    return _placed(event, line, base_url)


def _placed(event: icalendar.Event, line: FeedLine, base_url: str) -> icalendar.Event:
    event.add("location", line.location)
    if line.reference:
        event.add("url", f"{base_url.rstrip('/')}/bookings/{line.reference}")
    return event


def series_events(
    series: Series, lines: Sequence[FeedLine], base_url: str, *, sequence: int
) -> list[icalendar.Event]:  # fmt: skip
    """A series: one event with its rule, one for each date that differs from it. Where the clocks had a question every
    date is told by itself, since calendar apps answer such questions each in their own way."""
    zone, pattern = clock.zone(), series.pattern
    starts = local_starts(pattern)
    live = {one.key: one for one in lines if one.status != CANCELLED}
    if any(occurrence_at(pattern, local, zone).clocks is not Clocks.PLAIN for local in starts):
        return [single_event(one, base_url) for one in lines]
    if not live:
        whole = [line for line in lines if line.key == key_of(starts[0])] or lines[:1]
        return [_master(series, starts, line, CANCELLED, lines, base_url, sequence) for line in whole[:1]]
    status = Counter(one.status for one in live.values()).most_common(1)[0][0]
    master = _master(series, starts, next(iter(live.values())), status, lines, base_url, sequence)
    left_out = [local.replace(tzinfo=zone) for local in starts if key_of(local) not in live]
    if left_out:
        master.add("exdate", left_out)
    return [master, *_differing(series, starts, live, status, base_url, sequence)]


def _master(
    series: Series, starts: Sequence[datetime], line: FeedLine, status: str, lines: Iterable[FeedLine], base_url: str,
    sequence: int,
) -> icalendar.Event:  # fmt: skip
    use = occurrence_at(series.pattern, starts[0], clock.zone()).use
    if use is None:
        raise ValueError("a series with a question about the clocks is told date by date")
    event = calendar.timed_event(
        series.uid, use.start, use.end, stamp=max(one.at for one in lines), sequence=sequence, status=status,
        summary=line.summary,
    )  # fmt: skip
    event.add("rrule", rule_values(series.pattern, clock.zone()))
    return _placed(event, line, base_url)


def _differing(
    series: Series, starts: Sequence[datetime], live: dict[str | None, FeedLine], status: str, base_url: str,
    sequence: int,
) -> Iterable[icalendar.Event]:  # fmt: skip
    zone = clock.zone()
    first = occurrence_at(series.pattern, starts[0], zone).use
    for local in starts:
        line = live.get(key_of(local))
        if line is None:
            continue
        use = occurrence_at(series.pattern, local, zone).use
        plain = use is not None and (use.start, use.end) == (line.starts_at, line.ends_at)
        same_length = use is not None and first is not None and use.length == first.length
        if plain and same_length and line.status == status:
            continue
        event = calendar.timed_event(
            series.uid, line.starts_at, line.ends_at, stamp=line.at, sequence=sequence,
            status=line.status, summary=line.summary,
        )  # fmt: skip
        event.add("recurrence-id", local.replace(tzinfo=zone))
        yield _placed(event, line, base_url)
