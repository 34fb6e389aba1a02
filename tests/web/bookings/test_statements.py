"""Statements for invoice on their pages: of a booking, and of the days that are asked for."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings.models import LineState
from tests.factories.accounts import sign_in
from tests.factories.bookings import make_booking
from tests.factories.sites import make_manager, make_resource


def test_the_statement_says_what_the_price_is_made_of(session: Session, client: FlaskClient) -> None:
    booking = make_booking(make_resource(price_ore=40_000, market_price_ore=90_000), state=LineState.APPROVED)

    text = sign_in(client, booking.requested_by).get(f"/bookings/{booking.reference}/statement?format=csv").text

    names, row = (line.split(";") for line in text.lstrip("\ufeff").splitlines())
    values = dict(zip(names, row, strict=True))
    assert {key: values[key] for key in ("hours", "per_hour_ore", "to_pay_ore", "market_ore", "benefit_ore")} == {
        "hours": "4", "per_hour_ore": "40000", "to_pay_ore": "160000", "market_ore": "360000", "benefit_ore": "200000",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "told", "field"),
    [
        ({"since": "2027-02-30", "until": "2027-03-31"}, "Skriv datumet som år-månad-dag", "since"),
        ({"since": "2027-03-01", "until": "i går", "format": "csv"}, "Skriv datumet som år-månad-dag", "until"),
        ({"since": "2027-03-02", "until": "2027-03-01"}, "Den första dagen kommer efter den sista", "until"),
    ],
)
def test_a_mistyped_period_of_a_statement_is_told_at_its_field(
    client: FlaskClient, session: Session, typed: dict[str, str], told: str, field: str
) -> None:
    booking = make_booking(state=LineState.APPROVED)
    site = booking.lines[0].resource.site
    page = sign_in(client, make_manager(site)).get(f"/sites/{site.slug}/statement", query_string=typed).text
    assert told in page.split(f'id="{field}-error"')[1][:200]
    for name in ("since", "until"):
        assert f'name="{name}" type="text" value="{typed[name]}"' in page
    assert booking.reference not in page


def test_a_statement_is_of_the_days_that_are_asked_for(client: FlaskClient, session: Session) -> None:
    booking = make_booking(state=LineState.APPROVED)
    line, day = booking.lines[0], clock.day_of(booking.lines[0].starts_at)
    url = f"/sites/{line.resource.site.slug}/statement"
    sign_in(client, make_manager(line.resource.site))

    assert booking.reference in client.get(url, query_string={"since": day, "until": day}).text
    assert booking.reference in client.get(url, query_string={"since": day, "until": day, "format": "csv"}).text
    assert booking.reference not in client.get(url, query_string={"until": day - timedelta(days=1)}).text
