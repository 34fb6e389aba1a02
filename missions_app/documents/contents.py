"""What a file is, by its content, and whether we accept it. Pure."""

import filetype

ACCEPTED = {
    "application/pdf", "image/png", "image/jpeg", "image/webp", "application/zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
}  # fmt: skip
TEXT = "text/plain"


def media_type(content: bytes) -> str | None:
    """The accepted media type of some bytes, or None. Text is plain UTF-8 without control characters."""
    kind = filetype.guess(content[:8192])
    if kind is not None:
        return kind.mime if kind.mime in ACCEPTED else None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return TEXT if all(sign.isprintable() or sign in "\r\n\t\ufeff" for sign in text[:4096]) else None


def safe_name(name: str) -> str:
    """A file name without folders or control characters, at most 200 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable()).strip(". ")[:200] or "document"
