"""What went otherwise: noted with a picture, which can be taken away."""

import base64
import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app.bookings.models import Deviation, LineState
from missions_app.documents import deletion_service
from missions_app.outbox.models import Job
from tests.factories.accounts import bearer, make_user, sign_in
from tests.factories.bookings import PNG, make_booking


def test_a_deviation_is_noted_with_a_picture(session: Session, client: FlaskClient) -> None:
    booking = make_booking(state=LineState.APPROVED)
    browser = sign_in(client, booking.requested_by)
    picture = {"photo": (io.BytesIO(PNG), "boj.png"), "photo_text": "Bojen vid kajen"}

    answer = browser.post(
        f"/bookings/{booking.reference}/deviations/new", data={"text": "Bojen drev"} | picture,
        content_type="multipart/form-data",
    )  # fmt: skip

    assert answer.status_code == 303
    noted = session.scalars(select(Deviation)).one()
    photo = browser.get(f"/bookings/{booking.reference}/deviations/{noted.id}/photo")
    assert (photo.data, photo.mimetype) == (PNG, "image/png")


def test_the_picture_of_a_deviation_is_taken_away_by_those_who_take_part(session: Session, client: FlaskClient) -> None:
    booking = make_booking(state=LineState.APPROVED)
    asker = bearer(booking.requested_by)
    url = f"/api/v1/bookings/{booking.reference}/deviations"
    sent = {"text": "Bojen drev", "photo": base64.b64encode(PNG).decode(), "photo_text": "Bojen vid kajen"}

    made = client.post(url, headers=asker, json=sent)
    broken = client.post(url, headers=asker, json=sent | {"photo": "inte base64"})
    photo = f"{url}/{made.json['id']}/photo"
    seen, by_stranger = client.get(photo, headers=asker), client.delete(photo, headers=bearer(make_user()))
    browser = sign_in(client, booking.requested_by)
    page = browser.get(f"/bookings/{booking.reference}").text
    taken = browser.post(f"/bookings/{booking.reference}/deviations/{made.json['id']}/photo/remove")
    again = client.delete(photo, headers=asker)

    assert (made.status_code, broken.status_code) == (201, 422)
    assert (seen.data, by_stranger.status_code) == (PNG, 404)
    assert "Ta bort bilden" in page
    assert (taken.status_code, again.status_code, client.get(photo, headers=asker).status_code) == (303, 204, 404)
    deviation = session.scalars(select(Deviation)).one()
    assert (deviation.photo_id, deviation.photo_text) == (None, "Bojen vid kajen")
    # The file itself is thrown away in a day, once.
    assert len(session.scalars(select(Job).where(Job.kind == deletion_service.FORGET)).all()) == 1


@pytest.mark.parametrize("content", [b"", b"not a picture"])
def test_what_is_no_picture_is_refused_and_the_words_are_kept(
    session: Session, client: FlaskClient, content: bytes
) -> None:
    booking = make_booking(state=LineState.APPROVED)
    picture = {"photo": (io.BytesIO(content), "boj.png"), "photo_text": "Bojen vid kajen"}

    answer = sign_in(client, booking.requested_by).post(
        f"/bookings/{booking.reference}/deviations/new", data={"text": "Bojen drev"} | picture,
        content_type="multipart/form-data",
    )  # fmt: skip

    assert answer.status_code == 200
    assert "Bojen drev" in answer.text
    assert session.scalars(select(Deviation)).all() == []
