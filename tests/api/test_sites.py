"""The catalogue through the API."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app.sites import queries
from missions_app.sites.models import SiteStatus
from tests.factories.accounts import bearer, grant_role, make_user
from tests.factories.bookings import at, between, make_booking
from tests.factories.organisations import make_member, make_organisation, method_in_force
from tests.factories.sites import ANSWERS, make_manager, make_resource, make_site

URL = "/api/v1/sites"
ENTRY: dict[str, Any] = {"name_sv": "Älvsborgs kaj", "answers": ANSWERS, "price_model": "free", "status": "open"}


def officer() -> dict[str, str]:
    method_in_force()
    user = make_user()
    grant_role(user, "secretariat_officer")
    return bearer(user)


def problems(answer: Any) -> set[tuple[str, str | None]]:
    return {(one["code"], one["field"]) for one in answer.json["errors"]}


def test_the_secretariat_enters_a_site_whose_kind_follows_from_the_answers(client: FlaskClient) -> None:
    owner = make_organisation("Hamnen", sector="public")

    made = client.post(URL, headers=officer(), json=ENTRY | {"owner": owner.slug})
    seen = client.get(made.headers["Location"])

    assert (made.status_code, made.headers["Location"]) == (201, f"{URL}/alvsborgs-kaj")
    assert (seen.json["owner"], seen.json["kind"], seen.json["answers"]) == ("hamnen", made.json["kind"], ANSWERS)
    assert seen.json["kind"]


def test_answers_are_classified_with_reasons_and_nothing_is_kept(client: FlaskClient) -> None:
    method_in_force()

    whole = client.post("/api/v1/site-classification", json={"answers": ANSWERS}).json
    partly = client.post("/api/v1/site-classification", json={"answers": {"object": "system"}}).json
    questions = client.get("/api/v1/site-questions", headers={"Accept-Language": "en"}).json

    assert whole["kind"] and whole["because"] and whole["unanswered"] == []
    assert partly["kind"] is None
    assert set(partly["unanswered"]) == {one["id"] for one in questions} - {"object"}
    assert questions[0]["label"] == "How real is the environment?"


def test_what_keeps_nothing_asks_for_no_more_than_a_token_that_reads(client: FlaskClient) -> None:
    method_in_force()
    reads = bearer(make_user(), "sites:read")

    kind = client.post("/api/v1/site-classification", headers=reads, json={"answers": ANSWERS})
    site = client.post(URL, headers=reads, json=ENTRY | {"owner": "nobody"})

    assert kind.status_code == 200
    assert (site.status_code, site.json["code"]) == (403, "scope_missing")


def test_everything_wrong_with_an_entry_is_named(client: FlaskClient) -> None:
    owner = make_organisation()
    body = ENTRY | {"owner": owner.slug, "name_sv": " ", "answers": {}, "price_model": "dear"}

    answer = client.post(URL, headers=officer(), json=body)

    assert answer.status_code == 422
    assert problems(answer) == {
        ("missing", "name_sv"), ("unclassified", "answers"), ("unknown_choice", "price_model"),
    }  # fmt: skip


def test_a_permit_without_its_days_is_of_the_wrong_shape(client: FlaskClient) -> None:
    body = ENTRY | {"owner": make_organisation().slug, "permits_held": [{"permit": "sea"}]}

    answer = client.post(URL, headers=officer(), json=body)

    assert answer.status_code == 422
    assert {one["field"] for one in answer.json["errors"]} == {
        "permits_held.0.valid_from", "permits_held.0.valid_until",
    }  # fmt: skip


def test_nobody_enters_a_site_for_an_organisation_that_is_not_theirs(client: FlaskClient) -> None:
    owner, other = make_organisation("Hamnen"), make_organisation()
    body = ENTRY | {"owner": owner.slug}

    own = client.post(URL, headers=bearer(make_member(owner, "org_admin")), json=body)
    plain = client.post(URL, headers=bearer(make_member(owner)), json=body)
    foreign = client.post(URL, headers=bearer(make_member(other, "org_admin")), json=body)

    assert (own.status_code, plain.status_code, foreign.status_code) == (201, 403, 403)


def test_the_catalogue_is_filtered_and_leaves_drafts_out(client: FlaskClient) -> None:
    make_site(name_sv="Ängen", municipality="1080")
    make_site(name_sv="Backen", municipality="1081")
    make_site(name_sv="Utkast", municipality="1080", status=SiteStatus.DRAFT)

    names = [one["name_sv"] for one in client.get(f"{URL}?municipality=1080").json["items"]]
    found = [one["name_sv"] for one in client.get(f"{URL}?q=back").json["items"]]

    assert (names, found) == (["Ängen"], ["Backen"])


def test_a_draft_is_there_only_for_those_who_edit_it(client: FlaskClient) -> None:
    site = make_site(status=SiteStatus.DRAFT)

    own = client.get(f"{URL}/{site.slug}", headers=bearer(make_manager(site)))
    stranger = client.get(f"{URL}/{site.slug}", headers=bearer(make_user()))

    assert (own.status_code, stranger.status_code, stranger.json["code"]) == (200, 404, "not_found")


def test_a_manager_edits_the_entry_as_it_was_seen(client: FlaskClient) -> None:
    site = make_site()
    url, manager, body = f"{URL}/{site.slug}", bearer(make_manager(site)), ENTRY | {"status": "limited"}

    etag = client.get(url).headers["ETag"]
    refused = client.put(url, headers=bearer(make_user()) | {"If-Match": etag}, json=body)
    first = client.put(url, headers=manager | {"If-Match": etag}, json=body)
    late = client.put(url, headers=manager | {"If-Match": etag}, json=body)

    assert refused.status_code == 403
    assert (first.status_code, first.json["status"], first.json["name_sv"]) == (200, "limited", "Älvsborgs kaj")
    assert (late.status_code, late.json["code"]) == (409, "stale_version")


def test_an_edit_must_say_the_state_so_that_none_is_opened_by_mistake(client: FlaskClient) -> None:
    site = make_site(status=SiteStatus.CLOSED)
    body = {name: value for name, value in ENTRY.items() if name != "status"}

    answer = client.put(f"{URL}/{site.slug}", headers=bearer(make_manager(site)) | {"If-Match": '"1"'}, json=body)

    assert (answer.status_code, {one["field"] for one in answer.json["errors"]}) == (422, {"status"})


def test_resources_share_units_by_name(client: FlaskClient, session: Session) -> None:
    site = make_site()
    manager, url = bearer(make_manager(site)), f"{URL}/{site.slug}/resources"

    hall = client.post(url, headers=manager, json={"name_sv": "Hallen", "units": ["Östra", "Västra"]})
    bay = client.post(url, headers=manager, json={"name_sv": "Östra facket", "units": ["Östra"]})
    seats = client.post(url, headers=manager, json={"name_sv": "Platser", "pool_size": 12})
    listed = client.get(url).json

    assert (hall.status_code, hall.headers["Location"]) == (201, f"{url}/hallen")
    assert (hall.json["units"], hall.json["unit_count"]) == (["Östra", "Västra"], 2)
    assert bay.json["units"] == ["Östra"]
    assert (seats.json["is_pool"], seats.json["unit_count"]) == (True, 12)
    assert [one["slug"] for one in listed] == ["hallen", "platser", "ostra-facket"]
    hall_units, bay_units = (queries.get_resource(site, slug).units for slug in ("hallen", "ostra-facket"))
    assert bay_units[0] in hall_units


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"shortest_minutes": 120, "longest_minutes": 60}, ("lengths", "longest_minutes")),
        ({"step_minutes": 0}, ("out_of_range", "step_minutes")),
        ({"horizon_days": 10**9}, ("out_of_range", "horizon_days")),
        ({"approvals_needed": 0}, ("out_of_range", "approvals_needed")),
        ({"price_ore": -1}, ("negative", "price_ore")),
        ({"pool_size": 61}, ("pool_size", "pool_size")),
        ({"kind": "x" * 41}, ("too_long", "kind")),
        ({"units": ["Norra", "x" * 201]}, ("too_long", "units")),
        ({"name_sv": "Salen"}, ("name_taken", "name_sv")),
    ],
)
def test_a_resource_that_cannot_be_is_refused(
    client: FlaskClient, change: dict[str, Any], problem: tuple[str, str]
) -> None:
    site = make_site()
    make_resource(site, name_sv="Salen")

    answer = client.post(
        f"{URL}/{site.slug}/resources", headers=bearer(make_manager(site)), json={"name_sv": "Ny"} | change
    )

    assert (answer.status_code, problems(answer)) == (422, {problem})


def test_only_those_who_edit_a_site_say_what_is_bookable_and_when(client: FlaskClient) -> None:
    resource = make_resource(make_site(), name_sv="Salen")
    url, stranger = f"{URL}/{resource.site.slug}/resources", bearer(make_member(make_organisation()))
    hours = {"periods": [{"weekday": 0, "opens": "08:00", "closes": "16:00"}]}

    added = client.post(url, headers=stranger, json={"name_sv": "Ny"})
    seen = {"If-Match": client.get(f"{url}/salen").headers["ETag"]}
    opened = client.put(f"{url}/salen/opening", headers=stranger | seen, json=hours)
    right = client.put(f"{url}/salen/opening", headers=bearer(make_manager(resource.site)) | seen, json=hours)

    assert (added.status_code, opened.status_code) == (403, 403)
    assert right.json["opening"] == [{"weekday": 0, "on_date": None, "opens": "08:00:00", "closes": "16:00:00"}]


def test_a_weekday_beyond_the_week_is_of_the_wrong_shape(client: FlaskClient) -> None:
    resource = make_resource(name_sv="Salen")
    url = f"{URL}/{resource.site.slug}/resources/salen/opening"
    body = {"periods": [{"weekday": 7, "opens": "08:00", "closes": "16:00"}]}

    seen = {"If-Match": f'"{resource.version}"'}
    answer = client.put(url, headers=bearer(make_manager(resource.site)) | seen, json=body)

    assert (answer.status_code, problems(answer)) == (422, {("wrong_shape", "periods.0.weekday")})


def test_what_is_taken_is_open_but_not_by_whom_and_the_nearest_free_times_are_found(client: FlaskClient) -> None:
    resource = make_resource(name_sv="Salen", cleanup_minutes=60)
    make_booking(resource, use=between(8, 12))
    url, day = f"{URL}/{resource.site.slug}/resources/salen", at(8).date().isoformat()

    taken = client.get(f"{url}/taken?from={day}&until={day}")
    free = client.get(f"{url}/free-times", query_string={"starts_at": at(8).isoformat(), "ends_at": at(12).isoformat()})

    assert taken.json == [{"starts_at": at(8).isoformat(), "ends_at": at(13).isoformat()}]
    assert len(free.json) == 3
    assert all(one["ends_at"] <= at(7).isoformat() or one["starts_at"] >= at(13).isoformat() for one in free.json)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "fields"),
    [
        ("2027-03-17T10:00:00+01:00", "2027-03-17T10:00:00+01:00", {("ends_first", "ends_at")}),
        ("2027-03-17T10:00:00", "2027-03-17T12:00:00+01:00", {("wrong_shape", "starts_at")}),
        ("0001-01-01T00:00:00Z", "2027-03-17T10:00:00Z", {("wrong_shape", "starts_at")}),
        ("2027-03-17T10:00:00Z", "9999-12-31T23:59:59Z", {("wrong_shape", "ends_at")}),
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_is_refused(
    client: FlaskClient, starts_at: str, ends_at: str, fields: set[tuple[str, str]]
) -> None:
    resource = make_resource(name_sv="Salen")

    answer = client.get(
        f"{URL}/{resource.site.slug}/resources/salen/free-times",
        query_string={"starts_at": starts_at, "ends_at": ends_at},
    )

    assert (answer.status_code, problems(answer)) == (422, fields)


@pytest.mark.parametrize("change", [{"name_en": "\ud800"}, {"description_sv": "\ud800"}])
def test_what_no_record_can_hold_is_refused_and_nothing_breaks(client: FlaskClient, change: dict[str, Any]) -> None:
    site = make_site()

    answer = client.post(
        f"{URL}/{site.slug}/resources", headers=bearer(make_manager(site)), json={"name_sv": "Ny"} | change
    )

    assert (answer.status_code, answer.json["code"]) == (422, "cannot_be_kept")
