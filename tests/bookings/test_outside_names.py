"""What tells the events of an outside calendar apart, and how far ahead it is read."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.bookings import outside_service
from missions_app.bookings.outside_models import OutsideEvent
from missions_app.bookings.outside_read import AHEAD, MOST_AHEAD
from missions_app.errors import InvalidInput
from missions_app.moments import plain_date
from missions_app.sites.models import Resource
from tests.bookings.test_outside import blocks, calendar, event, fetched, follow, read_here
from tests.bookings.test_outside_unread import broken, letters
from tests.factories.accounts import actor_of, sign_in
from tests.factories.bookings import between
from tests.factories.sites import make_manager, make_resource


def nameless(text: str, uid: str = "") -> str:
    """An event without a UID, or with one that says nothing."""
    lines = (uid if line.startswith("UID:") else line for line in text.splitlines())
    return "\n".join(line for line in lines if line)


@pytest.mark.parametrize("uid", ["", "UID:"])
def test_events_without_a_name_are_as_many_as_there_are(session: Session, uid: str) -> None:
    followed = follow(make_resource())
    times = (between(8, 9), between(10, 12), between(10, 14), between(8, 9, days=12))
    fetched(followed, calendar(*(nameless(event(one), uid) for one in times)))

    assert blocks(session) == [between(8, 9), between(10, 12), between(12, 14), between(8, 9, days=12)]
    fetched(followed, calendar(nameless(event(times[2]), uid)))
    assert blocks(session) == [between(10, 12), between(12, 14)]


def test_those_that_cannot_be_read_are_told_one_by_one_and_the_others_keep_their_time(session: Session) -> None:
    followed = follow(make_resource())
    fetched(followed, calendar(nameless(event(between(8, 9))), nameless(event(between(10, 11)))))
    first, second = (nameless(broken(f"SUMMARY:{name}\nDTSTART:x")) for name in ("Dykning", "Resa"))
    fetched(followed, calendar(nameless(event(between(8, 9))), first))
    fetched(followed, calendar(nameless(event(between(8, 9))), first, second))

    # Which of them it was that can no longer be read is not told: none of their times is given back.
    assert blocks(session) == [between(8, 9), between(10, 11)]
    assert [[each["name"] for each in one["data"]["events"]] for one in letters()] == [["Dykning"], ["Resa"]]
    assert [one.event for one in session.scalars(select(OutsideEvent))] == ["", ""]


@pytest.mark.parametrize(("horizon", "days"), [(100, 540), (800, 800), (36_000, 1096)])
def test_as_far_ahead_as_it_is_let_is_taken_in_and_its_owner_told(
    client: FlaskClient, session: Session, horizon: int, days: int
) -> None:
    resource = make_resource(horizon_days=30)
    with db.transaction():
        make_resource(resource.site).horizon_days = horizon
    followed = follow(resource)
    last, after = between(8, 9, days=days - 1), between(8, 9, days=days + 1)
    fetched(followed, calendar(event(last, "sist"), event(after, "efter")))
    sign_in(client, make_manager(resource.site))
    page = client.get(f"/sites/{resource.site.slug}/resources/{resource.slug}/outside").text

    assert blocks(session) == [last]
    assert f"Den läses fram till {plain_date(clock.today() + timedelta(days=days))};" in page


def test_it_is_read_within_reason(session: Session) -> None:
    site = make_resource().site

    assert outside_service.ahead_of(Resource(site_id=site.id)) == AHEAD
    assert len(read_here(calendar(event(between(8, 9), more="RRULE:FREQ=DAILY")), MOST_AHEAD).dates) > 1000


def test_an_address_is_followed_once_and_what_is_too_long_is_told_at_its_field(session: Session) -> None:
    resource = make_resource()
    by = actor_of(make_manager(resource.site))
    address = "https://example.org/hamn.ics"
    outside_service.follow(resource, name="Hamnen", url=address, by=by)

    told = []
    for name, url in (("Hamnen igen", f" {address} "), ("x" * 201, "https://example.org/b.ics")):
        with pytest.raises(InvalidInput) as refused:
            outside_service.follow(resource, name=name, url=url, by=by)
        told += [(one.code, one.field, one.params.get("most")) for one in refused.value.problems]

    assert told == [("followed_already", "url", None), ("too_long", "name", 200)]
    assert outside_service.follow(make_resource(resource.site), name="Hamnen", url=address, by=by).url == address


def test_a_calendar_that_is_sent_twice_is_followed_once(session: Session, client: FlaskClient) -> None:
    resource = make_resource()
    url = f"/sites/{resource.site.slug}/resources/{resource.slug}/outside"
    browser = sign_in(client, make_manager(resource.site))
    typed = {"name": "Hamnen", "url": "https://example.org/hamn.ics", "once": "ett-enda-tryck"}

    assert [browser.post(url, data=typed).status_code for _press in range(2)] == [303, 303]
    assert len(outside_service.calendars_of(resource)) == 1
