"""Asking a virus scanner about a file: clamd over TCP or a local socket, when the installation has one.

Without a scanner files are taken in as `unscanned`, and say so. With one they are in quarantine until it has answered.
"""

import socket
import struct
from typing import Protocol
from urllib.parse import urlsplit

CHUNK = 64 * 1024
SECONDS = 60
PORT = 3310


class Scanner(Protocol):
    """Something that knows bad files."""

    def is_clean(self, content: bytes) -> bool:
        """Whether the content may be read by people; raises OSError when the scanner cannot be reached."""
        ...


class ClamdScanner:
    """ClamAV's daemon: tcp://host:3310 or unix:///run/clamav/clamd.ctl."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)

    def is_clean(self, content: bytes) -> bool:
        """Send the content as a stream and read the verdict."""
        with self._connect() as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                part = content[start : start + CHUNK]
                connection.sendall(struct.pack("!I", len(part)) + part)
            connection.sendall(struct.pack("!I", 0))
            answer = _read_all(connection)
        if answer.endswith(b"OK"):
            return True
        if answer.endswith(b"FOUND"):
            return False
        raise OSError(f"clamd answered {answer!r}")

    def _connect(self) -> socket.socket:
        if self._parts.scheme == "unix":
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(SECONDS)
            connection.connect(self._parts.path)
            return connection
        address = (self._parts.hostname or "localhost", self._parts.port or PORT)
        return socket.create_connection(address, timeout=SECONDS)


def _read_all(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(4096):
        parts.append(part)
    return b"".join(parts).rstrip(b"\0\n")


_scanner: Scanner | None = None


def configure(scanner: Scanner | None) -> None:
    """Choose the scanner, or None; called once by wiring.py."""
    global _scanner
    _scanner = scanner


def scanner() -> Scanner | None:
    """The configured scanner, if there is one."""
    return _scanner


def scanner_for(url: str) -> Scanner | None:
    """The scanner a setting names; "" is none."""
    return ClamdScanner(url) if url else None
