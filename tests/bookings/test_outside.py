"""Outside calendars: fetched only from the public internet, occupying what is free, and asking where it is taken."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.bookings import collision_service, outside_fetch, outside_service
from missions_app.bookings.errors import Taken
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import LineState, Reservation, ReservationKind
from missions_app.bookings.outside_fetch import Fetched, FetchFailed, fetch, is_public
from missions_app.bookings.outside_models import ConflictState, OutsideCalendar
from missions_app.errors import InvalidInput, NotAllowed
from missions_app.outbox.models import Job
from missions_app.sites.models import Resource
from tests.factories.accounts import actor_of, make_user
from tests.factories.bookings import at, between, make_booking
from tests.factories.outbox import all_mail
from tests.factories.sites import make_manager, make_resource

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Exempel//SV
{events}
END:VCALENDAR
"""
EVENT = """BEGIN:VEVENT
UID:{uid}
DTSTAMP:20260101T000000Z
DTSTART:{start}
DTEND:{end}
{more}
END:VEVENT"""


def event(use: Interval, uid: str = "ett", more: str = "SUMMARY:Hemligt") -> str:
    start, end = (f"{at:%Y%m%dT%H%M%SZ}" for at in (use.start.astimezone(UTC), use.end.astimezone(UTC)))
    return EVENT.format(uid=uid, start=start, end=end, more=more)


def calendar(*events: str) -> bytes:
    return CALENDAR.format(events="\n".join(events)).replace("\n", "\r\n").encode()


def follow(resource: Resource) -> OutsideCalendar:
    return outside_service.follow(
        resource, name="Hamnen", url="https://example.org/hamn.ics", by=actor_of(make_manager(resource.site))
    )


def fetched(followed: OutsideCalendar, content: bytes) -> None:
    """The worker fetches, and this is what comes."""
    outside_service.fetcher(lambda _url, **_more: Fetched(content, "ett", ""))({"calendar_id": followed.id})
    db.session.refresh(followed)


def blocks(session: Session) -> list[Interval]:
    rows = session.scalars(
        select(Reservation)
        .where(Reservation.active, Reservation.kind == ReservationKind.BLOCK)
        .order_by(Reservation.starts_at)
    ).all()
    return [Interval(one.starts_at, one.ends_at) for one in rows]


def test_what_an_outside_calendar_says_is_taken_and_nothing_else_is_kept(session: Session) -> None:
    resource = make_resource()
    followed = follow(resource)
    fetched(followed, calendar(event(between(8, 12)), event(between(13, 14), "två", "STATUS:CANCELLED"),
                               event(between(15, 16), "tre", "TRANSP:TRANSPARENT")))  # fmt: skip

    assert blocks(session) == [between(8, 12)]
    assert (followed.fetched_at is not None, followed.failure, followed.etag) == (True, "", "ett")
    with pytest.raises(Taken):
        make_booking(resource, use=between(9, 10))


def test_repetitions_are_told_one_by_one_and_what_is_gone_is_free_again(session: Session) -> None:
    followed = follow(make_resource())
    fetched(followed, calendar(event(between(8, 12), more="RRULE:FREQ=WEEKLY;COUNT=3")))
    three = blocks(session)
    fetched(followed, calendar(event(between(10, 12), "annan")))

    assert three == [between(8, 12, days=10 + 7 * n) for n in range(3)]
    assert blocks(session) == [between(10, 12)]


def test_a_collision_opens_a_case_and_takes_only_what_is_free(session: Session) -> None:
    resource = make_resource()
    booking = make_booking(resource, use=between(9, 10), state=LineState.APPROVED)
    followed = follow(resource)
    fetched(followed, calendar(event(between(8, 12))))

    cases = collision_service.open_cases([resource.site_id])
    assert [one.line_id for one in cases] == [booking.lines[0].id]
    assert blocks(session) == [between(8, 9), between(10, 12)]


@pytest.mark.parametrize("what", ["keep", "move", "cancel"])
def test_the_manager_decides_about_a_collision(session: Session, what: str) -> None:
    resource = make_resource()
    booking = make_booking(resource, use=between(9, 10), state=LineState.APPROVED)
    fetched(follow(resource), calendar(event(between(8, 12))))
    case = collision_service.open_cases([resource.site_id])[0]
    by, line, reason = actor_of(make_manager(resource.site)), booking.lines[0], "Hamnen behöver kajen den dagen."
    with pytest.raises(NotAllowed):
        collision_service.keep_booking(case, reason=reason, by=actor_of(make_user()), expected_version=case.version)

    if what == "keep":
        collision_service.keep_booking(case, reason=reason, by=by, expected_version=case.version)
    elif what == "move":
        collision_service.move_booking(case, between(13, 14), reason=reason, by=by, expected_version=case.version)
    else:
        collision_service.cancel_booking(case, reason=reason, by=by, expected_version=case.version)

    # What the booking gives back falls to the outside event, before anybody else can have it.
    whole = sum((one.length for one in blocks(session)), timedelta())
    expected = {
        "keep": (ConflictState.KEPT, LineState.APPROVED, 3), "move": (ConflictState.MOVED, LineState.APPROVED, 4),
        "cancel": (ConflictState.CANCELLED, LineState.CANCELLED, 4),
    }[what]  # fmt: skip
    assert (case.state, line.state, whole) == (*expected[:2], timedelta(hours=expected[2]))
    assert collision_service.open_cases([resource.site_id]) == []


