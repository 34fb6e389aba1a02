"""The page that finds time, and the waitlist's pages."""

import re
from datetime import date, time, timedelta
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import SYSTEM, organisation_scope
from missions_app.bookings.models import Booking
from missions_app.bookings.waitlist_models import EntryState, WaitlistEntry
from missions_app.sites import rule_service
from missions_app.sites.rule_models import QuotaPeriod
from missions_app.sites.rule_service import QualificationEntry, QuotaEntry
from missions_app.web.filters import plain_date
from tests.factories.accounts import grant_role, make_user, sign_in
from tests.factories.bookings import at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_resource, make_site
from tests.factories.waitlist import make_entry


def test_suggestions_carry_reasons_and_a_link_that_fills_the_request(client: FlaskClient) -> None:
    boat = make_resource(make_site(is_outdoor=True), name_sv="Arbetsbåt")

    page = client.get("/find-time?need1=båt&hours=4").text

    assert "Arbetsbåt" in page
    assert "Boka den här tiden" in page
    assert "Reservdag: samma är ledigt" in page
    assert f"/bookings/new?line={boat.site.slug}%2F{boat.slug}&amp;start=" in page


def test_what_was_answered_where_the_time_was_found_is_answered_in_the_request(
    client: FlaskClient, session: Session
) -> None:
    organisation = make_organisation()
    sign_in(client, make_member(organisation))
    boat = make_resource(name_sv="Arbetsbåt")

    page = client.get("/find-time?need1=båt&hours=4&days=180&answers=sea&answers=camera").text
    address = unescape(re.findall(r'href="(/bookings/new[^"]*)"', page)[0])
    typed = dict(re.findall(r'name="(line-[^"]+)"[^>]*value="([^"]*)"', client.get(address).text))
    typed |= {"line-0-resource": f"{boat.site.slug}/{boat.slug}", "organisation": organisation.slug}
    client.post(f"{address}&answers=unknown", data=typed)

    [draft] = session.scalars(select(Booking))
    assert draft.answers == {"sea": True, "camera": True}


def test_one_waits_only_for_what_comes_before_what_is_free(client: FlaskClient) -> None:
    boat = make_resource(name_sv="Arbetsbåt", pool_size=3)
    url, day = f"/find-time?need1=2 st arbetsbåt&hours=4&opens=08:00&closes=12:00&since={at(8).date()}", at(8).date()
    make_booking(boat, use=between(8, 12), units=3)
    make_booking(boat, use=between(8, 12, days=11), units=3)
    sign_in(client, make_member(make_organisation()))

    waits = re.search(r'href="(/waitlist/new[^"]*)"', client.get(url).text)
    at_once = client.get(url.replace(str(day), str(day + timedelta(days=2)))).text

    assert waits is not None
    address = unescape(waits.group(1))
    assert f"first={day}&last={day + timedelta(days=1)}&" in address
    assert address.endswith("&units=2")
    assert "Arbetsbåt × 2" in client.get(address).text
    assert "/waitlist/new" not in at_once


def test_the_ladder_names_the_permit_that_decides(client: FlaskClient) -> None:
    make_resource(name_sv="Arbetsbåt")

    page = client.get("/find-time?need1=båt&answers=sea&answers=bottom_contact&answers=publishes_seabed_data").text

    assert "<b>Anmälan om vattenverksamhet avgör:</b>" in page
    assert page.count("data-decides") == 1
    assert "räkna med" in page


def test_nothing_found_says_which_wish_to_give_up_with_a_link(client: FlaskClient) -> None:
    make_resource(make_site(municipality="1080"), name_sv="Arbetsbåt")

    page = client.get("/find-time?need1=båt&municipality=1081").text

    assert "Sök utan Ronneby" in page
    assert 'href="/find-time?need1=b%C3%A5t"' in page


