"""Outside calendars on pages: followed, with the age of what is shown, and decided about."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import collision_service, outside_service
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import LineState
from missions_app.bookings.outside_fetch import Fetched, FetchFailed
from missions_app.bookings.outside_models import ConflictState
from missions_app.bookings.outside_read import Contents, Outside, Unread
from tests.factories.accounts import actor_of, sign_in
from tests.factories.bookings import at, between, make_booking
from tests.factories.sites import make_manager, make_resource


def fail(_url: str, **_more: str) -> Fetched:
    raise FetchFailed("unreachable")


def test_an_owner_follows_a_calendar_and_sees_how_old_it_is(client: FlaskClient, session: Session) -> None:
    resource = make_resource()
    sign_in(client, make_manager(resource.site))
    url = f"/sites/{resource.site.slug}/resources/{resource.slug}/outside"

    wrong = client.post(url, data={"name": "Hamnen", "url": "hamn.ics"})
    client.post(url, data={"name": "Hamnen", "url": "webcal://example.org/hamn.ics"})
    followed = outside_service.calendars_of(resource)[0]
    outside_service.fetcher(fail)({"calendar_id": followed.id})
    shown = client.get(url).text
    in_calendar = client.get(f"/calendar?resource={resource.site.slug}/{resource.slug}").text
    stopped = client.post(f"{url}/{followed.id}/stop", data={"version": followed.version})

    assert "https:// först" in wrong.text
    assert 'value="hamn.ics"' in wrong.text
    assert "ingen svarar där" in shown
    assert "Kalendern Hamnen är inte hämtad än." in in_calendar
    assert stopped.status_code == 303
    assert outside_service.calendars_of(resource) == []


@pytest.mark.parametrize("state", [ConflictState.KEPT, ConflictState.MOVED, ConflictState.CANCELLED])
def test_the_manager_decides_what_becomes_of_the_booking(
    client: FlaskClient, session: Session, state: ConflictState
) -> None:
    booking = make_booking(state=LineState.APPROVED)
    line = booking.lines[0]
    manager = make_manager(line.resource.site)
    followed = outside_service.follow(line.resource, name="Hamnen", url="https://example.org/a", by=actor_of(manager))
    outside_service.take_in(followed.id, [Outside("ett", between(8, 12))])
    case = collision_service.open_cases([line.resource.site_id])[0]
    sign_in(client, manager)
    url = f"/calendar/collisions/{case.id}"

    assert f"/calendar/collisions/{case.id}" in client.get("/work").text
    day = between(8, 12, days=12).start.date().isoformat()
    typed = {"version": case.version, "to": state.value, "day": day, "starts": "13", "ends": "15"}
    short = client.post(url, data={**typed, "reason": "Nej"})
    sent = client.post(url, data={**typed, "reason": "Hamnen behöver kajen."})

    assert (short.status_code, sent.status_code) == (200, 303)
    assert "minst 10 tecken" in short.text
    assert case.state is state
    page = client.get(f"/bookings/{booking.reference}").text
    words = {
        ConflictState.KEPT: "Bokningen behåller sin tid framför en annan kalender",
        ConflictState.MOVED: "Flyttades för en annan kalender",
        ConflictState.CANCELLED: "Fick ge plats åt en annan kalender",
    }
    assert f"{words[state]}: Hamnen behöver kajen." in page


def test_both_sides_read_on_the_booking_that_an_outside_calendar_has_the_same_time(
    client: FlaskClient, session: Session
) -> None:
    booking = make_booking()
    line = booking.lines[0]
    manager = make_manager(line.resource.site)
    followed = outside_service.follow(line.resource, name="Hamnen", url="https://example.org/a", by=actor_of(manager))
    outside_service.take_in(followed.id, [Outside("ett", between(8, 12))])
    [case] = collision_service.open_cases_of(booking)
    url, page = f"/calendar/collisions/{case.id}", f"/bookings/{booking.reference}"

    sign_in(client, booking.requested_by)
    asker = client.get(page).text
    sign_in(client, manager)
    owner, form = client.get(page).text, client.get(url).text
    outside_service.take_in(followed.id, [])
    over = client.get(url)

    assert "Ägaren har något annat i sin egen kalender" in asker
    assert "Kalendern Hamnen har något annat från" in asker
    assert url not in asker
    assert url in owner
    assert ("Avslå förfrågan" in form, 'value="moved"' in form, 'name="day"' in form) == (True, False, False)
    assert over.headers["Location"] == page


def test_the_page_of_a_resource_leads_to_its_calendars_and_says_what_could_not_be_read(
    client: FlaskClient, session: Session
) -> None:
    resource = make_resource()
    manager = make_manager(resource.site)
    sign_in(client, manager)
    here = f"/sites/{resource.site.slug}/resources/{resource.slug}"
    assert f'href="{here}/outside"' in client.get(here).text

    followed = outside_service.follow(resource, name="Hamnen", url="https://example.org/a", by=actor_of(manager))
    broken = [Unread("ett", "Dykning", "20261301T250000Z", "bad_time"), Unread("två", "", "", "no_start")]
    outside_service.take(followed.id, Fetched(b"", "", ""), Contents([Outside("tre", between(8, 12))], broken))
    page, listed = client.get(f"{here}/outside").text, client.get(here).text
    day = between(8, 12).start.date().isoformat()
    in_calendar = client.get(f"/calendar?date={day}&resource={resource.site.slug}/{resource.slug}").text

    assert "2 händelser gick inte att läsa" in listed
    assert "Dykning (20261301T250000Z): den har en tid som inte finns." in page
    assert "Utan namn: den säger inte när den börjar." in page
    assert f'href="{here}"' in page
    assert "2 händelser gick inte att läsa" in in_calendar
    assert "Upptaget i ägarens egen kalender" in in_calendar


def test_a_booking_over_night_is_moved_with_its_night(client: FlaskClient, session: Session) -> None:
    night = Interval(at(22), at(6, days=11))
    booking = make_booking(make_resource(longest_minutes=1440), use=night, state=LineState.APPROVED)
    line = booking.lines[0]
    manager = make_manager(line.resource.site)
    followed = outside_service.follow(line.resource, name="Hamnen", url="https://example.org/a", by=actor_of(manager))
    outside_service.take_in(followed.id, [Outside("ett", night)])
    [case] = collision_service.open_cases([line.resource.site_id])
    sign_in(client, manager)
    url = f"/calendar/collisions/{case.id}"
    typed = {"version": case.version, "to": "moved", "starts": "23", "ends": "05", "reason": "Hamnen behöver kajen."}

    page = client.get(url).text
    client.post(url, data={**typed, "day": clock.day_of(at(23, days=12)).isoformat()})

    session.refresh(line)
    assert "Den slutar dagen efter." in page
    assert (line.starts_at, line.ends_at) == (at(23, days=12), at(5, days=13))


def test_a_manager_who_moves_to_a_time_that_is_taken_reads_what_is_free(client: FlaskClient, session: Session) -> None:
    line = make_booking(state=LineState.APPROVED).lines[0]
    make_booking(line.resource, use=between(13, 15))
    manager = make_manager(line.resource.site)
    followed = outside_service.follow(line.resource, name="Hamnen", url="https://example.org/a", by=actor_of(manager))
    outside_service.take_in(followed.id, [Outside("ett", between(8, 12))])
    [case] = collision_service.open_cases([line.resource.site_id])
    sign_in(client, manager)
    typed = {"version": case.version, "to": "moved", "starts": "13", "ends": "17", "reason": "Hamnen behöver kajen."}

    answer = client.post(f"/calendar/collisions/{case.id}", data={**typed, "day": clock.day_of(at(13)).isoformat()})

    assert f"Tiden är tagen. Närmaste lediga: {line.resource.name_sv}" in answer.text
    assert case.state is ConflictState.OPEN
