"""Deleting a document that nothing refers to; the file itself goes when no other document has the same content."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Table, exists, select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.documents import policy, storage
from missions_app.documents.disclosure_models import DisclosureField
from missions_app.documents.errors import ReferredTo
from missions_app.documents.models import Document, Printout, Signature, StoredFile
from missions_app.documents.policy import InCase
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.outbox import jobs
from missions_app.workflow.models import Evidence, GateDecision
from missions_app.workflow.subjects import Subject

FORGET = "documents.forget_file"
# The same file may be on its way in again while it is deleted.
GRACE = timedelta(days=1)

ReferenceSource = Callable[[Document], Iterable[Problem]]
_sources: list[ReferenceSource] = []


def add_references(source: ReferenceSource) -> None:
    """Let a package above say what of its own refers to a document without a foreign key."""
    if source not in _sources:
        _sources.append(source)


def references_to(document: Document) -> list[Problem]:
    """Everything that refers to a document, a sentence each; [] means that it may be deleted."""
    found = []
    if document.registry_number:
        found.append(Problem("registered", N_("It is entered in the register.")))
    if document.published_on is not None:
        found.append(Problem("published", N_("It has been published.")))
    if document.signatures:
        found.append(Problem("signed", N_("Somebody has signed it.")))
    if _is_pinned(document):
        found.append(Problem("pinned", N_("A decision rests on it.")))
    if _was_asked_for(document):
        found.append(Problem("asked_for", N_("Somebody has asked to read it.")))
    if any(_points_at(table, document) for table in Document.metadata.sorted_tables):
        found.append(Problem("linked", N_("Something in the case points to it.")))
    return [*found, *(problem for source in _sources for problem in source(document))]


def delete(document: Document, *, subject: Subject, by: Actor, expected_version: int | None = None) -> None:
    """Delete a document. The trail keeps that it was there, with its check sum.

    Raises:
        NotAllowed, StaleVersion, ReferredTo.
    """
    permit(policy.can_change_document, by, InCase(document, subject))
    with db.transaction() as session:
        db.lock_row(document)
        db.expect_version(document, expected_version)
        if found := references_to(document):
            raise ReferredTo(reasons=found)
        kept: dict[str, Any] = {"document": document.id, "kind": document.kind, "checksum": document.checksum}
        if document.file is not None:
            forget_later(document.file.sha256)
        session.delete(document)
        trail.record("document.deleted", subject, by=by, **kept)


def forget_later(sha256: str) -> None:
    """Have a file thrown away in a day, unless something has it then; the caller's transaction."""
    jobs.queue(FORGET, due_at=clock.now() + GRACE, sha256=sha256)


def forget_file(payload: Mapping[str, Any]) -> None:
    """The worker's part: throw away a file that no document, picture or anything else has any more. Safe to run
    twice."""
    sha256 = payload["sha256"]
    with db.transaction() as session:
        file = session.scalars(select(StoredFile).where(StoredFile.sha256 == sha256).with_for_update()).first()
        if file is not None:
            if any(session.scalar(select(exists().where(column == file.id))) for column in _holders_of_files()):
                return
            session.delete(file)
        if session.scalar(select(exists().where(Printout.sha256 == sha256))):
            return
        session.info["after_commit"].append(lambda: storage.store().forget(sha256))


def _holders_of_files() -> list[Column[Any]]:
    """Every column that names a stored file, in whichever package it is."""
    keys = (key for table in Document.metadata.sorted_tables for key in table.foreign_keys)
    return [key.parent for key in keys if key.column.table.name == StoredFile.__tablename__]


def _is_pinned(document: Document) -> bool:
    """Whether a decision made since it came read the case's documents."""
    kept = db.session.scalars(
        select(Evidence.facts)
        .join(Evidence.decision)
        .where(GateDecision.journey_id == document.journey_id, GateDecision.recorded_at >= document.received_at)
    )
    return any(facts.get("documents") for facts in kept)


def _was_asked_for(document: Document) -> bool:
    asked = exists().where(DisclosureField.kind == "document", DisclosureField.key == str(document.id))
    return bool(db.session.scalar(select(asked)))


def _points_at(table: Table, document: Document) -> bool:
    """Whether a row of the table has a foreign key to the document."""
    if table.name == Signature.__tablename__:
        return False
    columns = [key.parent for key in table.foreign_keys if key.column.table.name == Document.__tablename__]
    return any(db.session.scalar(select(exists().where(column == document.id))) for column in columns)