def test_a_rule_that_stops_the_reader_is_told_with_what_to_do(client: FlaskClient) -> None:
    diving, boat = make_resource(name_sv="Dykplats"), make_resource(name_sv="Arbetsbåt")
    needed = rule_service.add_qualification(diving.site, QualificationEntry("Dykintyg", "Diving licence"), by=SYSTEM)
    rule_service.require_qualifications(diving, [needed], by=SYSTEM, expected_version=diving.version)
    rule_service.add_quota(QuotaEntry("Båtkvot", QuotaPeriod.YEAR, 2), [boat], by=SYSTEM)
    sign_in(client, make_member(make_organisation()))

    dive, sail = (client.get(f"/find-time?need1={need}&hours=4").text for need in ("dykplats", "arbetsbåt"))

    for page in (dive, sail):
        assert "Inget är ledigt som du får boka" in page
        assert "Ledigt, men inte för dig än" in page
        assert "Boka den här tiden" not in page
    assert "Den som använder det här behöver behörigheten Dykintyg." in dive
    assert f'href="/sites/{diving.site.slug}">Så får du den' in dive
    assert "Boka åt en kollega som har den" in dive
    assert "Kvoten Båtkvot räcker inte året från" in sail
    assert "timmar kvar 2 av 2, det här tar 4." in sail
    assert 'href="/sites/quotas">Se kvoterna' in sail


def test_somebody_of_several_organisations_chooses_for_which_and_books_for_it(client: FlaskClient) -> None:
    boat, first, second = make_resource(name_sv="Arbetsbåt"), make_organisation(), make_organisation()
    user = make_member(first)
    grant_role(user, "member", organisation_scope(second.id))
    rule_service.add_quota(QuotaEntry("Ingen tid", QuotaPeriod.YEAR, 1, first), [boat], by=SYSTEM)
    sign_in(client, user)

    stopped = client.get(f"/find-time?need1=arbetsbåt&organisation={first.slug}").text
    page = client.get(f"/find-time?need1=arbetsbåt&organisation={second.slug}").text

    assert "Boka den här tiden" not in stopped
    assert f"&amp;organisation={second.slug}" in page
    assert f'value="{second.slug}" selected' in page


def test_what_was_typed_wrong_is_told_and_kept(client: FlaskClient) -> None:
    make_resource()

    answer = client.get("/find-time?need1=båt&since=igår&trl=44&hours=99&weekdays=9&weekdays=<b>&municipality=nowhere")

    assert answer.status_code == 200
    assert 'value="igår"' in answer.text
    assert "Ange ett tal från 1 till 9." in answer.text


def test_joining_from_a_taken_time_and_leaving_again(client: FlaskClient, session: Session) -> None:
    resource, organisation = make_resource(), make_organisation()
    make_booking(resource)
    user = make_member(organisation)
    sign_in(client, user)
    day = at(8).date().isoformat()
    url = f"/waitlist/new?resource={resource.site.slug}/{resource.slug}&first={day}&last={day}&hours=24"

    form = {"organisation": organisation.slug, "first": day, "last": day, "length": "24", "purpose": "Prov"}
    joined = client.post(url, data=form, follow_redirects=True).text
    entry = session.scalars(select(WaitlistEntry)).one()
    left = client.post(f"/waitlist/{entry.id}/leave", data={"version": entry.version}, follow_redirects=True).text

    assert "Du står på väntelistan" in joined
    assert "Du väntar inte längre" in left
    assert entry.state is EntryState.LEFT


def test_a_length_is_in_half_hours_and_what_is_wrong_with_it_is_told_once_with_its_name(
    client: FlaskClient, session: Session
) -> None:
    resource, organisation = make_resource(), make_organisation()
    sign_in(client, make_member(organisation))
    day = at(8).date().isoformat()
    url = f"/waitlist/new?resource={resource.site.slug}/{resource.slug}"
    form = {"organisation": organisation.slug, "first": day, "last": day}

    quarter = client.post(url, data=form | {"length": "2,25"}).text
    words = client.post(url, data=form | {"length": "två"}).text
    nothing = client.post(url, data=form | {"length": "0"}).text

    assert "Skriv hela eller halva timmar." in quarter
    assert "Hur många timmar du behöver: Skriv ett tal, till exempel 2,4." in words
    assert "Ange ett tal från" not in words
    assert "Hur många timmar du behöver: Ange ett tal från 0,5 till 336." in nothing
    assert session.scalars(select(WaitlistEntry)).all() == []


