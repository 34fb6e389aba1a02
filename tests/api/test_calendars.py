"""The calendar through the API: what is taken, links for calendar apps, and calendars kept elsewhere."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import outside_service
from missions_app.bookings.models import LineState, Tier
from missions_app.bookings.outside_read import Outside
from tests.factories.accounts import bearer, make_user
from tests.factories.bookings import between, make_booking
from tests.factories.sites import make_manager


def test_a_stranger_reads_that_it_is_taken_and_its_owner_more(client: FlaskClient, session: Session) -> None:
    booking = make_booking(visibility=Tier.FREE_BUSY, purpose="Hemligt prov")
    asked = {"first": (clock.today() + timedelta(days=10)).isoformat(), "days": "1"}
    url = "/api/v1/calendar"

    stranger = client.get(url, query_string=asked).json["rows"][0]["entries"][0]
    own = client.get(url, query_string=asked, headers=bearer(booking.requested_by)).json["rows"][0]["entries"][0]

    assert (stranger["purpose"], stranger["booking"], stranger["look"]) == (None, None, "busy")
    assert (own["purpose"], own["booking"], own["look"]) == ("Hemligt prov", booking.reference, "hold")
    assert client.get(url, query_string={"days": "500"}).status_code == 422


def test_a_link_is_made_read_and_taken_back(client: FlaskClient, session: Session) -> None:
    booking = make_booking()
    user = bearer(booking.requested_by)
    made = client.post("/api/v1/calendar/links", headers=user, json={"kind": "mine"})
    assert (made.status_code, client.get(made.json["path"]).status_code) == (201, 200)
    assert "path" not in client.get("/api/v1/calendar/links", headers=user).json[0]

    url = f"/api/v1/calendar/links/{made.json['id']}"
    assert client.delete(url, headers=bearer(make_user())).status_code == 404
    assert client.delete(url, headers=user).status_code == 204
    assert client.get(made.json["path"]).status_code == 404


def test_a_calendar_kept_elsewhere_is_followed_decided_about_and_left(client: FlaskClient, session: Session) -> None:
    booking = make_booking(state=LineState.APPROVED)
    resource = booking.lines[0].resource
    manager = bearer(make_manager(resource.site))
    url = f"/api/v1/sites/{resource.site.slug}/resources/{resource.slug}/outside-calendars"

    assert client.get(url, headers=bearer(booking.requested_by)).status_code == 403
    made = client.post(url, headers=manager, json={"name": "Hamnen", "url": "https://example.org/a.ics"})
    outside_service.take_in(made.json["id"], [Outside("ett", between(8, 12))])
    case = client.get("/api/v1/calendar/collisions", headers=manager).json[0]
    settle, seen = f"/api/v1/calendar/collisions/{case['id']}/settle", manager | {"If-Match": f'"{case["version"]}"'}
    timeless = client.post(settle, headers=seen, json={"to": "moved", "reason": "Den fick tiden först."})
    assert [one["field"] for one in timeless.json["errors"]] == ["starts_at", "ends_at"]
    settled = client.post(settle, headers=seen, json={"to": "kept", "reason": "Den fick tiden först."})
    shown = client.get(url, headers=manager).json[0]
    left = client.delete(f"{url}/{shown['id']}", headers=manager | {"If-Match": f'"{shown["version"]}"'})

    assert case["booking"] == booking.reference
    assert (settled.status_code, settled.json["state"]) == (200, "kept")
    assert (left.status_code, client.get(url, headers=manager).json) == (204, [])
