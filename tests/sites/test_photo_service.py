"""Pictures of sites: words, order, who may, and what the camera wrote."""

import io
import re
import struct
import zlib
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import SYSTEM
from missions_app.audit.models import AuditEvent
from missions_app.documents import deletion_service, storage
from missions_app.documents.errors import BrokenPicture, TooLarge, WrongContent
from missions_app.documents.models import ScanState, StoredFile
from missions_app.errors import InvalidInput, NotAllowed, StaleVersion
from missions_app.outbox.models import Job
from missions_app.sites import photo_service
from missions_app.sites.entry_models import SitePhoto
from missions_app.sites.errors import TooManyPhotos
from missions_app.sites.models import SiteStatus
from missions_app.sites.photo_service import PhotoWords
from tests.factories.accounts import actor_of, bearer, make_user, sign_in
from tests.factories.bookings import PNG
from tests.factories.sites import make_manager, make_site

WORDS = PhotoWords("Kajen med kranen till vänster", "The quay with the crane to the left", "Hamnen")


def _with_place(content: bytes) -> bytes:
    body = b"tEXtgps\0 56.18 15.59 SECRET"
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return content[:33] + chunk + content[33:]


def test_a_picture_is_stored_without_what_the_camera_wrote(session: Session) -> None:
    site = make_site()

    photo = photo_service.add_photo(site, _with_place(PNG), WORDS, by=SYSTEM)

    assert storage.store().get(photo.file.sha256) == PNG
    assert (photo.width, photo.height) == (1, 1)
    assert session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id.desc())).first() == "site.photo_added"


@pytest.mark.parametrize(("alt", "code"), [("", "alt_missing"), ("   ", "alt_missing"), ("bild", "too_short")])
def test_a_picture_needs_words(session: Session, alt: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        photo_service.add_photo(make_site(), PNG, PhotoWords(alt), by=SYSTEM)

    assert [(one.code, one.field) for one in refused.value.problems] == [(code, "alt_sv")]


def test_the_database_itself_refuses_a_picture_without_words(session: Session) -> None:
    site = make_site()
    kept = photo_service.add_photo(site, PNG, WORDS, by=SYSTEM)

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(
            sa.insert(SitePhoto).values(
                site_id=site.id, file_id=kept.file_id, alt_sv="  ", alt_en="", credit="", added_at=clock.now()
            )
        )


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"%PDF-1.7 no picture", WrongContent), (PNG[:-20], BrokenPicture), (PNG + bytes(12_000_000), TooLarge)],
)
def test_what_is_no_whole_picture_is_refused(session: Session, content: bytes, error: type[Exception]) -> None:
    site = make_site()

    with pytest.raises(error):
        photo_service.add_photo(site, content, WORDS, by=SYSTEM)

    assert not photo_service.photos_of(site)


def test_pictures_are_put_in_order_described_and_taken_away(session: Session) -> None:
    site = make_site()
    first, second, third = (photo_service.add_photo(site, PNG, WORDS, by=SYSTEM) for _ in range(3))

    photo_service.put_first(third, by=SYSTEM, expected_version=third.version)
    photo_service.describe_photo(first, PhotoWords("Kajen från norr"), by=SYSTEM, expected_version=first.version)
    photo_service.remove_photo(second, by=SYSTEM, expected_version=second.version)

    assert list(photo_service.photos_of(site)) == [third, first]
    assert photo_service.first_photos([site.id]) == {site.id: third}
    assert first.alt_sv == "Kajen från norr"
    with pytest.raises(StaleVersion):
        photo_service.remove_photo(first, by=SYSTEM, expected_version=first.version - 1)


def test_a_site_has_so_many_pictures_and_no_more(session: Session) -> None:
    site = make_site()
    for _number in range(photo_service.MOST):
        photo_service.add_photo(site, PNG, WORDS, by=SYSTEM)

    with pytest.raises(TooManyPhotos):
        photo_service.add_photo(site, PNG, WORDS, by=SYSTEM)


def test_only_those_who_look_after_a_site_add_pictures(session: Session) -> None:
    with pytest.raises(NotAllowed):
        photo_service.add_photo(make_site(), PNG, WORDS, by=actor_of(make_user()))


def test_a_manager_adds_a_picture_and_everybody_sees_it(session: Session, client: FlaskClient) -> None:
    site = make_site()
    manager = make_manager(site)
    url = f"/sites/{site.slug}/photos"

    def send(**words: str) -> object:
        data = {"photo": (io.BytesIO(_with_place(PNG)), "kaj.png")} | words
        return sign_in(client, manager).post(f"{url}/new", data=data, content_type="multipart/form-data")

    refused = send(alt_sv="")
    added = send(alt_sv=WORDS.alt_sv, alt_en=WORDS.alt_en, credit="Hamnen")

    assert "field-error" in refused.text or "error" in refused.text
    assert added.status_code == 303
    photo = photo_service.photos_of(site)[0]
    page, listed = client.get(f"/sites/{site.slug}").text, client.get("/sites").text
    assert f'src="{url}/{photo.id}"' in page
    assert 'alt="Kajen med kranen till vänster"' in page
    assert "Bild: Hamnen" in page
    assert f'src="{url}/{photo.id}"' in listed
    answer = client.get(f"{url}/{photo.id}")
    assert (answer.data, answer.mimetype) == (PNG, "image/png")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_acts_at_a_picture_are_named_in_the_readers_language(session: Session, client: FlaskClient) -> None:
    site = make_site()
    photo_service.add_photo(site, PNG, PhotoWords("Bryggan", "The jetty"), by=SYSTEM)
    manager = sign_in(client, make_manager(site))
    manager.get("/language/en")

    page = manager.get(f"/sites/{site.slug}/photos").text

    assert set(re.findall(r'class="ds-sr-only"> ([^<]+)</span>', page)) >= {"The jetty"}
    assert 'class="ds-sr-only"> Bryggan</span>' not in page


