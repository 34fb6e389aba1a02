"""Where bytes lie: on disk under their SHA-256. The same content is stored once."""

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from missions_app import clock

# Somebody may be taking the same bytes in at this moment.
LATELY_SECONDS = 3600


def checksum(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class Store(Protocol):
    """Where files are kept: on disk here, or a bucket behind the same two calls."""

    def put(self, content: bytes) -> str:
        """Keep the bytes; returns their SHA-256."""
        ...

    def get(self, sha256: str) -> bytes:
        """The bytes; FileNotFoundError when they are gone."""
        ...

    def forget(self, sha256: str) -> None:
        """Throw the bytes away, unless they were put here lately; nothing happens when they are gone."""
        ...


class DiskStore:
    """Files in a folder, two levels deep, written whole or not at all."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256[2:4] / sha256

    def put(self, content: bytes) -> str:
        """Keep the bytes; returns their SHA-256."""
        sha256 = checksum(content)
        path = self._path(sha256)
        if path.exists():
            path.touch()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes; FileNotFoundError when they are gone."""
        return self._path(sha256).read_bytes()

    def forget(self, sha256: str) -> None:
        """Throw the bytes away, unless they were put here lately; nothing happens when they are gone."""
        path = self._path(sha256)
        with suppress(FileNotFoundError):
            if clock.now().timestamp() - path.stat().st_mtime > LATELY_SECONDS:
                path.unlink()


_store: Store | None = None
_largest = 25_000_000


def configure(store: Store | Path, largest: int) -> None:
    """Choose the store (or a folder) and the largest file in bytes; called once by wiring.py."""
    global _store, _largest
    _store, _largest = DiskStore(store) if isinstance(store, Path) else store, largest


def store() -> Store:
    """The configured store."""
    if _store is None:
        raise RuntimeError("documents.storage is not configured")
    return _store


def largest() -> int:
    """The largest file accepted, in bytes."""
    return _largest
