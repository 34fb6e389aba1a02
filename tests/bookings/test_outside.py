"""Outside calendars: fetched only from the public internet, occupying what is free, and asking where it is taken."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.accounts.actor import site_scope
from missions_app.audit.queries import history_of
from missions_app.bookings import cancel_service, change_service, collision_service, outside_service
from missions_app.bookings.errors import Taken
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import LineState, Reservation, ReservationKind
from missions_app.bookings.outside_fetch import Fetched
from missions_app.bookings.outside_models import ConflictState, OutsideCalendar, OutsideEvent
from missions_app.bookings.outside_read import AHEAD, Contents, Outside, contents_of
from missions_app.errors import InvalidInput, NotAllowed, StaleVersion
from missions_app.outbox.models import Job
from missions_app.sites.models import Resource
from tests.factories.accounts import actor_of, bearer, grant_role, make_user
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


def read_here(content: bytes, ahead: timedelta = AHEAD) -> Contents:
    return contents_of(content, clock.today(), clock.zone(), ahead)


def fetched(followed: OutsideCalendar, content: bytes) -> None:
    """The worker fetches, and this is what comes. It is read here, which is quicker than in a process of its own."""
    fetcher = outside_service.fetcher(lambda _url, **_more: Fetched(content, "ett", ""), read_here)
    fetcher({"calendar_id": followed.id})
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
    with pytest.raises(StaleVersion):
        collision_service.keep_booking(case, reason=reason, by=by, expected_version=case.version - 1)

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


def test_what_is_not_a_way_out_of_a_collision_is_refused(session: Session, client: FlaskClient) -> None:
    resource, manager = make_resource(), make_user()
    grant_role(manager, "site_manager", site_scope(resource.site_id))
    day = clock.day_of(between(9, 10, days=17).start).isoformat()
    booking = make_booking(resource, use=between(9, 10), state=LineState.APPROVED, reserve_dates=(day,))
    fetched(follow(resource), calendar(event(between(8, 12, days=17))))
    [case] = collision_service.open_cases([resource.site_id])

    answer = client.post(
        f"/api/v1/calendar/collisions/{case.id}/settle", headers=bearer(manager) | {"If-Match": f'"{case.version}"'},
        json={"to": "cancelled", "reason": "Hamnen behöver kajen den dagen."},
    )  # fmt: skip

    session.expire_all()
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, "unknown_choice")
    assert (case.state, booking.lines[0].state) == (ConflictState.OPEN, LineState.APPROVED)
    with pytest.raises(InvalidInput):
        collision_service.move_booking(
            case, between(13, 14), reason="Hamnen behöver kajen den dagen.", by=actor_of(manager),
            expected_version=case.version,
        )  # fmt: skip


def test_a_case_is_over_when_the_event_goes_away(session: Session) -> None:
    resource = make_resource()
    make_booking(resource, use=between(9, 10))
    followed = follow(resource)
    fetched(followed, calendar(event(between(8, 12))))
    fetched(followed, calendar())
    assert collision_service.open_cases([resource.site_id]) == []
    assert blocks(session) == []


def test_an_event_that_comes_back_is_asked_about_again(session: Session) -> None:
    resource = make_resource()
    make_booking(resource, use=between(9, 10), state=LineState.APPROVED)
    followed = follow(resource)
    for events in ([event(between(8, 12))], [], [event(between(8, 12))]):
        fetched(followed, calendar(*events))

    [case] = collision_service.open_cases([resource.site_id])
    assert (case.state, case.settled_at) == (ConflictState.OPEN, None)


def test_what_has_passed_stays_though_the_other_side_no_longer_tells_it(session: Session) -> None:
    followed, use = follow(make_resource()), between(8, 12)
    fetched(followed, calendar(event(use)))
    with clock.fixed(at(13)):
        fetched(followed, calendar())

    assert [one.gone_at for one in session.scalars(select(OutsideEvent))] == [None]
    assert blocks(session) == [use]


def test_what_a_booking_of_a_pool_gives_back_falls_to_the_event(session: Session) -> None:
    pool = make_resource(pool_size=2)
    booking = make_booking(pool, use=between(9, 10))
    fetched(follow(pool), calendar(event(between(8, 12))))

    by = actor_of(booking.requested_by)
    cancel_service.cancel_booking(booking, reason="", by=by, expected_version=booking.version)

    with pytest.raises(Taken):
        make_booking(pool, use=between(9, 10))


def test_a_calendar_that_is_no_longer_followed_gives_its_time_back(session: Session) -> None:
    resource = make_resource()
    followed = follow(resource)
    fetched(followed, calendar(event(between(8, 12))))
    outside_service.stop(followed, by=actor_of(make_manager(resource.site)), expected_version=followed.version)
    fetched(followed, calendar(event(between(8, 12))))
    assert blocks(session) == []


def test_all_that_one_fetch_meets_is_told_in_one_letter_and_stands_in_the_history(session: Session) -> None:
    resource = make_resource()
    bookings = [make_booking(resource, use=between(9, 10, days=days), state=LineState.APPROVED) for days in (10, 17)]
    followed, manager = follow(resource), make_manager(resource.site)
    fetched(followed, calendar(event(between(8, 12), more="RRULE:FREQ=WEEKLY;COUNT=2")))
    fetched(followed, calendar(event(between(8, 12), more="RRULE:FREQ=WEEKLY;COUNT=2")))

    to_one = [one for one in all_mail() if one["template"] == "outside_conflict" and one["to"] == manager.email]
    assert len(to_one) == 1
    for booking in bookings:
        assert [one.action for one in history_of([booking])].count("outside_conflict.opened") == 1


@pytest.mark.parametrize("how", ["cancelled", "moved"])
def test_a_case_is_over_when_those_who_booked_leave_the_time_themselves(session: Session, how: str) -> None:
    resource = make_resource()
    booking = make_booking(resource, use=between(9, 10), state=LineState.APPROVED)
    fetched(follow(resource), calendar(event(between(8, 12)), event(between(9, 11), "två")))
    first, second = collision_service.open_cases_of(booking)
    line, by = booking.lines[0], actor_of(booking.requested_by)
    if how == "cancelled":
        cancel_service.cancel_booking(booking, reason="", by=by, expected_version=booking.version)
    else:
        change_service.change_time(line, between(13, 14), by=by, expected_version=line.version)

    session.refresh(first)
    assert (first.state, second.state) == (ConflictState.GONE, ConflictState.GONE)
    assert collision_service.open_cases([resource.site_id]) == []
    with pytest.raises(collision_service.AlreadySettled):
        collision_service.keep_booking(
            first, reason="Hamnen behöver kajen.", by=actor_of(make_manager(resource.site)),
            expected_version=first.version - 1,
        )  # fmt: skip


def test_deciding_one_case_ends_the_others_of_a_booking_that_leaves(session: Session) -> None:
    resource = make_resource()
    booking = make_booking(resource, use=between(9, 10), state=LineState.APPROVED)
    fetched(follow(resource), calendar(event(between(8, 12)), event(between(9, 11), "två")))
    first, second = collision_service.open_cases_of(booking)
    collision_service.move_booking(
        first, between(13, 14), reason="Hamnen behöver kajen.", by=actor_of(make_manager(resource.site)),
        expected_version=first.version,
    )  # fmt: skip
    assert (first.state, second.state) == (ConflictState.MOVED, ConflictState.GONE)


def test_a_request_that_meets_an_event_is_declined_and_cannot_be_moved_by_the_owner(session: Session) -> None:
    resource = make_resource()
    booking = make_booking(resource, use=between(9, 10))
    fetched(follow(resource), calendar(event(between(8, 12))))
    [case] = collision_service.open_cases_of(booking)
    assert collision_service.ways_out(case) == [ConflictState.KEPT, ConflictState.CANCELLED]

    collision_service.cancel_booking(
        case, reason="Hamnen behöver kajen.", by=actor_of(make_manager(resource.site)), expected_version=case.version
    )
    assert (case.state, booking.lines[0].state) == (ConflictState.CANCELLED, LineState.DECLINED)
    assert booking.requested_by.email in [one["to"] for one in all_mail() if one["template"] == "booking_decided"]
    assert sum((one.length for one in blocks(session)), timedelta()) == timedelta(hours=4)


def test_what_has_passed_is_asked_about_no_more(session: Session) -> None:
    resource = make_resource()
    make_booking(resource, use=between(9, 10), state=LineState.APPROVED)
    fetched(follow(resource), calendar(event(between(8, 12))))
    assert len(collision_service.open_cases([resource.site_id])) == 1
    with clock.fixed(at(12)):
        assert collision_service.open_cases([resource.site_id]) == []


def test_nothing_is_noted_as_fetched_that_could_not_be_taken_in(session: Session) -> None:
    followed = follow(make_resource())
    broken = Outside("två", None)  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        outside_service.take(followed.id, Fetched(b"", "ett", ""), Contents([Outside("ett", between(8, 9)), broken]))
    session.refresh(followed)
    assert (followed.etag, followed.fetched_at, blocks(session)) == ("", None, [])


def test_the_whole_of_a_calendar_is_read_once_a_day(session: Session) -> None:
    followed = follow(make_resource())
    tags: list[str] = []

    def fetch(_url: str, *, etag: str, modified: str) -> Fetched:
        tags.append(etag)
        return Fetched(calendar(event(between(8, 12))), "ett", modified)

    for moment in (at(8, days=1), at(9, days=1), at(8, days=2)):
        with clock.fixed(moment):
            outside_service.fetcher(fetch, read_here)({"calendar_id": followed.id})
    assert tags == ["", "ett", ""]


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


def test_the_worker_plans_a_fetch_of_each_calendar(session: Session) -> None:
    followed = follow(make_resource())
    outside_service.plan_fetches({})
    of_fetches = select(func.count()).select_from(Job).where(Job.kind == outside_service.FETCH)
    assert session.scalar(of_fetches) == 2

    # What takes too long to read is not read again until the next day.
    followed.failure, followed.tried_at = "too_many", clock.now()
    session.commit()
    outside_service.plan_fetches({})
    assert session.scalar(of_fetches) == 2
    with clock.fixed(clock.now() + timedelta(days=2)):
        outside_service.plan_fetches({})
    assert session.scalar(of_fetches) == 3


@pytest.mark.parametrize(
    ("zone", "start", "end"),
    [(UTC, "20261126T223000", "20261126T233000"), (ZoneInfo("America/New_York"), "20261126T180000", "20261126T200000")],
)
def test_what_goes_on_past_midnight_is_kept_until_it_is_over_whatever_zone_it_is_told_in(
    zone: tzinfo, start: str, end: str
) -> None:
    begins, ends = (datetime.strptime(one, "%Y%m%dT%H%M%S").replace(tzinfo=zone) for one in (start, end))
    use = Interval(begins.astimezone(UTC), ends.astimezone(UTC))
    read = contents_of(calendar(told_in(zone, begins, ends)), date(2026, 11, 27), clock.zone())
    assert [one.when for one in read.dates] == [use]


def told_in(zone: tzinfo, begins: datetime, ends: datetime) -> str:
    if zone is UTC:
        return event(Interval(begins, ends))
    times = [f";TZID=America/New_York:{one:%Y%m%dT%H%M%S}" for one in (begins, ends)]
    return (
        EVENT.replace("DTSTART:{start}", f"DTSTART{times[0]}")
        .replace("DTEND:{end}", f"DTEND{times[1]}")
        .format(uid="ett", more="SUMMARY:Hemligt")
    )


def test_a_case_about_a_time_that_has_passed_is_asked_about_no_more_while_the_event_goes_on(session: Session) -> None:
    resource = make_resource()
    make_booking(resource, use=between(9, 10), state=LineState.APPROVED)
    fetched(follow(resource), calendar(event(Interval(at(8), at(12, days=12)))))
    assert len(collision_service.open_cases([resource.site_id])) == 1
    with clock.fixed(at(12)):
        assert collision_service.open_cases([resource.site_id]) == []
