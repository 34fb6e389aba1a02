"""Pictures of what happened on site: taken in like every other file, shown when the scanner has let them out."""

from missions_app import clock, db
from missions_app.bookings.models import Deviation
from missions_app.documents import contents, queries, scan_service, storage
from missions_app.documents.errors import EmptyFile, NotScanned, TooLarge, WrongContent
from missions_app.documents.models import ScanState, StoredFile

PICTURES = ("image/jpeg", "image/png", "image/webp")
MEGABYTE = 1_000_000


def take_in(content: bytes) -> StoredFile:
    """Keep a picture; the caller's transaction.

    Raises:
        EmptyFile, TooLarge, WrongContent (no picture).
    """
    if not content:
        raise EmptyFile(field="photo")
    if len(content) > storage.largest():
        raise TooLarge(field="photo", most=storage.largest() // MEGABYTE)
    media_type = contents.media_type(content)
    if media_type not in PICTURES:
        raise WrongContent(field="photo")
    sha256 = storage.store().put(content)
    file = queries.find_file(sha256)
    if file is None:
        file = StoredFile(sha256=sha256, size=len(content), media_type=media_type, stored_at=clock.now())
        scan_service.first_state(file)
        db.session.add(file)
    return file


def read(deviation: Deviation) -> tuple[bytes, str]:
    """The picture of a deviation and its media type.

    Raises:
        NotScanned: there is none, or the scanner has not let it out.
    """
    file = deviation.photo
    if file is None or file.scan in (ScanState.QUARANTINED, ScanState.REFUSED):
        raise NotScanned()
    return storage.store().get(file.sha256), file.media_type
