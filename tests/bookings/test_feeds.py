"""Feeds read back as calendar apps read them: by two independent libraries, across both changes of the clocks."""

import io
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
import recurring_ical_events
from dateutil import rrule, tz
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.bookings import (
    approval_service,
    cancel_service,
    change_service,
    feeds,
    link_service,
    series_queries,
    series_service,
)
from missions_app.bookings.intervals import Interval
from missions_app.bookings.link_models import FeedKind
from missions_app.bookings.link_service import Target
from missions_app.bookings.models import LineState, Series, Tier
from missions_app.bookings.recurrence import Answer, Every, Pattern
from missions_app.bookings.series_check import Choice
from missions_app.bookings.series_service import Scope
from missions_app.errors import NotFound
from tests.factories.accounts import actor_of, make_user
from tests.factories.bookings import make_booking
from tests.factories.series import asker_of, make_draft, make_series, weekly
from tests.factories.sites import make_manager, make_resource

SUMMER = datetime(2026, 9, 1, 8, tzinfo=UTC)
BASE = "https://example.org"


def content(actor: Actor, kind: FeedKind = FeedKind.MINE, target: int | None = None) -> bytes:
    return feeds.feed(actor, kind, target, name="Prov", base_url=BASE)


def in_database(series: Series) -> list[tuple[datetime, datetime]]:
    live = [one for one in series_queries.lines_of(series) if one.state is not LineState.CANCELLED]
    return sorted((one.starts_at, one.ends_at) for one in live)


