"""Bookings through the API: asked for, answered, moved, used."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import site_scope
from missions_app.accounts.models import User
from missions_app.bookings import day_service
from missions_app.bookings.models import Booking, LineState, Tier
from missions_app.sites.models import Resource, SiteStatus
from tests.factories.accounts import actor_of, bearer, grant_role, make_user, sign_in
from tests.factories.bookings import SMALL, at, between, make_booking
from tests.factories.experiments import make_planned
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_manager, make_resource, make_site

URL = "/api/v1/bookings"


def asked(resource: Resource, organisation: str, **more: Any) -> dict[str, Any]:
    """A request for a small test from eight to twelve."""
    return {
        **SMALL, "site": resource.site.slug, "resource": resource.slug, "organisation": organisation,
        "starts_at": at(8).isoformat(), "ends_at": at(12).isoformat(), **more,
    }  # fmt: skip


def problems(answer: Any) -> set[tuple[str, str | None]]:
    return {(one["code"], one["field"]) for one in answer.json["errors"]}


def times(alternative: dict[str, str]) -> dict[str, str]:
    return {name: alternative[name] for name in ("starts_at", "ends_at")}


def line_url(booking: Booking) -> str:
    return f"{URL}/{booking.reference}/lines/{booking.lines[0].id}"


def seen(booking: Booking) -> dict[str, str]:
    """The booking's line as it stands."""
    return {"If-Match": f'"{booking.lines[0].version}"'}


def test_a_member_asks_the_manager_answers_and_the_time_is_theirs(client: FlaskClient) -> None:
    resource, organisation = make_resource(), make_organisation()
    user, manager = bearer(make_member(organisation)), bearer(make_manager(resource.site))

    made = client.post(URL, headers=user, json=asked(resource, organisation.slug, reserve_dates=["2027-05-04"]))
    waiting = client.get(f"{URL}/waiting", headers=manager).json
    url = f"{made.headers['Location']}/lines/{waiting[0]['id']}"
    etag = client.get(url, headers=manager).headers["ETag"]
    decided = client.post(f"{url}/decision", headers=manager | {"If-Match": etag}, json={"state": "approved"})
    whole = client.get(made.headers["Location"], headers=user).json

    assert (made.status_code, made.json["state"]) == (201, "submitted")
    assert [one["booking"] for one in waiting] == [made.json["reference"]]
    assert (decided.status_code, decided.json["state"]) == (200, "approved")
    assert decided.headers["ETag"] != etag
    assert (whole["state"], whole["purpose"], whole["reserve_dates"]) == ("approved", SMALL["purpose"], ["2027-05-04"])
    assert [one["reference"] for one in client.get(URL, headers=user).json["items"]] == [made.json["reference"]]


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"answers": {"see": True}}, ("unknown_choice", "answers")),
        ({"limits": {"winds": 10}}, ("unknown_choice", "limits")),
        ({"purpose": "å" * 5001}, ("too_long", "purpose")),
        ({"emergency_contact": "å" * 201}, ("too_long", "emergency_contact")),
        ({"details": {"vessel": "å" * 1001}}, ("too_long", "vessel")),
        ({"details": {"vessel": {"name": ["Båt"]}}}, ("wrong_shape", "details.vessel.value")),
    ],
)
def test_what_nobody_can_read_is_refused_when_it_is_written(
    client: FlaskClient, more: dict[str, Any], problem: tuple[str, str]
) -> None:
    resource, organisation = make_resource(), make_organisation()
    headers = bearer(make_member(organisation))

    made = client.post(URL, headers=headers, json=asked(resource, organisation.slug, submit=False, **more))

    assert (made.status_code, problems(made)) == (422, {problem})


def test_a_reserve_date_that_is_named_twice_is_held_once(client: FlaskClient) -> None:
    resource, organisation = make_resource(make_site(is_outdoor=True)), make_organisation()
    body = asked(resource, organisation.slug, weather_limits="Åska", reserve_dates=["2027-05-05", "2027-05-04"] * 2)

    made = client.post(URL, headers=bearer(make_member(organisation)), json=body)

    assert (made.status_code, made.json["reserve_dates"]) == (201, ["2027-05-04", "2027-05-05"])


