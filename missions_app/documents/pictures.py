"""Pictures without what cameras write into them: place, owner, device, thumbnails. Pure; the picture stays the same."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
PICTURES = (JPEG, PNG, WEBP)
_PNG_SIGN = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"}
_WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_STANDALONE = {0x01, *range(0xD0, 0xD8)}
_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_START, _END, _SCAN, _EXIF, _PROFILE, _ADOBE, _COMMENT = 0xD8, 0xD9, 0xDA, 0xE1, 0xE2, 0xEE, 0xFE
_TURNED = range(2, 9)
_ON_ITS_SIDE = range(5, 9)


@dataclass(frozen=True, slots=True)
class Picture:
    """The bytes of a picture, and how wide and high it is shown, in pixels."""

    content: bytes
    width: int
    height: int


def plain_picture(content: bytes, media_type: str) -> Picture:
    """A picture with nothing but itself. Of what a camera notes only which way is up is kept, and colour profiles.

    Raises:
        ValueError: it is no whole picture of this type.
    """
    plain = {JPEG: _plain_jpeg, PNG: _plain_png, WEBP: _plain_webp}[media_type]
    try:
        picture = plain(content)
    except (struct.error, IndexError) as error:
        raise ValueError("broken picture") from error
    if picture.width < 1 or picture.height < 1:
        raise ValueError("empty picture")
    return picture


def _plain_jpeg(content: bytes) -> Picture:
    kept, width, height, up = [b"\xff\xd8"], 0, 0, 1
    for marker, segment in _jpeg_segments(content):
        body = segment[4:]
        if marker == _EXIF:
            up = _which_way_is_up(body) or up
            if up in _TURNED and len(kept) <= 2:
                kept.append(_only_which_way(up))
        elif _is_kept(marker, body):
            kept.append(segment)
        if marker in _SIZES:
            height, width = struct.unpack(">HH", body[1:5])
    sides = (height, width) if up in _ON_ITS_SIDE else (width, height)
    return Picture(b"".join(kept), *sides)


def _is_kept(marker: int, body: bytes) -> bool:
    if marker == 0xE0:
        return body.startswith(b"JFIF\0")
    if marker == _PROFILE:
        return body.startswith(b"ICC_PROFILE\0")
    return marker == _ADOBE or not (0xE0 <= marker <= 0xEF or marker == _COMMENT)


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, whole segment) after the start, a scan with its data, until the end; what follows is left out."""
    if content[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    at = 2
    while True:
        if content[at] != 0xFF:
            raise ValueError("no marker")
        while content[at + 1] == 0xFF:
            at += 1
        marker, end = content[at + 1], at + 2
        if marker not in _STANDALONE and marker != _END:
            (length,) = struct.unpack(">H", content[end : end + 2])
            end += max(length, 2)
        if marker == _SCAN:
            end = _end_of_scan(content, end)
        if end > len(content):
            raise ValueError("cut short")
        yield marker, content[at:end]
        if marker == _END:
            return
        at = end


def _end_of_scan(content: bytes, at: int) -> int:
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise ValueError("cut short")
        if content[at + 1] != 0 and content[at + 1] not in _STANDALONE and content[at + 1] != 0xFF:
            return at
        at += 1 if content[at + 1] == 0xFF else 2


def _which_way_is_up(body: bytes) -> int | None:
    """The orientation (1–8) of an Exif segment; None when it says nothing."""
    if not body.startswith(b"Exif\0\0"):
        return None
    tiff = body[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    try:
        (start,) = struct.unpack(f"{order}I", tiff[4:8])
        (count,) = struct.unpack(f"{order}H", tiff[start : start + 2])
        for number in range(min(count, 500)):
            entry = tiff[start + 2 + 12 * number : start + 14 + 12 * number]
            tag, kind, _count, value = struct.unpack(f"{order}HHIH", entry[:10])
            if (tag, kind) == (0x0112, 3):
                return int(value)
    except struct.error:
        return None
    return None


def _only_which_way(up: int) -> bytes:
    tiff = b"MM\0\x2a\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, up, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _plain_png(content: bytes) -> Picture:
    if content[:8] != _PNG_SIGN:
        raise ValueError("no PNG")
    kept, at, size = [_PNG_SIGN], 8, (0, 0)
    while True:
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content):
            raise ValueError("cut short")
        if kind == b"IHDR":
            size = struct.unpack(">II", content[at + 8 : at + 16])
        if kind in _PNG_KEPT:
            kept.append(content[at:end])
        if kind == b"IEND":
            return Picture(b"".join(kept), *size)
        at = end


def _plain_webp(content: bytes) -> Picture:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        raise ValueError("no WebP")
    kept, at, size = [], 12, (0, 0)
    while at + 8 <= len(content):
        kind = content[at : at + 4]
        (length,) = struct.unpack("<I", content[at + 4 : at + 8])
        body = content[at + 8 : at + 8 + length]
        if len(body) < length:
            raise ValueError("cut short")
        if kind == b"VP8X":
            body = bytes([body[0] & ~0x0C]) + body[1:]  # says no more that Exif and XMP follow
        if kind in _WEBP_KEPT:
            size = size if size != (0, 0) else _webp_size(kind, body)
            kept.append(kind + struct.pack("<I", length) + body + b"\0" * (length % 2))
        at += 8 + length + length % 2
    whole = b"WEBP" + b"".join(kept)
    return Picture(b"RIFF" + struct.pack("<I", len(whole)) + whole, *size)


def _webp_size(kind: bytes, body: bytes) -> tuple[int, int]:
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack("<I", body[1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return 0, 0
