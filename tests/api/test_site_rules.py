"""What limits bookings, through the API: the same services and the same refusals."""

from typing import Any

from flask.testing import FlaskClient

from missions_app.sites.models import Resource
from tests.factories.accounts import bearer
from tests.factories.bookings import at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_manager, make_resource, make_site

SITES = "/api/v1/sites"


def url_of(resource: Resource) -> str:
    return f"{SITES}/{resource.site.slug}/resources/{resource.slug}"


def manager(resource: Resource) -> dict[str, str]:
    return bearer(make_manager(resource.site))


def test_rules_are_changed_with_the_version_seen(client: FlaskClient) -> None:
    resource = make_resource()
    head, url = manager(resource), url_of(resource)
    body: dict[str, Any] = {"name_sv": "Hallen", "approval": "several", "approvals_needed": 2, "bookers": "chosen"}

    old = client.put(url, headers=head | {"If-Match": '"99"'}, json=body)
    done = client.put(url, headers=head | {"If-Match": client.get(url).headers["ETag"]}, json=body)

    assert old.status_code == 409
    assert (done.json["approval"], done.json["approvals_needed"], done.json["bookers"]) == ("several", 2, "chosen")


def test_a_blackout_lists_the_bookings_that_stand_in_it(client: FlaskClient) -> None:
    resource = make_resource()
    head, booking = manager(resource), make_booking(resource, use=between(8, 10))
    times = {"starts_at": at(6).isoformat(), "ends_at": at(20).isoformat()}

    made = client.post(f"{url_of(resource)}/blackouts", headers=head, json=times | {"reason": "Underhåll"})
    gone = client.delete(f"{url_of(resource)}/blackouts/{made.json['id']}", headers=head)

    assert (made.status_code, made.json["bookings"]) == (201, [booking.reference])
    assert gone.status_code == 204
    assert client.get(f"{url_of(resource)}/blackouts", headers=head).json == []


def test_quotas_and_qualifications_come_and_go(client: FlaskClient) -> None:
    resource, member = make_resource(), make_member(make_organisation())
    head, site = manager(resource), f"{SITES}/{resource.site.slug}"
    path = f"{resource.site.slug}/{resource.slug}"

    quota = client.post(
        f"{site}/quotas", headers=head, json={"name": "Tio", "period": "week", "hours": 10, "resources": [path]}
    )
    client.post(f"{site}/qualifications", headers=head, json={"name_sv": "Båtförare"})
    held = client.post(
        f"{site}/qualifications/batforare/held", headers=head,
        json={"email": member.email, "valid_from": "2026-01-01", "valid_until": "2028-01-01"},
    )  # fmt: skip
    seen = {"If-Match": f'"{resource.version}"'}
    client.put(f"{url_of(resource)}/qualifications", headers=head | seen, json={"slugs": ["batforare"]})

    assert quota.json["resources"] == [path]
    assert [one["id"] for one in client.get(f"{site}/quotas", headers=head).json] == [quota.json["id"]]
    assert held.json["qualification"] == "batforare"
    assert client.delete(f"{site}/qualifications/held/{held.json['id']}", headers=head).status_code == 204
    assert client.get(f"{site}/qualifications/held", headers=head).json == []


def test_what_a_body_names_and_is_not_there_is_told_at_its_field(client: FlaskClient) -> None:
    resource = make_resource()
    head, site, url = manager(resource), f"{SITES}/{resource.site.slug}", url_of(resource)
    seen, path = head | {"If-Match": f'"{resource.version}"'}, f"{resource.site.slug}/{resource.slug}"
    quota = {"name": "Tio", "period": "week", "hours": 10, "resources": [path, path]}

    answers = [
        client.post(f"{site}/quotas", headers=head, json=quota | {"organisation": "ingen"}),
        client.post(f"{site}/quotas", headers=head, json=quota | {"resources": ["ingen"]}),
        client.put(f"{url}/bookers", headers=seen, json={"slugs": ["ingen"]}),
        client.put(f"{url}/qualifications", headers=seen, json={"slugs": ["ingen"]}),
    ]

    assert [one.json["errors"][0]["field"] for one in answers] == ["organisation", "resources", "slugs", "slugs"]
    twice = client.post(f"{site}/quotas", headers=head, json=quota)
    assert (twice.status_code, twice.json["resources"]) == (201, [path])


def test_a_price_is_refused_in_the_unit_that_its_bound_is_said_in(client: FlaskClient) -> None:
    resource = make_resource()
    seen = manager(resource) | {"If-Match": f'"{resource.version}"', "Accept-Language": "en"}

    answer = client.put(url_of(resource), headers=seen, json={"name_sv": "Hallen", "price_ore": 2_000_000_001})

    assert answer.json["errors"][0]["detail"] == "Write a price from 0 to 20000000 kronor an hour."


