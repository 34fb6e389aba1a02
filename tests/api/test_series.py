"""Series through the API: tried, booked, answered, changed and cancelled."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app.bookings.models import Line
from tests.factories.accounts import bearer, make_user
from tests.factories.bookings import make_booking
from tests.factories.series import make_draft, make_series, weekly
from tests.factories.sites import make_manager


def url_of(line: Line) -> str:
    return f"/api/v1/bookings/{line.booking.reference}/lines/{line.id}/series"


def body(**more: Any) -> dict[str, Any]:
    """Three weeks from nine to eleven."""
    pattern = weekly(3)
    return {
        "first_day": pattern.first_day.isoformat(), "starts": "09:00", "ends": "11:00", "every": "WEEKLY", "count": 3,
        **more,
    }  # fmt: skip


def test_a_series_is_tried_then_booked_around_what_is_taken(client: FlaskClient, session: Session) -> None:
    line = make_draft()
    user = bearer(line.booking.requested_by)
    seen = user | {"If-Match": f'"{line.booking.version}"'}
    checks = client.post(f"{url_of(line)}/preview", headers=user, json=body()).json
    make_booking(line.resource, use=None)
    taken = client.post(f"{url_of(line)}/preview", headers=user, json=body()).json[0]
    refused = client.post(url_of(line), headers=seen, json=body())
    booked = client.post(
        url_of(line),
        headers=seen,
        json=body(on_conflict="skip", choices=[{"date": taken["date"], "answer": "leave_out"}]),
    )

    assert [one["is_blocked"] for one in checks] == [False] * 3
    assert (taken["is_taken"], bool(taken["free"])) == (True, True)
    assert (refused.status_code, refused.json["code"]) == (409, "series_refused")
    assert [(one["code"], one["field"]) for one in refused.json["errors"]] == [("taken", taken["date"])]
    assert (booked.status_code, len(booked.json["dates"])) == (201, 2)
    assert client.get(booked.headers["Location"], headers=user).json["id"] == booked.json["id"]


def test_dates_are_answered_changed_and_cancelled_in_one_step(client: FlaskClient, session: Session) -> None:
    series = make_series()
    url = f"/api/v1/bookings/{series.booking.reference}/series/{series.id}"
    user, manager = bearer(series.booking.requested_by), bearer(make_manager(series.resource.site))

    def act(what: str, who: dict[str, str], **sent: Any) -> Any:
        tag = client.get(url, headers=who).headers["ETag"]
        return client.post(f"{url}/{what}", headers=who | {"If-Match": tag}, json=sent)

    decided = act("decision", manager, state="approved")
    second = decided.json["dates"][1]["date"]
    moved = act("change", user, scope="this", date=second, starts="13:00", ends="15:00")
    cancelled = act("cancel", user, scope="following", date=second, reason="Behövs inte")

    assert [one["state"] for one in decided.json["dates"]] == ["approved"] * 3
    assert [one["state"] for one in moved.json["dates"]] == ["approved", "submitted", "approved"]
    assert [one["state"] for one in cancelled.json["dates"]] == ["approved", "cancelled", "cancelled"]
    assert len(client.get(f"/api/v1/bookings/{series.booking.reference}/series", headers=user).json) == 1


def test_strangers_and_bad_input_are_refused_in_words(client: FlaskClient, session: Session) -> None:
    line = make_draft()
    seen = bearer(line.booking.requested_by) | {"If-Match": f'"{line.booking.version}"'}

    stranger = client.post(f"{url_of(line)}/preview", headers=bearer(make_user()), json=body())
    endless = client.post(url_of(line), headers=seen, json=body(count=None))
    strange = client.post(url_of(line), headers=seen, json=body(starts="25:00"))

    assert stranger.status_code == 404
    assert [(one["code"], one["field"]) for one in endless.json["errors"]] == [("no_end", "until")]
    assert strange.status_code == 422


@pytest.mark.parametrize("starts", ["09:00:30", "09:00+02:00", "09:00Z"])
def test_a_local_time_is_whole_minutes_without_an_offset(client: FlaskClient, session: Session, starts: str) -> None:
    line = make_draft()
    seen = bearer(line.booking.requested_by) | {"If-Match": f'"{line.booking.version}"'}
    answer = client.post(url_of(line), headers=seen, json=body(starts=starts))
    assert (answer.status_code, [one["field"] for one in answer.json["errors"]]) == (422, ["starts"])


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"weekdays": [7]}, "weekdays.0"),
        ({"weekdays": [0, -1]}, "weekdays.1"),
        ({"choices": [{"date": "x", "starts_at": "2030-01-01T09:00Z", "ends_at": "2030-01-01T08:00Z"}]},
         "choices.0.ends_at"),
        ({"choices": [{"date": "x", "starts_at": "2030-01-01T09:00Z"}]}, "choices.0.ends_at"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_and_not_passed_over(
    client: FlaskClient, session: Session, sent: dict[str, Any], field: str
) -> None:
    line = make_draft()
    seen = bearer(line.booking.requested_by) | {"If-Match": f'"{line.booking.version}"'}
    answer = client.post(url_of(line), headers=seen, json=body(**sent))
    assert (answer.status_code, [one["field"] for one in answer.json["errors"]]) == (422, [field])