def test_an_event_on_a_reserve_date_lets_the_booking_keep_its_time(session: Session) -> None:
    resource = make_resource()
    reserve = between(9, 10, days=17)
    day = clock.day_of(reserve.start).isoformat()
    booking = make_booking(resource, use=between(9, 10), state=LineState.APPROVED, reserve_dates=(day,))
    fetched(follow(resource), calendar(event(between(8, 12, days=17))))
    [case] = collision_service.open_cases([resource.site_id])

    assert collision_service.reserve_day_of(case) == day
    collision_service.give_up_reserve_date(
        case, reason="Hamnen behöver kajen den dagen.", by=actor_of(make_manager(resource.site)),
        expected_version=case.version,
    )  # fmt: skip

    assert (case.state, booking.lines[0].state, booking.lines[0].starts_at) == (
        ConflictState.MOVED, LineState.APPROVED, at(9),
    )  # fmt: skip
    assert booking.reserve_dates == []
    assert sum((one.length for one in blocks(session)), timedelta()) == timedelta(hours=4)
    told = [one["to"] for one in all_mail() if one["template"] == "booking_reserve_given_up"]
    assert booking.requested_by.email in told


def test_a_case_is_over_when_the_event_goes_away(session: Session) -> None:
    resource = make_resource()
    make_booking(resource, use=between(9, 10))
    followed = follow(resource)
    fetched(followed, calendar(event(between(8, 12))))
    fetched(followed, calendar())
    assert collision_service.open_cases([resource.site_id]) == []
    assert blocks(session) == []


def test_a_calendar_that_is_no_longer_followed_gives_its_time_back(session: Session) -> None:
    resource = make_resource()
    followed = follow(resource)
    fetched(followed, calendar(event(between(8, 12))))
    outside_service.stop(followed, by=actor_of(make_manager(resource.site)), expected_version=followed.version)
    fetched(followed, calendar(event(between(8, 12))))
    assert blocks(session) == []


@pytest.mark.parametrize("content", [b"<html>", b"", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR"])
def test_a_file_that_is_no_calendar_changes_nothing(session: Session, content: bytes) -> None:
    followed = follow(make_resource())
    fetched(followed, calendar(event(between(8, 12))))
    fetched(followed, content)
    assert blocks(session) == [between(8, 12)]
    assert followed.failure in ("not_a_calendar", "")


def test_only_whoever_edits_the_site_follows_and_only_whole_addresses(session: Session) -> None:
    resource = make_resource()
    with pytest.raises(NotAllowed):
        outside_service.follow(resource, name="Hamnen", url="https://example.org", by=actor_of(make_user()))
    by = actor_of(make_manager(resource.site))
    for url in (
        "ftp://example.org/a.ics", "file:///etc/passwd", "https://", "https://a:b@example.org/", "hamn.ics",
        "http://127.0.0.1/a.ics", "http://localhost:8000/a.ics", "https://[::1]/a.ics", "http://10.0.0.8/a.ics",
    ):  # fmt: skip
        with pytest.raises(InvalidInput):
            outside_service.follow(resource, name="Hamnen", url=url, by=by)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
     "ff02::1", "inget"],
)  # fmt: skip
def test_no_address_of_a_private_network_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["193.10.1.1", "2001:6b0:1::1", "::ffff:193.10.1.1"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


class Answers(BaseHTTPRequestHandler):
    """A small calendar server."""

    def do_GET(self) -> None:
        match self.path:
            case "/to-private":
                self._send(302, {"Location": "http://inre.example/hemligt"})
            case "/round":
                self._send(302, {"Location": "/round"})
            case "/large":
                self._send(200, {}, b"x" * (outside_fetch.LARGEST + 1))
            case "/missing":
                self._send(404, {})
            case _ if self.headers.get("If-None-Match") == '"ett"':
                self._send(304, {})
            case _:
                self._send(200, {"ETag": '"ett"', "Last-Modified": "ida"}, b"hej")

    def _send(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Answers) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield f"http://hamn.example:{made.server_port}"
        made.shutdown()
        thread.join()


def asked(url: str, **more: Any) -> Fetched:
    """Fetch where hamn.example is this machine and counts as public, and inre.example is a private network."""
    names = {"hamn.example": ["127.0.0.1"], "inre.example": ["10.0.0.1"], "both.example": ["127.0.0.1", "10.0.0.1"]}
    return fetch(url, resolve=lambda host, _port: names[host], allowed=lambda one: one == "127.0.0.1", **more)


def test_a_file_is_fetched_once_and_then_only_when_it_has_changed(server: str) -> None:
    first = asked(f"{server}/a.ics")
    assert first == Fetched(b"hej", '"ett"', "ida")
    assert asked(f"{server}/a.ics", etag=first.etag).content is None


@pytest.mark.parametrize(
    ("path", "code"),
    [("/to-private", "not_public"), ("/round", "refused"), ("/large", "too_large"), ("/missing", "refused")],
)
def test_what_cannot_be_fetched_says_why(server: str, path: str, code: str) -> None:
    with pytest.raises(FetchFailed) as failed:
        asked(f"{server}{path}")
    assert failed.value.code == code


def test_a_name_with_one_private_address_among_others_is_refused(server: str) -> None:
    with pytest.raises(FetchFailed) as failed:
        asked(server.replace("hamn.example", "both.example"))
    assert failed.value.code == "not_public"


def test_it_gives_up_in_time() -> None:
    with pytest.raises(FetchFailed) as failed:
        asked("http://hamn.example:9/", seconds=0)
    assert failed.value.code == "too_slow"


def test_this_machine_itself_is_never_asked() -> None:
    with pytest.raises(FetchFailed) as failed:
        fetch("http://localhost:1/")
    assert failed.value.code == "not_public"


def test_the_worker_plans_a_fetch_of_each_calendar(session: Session) -> None:
    followed = follow(make_resource())
    outside_service.plan_fetches({})
    number = session.scalar(select(func.count()).select_from(Job).where(Job.kind == outside_service.FETCH))
    assert number == 2
    assert followed.added_at <= clock.now() <= datetime.now(UTC)
