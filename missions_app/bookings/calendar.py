"""Bookings as iCalendar (RFC 5545), for everybody's own calendar app. Pure: records in, text out."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import icalendar

from missions_app import clock
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.i18n import _, both

PRODID = "-//Missions//Bookings//SV"
DOMAIN = "missions"
MEDIA_TYPE = "text/calendar; charset=utf-8"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"
STATUS = {
    LineState.SUBMITTED: TENTATIVE, LineState.NEEDS_INFO: TENTATIVE, LineState.CONDITIONAL: TENTATIVE,
    LineState.APPROVED: CONFIRMED, LineState.ONGOING: CONFIRMED, LineState.COMPLETED: CONFIRMED,
    LineState.CLOSED: CONFIRMED, LineState.POSTPONED: CANCELLED, LineState.DECLINED: CANCELLED,
    LineState.CANCELLED: CANCELLED, LineState.EXPIRED: CANCELLED, LineState.NO_SHOW: CANCELLED,
}  # fmt: skip


def booking_ics(booking: Booking, *, url: str = "") -> bytes:
    """One booking as a calendar file: an event per line that has been sent, those that are over as cancelled.

    Args:
        url: where the booking's page is, whole; left out of the events when empty.
    """
    return as_file(line_event(line, url=url) for line in booking.lines if line.state in STATUS)


def as_file(events: Iterable[icalendar.Event], *, name: str = "") -> bytes:
    """A calendar of some events, with the rules of the zones they use."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
    there = list(events)
    for event in there:
        calendar.add_component(event)
    if there:
        days = [event.decoded("dtstart") for event in there]
        # The rules of the zone are told for the years that matter and a little beyond, not since 1970.
        calendar.add_missing_timezones(
            first_date=date(min(days).year - 1, 1, 1), last_date=date(max(days).year + 3, 1, 1)
        )
        for zone in calendar.timezones:
            _write_as_rules(zone)
    content: bytes = calendar.to_ical()
    return content


def _write_as_rules(zone: icalendar.Timezone) -> None:
    """Say when the clocks change as a rule, where one weekday of a month tells it: many calendar apps read only the
    first of a list of dates there, and are an hour wrong after it."""
    zone.pop("COMMENT", None)  # a rule does not end
    for part in (one for one in zone.subcomponents if "RDATE" in one):
        listed: Any = part["RDATE"]
        dates: list[datetime] = [part.DTSTART, *(one.dt for one in listed.dts)]
        same = {(one.month, one.weekday(), one.time()) for one in dates}
        weeks = {(one.day - 1) // 7 + 1 for one in dates}
        is_last = all((one + timedelta(days=7)).month != one.month for one in dates)
        if len(same) == 1 and (is_last or len(weeks) == 1):
            nth = -1 if is_last else weeks.pop()
            day = f"{nth}{WEEKDAYS[dates[0].weekday()]}"
            del part["RDATE"]
            part.add("rrule", {"freq": "yearly", "bymonth": dates[0].month, "byday": day})


def line_event(line: Line, *, url: str = "") -> icalendar.Event:
    """One line of a booking. Its number of versions tells calendar apps which of two copies is newer."""
    event = timed_event(
        uid_of(line.id), line.starts_at, line.ends_at, stamp=stamp_of(line.booking),
        sequence=line.version, status=STATUS[line.state], summary=summary_of(line),
    )  # fmt: skip
    describe(event, line, url)
    return event


def uid_of(line_id: int, *, reserve: date | None = None) -> str:
    """A line's name in calendar apps, the same in mails and feeds; or that of one of its reserve dates."""
    return f"line-{line_id}{f'-reserve-{reserve:%Y%m%d}' if reserve else ''}@{DOMAIN}"


def stamp_of(booking: Booking) -> datetime:
    """When what an event says was last known to be so."""
    return booking.submitted_at or booking.created_at


def timed_event(
    uid: str, start: datetime, end: datetime, *, stamp: datetime, sequence: int, status: str, summary: str
) -> icalendar.Event:
    """An event in the site's zone. Start and end are instants; they are written as local times with their zone."""
    event = icalendar.Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    event.add("dtstart", _written(start))
    event.add("dtend", _written(end))
    event.add("sequence", sequence)
    event.add("status", status)
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT" if status == CANCELLED else "OPAQUE")
    return event


def _written(moment: datetime) -> datetime:
    """In the site's zone; in UTC for a local time that comes twice, which iCalendar cannot tell apart."""
    local = moment.astimezone(clock.zone())
    return moment if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset() else local


def summary_of(line: Line) -> str:
    """What stands in the calendar: what is booked, and the booking's reference."""
    name = both(line.resource.name_sv, line.resource.name_en)
    return f"{name} ({line.booking.reference})"


def describe(event: icalendar.Event, line: Line, url: str) -> None:
    """Where it is, whom it is for, how one gets in, and where more is to be read."""
    site = line.resource.site
    event.add("location", both(site.name_sv, site.name_en))
    if site.latitude is not None and site.longitude is not None:
        event.add("geo", (site.latitude, site.longitude))
    event.add("description", "\n".join(_sentences(line)))
    if url:
        event.add("url", url)


def _sentences(line: Line) -> Sequence[str]:
    said = [line.booking.purpose, _("For %(name)s.", name=line.booking.organisation.name)]
    setup = line.resource.setup_minutes + line.extra_setup_minutes
    cleanup = line.resource.cleanup_minutes + line.extra_cleanup_minutes
    if not setup and cleanup:
        said.append(_("The place is yours until %(after)s minutes after.", after=cleanup))
    elif setup and not cleanup:
        said.append(_("The place is yours from %(minutes)s minutes before.", minutes=setup))
    elif setup:
        said.append(
            _("The place is yours from %(minutes)s minutes before until %(after)s after.", minutes=setup, after=cleanup)
        )
    return [one for one in said if one]