def test_the_hours_that_suit_are_asked_for_and_shown(client: FlaskClient, session: Session) -> None:
    resource, organisation = make_resource(), make_organisation()
    make_booking(resource)
    sign_in(client, make_member(organisation))
    day = at(8).date().isoformat()
    url = f"/waitlist/new?resource={resource.site.slug}/{resource.slug}&first={day}&last={day}&opens=08:00&closes=12:00"
    form = {"organisation": organisation.slug, "first": day, "last": day, "length": "4"}

    asked = client.get(url).text
    small = client.post(url, data=form | {"earliest_start": "10", "latest_end": "12"}).text
    turned = client.post(url, data=form | {"earliest_start": "12", "latest_end": "08.00"}).text
    joined = client.post(
        url, data=form | {"earliest_start": "8", "latest_end": "12.00"}, follow_redirects=True
    ).text  # fmt: skip

    entry = session.scalars(select(WaitlistEntry)).one()
    assert 'value="08.00"' in asked
    assert "Tiden du behöver ryms inte inom de tider på dygnet som passar dig." in small
    assert "Tiden måste sluta efter att den börjar." in turned
    assert "mellan 08.00 och 12.00" in joined
    assert (entry.earliest_start, entry.latest_end) == (time(8), time(12))


def test_who_waits_without_a_qualification_is_told_so(client: FlaskClient) -> None:
    diving, user = make_resource(), make_member(make_organisation())
    needed = rule_service.add_qualification(diving.site, QualificationEntry("Dykintyg"), by=SYSTEM)
    rule_service.require_qualifications(diving, [needed], by=SYSTEM, expected_version=diving.version)
    sign_in(client, user)
    url = f"/waitlist/new?resource={diving.site.slug}/{diving.slug}"

    before = client.get(url).text
    rule_service.grant_qualification(
        needed, user, site=diving.site, valid_from=clock.today(), valid_until=None, by=SYSTEM
    )
    after = client.get(url).text

    assert "behöver behörigheten Dykintyg. Ägaren ger den. Innan dess erbjuds du ingen tid." in before
    assert "Dykintyg" not in after


def test_what_is_wrong_with_a_wait_names_the_limit_at_its_field(client: FlaskClient, session: Session) -> None:
    resource, organisation = make_resource(longest_minutes=240, shortest_minutes=120), make_organisation()
    sign_in(client, make_member(organisation))
    url = f"/waitlist/new?resource={resource.site.slug}/{resource.slug}"
    form = {"organisation": organisation.slug, "first": at(8).date().isoformat(), "length": "4"}
    limit = clock.today() + timedelta(days=365)

    def told(last: date, **more: str) -> str:
        return client.post(url, data=form | {"last": last.isoformat()} | more).text

    assert f"Den sista dagen är {plain_date(limit)}." in told(clock.today() + timedelta(days=5 * 366))
    assert f"Den sista dagen är {plain_date(limit)}." in told(limit + timedelta(days=1))
    assert 'href="#length">För lång.' in told(limit, length="6")
    assert 'href="#shortest">För kort.' in told(limit, shortest="1")
    assert session.scalars(select(WaitlistEntry)).all() == []
    assert "Du står på väntelistan" in told(limit) or session.scalars(select(WaitlistEntry)).one()


def test_an_offer_shows_its_deadline_and_can_go_to_the_next(client: FlaskClient) -> None:
    entry = make_entry(make_resource())
    sign_in(client, entry.user)
    offer = entry.offers[0]

    assert "08.00–12.00 hålls till" in client.get("/waitlist").text
    page = client.get(f"/waitlist/offers/{offer.id}").text
    gone = client.post(f"/waitlist/offers/{offer.id}/decline", follow_redirects=True).text

    assert "En tid hålls åt dig" in page
    assert "Boka tiden" in page
    assert "Tiden går till nästa" in gone
    assert entry.state is EntryState.WAITING


def test_the_secretariat_reads_what_was_asked_for_in_vain(client: FlaskClient) -> None:
    make_resource()
    client.get("/find-time?need1=vindtunnel")
    officer = make_user()
    grant_role(officer, "secretariat_officer")
    sign_in(client, officer)

    page = client.get("/unmet-demand").text

    assert "vindtunnel" in page
    assert "Sökt, inget hittat" in page
    assert client.get("/unmet-demand?kind=refused").text.count("vindtunnel") == 0
