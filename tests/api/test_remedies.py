"""What is wrong with the shape of a request: each field by its name, with what to send instead."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app.bookings.models import LineState
from missions_app.edge.schema_words import REMEDIES, remedy
from missions_app.i18n import use_locale
from tests.factories.accounts import bearer, make_user
from tests.factories.bookings import make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_resource

WRONG = [
    ("people_on_site", "tre", "heltal"), ("starts_at", "2026-13-01T25:00", "2027-03-17T08:00:00+01:00"),
    ("starts_at", "2026-12-01T08:00", "tidsförskjutning"), ("insurance_valid_to", "i år", "år-månad-dag"),
    ("is_own_use", "kanske", "true eller false"), ("purpose", 3, "citattecken"), ("lines", "båten", "hakparenteser"),
    ("visibility", "alla", "Skicka något av: free_busy, purpose, organisation, full."), ("answers", [], "klammer"),
    ("booked_for", "kalle", "namn@example.org"), ("båt", 1, "/api/v1/"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "what"), WRONG)
def test_a_field_of_the_wrong_shape_says_what_to_send_instead(
    client: FlaskClient, session: Session, field: str, value: object, what: str
) -> None:
    answer = client.post(
        "/api/v1/bookings", json={field: value}, headers=bearer(make_user()) | {"Accept-Language": "sv"}
    )
    assert answer.status_code == 422
    told = {one["field"]: one["detail"] for one in answer.json["errors"]}
    assert what in told[field]
    assert "krävs" in told["organisation"]


@pytest.mark.parametrize(
    ("name", "value", "what"), [("days", "500", "från 1 till 62"), ("first", "i går", "år-månad-dag")]
)
def test_so_do_the_filters_in_an_address(
    client: FlaskClient, session: Session, name: str, value: str, what: str
) -> None:
    answer = client.get("/api/v1/calendar", query_string={name: value}, headers={"Accept-Language": "sv"})
    assert [(one["field"], what in one["detail"]) for one in answer.json["errors"]] == [(name, True)]


def test_every_sentence_of_the_library_has_a_remedy_in_both_languages() -> None:
    for text in [*REMEDIES, "Must be one of: a, b.", "Longer than maximum length 9."]:
        said = []
        for locale in ("en", "sv"):
            with use_locale(locale):
                said.append(remedy(text))
        assert len({text, *said}) == 3


def test_what_a_request_names_and_does_not_exist_is_told_at_its_field(client: FlaskClient, session: Session) -> None:
    resource = make_resource()
    user = make_member(make_organisation("Bolaget"))
    there = {"site": resource.site.slug, "resource": resource.slug}
    time = {"starts_at": "2031-01-07T08:00:00+01:00", "ends_at": "2031-01-07T12:00:00+01:00"}
    waits = {"first": time["starts_at"], "last": time["ends_at"], "minutes": 60, "organisation": "bolaget"}
    calls = [
        ("bookings", {"organisation": "ingen", "lines": [there | time]}, "organisation"),
        ("bookings", {"organisation": "bolaget", "lines": [there | time, there | time | {"resource": "x"}]},
         "lines.1.resource"),
        ("bookings", {"organisation": "bolaget", **there, **time, "experiment": "F-1999-001"}, "experiment"),
        ("waitlist", waits | {"wishes": [there | {"site": "x"}]}, "wishes.0.site"),
        ("waitlist", waits | {"wishes": [there], "organisation": "ingen"}, "organisation"),
        ("calendar/links", {"kind": "site", "site": "x"}, "site"),
        ("calendar/links", {"kind": "mission", "mission": "M-1999-001"}, "mission"),
    ]  # fmt: skip
    for address, body, field in calls:
        answer = client.post(f"/api/v1/{address}", json=body, headers=bearer(user))
        told = [(one["code"], one["field"]) for one in answer.json["errors"]]
        assert (address, answer.status_code, told) == (address, 404, [("not_found", field)])


def test_what_is_too_large_says_how_much_can_be_sent(client: FlaskClient, session: Session) -> None:
    most = client.application.config["MAX_CONTENT_LENGTH"]
    answer = client.post(
        "/api/v1/bookings", data=b" " * (most + 1), content_type="application/json", headers=bearer(make_user())
    )
    assert answer.status_code == 413
    assert f"{most // 1_000_000} MB" in answer.json["detail"]


def test_a_picture_that_is_no_base64_says_how_to_send_it(client: FlaskClient, session: Session) -> None:
    booking = make_booking(state=LineState.APPROVED)
    answer = client.post(
        f"/api/v1/bookings/{booking.reference}/deviations",
        json={"text": "Bojen drev", "photo": "!", "photo_text": "Bojen"},
        headers=bearer(booking.requested_by) | {"Accept-Language": "sv"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert [(one["field"], "base64" in one["detail"]) for one in answer.json["errors"]] == [("photo", True)]
