"""The day of use through the API: permits, risks, check-in and check-out."""

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from missions_app import clock
from missions_app.bookings.models import LineState
from tests.api.test_bookings import URL, line_url, problems, seen
from tests.factories.accounts import bearer
from tests.factories.bookings import make_booking
from tests.factories.organisations import make_member
from tests.factories.sites import make_manager


def test_the_day_of_use_from_check_in_to_closed(client: FlaskClient) -> None:
    booking = make_booking(state=LineState.APPROVED)
    site, start = booking.lines[0].resource.site, booking.lines[0].starts_at

    with clock.fixed(start):
        user, manager = bearer(booking.requested_by), bearer(make_manager(site))
        today = client.get(f"/api/v1/sites/{site.slug}/today", headers=manager).json
        stranger = client.get(f"/api/v1/sites/{site.slug}/today", headers=user).status_code
        came = client.post(f"{line_url(booking)}/check-in", headers=user | seen(booking), json={"people": 2})
        noted = client.post(f"{URL}/{booking.reference}/deviations", headers=user, json={"text": "En givare dog."})
        went = client.post(f"{line_url(booking)}/check-out", headers=user | {"If-Match": came.headers["ETag"]})
        closed = client.post(f"{line_url(booking)}/close", headers=manager | {"If-Match": went.headers["ETag"]})
        whole = client.get(f"{URL}/{booking.reference}", headers=user).json

    assert [one["booking"] for one in today] == [booking.reference]
    assert stranger == 403
    assert (came.json["state"], came.json["people_present"]) == ("ongoing", 2)
    assert (noted.status_code, noted.json["is_incident"]) == (201, False)
    assert (went.json["state"], closed.json["state"]) == ("completed", "closed")
    assert [one["text"] for one in whole["deviations"]] == ["En givare dog."]


def test_check_in_opens_two_hours_before_and_only_when_every_permit_holds(client: FlaskClient) -> None:
    booking = make_booking(
        state=LineState.APPROVED, answers={"street": True}, insurance_reference="K-1",
        details=dict.fromkeys(
            ("traffic_arrangement_plan", "accessibility_diversion", "emergency_access", "residents_notice"), "Bilaga"
        ),
    )  # fmt: skip
    url, start = f"{line_url(booking)}/check-in", booking.lines[0].starts_at
    headers = bearer(booking.requested_by)
    early = client.post(url, headers=headers | seen(booking), json={})
    permits = client.get(f"{URL}/{booking.reference}", headers=headers).json["permits"]
    with clock.fixed(start):
        headers = bearer(booking.requested_by)
        closed = client.post(url, headers=headers | seen(booking), json={})
        for one in permits:
            day = start.date().isoformat()
            client.put(
                f"{URL}/{booking.reference}/permits/{one['permit']}",
                headers=headers | {"If-Match": f'"{one["version"]}"'},
                json={"state": "granted", "valid_from": day, "valid_until": day, "number": "T-1"},
            )  # fmt: skip
        opened = client.post(url, headers=headers | seen(booking), json={})

    assert (early.status_code, early.json["code"]) == (409, "too_early")
    assert permits
    assert (closed.status_code, closed.json["code"]) == (409, "permits_missing")
    assert (opened.status_code, opened.json["state"]) == (200, "ongoing")


def test_a_permit_is_granted_for_named_days_or_judged_not_needed_with_a_reason(client: FlaskClient) -> None:
    booking = make_booking(
        answers={"street": True}, details=dict.fromkeys(
            ("traffic_arrangement_plan", "accessibility_diversion", "emergency_access", "residents_notice"), "Bilaga"
        ),
    )  # fmt: skip
    user = bearer(booking.requested_by)
    row = client.get(f"{URL}/{booking.reference}", headers=user).json["permits"][0]
    url, old = f"{URL}/{booking.reference}/permits/{row['permit']}", {"If-Match": f'"{row["version"]}"'}

    def put(body: dict[str, Any], **more: str) -> Any:
        return client.put(url, headers=user | old | more, json=body)

    undated, unsaid = put({"state": "granted"}), put({"state": "not_needed"})
    foreign = client.put(url, headers=bearer(make_member(booking.organisation)) | old, json={"state": "applied"})
    right = put({"state": "not_needed", "reason": "Gatan är avstängd ändå."})
    late = put({"state": "applied"})
    nothing = client.put(f"{URL}/{booking.reference}/permits/none", headers=user | old, json={"state": "applied"})

    assert problems(undated) == {("missing", "valid_from"), ("missing", "valid_until")}
    assert problems(unsaid) == {("reason_missing", "reason")}
    assert (foreign.status_code, nothing.status_code) == (403, 404)
    assert (right.status_code, right.json["state"]) == (200, "not_needed")
    assert (late.status_code, late.json["code"]) == (409, "stale_version")


def test_a_risk_is_written_by_those_who_book_and_accepted_by_the_site(client: FlaskClient) -> None:
    booking = make_booking()
    user, manager = bearer(booking.requested_by), bearer(make_manager(booking.lines[0].resource.site))
    url = f"{URL}/{booking.reference}/risks"

    wrong = client.post(url, headers=user, json={"text": " ", "level": "dreadful"})
    made = client.post(url, headers=user, json={"text": "Halka", "level": "medium", "mitigation": "Sand"})
    accept, etag = f"{url}/{made.json['id']}/accept", {"If-Match": made.headers["ETag"]}
    own = client.post(accept, headers=user | etag)
    accepted = client.post(accept, headers=manager | etag)
    late = client.post(accept, headers=manager | etag)

    assert problems(wrong) == {("missing", "text"), ("unknown_choice", "level")}
    assert (made.status_code, own.status_code) == (201, 403)
    assert (accepted.status_code, accepted.json["accepted_at"] is not None) == (200, True)
    assert (late.status_code, late.json["code"]) == (409, "stale_version")


def test_a_time_nobody_came_to_is_given_back_after_the_grace(client: FlaskClient) -> None:
    booking = make_booking(state=LineState.APPROVED)
    manager, url = make_manager(booking.lines[0].resource.site), f"{line_url(booking)}/no-show"

    early = client.post(url, headers=bearer(manager) | seen(booking))
    with clock.fixed(booking.lines[0].starts_at + timedelta(hours=2)):
        late = client.post(url, headers=bearer(manager) | seen(booking))

    assert (early.status_code, early.json["code"]) == (409, "within_grace")
    assert (late.status_code, late.json["state"]) == (200, "no_show")