def read_by_recurring_ical_events(ics: bytes) -> list[tuple[datetime, datetime]]:
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(ics)).between(date(2026, 1, 1), date(2031, 1, 1))
    live = [one for one in found if one["STATUS"] != "CANCELLED"]
    return sorted((one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in live)


def read_by_dateutil(ics: bytes) -> list[tuple[datetime, datetime]]:
    """The rule by python-dateutil on the file's own lines, with its exceptions and what differs; when the clocks change
    is what the file itself says, not what this machine knows."""
    events = list(icalendar.Calendar.from_ical(ics).walk("VEVENT"))
    own = tz.tzical(io.StringIO(ics.decode().replace("\r\n ", "").replace("\r\n", "\n"))).get()

    def at_own(moment: datetime) -> datetime:
        return moment if moment.utcoffset() == timedelta(0) else moment.replace(tzinfo=own)

    found: dict[datetime, tuple[datetime, datetime]] = {}
    for event in (one for one in events if "RECURRENCE-ID" not in one):
        start, end = at_own(event.start), at_own(event.end)
        length = end.astimezone(UTC) - start.astimezone(UTC)
        if "RRULE" not in event:
            found[start.astimezone(UTC)] = (start.astimezone(UTC), end.astimezone(UTC))
            continue
        excluded = event.get("EXDATE", [])
        gone = {each.dt for part in (excluded if isinstance(excluded, list) else [excluded]) for each in part.dts}
        for at in rrule.rrulestr(event["RRULE"].to_ical().decode(), dtstart=start):
            if at not in gone:
                found[at.astimezone(UTC)] = (at.astimezone(UTC), at.astimezone(UTC) + length)
    for event in (one for one in events if "RECURRENCE-ID" in one):
        span = tuple(at_own(one).astimezone(UTC) for one in (event["RECURRENCE-ID"].dt, event.start, event.end))
        found[span[0]] = span[1:]
    return sorted(found.values())


@pytest.mark.parametrize(
    "pattern",
    [
        Pattern(date(2026, 10, 8), time(9), time(11), Every.WEEK, count=30),
        Pattern(date(2026, 10, 1), time(9, 30), time(11), Every.WEEK, 2, (1, 3), until=date(2027, 5, 1)),
        Pattern(date(2026, 10, 7), time(13), time(15), Every.MONTH, by_weekday=True, count=8),
        Pattern(date(2026, 10, 20), time(22), time(6), Every.DAY, count=10),
        Pattern(date(2027, 3, 25), time(22), time(6), Every.DAY, count=5),
    ],
    ids=["weekly", "two weekdays every other week", "monthly", "nights in October", "nights in March"],
)
def test_a_series_across_the_clocks_is_the_same_instants_in_the_database_and_in_two_libraries(
    session: Session, pattern: Pattern
) -> None:
    with clock.fixed(SUMMER):
        series = make_series(pattern=pattern)
        ics = content(actor_of(asker_of(series)))

    assert b"RRULE:FREQ=" in ics
    assert read_by_recurring_ical_events(ics) == in_database(series)
    assert read_by_dateutil(ics) == in_database(series)


def test_when_the_clocks_change_is_a_rule_that_every_app_reads(session: Session) -> None:
    with clock.fixed(SUMMER):
        ics = content(actor_of(make_booking().requested_by))

    assert b"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in ics
    assert b"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10" in ics
    assert b"RDATE" not in ics


def test_what_is_cancelled_and_moved_is_told_as_such(session: Session) -> None:
    with clock.fixed(SUMMER):
        series = make_series(pattern=Pattern(date(2026, 10, 8), time(9), time(11), Every.WEEK, count=6))
        by = actor_of(asker_of(series))
        before = icalendar.Calendar.from_ical(content(by)).walk("VEVENT")[0]["SEQUENCE"]
        series_service.cancel_dates(
            series, "2026-10-22T09:00", Scope.THIS, reason="", by=by, expected_version=series.version
        )
        series_service.change_series(
            series, "2026-10-29T09:00", Scope.THIS, starts=time(14), ends=time(16), by=by,
            expected_version=series.version,
        )  # fmt: skip
        ics = content(by)

    assert read_by_recurring_ical_events(ics) == read_by_dateutil(ics) == in_database(series)
    assert len(in_database(series)) == 5
    assert icalendar.Calendar.from_ical(ics).walk("VEVENT")[0]["SEQUENCE"] > before


def test_a_series_that_was_split_is_two_in_the_feed_and_the_same_instants(session: Session) -> None:
    with clock.fixed(SUMMER):
        series = make_series(pattern=Pattern(date(2026, 10, 8), time(9), time(11), Every.WEEK, count=6))
        by = actor_of(asker_of(series))
        later = series_service.change_series(
            series, "2026-10-22T09:00", Scope.FOLLOWING, starts=time(12), ends=time(16), by=by,
            expected_version=series.version,
        )  # fmt: skip
        ics = content(by)
    assert read_by_recurring_ical_events(ics) == read_by_dateutil(ics) == in_database(series) + in_database(later)


def test_where_the_clocks_had_a_question_the_answer_is_what_the_feed_says(session: Session) -> None:
    with clock.fixed(SUMMER):
        line = make_draft()
        night = Pattern(date(2026, 10, 24), time(2, 30), time(4), Every.DAY, count=3)
        series = series_service.book_series(
            line, night, by=actor_of(line.booking.requested_by), expected_version=line.booking.version,
            choices={"2026-10-25T02:30": Choice(Answer.LATER)},
        )  # fmt: skip
        ics = content(actor_of(asker_of(series)))
    assert read_by_recurring_ical_events(ics) == in_database(series)


def test_a_cancelled_booking_stays_as_cancelled_for_a_while(session: Session) -> None:
    booking = make_booking(state=LineState.DECLINED)
    by = actor_of(booking.requested_by)
    now = [one["STATUS"] for one in icalendar.Calendar.from_ical(content(by)).walk("VEVENT")]
    with clock.fixed(clock.now() + timedelta(days=31)):
        later = icalendar.Calendar.from_ical(content(by)).walk("VEVENT")
    assert (now, later) == (["CANCELLED"], [])


def test_a_stranger_reads_only_what_the_booking_shows(session: Session) -> None:
    resource = make_resource()
    make_booking(resource, visibility=Tier.FREE_BUSY, purpose="Hemligt prov")
    stranger, manager = actor_of(make_user()), actor_of(make_manager(resource.site))

    assert b"Hemligt prov" not in content(stranger, FeedKind.SITE, resource.site_id)
    assert b"Upptaget" in content(stranger, FeedKind.RESOURCE, resource.id)
    assert b"Hemligt prov" in content(manager, FeedKind.SITE, resource.site_id).replace(b"\r\n ", b"")


def test_a_link_reads_until_it_is_taken_back(session: Session) -> None:
    booking = make_booking()
    by = actor_of(booking.requested_by)
    link, secret = link_service.make_link(Target(FeedKind.MINE, None, "Mina bokningar"), by=by)

    assert booking.reference.encode() in link_service.read(secret, base_url=BASE).replace(b"\r\n ", b"")
    assert secret not in str(vars(link))
    link_service.revoke_link(link, by=by)
    with pytest.raises(NotFound):
        link_service.read(secret, base_url=BASE)


def test_somebody_elses_mission_cannot_be_followed(session: Session) -> None:
    with pytest.raises(NotFound):
        link_service.make_link(Target(FeedKind.MISSION, 1, "Mission"), by=actor_of(make_user()))


def test_a_feed_that_has_not_changed_is_the_same_file(session: Session) -> None:
    series = make_series(pattern=weekly(3))
    by = actor_of(asker_of(series))
    first = content(by)
    with clock.fixed(clock.now() + timedelta(hours=2)):
        assert content(by) == first


@pytest.mark.parametrize("how", ["one date given back", "all of it given back", "declined", "one date moved", "split"])
def test_a_series_that_changes_by_any_way_is_newer_in_the_feed_than_before(session: Session, how: str) -> None:
    series = make_series(pattern=weekly(3))
    by, owner = actor_of(asker_of(series)), actor_of(make_manager(series.resource.site))
    first, second, _third = series_queries.lines_of(series)

    def sequence() -> int:
        events = icalendar.Calendar.from_ical(content(by)).walk("VEVENT")
        found = {int(one["SEQUENCE"]) for one in events if one["UID"] == series.uid}
        assert len(found) == 1  # no exception is older than its rule
        return found.pop()

    before = sequence()
    match how:
        case "one date given back":
            cancel_service.cancel_line(second, reason="", by=by, expected_version=second.version)
        case "all of it given back":
            booking = series.booking
            cancel_service.cancel_booking(booking, reason="", by=by, expected_version=booking.version)
        case "declined":
            approval_service.decide_line(
                second, LineState.DECLINED, reason="Det går inte den dagen.", by=owner, expected_version=second.version
            )
        case "split":
            series_service.change_series(
                series, second.occurs_on or "", Scope.FOLLOWING, starts=time(13), ends=time(15), by=by,
                expected_version=series.version,
            )  # fmt: skip
        case _:
            use = Interval(first.starts_at + timedelta(hours=4), first.ends_at + timedelta(hours=4))
            change_service.change_time(first, use, by=by, expected_version=first.version)
    assert sequence() > before
