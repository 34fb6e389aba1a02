"""A booking as a calendar file, read as a calendar app reads it."""

from datetime import UTC, datetime

import icalendar
import pytest
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings.calendar import booking_ics
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import LineState
from tests.factories.bookings import make_booking
from tests.factories.sites import make_resource, make_site

BEFORE_THE_CLOCKS = datetime(2026, 10, 1, 8, tzinfo=UTC)


def events(content: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


@pytest.mark.parametrize(("day", "hour_utc"), [(24, 7), (26, 8)])
def test_times_are_local_with_their_zone_and_the_same_instants(session: Session, day: int, hour_utc: int) -> None:
    with clock.fixed(BEFORE_THE_CLOCKS):
        start = datetime(2026, 10, day, hour_utc, tzinfo=UTC)
        booking = make_booking(use=Interval(start, start.replace(hour=hour_utc + 2)))
        content = booking_ics(booking)

    event = events(content)[0]
    assert b"DTSTART;TZID=Europe/Stockholm:202610%02dT090000" % day in content
    assert b"BEGIN:VTIMEZONE" in content
    assert event.start.astimezone(UTC) == start


@pytest.mark.parametrize(
    ("state", "status"),
    [(LineState.SUBMITTED, "TENTATIVE"), (LineState.APPROVED, "CONFIRMED"), (LineState.DECLINED, "CANCELLED")],
)
def test_an_event_says_whether_the_time_is_certain(session: Session, state: LineState, status: str) -> None:
    assert [one["STATUS"] for one in events(booking_ics(make_booking(state=state)))] == [status]


def test_a_draft_is_in_no_calendar(session: Session) -> None:
    assert events(booking_ics(make_booking(state=LineState.DRAFT))) == []


def test_a_later_answer_has_a_higher_sequence_and_the_same_uid(session: Session) -> None:
    booking = make_booking()
    before = events(booking_ics(booking))[0]
    booking.lines[0].state = LineState.CANCELLED
    session.flush()
    after = events(booking_ics(booking))[0]

    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_an_event_tells_where_and_links_to_the_booking(session: Session) -> None:
    site = make_site(name_sv="Elkajen", latitude=56.16, longitude=14.86)
    booking = make_booking(make_resource(site, name_sv="Plats 1"), purpose="Laddprov, del 2; vinter")

    event = events(booking_ics(booking, url=f"https://example.org/bookings/{booking.reference}"))[0]

    assert str(event["SUMMARY"]) == f"Plats 1 ({booking.reference})"
    assert str(event["LOCATION"]) == "Elkajen"
    assert str(event["DESCRIPTION"]).startswith("Laddprov, del 2; vinter\n")
    assert str(event["URL"]).endswith(booking.reference)
