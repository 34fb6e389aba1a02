"""Pictures that are shown: taken in like every other file, without what the camera wrote into them."""

from missions_app import clock, db
from missions_app.documents import contents, deletion_service, queries, scaling, scan_service, storage
from missions_app.documents.errors import BrokenPicture, EmptyFile, NotAPicture, NotScanned, TooLarge, TooManyPixels
from missions_app.documents.models import ScanState, StoredFile
from missions_app.documents.pictures import PICTURES, Picture

MEGABYTE = 1_000_000
LARGEST = 12 * MEGABYTE  # as phones send them
UNREADABLE = (ScanState.QUARANTINED, ScanState.REFUSED)


def prepared(content: bytes, *, field: str = "photo") -> tuple[Picture, str]:
    """A picture as it is stored, and its media type: the picture alone, upright, not larger than a screen needs.
    Prepared anew it is the same.

    Args:
        field: where the file was given.

    Raises:
        EmptyFile, TooLarge, NotAPicture, TooManyPixels, BrokenPicture.
    """
    most = min(LARGEST, storage.largest())
    if not content:
        raise EmptyFile(field=field)
    if len(content) > most:
        raise TooLarge(field=field, most=most // MEGABYTE)
    media_type = contents.media_type(content)
    if media_type not in PICTURES:
        raise NotAPicture(field=field)
    try:
        return scaling.as_kept(content, media_type)
    except scaling.TooManyPixels as error:
        raise TooManyPixels(field=field) from error
    except ValueError as error:
        raise BrokenPicture(field=field) from error


def take_in(content: bytes, *, field: str = "photo") -> tuple[StoredFile, Picture]:
    """Keep a picture; the caller's transaction. What is stored is the picture alone; arguments and errors are those of
    `prepared`."""
    picture, media_type = prepared(content, field=field)
    sha256 = storage.store().put(picture.content)
    file = queries.find_file(sha256)
    if file is None:
        file = StoredFile(sha256=sha256, size=len(picture.content), media_type=media_type, stored_at=clock.now())
        scan_service.first_state(file)
        db.session.add(file)
    return file, picture


def let_go(file: StoredFile | None) -> None:
    """Have a picture that its holder lets go of thrown away in a day, unless something else has the same; the caller's
    transaction."""
    if file is not None:
        deletion_service.forget_later(file.sha256)


def read(file: StoredFile | None) -> tuple[bytes, str]:
    """A picture and its media type.

    Raises:
        NotScanned: there is none, or the scanner has not let it out.
    """
    if file is None or file.scan in UNREADABLE:
        raise NotScanned()
    return storage.store().get(file.sha256), file.media_type
