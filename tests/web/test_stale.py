"""A save that comes too late: both versions are shown, nothing typed is lost, and the next save is made knowingly."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app.accounts.actor import SYSTEM
from missions_app.sites import photo_service
from missions_app.sites.photo_service import PhotoWords
from tests.factories.accounts import sign_in
from tests.factories.bookings import PNG
from tests.factories.sites import make_manager, make_site


def test_what_is_saved_now_stands_beside_what_was_typed_and_can_then_be_replaced(
    client: FlaskClient, session: Session
) -> None:
    site = make_site()
    sign_in(client, make_manager(site))
    photo = photo_service.add_photo(site, PNG, PhotoWords("Bryggan från väster", "The jetty"), by=SYSTEM)
    url, opened = f"/sites/{site.slug}/photos/{photo.id}/edit", photo.version
    words = PhotoWords("Bryggan från öster", "The quay")
    photo_service.describe_photo(photo, words, by=SYSTEM, expected_version=opened)

    late = client.post(url, data={"alt_sv": "Bryggan i motljus", "alt_en": "", "version": opened})
    again = client.post(url, data={"alt_sv": "Bryggan i motljus", "version": photo.version})

    assert late.status_code == 409
    assert "Sparat nu: ”Bryggan från öster”." in late.text
    assert "Vad den visar, på engelska: Sparat nu: ”The quay”." in late.text
    assert ">Bryggan i motljus</textarea>" in late.text
    assert f'name="version" type="hidden" value="{photo.version - 1}"' in late.text
    assert (again.status_code, photo.alt_sv) == (303, "Bryggan i motljus")
