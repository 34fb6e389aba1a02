"""Finding time and waiting for it through the API."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app.accounts.actor import SYSTEM
from missions_app.bookings.demand_models import UnmetDemand
from missions_app.clock import today
from missions_app.sites import rule_service
from missions_app.sites.rule_service import QualificationEntry
from tests.factories.accounts import bearer, grant_role, make_user
from tests.factories.bookings import at, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_manager, make_resource, make_site
from tests.factories.waitlist import make_entry

URL = "/api/v1"


def test_times_are_found_by_words_and_can_be_had(client: FlaskClient) -> None:
    boat, hall = make_resource(name_sv="Arbetsbåt", most_people=6), make_resource(name_sv="Mäthall")

    found = client.get(f"{URL}/find-time?need=mäthall&need=båt för 4 personer&minutes=120&most=2").json

    first = found["suggestions"][0]
    assert [one["resource"] for one in first["resources"]] == [hall.slug, boat.slug]
    assert len(found["suggestions"]) == 2
    assert {one["code"] for one in first["reasons"]} >= {"price"}


def test_a_search_in_vain_names_the_wish_and_is_counted(client: FlaskClient) -> None:
    make_resource(make_site(municipality="1080"), name_sv="Mäthall")
    officer = make_user()
    grant_role(officer, "secretariat_officer")

    found = client.get(f"{URL}/find-time?need=mäthall&municipality=1083").json
    counted = client.get(f"{URL}/unmet-demand", headers=bearer(officer)).json["items"]

    assert [one["wish"] for one in found["relaxed"]] == ["municipalities"]
    assert [(one["kind"], one["times"], one["wish"]["needs"]) for one in counted] == [("search", 1, ["mäthall"])]


def test_the_earliest_date_says_what_decides_and_whether_it_is_a_promise(client: FlaskClient) -> None:
    make_resource()

    answer = client.get(f"{URL}/earliest-date?answer=sea&answer=bottom_contact").json

    assert (answer["decides"], answer["is_planning"]) == ("water_notice", False)
    assert answer["day"] > today().isoformat()


def test_what_a_site_holds_takes_no_time_in_the_earliest_date(client: FlaskClient) -> None:
    url = f"{URL}/earliest-date?answer=airborne"
    make_resource()
    first = client.get(url, headers={"Accept-Language": "en"}).json
    held = [
        {"permit": one["permit"], "valid_from": "2026-01-01", "valid_until": "2036-01-01"} for one in first["permits"]
    ]
    there = client.get(f"{url}&site={make_site(permits_held=held).slug}").json
    wrong = client.get(f"{URL}/earliest-date?answer=airborn")

    assert first["decides"] in {one["permit"] for one in first["permits"]}
    assert first["day"] == max(one["day"] for one in first["permits"])
    assert all(one["label"] for one in first["permits"])
    assert (there["decides"], there["day"] < first["day"]) == (None, True)
    assert (wrong.status_code, [one["field"] for one in wrong.json["errors"]]) == (422, ["answer"])


def test_a_time_that_the_caller_may_not_have_is_no_suggestion_and_says_why(client: FlaskClient) -> None:
    resource, organisation = make_resource(), make_organisation()
    needed = rule_service.add_qualification(resource.site, QualificationEntry("Dykintyg"), by=SYSTEM)
    rule_service.require_qualifications(resource, [needed], by=SYSTEM, expected_version=resource.version)
    member, url = bearer(make_member(organisation)), f"{URL}/find-time?need={resource.site.slug}/{resource.slug}"

    found = client.get(f"{url}&organisation={organisation.slug}", headers=member).json
    wrong = client.get(f"{url}&organisation=nobodys", headers=member)

    assert found["suggestions"] == []
    assert found["barred"][0]["problems"] == [
        {
            "code": "not_qualified", "field": "booked_for",
            "detail": "Whoever uses this needs the qualification Dykintyg. The owner gives it.",
            "resource": {"site": resource.site.slug, "resource": resource.slug},
        }
    ]  # fmt: skip
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "organisation")
    assert client.get(url).json["suggestions"]


def test_a_search_that_makes_no_sense_is_told_at_its_field(client: FlaskClient) -> None:
    answer = client.get(f"{URL}/find-time?minutes=7&weekday=9&opens=12:00&closes=10:00")

    assert answer.status_code == 422
    assert {one["field"] for one in answer.json["errors"]} >= {"minutes", "weekday.0"}


def test_joining_being_offered_declining_and_leaving(client: FlaskClient) -> None:
    resource, organisation = make_resource(), make_organisation()
    make_booking(resource)
    user = bearer(make_member(organisation))
    body: dict[str, Any] = {
        "organisation": organisation.slug, "wishes": [{"site": resource.site.slug, "resource": resource.slug}],
        "first": at(8).isoformat(), "last": at(16).isoformat(), "minutes": 240,
        "earliest_start": "12:00", "latest_end": "18:00",
    }  # fmt: skip

    made = client.post(f"{URL}/waitlist", headers=user, json=body)
    declined = client.post(f"{URL}/waitlist/offers/{made.json['offers'][0]['id']}/decline", headers=user)
    seen = client.get(made.headers["Location"], headers=user)
    left = client.post(f"{made.headers['Location']}/leave", headers=user | {"If-Match": seen.headers["ETag"]})

    assert (made.status_code, made.json["state"]) == (201, "offered")
    assert made.json["offers"][0]["starts_at"] == at(12).isoformat()
    assert (seen.json["earliest_start"], seen.json["latest_end"]) == ("12:00:00", "18:00:00")
    assert (declined.status_code, declined.json["state"]) == (200, "waiting")
    assert (left.status_code, left.json["state"]) == (200, "left")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "minutes"),
        ({"minutes": 60, "earliest_start": "09:00Z"}, "earliest_start"),
        ({"minutes": 60, "earliest_start": "09:00", "latest_end": "12:00+02:00"}, "latest_end"),
    ],
)
def test_a_wait_that_cannot_be_is_refused_at_its_field(client: FlaskClient, sent: dict[str, Any], field: str) -> None:
    resource, organisation = make_resource(longest_minutes=120), make_organisation()
    body = {
        "organisation": organisation.slug, "wishes": [{"site": resource.site.slug, "resource": resource.slug}],
        "first": at(8).isoformat(), "last": at(16).isoformat(), "minutes": 240,
    }  # fmt: skip

    answer = client.post(f"{URL}/waitlist", headers=bearer(make_member(organisation)), json=body | sent)

    assert (answer.status_code, [one["field"] for one in answer.json["errors"]]) == (422, [field])


def test_a_wait_on_weekdays_that_do_not_come_is_refused(client: FlaskClient) -> None:
    resource, organisation = make_resource(), make_organisation()
    user, today = bearer(make_member(organisation)), at(8).weekday()
    body = {
        "organisation": organisation.slug, "wishes": [{"site": resource.site.slug, "resource": resource.slug}],
        "first": at(8).isoformat(), "last": at(16).isoformat(), "minutes": 60,
    }  # fmt: skip

    refused = client.post(f"{URL}/waitlist", headers=user, json=body | {"weekdays": [(today + 1) % 7]})
    made = client.post(f"{URL}/waitlist", headers=user, json=body | {"weekdays": [today, (today + 1) % 7]})

    assert [(one["code"], one["field"]) for one in refused.json["errors"]] == [("no_such_weekday", "weekdays")]
    assert made.status_code == 201


def test_what_was_asked_for_in_vain_is_for_managers_about_their_own_sites(client: FlaskClient) -> None:
    resource, other = make_resource(), make_resource()
    for one in (resource, other):
        make_booking(one)
        try:
            make_booking(one)
        except Exception as error:
            assert type(error).__name__ == "Taken"
    manager = bearer(make_manager(resource.site))

    rows = client.get(f"{URL}/unmet-demand?kind=refused", headers=manager).json["items"]
    stranger = client.get(f"{URL}/unmet-demand", headers=bearer(make_user()))

    assert [one["resource"] for one in rows] == [resource.slug]
    assert stranger.status_code == 403


def test_nobody_reads_somebody_elses_place(client: FlaskClient) -> None:
    entry = make_entry(make_resource())

    answer = client.get(f"{URL}/waitlist/{entry.id}", headers=bearer(make_member(make_organisation())))

    assert answer.status_code == 403


def test_a_misspelt_condition_is_refused_and_not_counted(client: FlaskClient, session: Session) -> None:
    make_resource()

    answer = client.get(f"{URL}/find-time?kind=labb&theme=x&municipality=1080&municipality=Karlskrona")

    assert answer.status_code == 422
    assert {one["field"] for one in answer.json["errors"]} == {"kind", "theme", "municipality"}
    assert session.scalars(select(UnmetDemand)).all() == []


def test_a_length_is_searched_for_to_the_minute(client: FlaskClient) -> None:
    make_resource(step_minutes=15, shortest_minutes=15)

    found = client.get(f"{URL}/find-time?minutes=45&most=1").json["suggestions"][0]

    used = datetime.fromisoformat(found["ends_at"]) - datetime.fromisoformat(found["starts_at"])
    assert used == timedelta(minutes=45)
