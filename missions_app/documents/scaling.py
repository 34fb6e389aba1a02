"""Pictures as they are kept: whole, upright, not larger than a screen needs. Pure; what already is so stays the same.

Anybody may send anything, so that the size in pixels is looked at before a picture is unfolded.
"""

import io
import warnings
from typing import TYPE_CHECKING, Any

from missions_app.documents.pictures import JPEG, PNG, Picture, plain_picture

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

LONGEST_SIDE = 2000  # pixels
LARGEST_KEPT = 2_000_000  # bytes
# A phone takes 50 million pixels; JPEG is read at a smaller scale, the others have to be unfolded whole.
MOST_PIXELS = {JPEG: 60_000_000}
MOST_PIXELS_ELSE = 25_000_000
QUALITIES = (85, 75, 60, 40)
UPRIGHT = 1
ORIENTATION = 0x0112


class TooManyPixels(ValueError):
    """Unfolding it would take too much room."""


def as_kept(content: bytes, media_type: str) -> tuple[Picture, str]:
    """A picture as it is kept, and its media type then.

    Raises:
        TooManyPixels. ValueError: it is no whole picture of this type.
    """
    plain = plain_picture(content, media_type)
    if plain.width * plain.height > MOST_PIXELS.get(media_type, MOST_PIXELS_ELSE):
        raise TooManyPixels
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 -- slow import, and few requests bring a picture

    try:
        with warnings.catch_warnings():
            # Its size was looked at above.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(plain.content), formats=[media_type.removeprefix("image/")]) as opened:
                return _as_kept(opened, plain, media_type)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("broken picture") from error


def _as_kept(opened: "ImageFile", plain: Picture, media_type: str) -> tuple[Picture, str]:
    is_still = getattr(opened, "n_frames", 1) == 1
    is_upright = opened.getexif().get(ORIENTATION, UPRIGHT) == UPRIGHT
    is_small = max(plain.width, plain.height) <= LONGEST_SIDE and len(plain.content) <= LARGEST_KEPT
    if is_still and is_upright and is_small:
        opened.load()  # whatever cannot be shown is refused now
        return plain, media_type
    from PIL import ImageOps  # noqa: PLC0415 -- as above

    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    profile = opened.info.get("icc_profile")
    if media_type == PNG:
        found = _saved(upright, "PNG", optimize=True, icc_profile=profile)
        if len(found) <= LARGEST_KEPT:
            return plain_picture(found, PNG), PNG
    flat = _on_white(upright)
    for quality in QUALITIES:
        found = _saved(flat, "JPEG", quality=quality, progressive=True, icc_profile=profile)
        if len(found) <= LARGEST_KEPT:
            break
    return plain_picture(found, JPEG), JPEG


def _on_white(picture: "Image") -> "Image":
    from PIL import Image  # noqa: PLC0415 -- as above

    if not picture.has_transparency_data:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    return ground


def _saved(picture: "Image", kind: str, **options: Any) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, exif=b"", **options)
    return written.getvalue()
