"""Pictures as they are kept: upright, small enough, without what the camera wrote, and the same when kept anew."""

import io
import struct
import zlib

import pytest
from PIL import Image

from missions_app.documents import picture_service, scaling
from missions_app.documents.errors import BrokenPicture, TooLarge, TooManyPixels
from missions_app.documents.pictures import JPEG, PNG, WEBP

RED, BLUE = (200, 30, 30), (30, 30, 200)
ORIENTATION, MODEL, GPS = 0x0112, 0x0110, 0x8825


def _halves(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new(mode, (width, height), RED)
    picture.paste(BLUE, (width // 2, 0, width, height))
    return picture


def _bytes(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def _from_phone(width: int, height: int, up: int) -> bytes:
    """As a phone writes it: with orientation, model and place."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MODEL] = up, "Exempel 9"
    exif.get_ifd(GPS)[1], exif.get_ifd(GPS)[2] = "N", (56.0, 9.0, 30.0)
    return _bytes(_halves(width, height), quality=92, exif=exif)


def _noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    bands = [Image.effect_noise((width, height), 90 + number) for number in range(len(mode))]
    return Image.merge(mode, bands)


@pytest.mark.parametrize(
    ("up", "size", "first", "last"),
    [
        (1, (2000, 1500), RED, BLUE), (3, (2000, 1500), BLUE, RED),
        (6, (1500, 2000), RED, BLUE),  # turned a quarter to the right: the left side comes up
        (8, (1500, 2000), BLUE, RED),
    ],
)  # fmt: skip
def test_a_picture_from_a_phone_is_upright_smaller_and_without_its_place(
    up: int, size: tuple[int, int], first: tuple[int, ...], last: tuple[int, ...]
) -> None:
    sent = _from_phone(4000, 3000, up)

    kept, media_type = scaling.as_kept(sent, JPEG)

    shown = Image.open(io.BytesIO(kept.content))
    width, height = shown.size
    corners = shown.getpixel((20, 20)), shown.getpixel((width - 20, height - 20))
    assert (media_type, shown.size, (kept.width, kept.height)) == (JPEG, size, size)
    assert all(abs(a - b) < 12 for pair in zip(corners, (first, last), strict=True) for a, b in zip(*pair, strict=True))
    assert dict(shown.getexif()) == {}
    assert b"Exempel 9" in sent
    assert b"Exempel 9" not in kept.content
    assert len(kept.content) < len(sent)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param((_bytes(_halves(300, 200)), JPEG), id="small"),
        pytest.param((_from_phone(3000, 2000, 6), JPEG), id="turned"),
        pytest.param((_bytes(_noise(2400, 1800), quality=95), JPEG), id="busy"),
        pytest.param((_bytes(_noise(1200, 900), "PNG"), PNG), id="large-png"),
        pytest.param((_bytes(_halves(2500, 100), "PNG"), PNG), id="wide-png"),
        pytest.param((_bytes(_halves(2500, 100), "WEBP"), WEBP), id="webp"),
    ],
)
def test_what_is_kept_is_small_and_kept_anew_the_same(sent: tuple[bytes, str]) -> None:
    kept, media_type = scaling.as_kept(*sent)

    assert scaling.as_kept(kept.content, media_type) == (kept, media_type)
    assert max(kept.width, kept.height) <= scaling.LONGEST_SIDE
    assert len(kept.content) <= scaling.LARGEST_KEPT


def test_a_small_upright_picture_is_not_written_anew() -> None:
    sent = _bytes(_halves(640, 480))

    assert scaling.as_kept(sent, JPEG)[0].content == sent


def test_what_can_be_seen_through_is_laid_on_white_when_it_becomes_a_jpeg() -> None:
    picture = _noise(1200, 900, "RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 100, 100))

    kept, media_type = scaling.as_kept(_bytes(picture, "PNG"), PNG)

    corner = Image.open(io.BytesIO(kept.content)).getpixel((50, 50))
    assert media_type == JPEG
    assert min(corner) > 240


def test_only_the_first_of_several_pictures_is_kept() -> None:
    frames = [_halves(60, 40), _halves(60, 40).rotate(180)]
    sent = _bytes(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100)

    kept, media_type = scaling.as_kept(sent, WEBP)

    assert media_type == JPEG
    assert Image.open(io.BytesIO(kept.content)).size == (60, 40)


def _bomb() -> bytes:
    """A PNG of a few bytes that says it has ten thousand times ten thousand pixels."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in (
            (b"IHDR", struct.pack(">IIBBBBB", 10_000, 10_000, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0" * 99)),
            (b"IEND", b""),
        )
    )  # fmt: skip


def test_what_only_looks_like_a_picture_is_refused() -> None:
    whole = _bytes(_halves(640, 480))
    torn = whole[:200] + b"\x01" * 400 + whole[-2:]

    with pytest.raises(BrokenPicture):
        picture_service.prepared(torn)
    with pytest.raises(BrokenPicture):
        picture_service.prepared(whole[: len(whole) // 2])
    with pytest.raises(TooManyPixels):
        picture_service.prepared(_bomb())
    with pytest.raises(TooLarge):
        picture_service.prepared(whole + b"\0" * picture_service.LARGEST)
