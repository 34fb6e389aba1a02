"""The pictures in a site's file: each with its words and, in base 64, the picture itself."""

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from missions_app.accounts.actor import Actor
from missions_app.documents import picture_service, storage
from missions_app.errors import InvalidInput
from missions_app.sites import photo_service
from missions_app.sites.entry_models import SitePhoto
from missions_app.sites.errors import TooManyPhotos
from missions_app.sites.file_parts import Difference, Part, only, text
from missions_app.sites.models import Site
from missions_app.sites.photo_service import PhotoWords


@dataclass(frozen=True, slots=True)
class PhotoInFile:
    """A picture as it would be stored, and what it shows."""

    words: PhotoWords
    content: bytes

    @property
    def sha256(self) -> str:
        """What the picture is known by."""
        return storage.checksum(self.content)


def _written(site: Site) -> list[dict[str, Any]]:
    return [
        {"alt_sv": one.alt_sv, "alt_en": one.alt_en, "credit": one.credit,
         "content": base64.b64encode(picture_service.read(one.file)[0]).decode()}
        for one in photo_service.photos_of(site, shown=True)
    ]  # fmt: skip


def _read(raw: Sequence[Mapping[str, Any]], _resources: Collection[str]) -> list[PhotoInFile]:
    found = []
    for one in raw:
        only(one, "alt_sv", "alt_en", "credit", "content")
        words = PhotoWords(text(one["alt_sv"]), text(one["alt_en"]), text(one["credit"]))
        if problems := photo_service.words_problems(words):
            raise InvalidInput.of(problems)
        content = base64.b64decode(text(one["content"]), validate=True)
        found.append(PhotoInFile(words, picture_service.prepared(content, field="file")[0].content))
    return found


def _there(site: Site | None) -> dict[str, SitePhoto]:
    photos = photo_service.photos_of(site) if site is not None else []
    return {one.file.sha256: one for one in photos if one.file is not None}


def _same_words(there: SitePhoto, words: PhotoWords) -> bool:
    return (there.alt_sv, there.alt_en, there.credit) == (words.alt_sv, words.alt_en, words.credit)


def _differs(site: Site | None, photos: Sequence[PhotoInFile]) -> Difference:
    there = _there(site)
    added = [one for one in photos if one.sha256 not in there]
    if len(there) + len(added) > photo_service.MOST:
        raise TooManyPhotos(most=photo_service.MOST)
    changed = [one for one in photos if one.sha256 in there and not _same_words(there[one.sha256], one.words)]
    return Difference(tuple(one.words.alt_sv for one in added), tuple(one.words.alt_sv for one in changed))


def _take_in(site: Site, photos: Sequence[PhotoInFile], by: Actor) -> None:
    there = _there(site)
    for one in photos:
        known = there.get(one.sha256)
        if known is None:
            photo_service.add_photo(site, one.content, one.words, by=by)
        elif not _same_words(known, one.words):
            photo_service.describe_photo(known, one.words, by=by, expected_version=known.version)


PHOTOS = Part(_written, _read, _differs, _take_in)
