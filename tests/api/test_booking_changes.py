"""Bundles, lines, conditions, other times, messages and what others see, through the API."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app.bookings.models import LineState, Tier
from missions_app.sites.models import Resource
from tests.api.test_bookings import URL, line_url, problems, seen
from tests.factories.accounts import bearer, make_user
from tests.factories.bookings import SMALL, at, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_manager, make_resource


def bundle_of(*resources: Resource, **more: Any) -> dict[str, Any]:
    """A request for several things at once."""
    lines = [
        {
            "site": one.site.slug, "resource": one.slug, "starts_at": at(8).isoformat(), "ends_at": at(12).isoformat(),
        }
        for one in resources
    ]  # fmt: skip
    return {**SMALL, "lines": lines, **more}


def etag(record: Any) -> dict[str, str]:
    return {"If-Match": f'"{record.version}"'}


def test_a_bundle_of_many_owners_is_asked_for_in_one_call(client: FlaskClient) -> None:
    organisation = make_organisation()
    user = bearer(make_member(organisation))

    made = client.post(
        URL, headers=user, json=bundle_of(make_resource(), make_resource(), organisation=organisation.slug)
    )

    assert made.status_code == 201
    assert [one["state"] for one in made.json["lines"]] == ["submitted", "submitted"]


def test_a_request_without_a_resource_or_lines_is_told_what_is_missing(client: FlaskClient) -> None:
    organisation = make_organisation()

    answer = client.post(URL, headers=bearer(make_member(organisation)), json={"organisation": organisation.slug})

    assert answer.status_code == 422
    assert {field for _code, field in problems(answer)} == {"site", "resource", "starts_at", "ends_at"}


def test_a_draft_grows_and_shrinks_and_is_sent(client: FlaskClient, session: Session) -> None:
    booking = make_booking(state=LineState.DRAFT)
    user, url = bearer(booking.requested_by), f"{URL}/{booking.reference}"
    more = bundle_of(make_resource())["lines"][0]

    added = client.post(f"{url}/lines", headers=user | etag(booking), json=more)
    line = client.get(added.headers["Location"], headers=user)
    gone = client.delete(added.headers["Location"], headers=user | {"If-Match": line.headers["ETag"]})
    session.expire_all()
    sent = client.post(f"{url}/submit", headers=user | etag(booking), json={})

    assert (added.status_code, gone.status_code, sent.json["state"]) == (201, 204, "submitted")
    assert len(sent.json["lines"]) == 1


def test_conditions_are_asked_for_ticked_off_and_confirmed(client: FlaskClient, session: Session) -> None:
    booking = make_booking()
    line = booking.lines[0]
    manager, user = bearer(make_manager(line.resource.site)), bearer(booking.requested_by)
    body = {"state": "conditional", "conditions": [{"text": "Visa försäkringen"}]}
    client.post(f"{line_url(booking)}/decision", headers=manager | seen(booking), json=body)
    session.expire_all()
    asked_for = client.get(f"{line_url(booking)}/conditions", headers=user).json
    ticked = client.post(
        f"{URL}/{booking.reference}/conditions/{asked_for[0]['id']}/tick",
        headers=user | {"If-Match": f'"{asked_for[0]["version"]}"'},
    )
    session.expire_all()
    answer = client.post(f"{line_url(booking)}/decision", headers=manager | seen(booking), json={"state": "approved"})

    assert (asked_for[0]["text"], ticked.json["ticked_at"] is not None) == ("Visa försäkringen", True)
    assert answer.json["state"] == "approved"


def test_a_shorter_time_keeps_the_approval_also_here(client: FlaskClient, session: Session) -> None:
    booking = make_booking(state=LineState.APPROVED)
    body = {"starts_at": at(8).isoformat(), "ends_at": at(10).isoformat()}

    answer = client.put(f"{line_url(booking)}/time", headers=bearer(booking.requested_by) | seen(booking), json=body)

    assert (answer.json["state"], answer.json["ends_at"]) == ("approved", at(10).isoformat())


def test_what_was_refused_is_gone_on_without(client: FlaskClient) -> None:
    booking = make_booking(state=LineState.DECLINED)
    line, user = booking.lines[0], bearer(booking.requested_by)
    url = f"{line_url(booking)}/go-on-without"

    gone = client.post(url, headers=user | etag(line))
    again = client.post(url, headers=user | etag(line))

    assert (gone.status_code, gone.json["state"]) == (200, "declined")
    assert gone.json["gone_without_at"] is not None
    assert (again.status_code, problems(again)) == (409, {("no_such_step", None)})


def test_messages_a_copy_and_the_statement_are_for_those_who_take_part(client: FlaskClient) -> None:
    booking = make_booking(make_resource(price_ore=10_000), state=LineState.APPROVED)
    user, stranger = bearer(booking.requested_by), bearer(make_user())
    url = f"{URL}/{booking.reference}"

    said = client.post(f"{url}/messages", headers=user, json={"text": "Vi kommer med bil"})
    copied = client.post(f"{url}/copy", headers=user, json={"day": (at(8, days=30)).date().isoformat()})
    paid = client.get(f"{url}/statement", headers=user)

    assert (said.status_code, copied.status_code, copied.json["state"]) == (201, 201, "draft")
    assert [one["to_pay_ore"] for one in paid.json] == [40_000]
    assert [client.get(f"{url}/{part}", headers=stranger).status_code for part in ("messages", "statement")] == [
        404
    ] * 2


def test_a_visitor_sees_of_a_site_what_each_booking_shows(client: FlaskClient) -> None:
    booking = make_booking(visibility=Tier.PURPOSE)
    slug, day = booking.lines[0].resource.site.slug, at(8).date().isoformat()

    shown = client.get(f"/api/v1/sites/{slug}/bookings?from={day}&until={day}").json

    assert [(one["purpose"], one["organisation"], one["booking"]) for one in shown] == [(SMALL["purpose"], None, None)]


def test_whether_it_goes_ahead_is_said_and_read(client: FlaskClient, session: Session) -> None:
    booking = make_booking(state=LineState.APPROVED, limits={"wind": 10}, go_no_go_at=at(14, days=9))
    url, user = f"/api/v1/bookings/{booking.reference}", bearer(booking.requested_by)

    before = client.get(url, headers=user).json["decided_go_at"]
    said = client.post(f"{url}/go", headers=user).json["decided_go_at"]
    again = client.post(f"{url}/go", headers=user).json["decided_go_at"]

    assert before is None
    assert said is not None
    assert again == client.get(url, headers=user).json["decided_go_at"] == said
