"""The owner's pages about what can be booked."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import SYSTEM
from missions_app.audit.names import keep_name
from missions_app.bookings import blackout_service, day_service
from missions_app.bookings.block_models import Blackout
from missions_app.bookings.models import LineState
from missions_app.moments import local_datetime
from missions_app.sites import photo_service, queries, rule_queries, rule_service
from missions_app.sites.models import Approval
from missions_app.sites.photo_service import PhotoWords
from missions_app.sites.rule_models import QuotaPeriod
from missions_app.sites.rule_service import QuotaEntry
from tests.factories.accounts import actor_of, sign_in
from tests.factories.bookings import PNG, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_manager, make_resource, make_site

RULES = {
    "name_sv": "Hallen", "shortest": "1", "longest": "8", "step_minutes": "30", "notice": "2", "horizon_days": "90",
    "bookers": "everyone", "approval": "several", "approvals_needed": "2", "requests_hold": "y", "price_ore": "400",
    "market_price_ore": "900",
}  # fmt: skip


def test_a_manager_adds_something_bookable_with_its_rules(client, session):
    site = make_site()
    sign_in(client, make_manager(site))

    answer = client.post(f"/sites/{site.slug}/resources/new", data=RULES | {"pool_size": "3"})

    assert answer.status_code == 303
    made = queries.get_resource(site, "hallen")
    assert (made.notice_minutes, made.approval, made.price_ore) == (2880, Approval.SEVERAL, 40000)
    assert len(queries.units_of(made)) == 3


def test_wrong_rules_are_said_at_the_field_and_nothing_typed_is_lost(client, session):
    site = make_site()
    sign_in(client, make_manager(site))

    page = client.post(
        f"/sites/{site.slug}/resources/new",
        data=RULES | {"longest": "0,5", "kind": "hallslag", "approvals_needed": "1"},
    ).text

    assert "Den längsta tiden får inte vara kortare än den kortaste." in page
    assert "Ange hur många ansvariga som måste godkänna: två eller fler." in page
    assert 'value="hallslag"' in page


def test_opening_hours_with_several_periods_are_kept_and_shown(client, session):
    resource = make_resource()
    sign_in(client, make_manager(resource.site))
    url = f"/sites/{resource.site.slug}/resources/{resource.slug}"

    assert client.post(f"{url}/opening", data={"day_0": "8-12, 13-17"}).status_code == 303

    page = client.get(url).text
    assert "08.00–12.00, 13.00–17.00" in page
    assert "stängt" in page
    assert "Skriv tiderna som 8–12" in client.post(f"{url}/opening", data={"day_0": "hela dagen"}).text
    assert (
        "08.00–12.00 och 11.00–13.00 går in i varandra."
        in client.post(f"{url}/opening", data={"day_0": "8-12, 11-13"}).text
    )


def test_bookings_in_the_way_of_a_blackout_are_listed_before_it_is_made(client, session):
    resource = make_resource()
    booking = make_booking(resource, use=between(8, 10))
    sign_in(client, make_manager(resource.site))
    day = booking.lines[0].starts_at.date().isoformat()
    url = f"/sites/{resource.site.slug}/resources/{resource.slug}"
    data = {"starts_on": day, "ends_on": day, "reason": "Underhåll"}

    first = client.post(f"{url}/blackouts/new", data=data)
    assert booking.reference in first.text
    assert "Spärra resten" in first.text
    second = client.post(f"{url}/blackouts/new", data=data | {"seen": "1"})

    assert second.status_code == 303
    assert "1 bokning ligger där" in client.get(url).text


def test_qualifications_and_quotas_are_kept_from_the_pages(client, session):
    resource = make_resource()
    site, member = resource.site, make_member(make_organisation())
    sign_in(client, make_manager(site))

    client.post(f"/sites/{site.slug}/qualifications/new", data={"name_sv": "Båtförare", "valid_months": "12"})
    client.post(
        f"/sites/{site.slug}/qualifications/grant",
        data={"qualification": "batforare", "email": member.email, "valid_from": "2026-02-28"},
    )
    client.post(f"/sites/{site.slug}/resources/{resource.slug}/qualifications", data={"qualifications": ["batforare"]})
    client.post(
        f"/sites/{site.slug}/quotas/new",
        data={"name": "Tio", "hours": "10", "period": "month", "resources": [str(resource.id)]},
    )

    (held,) = rule_queries.held_by(member.id)
    assert held.valid_until.isoformat() == "2027-02-28"
    assert [one.slug for one in rule_queries.required_by([resource])[resource.id]] == ["batforare"]
    assert "10 timmar varje månad" in client.get(f"/sites/{site.slug}/rules").text


def test_a_quota_is_changed_and_ended_from_its_page_and_tells_what_it_has_been(client, session):
    hall = make_resource(name_sv="Hallen")
    boat = make_resource(hall.site, name_sv="Båten")
    manager, site = make_manager(hall.site), f"/sites/{hall.site.slug}"
    keep_name(actor_of(manager).audit_id, manager.name)
    quota = rule_service.add_quota(QuotaEntry("Tio", QuotaPeriod.MONTH, 10), [hall], by=SYSTEM)
    page, browser = f"{site}/quotas/{quota.id}", sign_in(client, manager)
    sent = {"name": "Tjugo", "hours": "20", "period": "month", "resources": [str(hall.id), str(boat.id)]}

    form = browser.get(f"{page}/edit").text
    wrong = browser.post(f"{page}/edit", data=sent | {"version": "1", "hours": "0"})
    stale = browser.post(f"{page}/edit", data=sent | {"version": "9"})
    done = browser.post(f"{page}/edit", data=sent | {"version": "1"})
    seen = browser.get(page).text
    browser.post(f"{page}/end", data={"version": "2"})

    assert 'value="10"' in form
    assert f'value="{hall.id}" checked' in form
    assert 'value="Tjugo"' in wrong.text
    assert (wrong.status_code, stale.status_code, done.status_code) == (200, 409, 303)
    assert done.location == page
    assert f"Ändrad av {manager.name}" in seen
    assert "antalet timmar från 10 till 20" in seen
    assert "räknas nu: " in seen
    assert "begränsar den ingen" in browser.get(page).text
    assert rule_queries.quotas_of(hall.site) == []
    assert "Tjugo" in browser.get(f"{site}/rules").text


def test_a_quota_over_several_owners_is_changed_by_the_secretariat_alone(client, session):
    hall, boat = make_resource(), make_resource()
    quota = rule_service.add_quota(QuotaEntry("Allt", QuotaPeriod.YEAR, 40), [hall, boat], by=SYSTEM)
    browser = sign_in(client, make_manager(hall.site))
    url = f"/sites/{hall.site.slug}/quotas/{quota.id}"

    assert "Ändra kvoten" not in browser.get(url).text
    assert browser.get(f"{url}/edit").status_code == 403
    assert browser.post(f"{url}/end", data={"version": "1"}).status_code == 403


def test_strangers_do_not_come_to_the_owner_pages(client, session):
    resource = make_resource()
    sign_in(client, make_member(make_organisation()))

    assert client.get(f"/sites/{resource.site.slug}/resources/{resource.slug}").status_code == 403
    assert client.get(f"/sites/{resource.site.slug}/rules").status_code == 403


def test_the_owner_sets_the_weather_at_which_use_stops(client, session):
    resource = make_resource()
    browser = sign_in(client, make_manager(resource.site))
    url = f"/sites/{resource.site.slug}/resources/{resource.slug}"
    rules = {
        "version": str(resource.version), "name_sv": "Båten", "shortest": "1", "longest": "8", "step_minutes": "30",
        "notice": "1", "horizon_days": "100", "bookers": "everyone", "approval": "manager",
    }  # fmt: skip

    refused = browser.post(f"{url}/edit", data=rules | {"limit_wind": "900"})
    saved = browser.post(f"{url}/edit", data=rules | {"limit_wind": "8,5", "limit_water": "4"})

    assert refused.status_code in (200, 422)
    assert "Skriv ett tal från 0 till 60" in refused.text
    assert saved.status_code == 303
    session.refresh(resource)
    assert resource.limits == {"wind": 8.5, "water": 4.0}
    assert "8,5 m/s" in browser.get(url).text
    assert "8,5 m/s" in client.get(f"/sites/{resource.site.slug}").text
    seen = client.get(f"/api/v1/sites/{resource.site.slug}/resources/{resource.slug}").json
    assert seen["limits"] == {"wind": 8.5, "water": 4.0}


def test_what_is_still_to_come_is_told_before_a_resource_is_taken_out_of_use(
    client: FlaskClient, session: Session
) -> None:
    booking = make_booking(state=LineState.APPROVED)
    resource = booking.lines[0].resource
    url = f"/sites/{resource.site.slug}/resources/{resource.slug}"
    sign_in(client, make_manager(resource.site))

    before = client.get(url).text
    with clock.fixed(booking.lines[0].starts_at):
        by = actor_of(booking.requested_by)
        day_service.check_in(booking.lines[0], people=2, by=by, expected_version=booking.lines[0].version)
        session.flush()
        day_service.check_out(booking.lines[0], by=by, expected_version=booking.lines[0].version)
        sign_in(client, make_manager(resource.site))
        after = client.get(url).text

    assert f'href="/bookings/{booking.reference}"' in before
    assert "1 bokning återstår" in before
    assert f'href="/bookings/{booking.reference}"' not in after


def test_a_blackout_ends_at_24_as_a_booking_does(client, session):
    resource = make_resource()
    sign_in(client, make_manager(resource.site))
    day = between(8, 10).start.date().isoformat()
    data = {"starts_on": day, "ends_on": day, "ends_at": "24", "reason": "Underhåll"}

    answer = client.post(f"/sites/{resource.site.slug}/resources/{resource.slug}/blackouts/new", data=data)

    [blackout] = session.scalars(select(Blackout))
    assert answer.status_code == 303
    assert local_datetime(blackout.ends_at).endswith("00.00")


def test_changing_the_language_puts_nothing_in_place_of_what_was_typed(client, session):
    resource = make_resource()
    sign_in(client, make_manager(resource.site))
    url = f"/sites/{resource.site.slug}/resources/{resource.slug}"

    hours = client.post(f"{url}/opening", data={"day_0": "8-12", "switch_language": "en"}).text
    rules = client.post(f"{url}/edit", data=RULES | {"step_minutes": "45", "switch_language": "en"}).text

    assert 'value="8-12"' in hours
    assert 'value="45"' in rules


def test_what_is_pressed_twice_is_done_once_and_leads_back(client, session):
    resource = make_resource()
    site, manager = resource.site, make_manager(resource.site)
    blackout = blackout_service.black_out(resource, between(8, 10), reason="Underhåll", by=actor_of(manager))
    photo = photo_service.add_photo(site, PNG, PhotoWords("Kajen från vattnet"), by=actor_of(manager))
    session.flush()
    sign_in(client, manager)
    acts = {
        f"/sites/{site.slug}/resources/{resource.slug}/blackouts/{blackout.id}/lift": {},
        f"/sites/{site.slug}/photos/{photo.id}/remove": {"version": str(photo.version)},
    }

    for url, data in acts.items():
        assert [client.post(url, data=data).status_code for _press in range(2)] == [303, 303]
        assert "Det är redan gjort." in client.post(url, data=data, follow_redirects=True).text


def test_the_owner_is_told_where_too_few_managers_can_say_yes(client, session):
    site = make_site()
    several, one, none = (
        make_resource(site, name_sv=name, approval=approval, approvals_needed=2)
        for name, approval in (("Hallen", Approval.SEVERAL), ("Båten", Approval.MANAGER), ("Bänken", Approval.NONE))
    )
    browser = sign_in(client, make_manager(site))
    said = "Ingen kan säga ja till en bokning"

    pages = [browser.get(f"/sites/{site.slug}/resources/{each.slug}").text for each in (several, one, none)]
    make_manager(site)

    assert [said in page for page in pages] == [True, False, False]
    assert said not in browser.get(f"/sites/{site.slug}/resources/{several.slug}").text
