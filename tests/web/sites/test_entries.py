"""The catalogue: entries, their kind with its reasons, what they have been, and sites side by side."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from missions_app import clock
from missions_app.accounts.actor import SYSTEM, organisation_scope
from missions_app.bookings import booking_service
from missions_app.bookings.content import LineWish
from missions_app.bookings.day_service import grace_of
from missions_app.bookings.models import LineState
from missions_app.errors import InvalidInput
from missions_app.moments import plain_date
from missions_app.outbox.models import Job
from missions_app.sites import catalogue_service, entry_fields, jobs, queries, tasks
from missions_app.sites.catalogue_service import SiteEntry, entry_of
from missions_app.sites.entry_rules import entry_problems
from missions_app.sites.errors import SiteRetired
from missions_app.sites.models import SiteStatus
from missions_app.workflow.method_service import method_in_force
from tests.factories.accounts import actor_of, grant_role, make_user, sign_in
from tests.factories.bookings import between, make_booking
from tests.factories.sites import make_manager, make_resource, make_site, save_entry


def test_every_field_of_an_entry_is_kept_and_shown(client, session):
    site = make_site()
    sign_in(client, make_manager(site))

    answer = save_entry(
        client, site, detail_environment_conditions_sv="Sandbotten i lä", detail_depth_m="2–5", latitude="56,04",
        longitude="14,63", area="56.04 14.63\n56.05 14.63\n56.05 14.64", detail_access_instructions_sv="Kod i luckan",
        permit_0="port", permit_0_from="2026-01-01", permit_0_until="2027-01-01",
    )  # fmt: skip

    assert answer.status_code == 303
    page = client.get(f"/sites/{site.slug}").text
    assert "Sandbotten i lä" in page
    assert "2–5" in page
    assert "Kod i luckan" not in page
    session.refresh(site)
    assert site.area == [[56.04, 14.63], [56.05, 14.63], [56.05, 14.64]]
    assert site.permits_held[0]["valid_until"] == "2027-01-01"
    assert site.details["access_instructions"]["sv"] == "Kod i luckan"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"permit_2": "port"}, "permit_2_until"),
        ({"permit_2_number": "A 12", "permit_2_from": "2026-01-01"}, "permit_2"),
    ],
)
def test_what_a_permit_lacks_is_told_at_its_row_though_others_are_empty(client, session, typed, field):
    site = make_site()
    sign_in(client, make_manager(site))

    page = save_entry(client, site, **typed).text

    assert f'href="#{field}"' in page
    assert 'href="#permit_0' not in page


def test_the_kind_is_shown_with_the_answers_that_decided_and_nothing_typed_is_lost(client, session):
    site = make_site()
    sign_in(client, make_manager(site))

    page = save_entry(client, site, act="classify", question_operator="no", name_sv="Nytt namn").text

    assert "Tillfällig testplats" in page
    assert "Det som avgjorde" in page
    assert 'value="Nytt namn"' in page
    session.refresh(site)
    assert site.kind != "temporary"


def test_another_kind_than_the_answers_give_needs_a_reason(session):
    site = make_site()
    other = next(one.id for one in catalogue_service.method_in_force().site_type if one.id != site.kind)
    entry = entry_of(site)

    def change(reason):
        wanted = SiteEntry(**{**_values(entry), "chosen_kind": other, "kind_reason": reason})
        catalogue_service.edit_site(site, wanted, by=SYSTEM, expected_version=site.version)

    with pytest.raises(InvalidInput) as refused:
        change("")
    change("Så kallas den av myndigheten.")

    assert [one.code for one in refused.value.problems] == ["reason_missing"]
    assert site.kind == other
    assert entry_of(site).chosen_kind == other


def _values(entry):
    return {name: getattr(entry, name) for name in SiteEntry.__dataclass_fields__}


def test_a_regulatory_sandbox_needs_its_decision(session):
    site = make_site()
    wanted = SiteEntry(**{**_values(entry_of(site)), "overlays": [{"id": "regulatory_sandbox"}]})

    with pytest.raises(InvalidInput) as refused:
        catalogue_service.edit_site(site, wanted, by=SYSTEM, expected_version=site.version)

    assert [one.code for one in refused.value.problems] == ["overlay_incomplete"]


def _sandbox(site, first, last):
    overlay = {"id": "regulatory_sandbox", "authority_decision": "Beslut 1", "conditions": "Under dagtid"}
    wanted = SiteEntry(**{**_values(entry_of(site)), "overlays": [overlay | {"valid_from": first, "valid_to": last}]})
    catalogue_service.edit_site(site, wanted, by=SYSTEM, expected_version=site.version)


@pytest.mark.parametrize(
    ("first", "last", "code", "field"),
    [
        ("snart", "2027-01-01", "overlay_dates", "valid_from"), ("2027-01-01", "20270201", "overlay_dates", "valid_to"),
        ("2027-02-01", "2027-01-01", "period_reversed", "valid_to"),
    ],
)  # fmt: skip
def test_a_regulatory_sandbox_has_a_first_and_a_last_day(session, first, last, code, field):
    with pytest.raises(InvalidInput) as refused:
        _sandbox(make_site(), first, last)

    assert [(one.code, one.field) for one in refused.value.problems] == [(code, f"overlay_regulatory_sandbox_{field}")]


def test_a_site_is_called_a_sandbox_only_while_the_decision_holds(client, session):
    days = [(clock.today() + timedelta(days=number)).isoformat() for number in (-9, -1, 0)]
    past, now = make_site(), make_site()
    _sandbox(past, *days[:2])
    _sandbox(now, days[0], days[2])

    heads = [client.get(f"/sites/{one.slug}").text.partition("</h1>")[2].partition("</p>")[0] for one in (past, now)]

    assert ["Regulatorisk sandlåda" in one for one in heads] == [False, True]
    pages = [client.get(f"/sites/{one.slug}").text for one in (past, now)]
    assert ["Beslutet gäller inte i dag" in one for one in pages] == [True, False]
    assert plain_date(clock.today() - timedelta(days=1)) in pages[0] and days[1] not in pages[0]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"overlays": [{"id": "policy_lab"}, {"id": "policy_lab"}]}, ("named_twice", "overlays")),
        ({"overlays": [{"id": "policy_lab", "who": "vem"}]}, ("malformed", "overlay_policy_lab")),
        ({"municipality": "9999"}, ("unknown_choice", "municipality")),
        ({"details": {"equipment": "x" * 20_001}}, ("malformed", "equipment")),
        (
            {"permits_held": [{"permit": "", "valid_from": "2026-01-01", "valid_until": "2027-01-01",
                               "number": "1" * 101}]},
            ("too_long", "permit_0_number"),
        ),
    ],
)  # fmt: skip
def test_what_the_form_has_no_room_for_is_refused_on_every_way_in(session, changed, problem):
    entry = entry_of(make_site())
    method = method_in_force()
    for one in changed.get("permits_held", []):
        one["permit"] = method.permit[0].id

    assert [(one.code, one.field) for one in entry_problems(replace(entry, **changed), method)] == [problem]


def test_a_kind_that_the_answers_give_is_not_said_to_be_another(client, session):
    site = make_site()
    sign_in(client, make_manager(site))

    done = save_entry(client, site, chosen_kind=site.kind, kind_reason="Så har den alltid kallats.")

    assert done.status_code == 303
    session.refresh(site)
    assert (site.kind_reason, entry_of(site).chosen_kind) == ("", "")
    assert "fast svaren ger" not in client.get(f"/sites/{site.slug}").text


@pytest.mark.parametrize(
    "typed",
    [
        "56.123456 14.654321\n56.2 14.7\n56.3 14.8", "56,123456 14,654321\n56,2 14,7\n56,3 14,8",
        "56.123456, 14.654321\n56.2,14.7\n56,3; 14,8",
    ],
)  # fmt: skip
def test_an_area_is_kept_as_exactly_as_it_was_drawn(client, session, typed):
    site = make_site()
    sign_in(client, make_manager(site))
    save_entry(client, site, area=typed)
    session.refresh(site)
    drawn = [[56.123456, 14.654321], [56.2, 14.7], [56.3, 14.8]]
    assert site.area == drawn

    shown = re.search(r'<textarea[^>]*id="area"[^>]*>([^<]*)<', client.get(f"/sites/{site.slug}/edit").text).group(1)
    save_entry(client, site, area=shown)

    session.refresh(site)
    assert site.area == drawn


def test_what_is_longer_than_can_be_kept_or_no_theme_is_named(session):
    site = make_site()
    long = {"operator": "x" * 201, "municipality": "Karlskrona kommun", "contact_function": "y" * 201}
    wanted = SiteEntry(**{**_values(entry_of(site)), **long, "themes": ["marin"]})

    with pytest.raises(InvalidInput) as refused:
        catalogue_service.edit_site(site, wanted, by=SYSTEM, expected_version=site.version)

    assert sorted((one.code, one.field) for one in refused.value.problems) == [
        ("too_long", "contact_function"), ("too_long", "operator"), ("unknown_choice", "municipality"),
        ("unknown_choice", "themes"),
    ]  # fmt: skip


def test_themes_weather_and_market_price_stand_on_the_page(client, session):
    make_site()
    theme = catalogue_service.method_in_force().theme[0]
    site = make_site(themes=[theme.id], is_outdoor=True)
    make_resource(site, price_ore=0, market_price_ore=900_00)

    page = client.get(f"/sites/{site.slug}").text

    assert f"<dd>{theme.label.sv}</dd>" in page
    assert "Utomhus" in page
    assert "marknadspris 900" in page


def test_sites_stand_side_by_side_at_most_four(client, session):
    sites = [make_site(name_sv=f"Sida {number}") for number in range(5)]

    page = client.get("/sites/compare", query_string={"site": [one.slug for one in sites]}).text

    assert all(f'href="/sites/{one.slug}"' in page for one in sites[:4])
    assert f'href="/sites/{sites[4].slug}"' not in page
    assert "Högst fyra visas" in page


def test_sites_side_by_side_tell_where_they_are_and_what_can_be_booked(client, session):
    bare, full = make_site(), make_site(municipality="1080", is_outdoor=True)
    make_resource(full, name_sv="Kranen")

    page = client.get("/sites/compare", query_string={"site": [bare.slug, full.slug]}).text

    rows = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in re.findall(r"<tr[^>]*>.*?</tr>", page)]
    assert ["Kommun", "–", "Karlskrona"] in rows
    assert ["Vad som kan bokas", "–", "Kranen"] in rows
    assert ["Inomhus eller utomhus", "Inomhus", "Utomhus"] in rows


def test_a_site_with_bookings_is_retired_and_its_bookings_stay(client, session):
    booking = make_booking(make_resource())
    site = booking.lines[0].resource.site
    sign_in(client, make_manager(site))

    assert booking.reference in client.get(f"/sites/{site.slug}/retire").text
    answer = client.post(f"/sites/{site.slug}/retire", data={"version": str(site.version), "reason": "Såld."})

    assert answer.status_code == 303
    session.refresh(site)
    assert site.status is SiteStatus.RETIRED
    assert booking.lines[0].state.value == "submitted"
    assert site.slug not in [one.slug for one in queries.in_catalogue()]


def test_what_stays_is_named_and_a_booking_of_two_things_is_one_booking(client, session):
    hall, boat = (make_resource(name_sv=name) for name in ("Hallen", "Båten"))
    boat.site = hall.site
    session.flush()
    draft = make_booking(hall, state=LineState.DRAFT)
    by = actor_of(draft.requested_by)
    booking_service.add_line(draft, LineWish(boat, between(8, 12)), by=by, expected_version=draft.version)
    session.flush()
    booking_service.submit_booking(draft, by=by, expected_version=draft.version)
    sign_in(client, make_manager(hall.site))

    page = " ".join(client.get(f"/sites/{hall.site.slug}/retire").text.split())

    assert "1 bokning återstår" in page
    assert "Hallen, " in page and "Båten, " in page


def test_a_site_is_not_retired_by_a_slip_in_its_entry(client, session):
    site = make_site()
    manager = make_manager(site)
    sign_in(client, manager)

    assert 'value="retired"' not in client.get(f"/sites/{site.slug}/edit").text
    with pytest.raises(InvalidInput) as refused:
        catalogue_service.edit_site(
            site, replace(entry_of(site), status=SiteStatus.RETIRED), by=actor_of(manager),
            expected_version=site.version,
        )  # fmt: skip

    assert [(one.code, one.field) for one in refused.value.problems] == [("retired_apart", "status")]
    assert site.status is SiteStatus.OPEN
    catalogue_service.retire_site(site, reason="Såld.", by=actor_of(manager), expected_version=site.version)
    history = client.get(f"/sites/{site.slug}/history").text
    assert "Används inte längre" in history and "togs ur bruk: Såld." in history
    assert "Ska granskas igen" not in history
    with pytest.raises(SiteRetired):
        catalogue_service.retire_site(site, reason="Igen.", by=actor_of(manager), expected_version=site.version)
    page = client.get(f"/sites/{site.slug}/retire").text
    assert "Platsen är redan ur bruk" in page and 'name="reason"' not in page
    assert "Ta platsen ur bruk" not in client.get(f"/sites/{site.slug}").text
    assert save_entry(client, site, status="retired", name_sv="Kajen som var").status_code == 303


def test_a_site_that_takes_bookings_is_said_to_be_open_and_not_to_open_something(client, session):
    site = make_site()

    assert "Öppen för bokning" in client.get(f"/sites/{site.slug}").text
    assert "Open to bookings" in client.get("/sites", headers={"Accept-Language": "en"}).text


def test_a_contact_that_cannot_be_written_to_is_told(client, session):
    site = make_site()
    sign_in(client, make_manager(site))

    answer = save_entry(client, site, contact_email="ring kontoret")

    assert answer.status_code == 422
    assert 'href="#contact_email"' in answer.text


def test_an_entry_that_is_due_waits_for_its_manager_who_is_written_to(session):
    site = make_site(review_due_on=clock.today())
    manager = make_manager(site)
    (task,) = tasks.tasks_for(actor_of(manager))

    jobs.remind_of_reviews({})

    assert task.due == clock.today()
    assert any("site_review_due" in str(one.payload) for one in session.scalars(select(Job)))
    catalogue_service.confirm_review(site, by=actor_of(manager), expected_version=site.version)
    assert tasks.tasks_for(actor_of(manager)) == []
    assert site.review_due_on == clock.today() + timedelta(days=365)


def _reminded(session):
    every = [one.payload for one in session.scalars(select(Job))]
    return [one["to"] for one in every if one.get("template") == "site_review_due"]


def test_a_reminder_comes_once_in_two_weeks_also_after_a_day_without_a_worker(session):
    site = make_site(review_due_on=clock.today())
    manager = make_manager(site)

    told = []
    for days in (1, 2, 13, 16):
        with clock.fixed(clock.now() + timedelta(days=days)):
            jobs.remind_of_reviews({})
        told.append(_reminded(session))

    assert told == [[manager.email], [manager.email], [manager.email], [manager.email] * 2]


def test_the_owner_is_reminded_of_a_site_that_nobody_manages(session):
    site = make_site(review_due_on=clock.today())
    admin = make_user()
    grant_role(admin, "org_admin", organisation_scope(site.owner_id))

    jobs.remind_of_reviews({})

    assert _reminded(session) == [admin.email]
    (task,) = tasks.tasks_for(actor_of(admin))
    assert task.values == {"slug": site.slug}


def test_a_site_says_how_long_it_waits_before_nobody_came(client, session):
    site = make_site()
    sign_in(client, make_manager(site))
    assert grace_of(site) == timedelta(minutes=60)

    far = save_entry(client, site, detail_no_show_grace_minutes="1441")
    done = save_entry(client, site, detail_no_show_grace_minutes="15")

    session.refresh(site)
    assert (far.status_code, done.status_code) == (200, 303)
    assert grace_of(site) == timedelta(minutes=15)


def test_a_field_of_an_entry_is_asked_for_once() -> None:
    assert len(entry_fields.BY_NAME) == len(entry_fields.FIELDS)


def test_the_list_has_a_map_with_the_same_numbers(client, session):
    make_site(name_sv="Aakajen", latitude=56.16, longitude=15.58)

    page = client.get("/sites").text

    assert 'aria-label="1. Aakajen"' in page
    assert '<li id="site-1">' in page
