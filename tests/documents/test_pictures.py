"""Pictures lose what the camera wrote, and stay the same pictures."""

import struct
import zlib

import pytest

from missions_app.documents.pictures import JPEG, PNG, WEBP, plain_picture

SCAN = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\xff\x00\x34\xff\xd0\x56"
FRAME = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 30, 40) + b"\x01\x01\x11\x00"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(order: str, up: int) -> bytes:
    mark = {"<": b"II\x2a\0", ">": b"MM\0\x2a"}[order]
    place = struct.pack(f"{order}HHII", 0x8825, 4, 1, 99)
    turned = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, up, 0)
    tiff = mark + struct.pack(f"{order}I", 8) + struct.pack(f"{order}H", 2) + place + turned + b"N 56 11 GPS-SECRET"
    return b"Exif\0\0" + tiff


def jpeg(*segments: bytes, after: bytes = b"") -> bytes:
    return b"\xff\xd8" + b"".join(segments) + FRAME + SCAN + b"\xff\xd9" + after


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\0\1\2\3" * 2))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + data + chunk(b"IEND", b"")


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    rows = b"".join(
        kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2) for kind, body in chunks
    )  # fmt: skip
    return b"RIFF" + struct.pack("<I", len(rows) + 4) + b"WEBP" + rows


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_jpeg_loses_place_and_device_and_keeps_which_way_is_up(order: str) -> None:
    given = jpeg(
        segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"), segment(0xE1, exif(order, 6)),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0GPS-SECRET"), segment(0xED, b"Photoshop GPS-SECRET"),
        segment(0xFE, b"GPS-SECRET"), segment(0xE2, b"ICC_PROFILE\0\1\1colours"), after=b"GPS-SECRET",
    )  # fmt: skip

    made = plain_picture(given, JPEG)

    assert b"GPS-SECRET" not in made.content
    assert (made.width, made.height) == (30, 40)
    assert b"ICC_PROFILE" in made.content
    assert made.content.endswith(FRAME + SCAN + b"\xff\xd9") or SCAN in made.content
    assert plain_picture(made.content, JPEG) == made


def test_a_jpeg_that_says_nothing_is_left_as_it_is() -> None:
    given = jpeg(segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"), segment(0xDB, bytes(65)))

    made = plain_picture(given, JPEG)

    assert made.content == given
    assert (made.width, made.height) == (40, 30)


def test_a_png_keeps_its_colours_and_loses_its_texts() -> None:
    texts = [chunk(b"tEXt", b"Author\0SECRET"), chunk(b"eXIf", b"SECRET"), chunk(b"tIME", b"SECRET")]
    given = png(chunk(b"gAMA", struct.pack(">I", 45455)), *texts) + b"SECRET"

    made = plain_picture(given, PNG)

    assert made.content == png(chunk(b"gAMA", struct.pack(">I", 45455)))
    assert (made.width, made.height) == (3, 2)


def test_a_webp_no_longer_says_that_anything_follows() -> None:
    head = bytes([0x0C | 0x10, 0, 0, 0]) + (639).to_bytes(3, "little") + (479).to_bytes(3, "little")
    given = webp((b"VP8X", head), (b"VP8L", b"\x2f1234"), (b"EXIF", b"SECRET"), (b"XMP ", b"SECRET"))

    made = plain_picture(given, WEBP)

    assert made.content == webp((b"VP8X", bytes([0x10]) + head[1:]), (b"VP8L", b"\x2f1234"))
    assert (made.width, made.height) == (640, 480)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (jpeg()[:20], JPEG), (b"\xff\xd8\xff\xd9", JPEG), (b"\xff\xd8" + bytes(9), JPEG), (png()[:-9], PNG),
        (b"\x89PNG\r\n\x1a\n", PNG), (webp((b"VP8L", b"\x2f1234"))[:-3], WEBP), (b"RIFF1234WEBP", WEBP),
        (b"hello", JPEG), (b"hello", PNG), (b"hello", WEBP), (b"", JPEG),
    ],
)  # fmt: skip
def test_what_is_cut_short_or_no_picture_is_refused(content: bytes, kind: str) -> None:
    with pytest.raises(ValueError):
        plain_picture(content, kind)
