"""Addresses of the calendar: what was chosen is kept in them, and a link is never answered with what was before."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import LineState
from tests.factories.accounts import sign_in
from tests.factories.bookings import at, make_booking
from tests.factories.sites import make_resource


def page(client: FlaskClient, **choices: str) -> str:
    day = (clock.today() + timedelta(days=10)).isoformat()
    return client.get("/calendar", query_string={"date": day, **choices}).text


def test_an_app_that_asks_by_date_alone_is_told_of_a_new_name_too(client: FlaskClient, session: Session) -> None:
    booking = make_booking(state=LineState.APPROVED)
    sign_in(client, booking.requested_by)
    made = client.post("/calendar/links", data={"target": "mine:"}).text
    address = made.split('readonly value="')[1].split('"')[0].split("localhost")[1]
    app = client.application.test_client()
    first = app.get(address)
    booking.lines[0].resource.name_sv = "Nya kajen"
    session.commit()

    since = first.headers.get("Last-Modified", "Fri, 01 Jan 2100 00:00:00 GMT")
    again = app.get(address, headers={"If-Modified-Since": since})

    assert "Nya kajen" in again.text.replace("\r\n ", "")


def test_what_was_chosen_to_show_is_kept_from_week_to_week_and_back_from_one_resource(
    client: FlaskClient, session: Session
) -> None:
    resource = make_resource()
    one = f"{resource.site.slug}/{resource.slug}"
    links = re.findall(r'href="(/calendar[?][^"]*)"', unescape(page(client, site=resource.site.slug, page="2")))
    shown = [parse_qs(urlsplit(link).query) for link in links]

    of_one = unescape(page(client, site=resource.site.slug, resource=one))
    back = of_one.split(">Alla resurser<")[0].rpartition("href=")[2]

    assert len(shown) >= 6
    assert {(each["site"][0], each["page"][0]) for each in shown} == {(resource.site.slug, "2")}
    assert f"site={resource.site.slug}" in back


def test_the_calendar_names_the_place_whose_time_it_shows(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    make_resource()
    monkeypatch.setattr(clock, "_zone", ZoneInfo("Europe/Helsinki"))

    assert "Tider visas för Helsingfors." in client.get("/calendar").text


def test_a_time_until_midnight_is_chosen_in_the_calendar_and_moved_there(client: FlaskClient, session: Session) -> None:
    evening = Interval(at(20), at(0, days=11))
    booking = make_booking(use=evening)
    line, day = booking.lines[0], (clock.today() + timedelta(days=12)).isoformat()
    resource, url = line.resource, f"/bookings/{booking.reference}/lines/{line.id}/plan"
    browser = sign_in(client, booking.requested_by)
    chosen = {"day": day, "starts": "21:00", "ends": "24:00"}

    new = browser.get("/calendar/plan", query_string=chosen | {"resource": f"{resource.site.slug}/{resource.slug}"})
    request = browser.get(new.headers["Location"]).text
    undragged = browser.get(url).text
    dragged = browser.get("/calendar/plan", query_string=chosen | {"line": f"{booking.reference}/{line.id}"})
    form = browser.get(dragged.headers["Location"]).text
    moved = browser.post(url, data=chosen | {"version": line.version})

    next_day = (clock.today() + timedelta(days=13)).isoformat()
    assert (f'value="{day}"' in request, f'value="{next_day}"' in request) == (True, True)
    assert 'value="24:00"' in undragged
    assert (f'value="{day}"' in form, 'value="21.00"' in form, 'value="24:00"' in form) == (True, True, True)
    assert moved.status_code == 303
    assert Interval(line.starts_at, line.ends_at) == Interval(at(21, days=12), at(0, days=13))