def test_what_the_scanner_holds_is_shown_to_nobody(session: Session, client: FlaskClient) -> None:
    site = make_site()
    photo = photo_service.add_photo(site, PNG, WORDS, by=SYSTEM)
    photo.file.scan = ScanState.QUARANTINED
    session.commit()

    assert "<img" not in client.get(f"/sites/{site.slug}").text
    assert client.get(f"/sites/{site.slug}/photos/{photo.id}").status_code == 409
    assert client.get(f"/api/v1/sites/{site.slug}/photos").json == []


def test_pictures_through_the_api(session: Session, client: FlaskClient) -> None:
    site = make_site()
    headers = bearer(make_manager(site))
    url = f"/api/v1/sites/{site.slug}/photos"

    def send(headers: dict[str, str], **form: object) -> object:
        data = {"photo": (io.BytesIO(PNG), "kaj.png")} | form
        return client.post(url, headers=headers, data=data, content_type="multipart/form-data")

    stranger = send(bearer(make_user()), alt_sv=WORDS.alt_sv)
    wordless = send(headers, alt_sv=" ")
    made = send(headers, alt_sv=WORDS.alt_sv)
    place, tag = made.headers["Location"], made.headers["ETag"]
    changed = client.put(place, headers=headers | {"If-Match": tag}, json={"alt_sv": "Kajen från söder"})

    assert (stranger.status_code, wordless.status_code, made.status_code) == (403, 422, 201)
    assert wordless.json["errors"][0]["code"] == "alt_missing"
    assert client.get(url).json[0]["alt_sv"] == "Kajen från söder"
    assert client.get(made.json["content_url"]).data == PNG
    removed = client.delete(place, headers=headers | {"If-Match": changed.headers["ETag"]})
    assert (removed.status_code, client.get(url).json) == (204, [])


def test_pictures_of_a_draft_are_for_its_owner(session: Session, client: FlaskClient) -> None:
    site = make_site(status=SiteStatus.DRAFT)
    photo = photo_service.add_photo(site, PNG, WORDS, by=SYSTEM)

    assert client.get(f"/sites/{site.slug}/photos/{photo.id}").status_code in (302, 303, 403, 404)
    assert sign_in(client, make_manager(site)).get(f"/sites/{site.slug}/photos/{photo.id}").status_code == 200


def test_a_picture_stays_when_a_document_with_the_same_content_is_forgotten(session: Session) -> None:
    photo = photo_service.add_photo(make_site(), PNG, WORDS, by=SYSTEM)

    deletion_service.forget_file({"sha256": photo.file.sha256})

    assert storage.store().get(photo.file.sha256) == PNG


def test_a_picture_that_is_taken_away_is_thrown_away_unless_another_site_has_it(session: Session) -> None:
    one, other = (photo_service.add_photo(make_site(), PNG, WORDS, by=SYSTEM) for _number in range(2))
    sha256 = one.file.sha256

    photo_service.remove_photo(one, by=SYSTEM, expected_version=one.version)
    with clock.fixed(clock.now() + timedelta(days=2)):
        deletion_service.forget_file({"sha256": sha256})
    kept = storage.store().get(sha256)
    photo_service.remove_photo(other, by=SYSTEM, expected_version=other.version)
    with clock.fixed(clock.now() + timedelta(days=2)):
        _run_jobs(session)

    assert kept == PNG
    assert (one.file, other.file, one.alt_sv) == (None, None, WORDS.alt_sv)
    assert session.scalars(sa.select(StoredFile)).all() == []
    with pytest.raises(FileNotFoundError):
        storage.store().get(sha256)


def _run_jobs(session: Session) -> None:
    """Do what the worker does with the files it was asked to forget."""
    queued = session.scalars(sa.select(Job).where(Job.kind == deletion_service.FORGET)).all()
    assert all(clock.now() >= one.due_at for one in queued)
    for one in queued:
        deletion_service.forget_file(one.payload)


def test_a_picture_that_is_added_comes_last_also_when_others_have_gone(session: Session) -> None:
    site = make_site()
    first, second, third = (photo_service.add_photo(site, PNG, WORDS, by=SYSTEM) for _number in range(3))
    for one in (first, second):
        photo_service.remove_photo(one, by=SYSTEM, expected_version=one.version)

    added = photo_service.add_photo(site, PNG, WORDS, by=SYSTEM)

    assert photo_service.photos_of(site) == [third, added]
