"""Letting files out of quarantine, or keeping them there for good."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from missions_app import db
from missions_app.accounts.actor import SYSTEM
from missions_app.audit import trail
from missions_app.documents import scanning, storage
from missions_app.documents.models import ScanState, StoredFile
from missions_app.outbox import jobs

SCAN = "documents.scan"


def first_state(file: StoredFile) -> None:
    """Put a new file in quarantine and ask for a scan, or note that there is no scanner."""
    if scanning.scanner() is None:
        file.scan = ScanState.UNSCANNED
        return
    file.scan = ScanState.QUARANTINED
    jobs.queue(SCAN, dedupe_key=f"{SCAN}:{file.sha256}:{file.stored_at.isoformat()}", sha256=file.sha256)


def scan_file(payload: Mapping[str, Any]) -> None:
    """The worker's part: ask the scanner and note its answer. Safe to run twice; raises OSError to be tried again."""
    scanner = scanning.scanner()
    if scanner is None:
        raise OSError("no scanner is configured")
    clean = scanner.is_clean(storage.store().get(payload["sha256"]))
    with db.transaction() as session:
        file = session.scalars(select(StoredFile).where(StoredFile.sha256 == payload["sha256"])).one()
        if file.scan is not ScanState.QUARANTINED:
            return
        file.scan = ScanState.CLEAN if clean else ScanState.REFUSED
        trail.record("file.scanned", file, by=SYSTEM, clean=clean)
