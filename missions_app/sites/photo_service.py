"""The pictures of a site: taken in with the words that stand in for them, put in order, taken away."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.documents import picture_service
from missions_app.documents.models import StoredFile
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.i18n import N_
from missions_app.sites import policy
from missions_app.sites.entry_models import SitePhoto
from missions_app.sites.errors import TooManyPhotos
from missions_app.sites.models import Site

MOST = 12
LEAST_WORDS = 5
LONGEST = {"alt_sv": 500, "alt_en": 500, "credit": 200}


@dataclass(frozen=True, slots=True)
class PhotoWords:
    """What a picture shows, for those who cannot see it, and who took it."""

    alt_sv: str
    alt_en: str = ""
    credit: str = ""


def add_photo(site: Site, content: bytes, words: PhotoWords, *, by: Actor) -> SitePhoto:
    """Add a picture after the others. Place, device and whatever else the camera wrote into it are left out.

    Raises:
        NotAllowed, InvalidInput (no words), TooManyPhotos, EmptyFile, TooLarge, WrongContent, BrokenPicture.
    """
    permit(policy.can_edit_site, by, site)
    with db.transaction() as session:
        db.lock_row(site)
        there = photos_of(site)
        if len(there) >= MOST:
            raise TooManyPhotos(most=MOST)
        _require_words(words)
        file, picture = picture_service.take_in(content)
        photo = SitePhoto(
            site=site, file=file, position=there[-1].position + 1 if there else 0, width=picture.width,
            height=picture.height, alt_sv=words.alt_sv.strip(), alt_en=words.alt_en.strip(),
            credit=words.credit.strip(), added_at=clock.now(),
        )  # fmt: skip
        session.add(photo)
        session.flush()
        trail.record("site.photo_added", site, by=by, photo=photo.id, checksum=file.sha256, alt=photo.alt_sv)
        return photo


def describe_photo(photo: SitePhoto, words: PhotoWords, *, by: Actor, expected_version: int) -> None:
    """Change what is said about a picture.

    Raises:
        NotAllowed, StaleVersion, InvalidInput.
    """
    permit(policy.can_edit_site, by, photo.site)
    with db.transaction():
        db.expect_version(photo, expected_version)
        _require_words(words)
        before = photo.alt_sv
        photo.alt_sv, photo.alt_en = words.alt_sv.strip(), words.alt_en.strip()
        photo.credit = words.credit.strip()
        trail.record("site.photo_described", photo.site, by=by, photo=photo.id, alt=[before, photo.alt_sv])


def put_first(photo: SitePhoto, *, by: Actor, expected_version: int) -> None:
    """Show a picture before all others; the first stands in lists too. The rest keep their order."""
    permit(policy.can_edit_site, by, photo.site)
    with db.transaction():
        db.lock_row(photo.site)
        db.expect_version(photo, expected_version)
        there = [photo, *(one for one in photos_of(photo.site) if one is not photo)]
        for number, one in enumerate(there):
            one.position = number
        trail.record("site.photos_ordered", photo.site, by=by, photos=[one.id for one in there])


def remove_photo(photo: SitePhoto, *, by: Actor, expected_version: int) -> None:
    """Take a picture away. The file itself is thrown away in a day, unless something else has the same."""
    permit(policy.can_edit_site, by, photo.site)
    with db.transaction():
        db.expect_version(photo, expected_version)
        picture_service.let_go(photo.file)
        photo.removed_at, photo.file = clock.now(), None
        trail.record("site.photo_removed", photo.site, by=by, photo=photo.id)


def photos_of(site: Site, *, shown: bool = False) -> Sequence[SitePhoto]:
    """A site's pictures in their order; `shown`: only those that the scanner has let out."""
    query = _there().where(SitePhoto.site_id == site.id)
    if shown:
        query = query.where(StoredFile.scan.not_in(picture_service.UNREADABLE))
    return db.session.scalars(query).all()


def first_photos(site_ids: Collection[int]) -> Mapping[int, SitePhoto]:
    """The picture that stands for each site in a list, by the site's id: one statement."""
    rows = db.session.scalars(
        _there().where(SitePhoto.site_id.in_(site_ids), StoredFile.scan.not_in(picture_service.UNREADABLE))
    )
    found: dict[int, SitePhoto] = {}
    for one in rows:
        found.setdefault(one.site_id, one)
    return found


def get_photo(site: Site, photo_id: int) -> SitePhoto:
    """One of a site's pictures, or NotFound."""
    found = next((one for one in photos_of(site) if one.id == photo_id), None)
    if found is None:
        raise NotFound()
    return found


def _there() -> Select[SitePhoto]:
    return (
        select(SitePhoto)
        .join(StoredFile, StoredFile.id == SitePhoto.file_id)
        .where(SitePhoto.removed_at.is_(None))
        .options(joinedload(SitePhoto.file))
        .order_by(SitePhoto.position, SitePhoto.id)
    )


def words_problems(words: PhotoWords) -> list[Problem]:
    """Everything wrong with what somebody wrote about a picture."""
    problems = []
    if 0 < len(words.alt_sv.strip()) < LEAST_WORDS:
        text = N_("Write at least %(least)d characters.")
        problems.append(Problem("too_short", text, "alt_sv", {"least": LEAST_WORDS}))
    elif not words.alt_sv.strip():
        text = N_("Write what the picture shows, for those who cannot see it.")
        problems.append(Problem("alt_missing", text, "alt_sv"))
    for name, most in LONGEST.items():
        if len(getattr(words, name)) > most:
            problems.append(Problem("too_long", N_("Write at most %(most)d characters."), name, {"most": most}))
    return problems


def _require_words(words: PhotoWords) -> None:
    if problems := words_problems(words):
        raise InvalidInput.of(problems)