def test_a_time_that_is_taken_answers_with_the_nearest_free_ones(client: FlaskClient, session: Session) -> None:
    resource, organisation = make_resource(cleanup_minutes=60), make_organisation()
    make_booking(resource, use=between(8, 12))

    answer = client.post(
        URL,
        headers=bearer(make_member(organisation)),
        json=asked(resource, organisation.slug, ends_at=at(10).isoformat()),
    )

    assert (answer.status_code, answer.json["code"], answer.json["errors"][0]["field"]) == (409, "taken", "starts_at")
    assert answer.json["alternatives"][0] == {
        "way": "shifted", "site": resource.site.slug, "resource": resource.slug,
        "starts_at": at(5).isoformat(), "ends_at": at(7).isoformat(),
    }  # fmt: skip
    assert len(answer.json["alternatives"]) == 3
    assert session.scalar(select(func.count()).select_from(Booking)) == 1


def test_the_alternatives_can_be_had(client: FlaskClient) -> None:
    resource, organisation = make_resource(cleanup_minutes=60), make_organisation()
    make_booking(resource, use=between(8, 12))
    user = bearer(make_member(organisation))
    refused = client.post(URL, headers=user, json=asked(resource, organisation.slug))

    answers = [
        client.post(URL, headers=user, json=asked(resource, organisation.slug) | times(one)).status_code
        for one in refused.json["alternatives"][:1]
    ]

    assert answers == [201]


def test_the_same_key_books_once(client: FlaskClient, session: Session) -> None:
    resource, organisation = make_resource(), make_organisation()
    headers = bearer(make_member(organisation)) | {"Idempotency-Key": "one"}

    first = client.post(URL, headers=headers, json=asked(resource, organisation.slug))
    second = client.post(URL, headers=headers, json=asked(resource, organisation.slug))

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json == first.json
    assert session.scalar(select(func.count()).select_from(Booking)) == 1


def test_everything_missing_and_every_rule_broken_is_named(client: FlaskClient) -> None:
    resource, organisation = make_resource(most_people=3), make_organisation()
    body = asked(
        resource, organisation.slug, purpose="", people_on_site=5, ends_at=at(8).replace(minute=40).isoformat()
    )

    answer = client.post(URL, headers=bearer(make_member(organisation)), json=body)

    assert (answer.status_code, answer.json["code"]) == (422, "incomplete")
    assert problems(answer) == {
        ("missing", "purpose"), ("too_many_people", "people_on_site"), ("too_short", "ends_at"),
        ("off_step", "ends_at"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"ends_at": "2027-01-01T08:00:00+01:00", "starts_at": "2027-01-01T08:00:00+01:00"}, ("ends_first", "ends_at")),
        ({"starts_at": "2027-01-01T08:00:00"}, ("wrong_shape", "starts_at")),
        ({"starts_at": "0001-01-01T00:00:00Z"}, ("wrong_shape", "starts_at")),
        ({"units": 0}, ("wrong_shape", "units")),
        ({"reserve_dates": ["soon"]}, ("wrong_shape", "reserve_dates.0")),
        ({"answers": {"sea": "perhaps"}}, ("wrong_shape", "answers.sea.value")),
        ({"people_on_site": 10**30, "submit": False}, ("cannot_be_kept", None)),
    ],
)
def test_what_cannot_be_is_refused(client: FlaskClient, change: dict[str, Any], problem: tuple[str, str]) -> None:
    resource, organisation = make_resource(), make_organisation()

    answer = client.post(
        URL, headers=bearer(make_member(organisation)), json=asked(resource, organisation.slug, **change)
    )

    assert (answer.status_code, problems(answer)) == (422, {problem})


def test_nobody_books_for_an_organisation_that_is_not_theirs_or_what_is_not_there(client: FlaskClient) -> None:
    resource, organisation = make_resource(), make_organisation()
    member = bearer(make_member(organisation))
    draft = make_resource(make_site(status=SiteStatus.DRAFT))

    foreign = client.post(URL, headers=member, json=asked(resource, make_organisation().slug))
    hidden = client.post(URL, headers=member, json=asked(draft, organisation.slug))
    nothing = client.post(URL, headers=member, json=asked(resource, organisation.slug) | {"resource": "nothing"})

    assert (foreign.status_code, hidden.status_code, nothing.status_code) == (403, 404, 404)


def test_only_those_who_plan_an_experiment_book_for_it(client: FlaskClient) -> None:
    planned, resource = make_planned(), make_resource()
    reference, outsider = planned.experiment.reference, make_organisation()
    insured = {"insurance_reference": "K-1", "insurance_valid_to": "2030-12-31", "experiment": reference}

    stranger = client.post(URL, headers=bearer(make_member(outsider)), json=asked(resource, outsider.slug, **insured))
    lead = client.post(
        URL, headers=planned.bearer("researcher"), json=asked(resource, planned.region.university.slug, **insured)
    )

    assert (stranger.status_code, stranger.json["code"]) == (403, "not_allowed")
    assert (lead.status_code, lead.json["experiment"]) == (201, reference)


