"""What is held for whoever waited, on its page, and how they come back to the queue."""

import re
from datetime import time
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import db
from missions_app.accounts.actor import organisation_scope
from missions_app.bookings import waitlist_service
from missions_app.bookings.models import Booking
from missions_app.bookings.waiting import Hours
from missions_app.bookings.waitlist_models import EntryState, OfferState, WaitlistEntry
from missions_app.i18n import use_locale
from missions_app.web.finding.words import hours_in_words
from tests.factories.accounts import actor_of, grant_role, sign_in
from tests.factories.bookings import at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_resource
from tests.factories.waitlist import make_entry


def let_lapse(entry: WaitlistEntry) -> None:
    offer = entry.offers[-1]
    with db.transaction():
        offer.expires_at = at(0, days=-30)
    waitlist_service.tend({})


def test_the_request_for_what_is_held_says_for_whom_and_what_was_written_when_waiting(
    client: FlaskClient, session: Session
) -> None:
    first, second = sorted((make_organisation(), make_organisation()), key=lambda one: one.name)
    entry = make_entry(make_resource(), user=make_member(second), organisation=second)
    grant_role(entry.user, "member", organisation_scope(first.id))
    sign_in(client, entry.user)

    page = client.get(f"/waitlist/offers/{entry.offers[0].id}").text
    address = unescape(re.findall(r'href="(/bookings/new[^"]*)"', page)[0])
    start = client.get(address).text
    typed = dict(re.findall(r'name="(line-[^"]+)"[^>]*value="([^"]*)"', start))
    resource = entry.wishes[0].resource
    typed |= {"line-0-resource": f"{resource.site.slug}/{resource.slug}", "organisation": second.slug}
    client.post(address, data=typed)

    assert f'value="{second.slug}" selected' in start or f'selected value="{second.slug}"' in start
    assert [one.purpose for one in session.scalars(select(Booking))] == ["Prova en givare"]
    assert "Tiden hålls åt dig till" in start
    assert "Det håller ingen tid" not in start


def test_what_somebody_else_waits_for_fills_no_request(client: FlaskClient) -> None:
    entry = make_entry(make_resource())
    sign_in(client, make_member(make_organisation()))
    resource = entry.wishes[0].resource
    address = f"/bookings/new?line={resource.site.slug}/{resource.slug}&offer={entry.offers[0].id}"

    assert client.get(address).status_code == 403


def test_an_offer_that_is_over_says_how_it_ended(client: FlaskClient, session: Session) -> None:
    resource = make_resource()
    lapsed, taken, declined = (make_entry(resource, within=between(8, 12, days=10 + n)) for n in range(3))
    let_lapse(lapsed)
    make_booking(resource, use=between(8, 12, days=11), user=taken.user, organisation=taken.organisation)
    waitlist_service.decline_offer(declined.offers[0], by=actor_of(declined.user))
    told = []
    for entry in (lapsed, taken, declined):
        sign_in(client, entry.user)
        told.append(client.get(f"/waitlist/offers/{entry.offers[0].id}").text)

    assert "Tidsgränsen har gått." in told[0]
    assert f"again={lapsed.id}" in told[0]
    assert "<h1" in told[1]
    assert "Du tog tiden</h1>" in told[1]
    assert "hålls inte längre" not in told[1]
    assert "Du lät den gå vidare. Du väntar vidare på en annan tid." in told[2]
    assert "again=" not in told[2]


def test_one_is_told_when_another_time_is_held_at_once(client: FlaskClient) -> None:
    entry = make_entry(make_resource(), within=between(8, 18))
    sign_in(client, entry.user)

    page = client.post(f"/waitlist/offers/{entry.offers[0].id}/decline", follow_redirects=True).text

    assert entry.state is EntryState.OFFERED
    assert "En annan hålls redan åt dig." in page


def test_one_joins_again_with_what_one_waited_for(client: FlaskClient, session: Session) -> None:
    resource = make_resource(pool_size=3)
    entry = make_entry(resource, units=2, hours=3, shortest=2, at_hours=Hours(time(8), time(12)), within=between(0, 23))
    let_lapse(entry)
    sign_in(client, entry.user)

    page = client.get("/waitlist").text
    address = unescape(re.findall(r'href="(/waitlist/new[^"]*)"', page)[0])
    form = client.get(address).text
    sign_in(client, make_member(make_organisation()))
    others = client.get(address)

    assert entry.state is EntryState.LAPSED
    assert "× 2" in form
    assert "Prova en givare" in form
    for value in (at(8).date().isoformat(), "3", "2", "08.00", "12.00"):
        assert f'value="{value}"' in form
    assert others.status_code == 403


def test_what_has_passed_or_was_booked_is_not_waited_for_again(client: FlaskClient, session: Session) -> None:
    resource = make_resource()
    entry = make_entry(resource)
    with db.transaction():
        entry.first, entry.last = at(0, days=-3), at(0, days=-2)
        entry.state, entry.ended_at = EntryState.UNSERVED, at(0, days=-1)
        entry.offers[0].state = OfferState.EXPIRED
    sign_in(client, entry.user)

    page = client.get("/waitlist").text

    assert resource.name_sv in page
    assert "again=" not in page


@pytest.mark.parametrize(
    ("earliest", "latest", "words"),
    [(None, time(0), "senast 24.00"), (time(0), time(0), "mellan 00.00 och 24.00"), (time(8), None, "tidigast 08.00")],
)
def test_a_midnight_that_ends_the_day_is_said_as_24(earliest: time | None, latest: time | None, words: str) -> None:
    with use_locale("sv"):
        assert hours_in_words(earliest, latest) == words