def test_strangers_change_nothing(client: FlaskClient) -> None:
    resource = make_resource()
    head = bearer(make_member(make_organisation())) | {"If-Match": f'"{resource.version}"'}

    answer = client.post(
        f"{url_of(resource)}/exceptions", headers=head, json={"first": "2027-01-01", "last": "2027-01-02"}
    )

    assert answer.status_code == 403


def test_how_to_get_in_is_told_only_to_those_who_look_after_the_site(client: FlaskClient) -> None:
    site = make_site(details={"access_instructions": "Kod i luckan", "salinity": "7"})

    seen = client.get(f"{SITES}/{site.slug}").json["details"]
    own = client.get(f"{SITES}/{site.slug}", headers=bearer(make_manager(site))).json["details"]

    assert seen == {"salinity": "7"}
    assert own == {"access_instructions": "Kod i luckan", "salinity": "7"}


def test_a_quota_is_changed_and_ended_with_its_history(client: FlaskClient) -> None:
    resource = make_resource()
    head, path = manager(resource), f"{resource.site.slug}/{resource.slug}"
    quotas = f"{SITES}/{resource.site.slug}/quotas"
    wanted = {"name": "Tio", "period": "week", "hours": 10, "resources": [path]}
    made = client.post(quotas, headers=head, json=wanted)
    url, first = f"{quotas}/{made.json['id']}", {"If-Match": str(made.json["version"])}

    unseen = client.put(url, headers=head, json=wanted | {"hours": 20})
    changed = client.put(url, headers=head | first, json=wanted | {"hours": 20, "period": "month"})
    stale = client.put(url, headers=head | first, json=wanted | {"hours": 30})
    wrong = client.put(url, headers=head | {"If-Match": str(changed.json["version"])}, json=wanted | {"name": " "})
    ended = client.delete(url, headers=head | {"If-Match": str(changed.json["version"])})
    again = client.put(url, headers=head | {"If-Match": str(changed.json["version"] + 1)}, json=wanted)

    assert made.headers["Location"].endswith(f"/quotas/{made.json['id']}")
    assert (unseen.status_code, stale.status_code, wrong.status_code, ended.status_code) == (428, 409, 422, 204)
    assert (changed.json["hours"], changed.json["period"]) == (20, "month")
    assert (again.status_code, again.json["code"]) == (409, "quota_ended")
    assert client.get(quotas, headers=head).json == []
    assert client.get(url, headers=head).json["ended_at"] is not None
    events = client.get(f"{url}/history", headers=head).json
    assert [one["action"] for one in events] == ["quota.ended", "quota.edited", "quota.added"]
    assert events[1]["data"]["changed"] == {"hours": [10, 20], "period": ["week", "month"]}


def test_a_qualification_given_without_a_last_day_holds_as_long_as_it_usually_does(client: FlaskClient) -> None:
    resource, member = make_resource(), make_member(make_organisation())
    head, url = manager(resource), f"{SITES}/{resource.site.slug}/qualifications"
    until = {}
    for name, months in (("Kranbevis", 6), ("Båtförare", None)):
        made = client.post(url, headers=head, json={"name_sv": name, "valid_months": months})
        held = client.post(
            f"{url}/{made.json['slug']}/held", headers=head, json={"email": member.email, "valid_from": "2026-08-31"}
        )
        until[name] = held.json["valid_until"]

    assert until == {"Kranbevis": "2027-02-28", "Båtförare": None}


def test_a_qualification_is_not_given_twice_for_the_same_days(client: FlaskClient) -> None:
    resource, member = make_resource(), make_member(make_organisation())
    head, site = manager(resource), f"{SITES}/{resource.site.slug}"
    client.post(f"{site}/qualifications", headers=head, json={"name_sv": "Båtförare"})
    url, body = f"{site}/qualifications/batforare/held", {"email": member.email, "valid_from": "2026-01-01"}

    answers = [client.post(url, headers=head, json=body | more) for more in ({}, {}, {"valid_from": "2026-01-02"})]

    assert [one.status_code for one in answers] == [201, 422, 201]
    assert [(one["code"], one["field"]) for one in answers[1].json["errors"]] == [("held_already", "valid_from")]


def test_a_note_longer_than_can_be_kept_is_named(client: FlaskClient) -> None:
    resource, member = make_resource(), make_member(make_organisation())
    head, url = manager(resource), f"{SITES}/{resource.site.slug}/qualifications"
    client.post(url, headers=head, json={"name_sv": "Kranbevis"})
    given = {"email": member.email, "valid_from": "2026-08-31", "note": "x" * 501}

    answer = client.post(f"{url}/kranbevis/held", headers=head, json=given)

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "note")