def test_a_draft_holds_nothing_and_is_changed_and_sent(client: FlaskClient) -> None:
    resource, organisation = make_resource(), make_organisation()
    user = bearer(make_member(organisation))
    draft = client.post(URL, headers=user, json=asked(resource, organisation.slug, purpose="", submit=False))
    url, etag = draft.headers["Location"], draft.headers["ETag"]
    taken = (
        f"/api/v1/sites/{resource.site.slug}/resources/{resource.slug}/taken?from={at(8).date()}&until={at(8).date()}"
    )

    early = client.post(f"{url}/submit", headers=user | {"If-Match": etag})
    free = client.get(taken).json
    body = {**SMALL, "starts_at": at(13).isoformat(), "ends_at": at(15).isoformat()}
    saved = client.put(url, headers=user | {"If-Match": etag}, json=body)
    late = client.put(url, headers=user | {"If-Match": etag}, json=body)
    sent = client.post(f"{url}/submit", headers=user | {"If-Match": saved.headers["ETag"]})

    assert (early.status_code, problems(early)) == (422, {("missing", "purpose")})
    assert free == []
    assert (saved.status_code, saved.json["lines"][0]["starts_at"]) == (200, at(13).isoformat())
    assert (late.status_code, late.json["code"]) == (409, "stale_version")
    assert (sent.status_code, sent.json["state"]) == (200, "submitted")
    assert client.get(taken).json == [{"starts_at": at(13).isoformat(), "ends_at": at(15).isoformat()}]


def test_a_booking_is_there_only_for_those_who_have_a_part_in_it(client: FlaskClient) -> None:
    booking = make_booking()
    url = f"{URL}/{booking.reference}"
    readers = [booking.requested_by, make_member(booking.organisation), make_manager(booking.lines[0].resource.site)]

    statuses = [client.get(url, headers=bearer(one)).status_code for one in readers]
    stranger = client.get(url, headers=bearer(make_user()))

    assert statuses == [200, 200, 200]
    assert (stranger.status_code, stranger.json["code"]) == (404, "not_found")


def test_whom_to_call_and_what_was_weighed_is_told_to_those_who_take_part(client: FlaskClient) -> None:
    content = {
        "on_site_responsible": "Forskningsingenjör 0455-00", "emergency_contact": "Vakten 0455-01",
        "insurance_reference": "K-17-försäkran", "personal_data_assessment": "Inga ansikten", "visibility": "full",
    }  # fmt: skip
    booking = make_booking(state=LineState.APPROVED, **content | {"visibility": Tier.FULL})
    line = booking.lines[0]
    manager, colleague, officer = make_manager(line.resource.site), make_member(booking.organisation), make_user()
    grant_role(officer, "secretariat_officer")
    with clock.fixed(line.starts_at):
        day_service.check_in(line, people=2, by=actor_of(manager), expected_version=line.version)

    def told(user: User) -> dict[str, Any]:
        whole = client.get(f"{URL}/{booking.reference}", headers=bearer(user)).json
        return {name: whole[name] for name in content} | {"people": whole["lines"][0]["people_present"]}

    assert [told(one) for one in (booking.requested_by, manager)] == [content | {"people": 2}] * 2
    assert [told(one) for one in (colleague, officer)] == [dict.fromkeys((*content, "people"))] * 2
    listed = client.get(URL, headers=bearer(colleague)).json["items"][0]
    assert listed["lines"][0]["people_present"] is None
    for one in (colleague, officer):
        sign_in(client, one)
        page = client.get(f"/bookings/{booking.reference}").text
        assert [text for text in content.values() if text != "full" and text in page] == []


def test_a_copy_by_a_colleague_does_not_take_the_contacts_along(client: FlaskClient) -> None:
    booking, day = make_booking(insurance_reference="K-17"), at(8, days=30).date().isoformat()

    def contacts(user: User) -> tuple[str, str]:
        made = client.post(f"{URL}/{booking.reference}/copy", headers=bearer(user), json={"day": day}).json
        return made["emergency_contact"], made["insurance_reference"]

    assert contacts(booking.requested_by) == (SMALL["emergency_contact"], "K-17")
    assert contacts(make_member(booking.organisation)) == ("", "")


