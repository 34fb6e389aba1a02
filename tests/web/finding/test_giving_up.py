"""When nothing is found: the link that gives up a wish leads to what it promises."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings.demand_models import UnmetDemand
from missions_app.bookings.intervals import Interval
from missions_app.bookings.needs import without
from tests.factories.accounts import grant_role, make_user, sign_in
from tests.factories.bookings import at, make_booking
from tests.factories.series import INSURED
from tests.factories.sites import make_resource, make_site

BOOK = "Boka den här tiden"


def given_up(client: FlaskClient, address: str) -> tuple[str, str]:
    """What is said first, and the page to which its link leads."""
    page = client.get(address).text
    assert BOOK not in page
    found = re.search(r'class="ds-button" href="(/find-time\?[^"]*)">([^<]*)</a>', page)
    assert found is not None
    return found[2].strip(), client.get(unescape(found[1])).text


def test_the_length_that_is_promised_is_searched_for(client: FlaskClient) -> None:
    make_resource(name_sv="Givare", longest_minutes=300)

    said, page = given_up(client, "/find-time?need1=givare&hours=10")

    assert said == "Sök utan längden (4 timmar i stället)"
    assert BOOK in page
    assert 'value="4" selected' in page


def test_an_hour_is_one(client: FlaskClient) -> None:
    make_resource(name_sv="Givare", longest_minutes=60)

    assert given_up(client, "/find-time?need1=givare&hours=2")[0] == "Sök utan längden (1 timme i stället)"


def test_looking_further_ahead_is_a_wish_like_others(client: FlaskClient) -> None:
    busy = make_resource(name_sv="Givare", longest_minutes=60 * 24 * 40)
    make_booking(busy, use=Interval(at(0, days=2), at(0, days=35)), **INSURED)

    said, page = given_up(client, f"/find-time?need1=givare&hours=1&days=30&since={clock.day_of(at(0, days=2))}")

    assert said == "Sök utan gränsen på 30 dagar"
    assert BOOK in page


def test_what_was_asked_of_a_place_is_not_asked_of_the_next(client: FlaskClient) -> None:
    make_resource(make_site(), name_sv="Arbetsbåt", most_people=4)

    said, page = given_up(client, "/find-time?need1=cykelbana&need2=båt&people=8&hours=4")

    assert said == "Sök utan ”cykelbana”"
    assert BOOK in page


def test_a_number_that_is_given_up_leaves_the_rest_as_it_was_written(client: FlaskClient) -> None:
    make_resource(name_sv="Arbetsbåt", most_people=4)

    said, page = given_up(client, "/find-time?need1=båt för 8 personer&hours=4")

    assert said == "Sök utan plats för 8 personer"
    assert 'value="båt"' in page


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [("båt för 8 personer 2–5 m", "people", "båt 2–5 m"), ("båt för 8 personer 2–5 m", "depth", "båt för 8 personer"),
     ("3 st givare", "units", "givare"), ("kaj, 100 kW", "power", "kaj,"), ("hall 3", "people", "hall 3")],
)  # fmt: skip
def test_one_number_is_taken_out_of_what_was_written(text: str, name: str, left: str) -> None:
    assert without(text, name) == left


def test_exactly_one_place_has_room_for_those_who_come_or_says_so(client: FlaskClient) -> None:
    hall = make_resource(name_sv="Sal", most_people=4)
    address = f"/find-time?need1={hall.site.slug}/{hall.slug}&hours=2"

    assert BOOK in client.get(f"{address}&people=4").text
    assert given_up(client, f"{address}&people=5")[0] == "Sök utan plats för 5 personer"


def test_there_is_no_more_to_show_when_all_is_shown(client: FlaskClient) -> None:
    make_resource(name_sv="Givare")
    some = client.get("/find-time?need1=givare&hours=2").text

    assert "Visa fler" in some
    assert "Visa fler" not in client.get("/find-time?need1=givare&hours=2&all=1").text


def test_what_was_missing_is_remembered_with_its_numbers(client: FlaskClient, session: Session) -> None:
    make_resource(name_sv="Arbetsbåt", most_people=4)

    client.get("/find-time?need1=båt 20 kW&people=8&power=20&depth=3&hours=4")

    wish = session.scalars(select(UnmetDemand)).one().wish
    assert wish == {
        "needs": ["båt 20 kW"], "minutes": 240, "from": clock.today().isoformat(), "people": 8, "depth": 3.0,
    }  # fmt: skip
    officer = make_user()
    grant_role(officer, "secretariat_officer")
    page = sign_in(client, officer).get("/unmet-demand").text
    assert "båt 20 kW (plats för 8 personer, djupet 3 m)" in page
    assert "4 timmar från" in page


def test_telling_what_is_missing_counts_the_search_no_second_time(client: FlaskClient, session: Session) -> None:
    make_resource(name_sv="Arbetsbåt")
    sign_in(client, make_user())
    client.get("/find-time?need1=vindtunnel")

    back = client.post("/find-time/missing?need1=vindtunnel", data={"text": "En vindtunnel"}, follow_redirects=True)

    assert "Inget svarar mot ”vindtunnel”" in back.text
    counted = [("text" in one.wish, one.times) for one in session.scalars(select(UnmetDemand))]
    assert sorted(counted) == [(False, 1), (True, 1)]


def test_words_that_nothing_answers_to_are_written_otherwise(client: FlaskClient, session: Session) -> None:
    make_resource()
    page = client.get("/find-time?need1=algodling&hours=4").text

    assert "Inget svarar mot ”algodling”" in page
    assert ("Skriv det med andra ord." in page, "ta bort två" in page) == (True, False)
