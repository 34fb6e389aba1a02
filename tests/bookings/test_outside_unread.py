"""What cannot be read of an outside calendar: one event of it, while the others are taken in and the owner is told, or
all of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from missions_app import db
from missions_app.bookings.outside_fetch import FetchFailed
from missions_app.bookings.outside_models import OutsideEvent
from missions_app.bookings.outside_read import read_calendar
from tests.bookings.test_outside import blocks, calendar, event, fetched, follow, read_here
from tests.factories.bookings import between
from tests.factories.outbox import all_mail
from tests.factories.sites import make_manager, make_resource

BROKEN = {
    "DTSTART:20261301T250000Z": "bad_time", "DTSTART:": "bad_time", "SUMMARY:Utan tid": "no_start",
    "DTSTART:20300110T080000Z\nDTEND:snart": "bad_time", "DTSTART:20300110T080000Z\nDURATION:P1": "bad_time",
    "DTSTART:20300110T080000Z\nRRULE:FREQ=IBLAND": "bad_repetition",
    "DTSTART:20300110T080000Z\nRRULE FREQ=DAILY": "bad_repetition",
    "DTSTART:20300110T080000Z\nRRULE:FREQ=DAILY\nEXDATE:x": "bad_repetition",
}  # fmt: skip


def broken(lines: str, uid: str = "trasig") -> str:
    return f"BEGIN:VEVENT\nUID:{uid}\n{lines}\nEND:VEVENT"


def letters() -> list[dict[str, Any]]:
    return [one for one in all_mail() if one["template"] == "outside_unread"]


@pytest.mark.parametrize("lines", BROKEN)
def test_what_can_be_read_is_taken_in_and_the_rest_is_told(session: Session, lines: str) -> None:
    followed = follow(make_resource())
    named = lines if "SUMMARY" in lines else f"SUMMARY:Dykning\n{lines}"
    fetched(followed, calendar(event(between(8, 12)), broken(named), event(between(13, 14), "två")))

    assert blocks(session) == [between(8, 12), between(13, 14)]
    assert [(one["name"], one["why"]) for one in followed.unread] == [
        ("Utan tid" if "SUMMARY" in lines else "Dykning", BROKEN[lines])
    ]
    assert (followed.failure, followed.fetched_at is not None) == ("", True)


def test_an_event_that_can_no_longer_be_read_keeps_what_it_had_and_the_others_do_not(session: Session) -> None:
    followed = follow(make_resource())
    weekly = event(between(8, 12), "varje vecka", "RRULE:FREQ=WEEKLY;COUNT=3")
    fetched(followed, calendar(weekly, event(between(13, 14), "gick bort")))
    fetched(followed, calendar(broken("DTSTART:nu\nRRULE:FREQ=WEEKLY", "varje vecka"), event(between(15, 16), "ny")))

    # `between` counts from the same day: three weeks of the one that is broken, and what the others say now.
    assert blocks(session) == [between(8, 12), between(15, 16), *(between(8, 12, days=10 + 7 * n) for n in (1, 2))]
    fetched(followed, calendar(event(between(15, 16), "ny")))
    assert blocks(session) == [between(15, 16)]
    assert followed.unread == []


def test_nothing_is_given_back_while_it_is_not_known_of_which_event_it_is(session: Session) -> None:
    followed = follow(make_resource())
    fetched(followed, calendar(event(between(8, 12))))
    session.query(OutsideEvent).update({OutsideEvent.event: ""})
    session.commit()
    fetched(followed, calendar(broken("DTSTART:nu", "vilken")))
    assert blocks(session) == [between(8, 12)]


def test_the_owner_gets_one_letter_about_what_is_new_that_cannot_be_read(session: Session) -> None:
    resource = make_resource()
    followed, manager = follow(resource), make_manager(resource.site)
    for _fetch in range(2):
        fetched(followed, calendar(broken("SUMMARY:Dykning\nDTSTART:20261301T250000Z")))
    told = [one for one in letters() if one["to"] == manager.email]
    assert len(told) == 1
    assert told[0]["data"]["events"] == [{"name": "Dykning", "start": "20261301T250000Z", "why": "bad_time"}]

    fetched(followed, calendar(broken("SUMMARY:Dykning\nDTSTART:x"), broken("SUMMARY:Resa\nDTSTART:x", "resa")))
    assert [one["name"] for one in letters()[-1]["data"]["events"]] == ["Resa"]


def test_one_event_the_libraries_stumble_over_is_found_among_many() -> None:
    many = [event(between(8 + n % 8, 9 + n % 8, days=10 + n), f"nr {n}") for n in range(20)]
    # Each line is as it should be; together they go round and round, or nowhere.
    odd = broken(
        "SUMMARY:Udda\nDTSTART;VALUE=DATE:20300110\nDTEND;VALUE=DATE:20300111\nRDATE;VALUE=PERIOD:20300112T080000Z/P1"
    )
    read = read_here(calendar(*many[:7], odd, *many[7:]))
    assert len(read.dates) >= 20
    assert {one.name for one in read.unread} <= {"Udda"}


def test_a_line_that_says_nothing_of_the_time_stands_in_nobodys_way(session: Session) -> None:
    followed = follow(make_resource())
    fetched(followed, calendar(event(between(8, 12), more='det här är ingen rad\nDTSTAMP:x\nX-ROM;A="b:c')))
    assert (blocks(session), followed.unread) == ([between(8, 12)], [])


def test_a_file_that_is_cut_off_gives_nothing_back(session: Session) -> None:
    followed = follow(make_resource())
    whole = calendar(event(between(8, 12)), event(between(13, 14), "två"))
    fetched(followed, whole)
    for cut in (len(whole) - 20, len(whole) // 2, 40):
        fetched(followed, whole[:cut])
        assert (blocks(session), followed.failure) == ([between(8, 12), between(13, 14)], "not_a_calendar")
    assert sum((one.length for one in blocks(session)), timedelta()) == timedelta(hours=5)
    db.session.rollback()


def test_a_file_is_read_in_a_process_of_its_own() -> None:
    read = read_calendar(calendar(event(between(8, 9)), event(between(9, 10), "två", "RRULE:FREQ=IBLAND")))
    assert [one.when for one in read.dates] == [between(8, 9)]
    assert [one.why for one in read.unread] == ["bad_repetition"]
    with pytest.raises(FetchFailed) as failed:
        read_calendar(b"<html>")
    assert failed.value.code == "not_a_calendar"


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=DAILY;INTERVAL=0"])
def test_a_file_that_would_never_be_read_to_its_end_is_given_up(rule: str) -> None:
    with pytest.raises(FetchFailed) as failed:
        read_calendar(calendar(event(between(8, 9), more=f"RRULE:{rule}")), seconds=2)
    assert failed.value.code == "too_many"


@pytest.mark.parametrize("content", [b"<html>", b"", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR"])
def test_a_file_that_is_no_calendar_changes_nothing(session: Session, content: bytes) -> None:
    followed = follow(make_resource())
    fetched(followed, calendar(event(between(8, 12))))
    fetched(followed, content)
    assert blocks(session) == [between(8, 12)]
    assert followed.failure in ("not_a_calendar", "")