def test_an_answer_is_the_managers_alone_and_never_on_their_own_request(client: FlaskClient) -> None:
    resource, organisation = make_resource(), make_organisation()
    manager = make_member(organisation)
    grant_role(manager, "site_manager", site_scope(resource.site_id))
    booking, own = (
        make_booking(resource),
        make_booking(resource, use=between(13, 16), user=manager, organisation=organisation),
    )

    def approve(one: Booking, user: User) -> Any:
        return client.post(f"{line_url(one)}/decision", headers=bearer(user) | seen(one), json={"state": "approved"})

    requester, mine, colleague = (
        approve(booking, booking.requested_by),
        approve(own, manager),
        approve(booking, manager),
    )

    assert (requester.status_code, requester.json["code"]) == (403, "not_allowed")
    assert (mine.status_code, mine.json["code"]) == (403, "own_request")
    assert (colleague.status_code, colleague.json["state"]) == (200, "approved")


def test_no_answer_without_its_reason_from_an_old_version_or_twice(client: FlaskClient) -> None:
    booking = make_booking()
    manager, old = bearer(make_manager(booking.lines[0].resource.site)), seen(booking)
    url = f"{line_url(booking)}/decision"

    unsaid = client.post(url, headers=manager, json={"state": "declined"})
    bare = client.post(url, headers=manager | old, json={"state": "declined"})
    first = client.post(url, headers=manager | old, json={"state": "declined", "reason": "Hallen byggs om i maj."})
    late = client.post(url, headers=manager | old, json={"state": "approved"})
    again = client.post(url, headers=manager | {"If-Match": first.headers["ETag"]}, json={"state": "approved"})

    assert (unsaid.status_code, unsaid.json["code"]) == (428, "version_missing")
    assert (bare.status_code, problems(bare)) == (422, {("missing", "reason")})
    assert (first.status_code, first.json["decision_reason"]) == (200, "Hallen byggs om i maj.")
    assert (late.status_code, late.json["code"]) == (409, "stale_version")
    assert (again.status_code, again.json["code"]) == (409, "no_such_step")


def test_a_line_is_moved_all_or_nothing(client: FlaskClient) -> None:
    resource = make_resource()
    booking = make_booking(resource, state=LineState.APPROVED)
    make_booking(resource, use=between(13, 16))
    manager, url = bearer(make_manager(resource.site)), f"{line_url(booking)}/move"

    def move(start: int, end: int) -> Any:
        body = {"starts_at": at(start).isoformat(), "ends_at": at(end).isoformat(), "reason": "Storm är på väg."}
        return client.post(url, headers=manager | seen(booking), json=body)

    clash, there = move(12, 14), client.get(line_url(booking), headers=manager).json
    moved = move(16, 20)

    assert (clash.status_code, clash.json["code"]) == (409, "taken")
    assert clash.json["alternatives"]
    assert (there["starts_at"], there["state"]) == (at(8).isoformat(), "approved")
    assert (moved.status_code, moved.json["starts_at"]) == (200, at(16).isoformat())


def test_a_cancelled_time_is_free_for_others(client: FlaskClient) -> None:
    booking = make_booking()
    resource, other = booking.lines[0].resource, make_organisation()
    etag = {"If-Match": f'"{booking.version}"'}
    url = f"{URL}/{booking.reference}/cancel"

    foreign = client.post(url, headers=bearer(make_manager(resource.site)) | etag, json={"reason": "Nej"})
    mine = client.post(url, headers=bearer(booking.requested_by) | etag, json={"reason": "Vi hinner inte."})
    next_one = client.post(URL, headers=bearer(make_member(other)), json=asked(resource, other.slug))

    assert foreign.status_code == 403
    assert (mine.status_code, mine.json["state"]) == (200, "cancelled")
    assert next_one.status_code == 201


def test_lists_ask_the_database_as_often_for_three_bookings_as_for_one(client: FlaskClient, session: Session) -> None:
    organisation = make_organisation()
    user = make_member(organisation)
    headers = bearer(user)
    counts = []
    client.get(URL, headers=headers)  # the first call notes that the token is used
    for _number in range(3):
        resource = make_resource()
        grant_role(user, "site_manager", site_scope(resource.site_id))
        make_booking(resource, organisation=organisation)
        counts.append([(selects(client, session, url, headers)) for url in (URL, f"{URL}/waiting")])

    assert len(client.get(URL, headers=headers).json["items"]) == 3
    assert len(client.get(f"{URL}/waiting", headers=headers).json) == 3
    assert counts[0] == counts[2]


def selects(client: FlaskClient, session: Session, url: str, headers: dict[str, str]) -> int:
    """How many statements a call takes."""
    statements: list[str] = []

    def note(*arguments: Any) -> None:
        statements.append(arguments[2])

    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        client.get(url, headers=headers)
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)
    return len(statements)
