"""Reading documents."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from missions_app import clock, db
from missions_app.documents.models import Document, StoredFile
from missions_app.errors import NotFound
from missions_app.workflow.models import Journey


def find_file(sha256: str) -> StoredFile | None:
    """The stored file with this content, if there is one."""
    return db.session.scalars(select(StoredFile).where(StoredFile.sha256 == sha256)).first()


def get_document(document_id: int) -> Document:
    """The document, or NotFound."""
    found = db.session.get(Document, document_id)
    if found is None:
        raise NotFound()
    return found


def documents_of(journey: Journey, kind: str | None = None) -> Sequence[Document]:
    """The documents of a case with their signatures, newest first; void ones included."""
    query = (
        select(Document)
        .where(Document.journey_id == journey.id)
        .options(selectinload(Document.signatures), joinedload(Document.file))
    )
    if kind is not None:
        query = query.where(Document.kind == kind)
    return db.session.scalars(query.order_by(Document.id.desc())).all()


def register(
    *, unregistered: bool = False, kind: str = "", text: str = "", since: date | None = None, until: date | None = None
) -> Select[Document]:
    """The register of official documents, newest first, for a paged list.

    Args:
        text: part of a title, a sender or a number. since, until: days of arrival in the site's zone, both included.
    """
    loaded = joinedload(Document.journey).joinedload(Journey.method_version)
    query = select(Document).where(Document.official).options(loaded).order_by(Document.id.desc())
    if unregistered:
        query = query.where(Document.registry_number == "")
    if kind:
        query = query.where(Document.kind == kind)
    if text:
        named = (Document.title, Document.sender, Document.registry_number)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in named)))
    if since is not None:
        query = query.where(Document.received_at >= _midnight(since))
    if until is not None:
        query = query.where(Document.received_at < _midnight(until + timedelta(days=1)))
    return query


def unregistered_count() -> int:
    """How many official documents wait for a number."""
    return db.session.scalar(select(func.count()).where(Document.official, Document.registry_number == "")) or 0


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.zone())
