"""What documents tell the gates, by the names of workflow/facts.py."""

from typing import Any

from missions_app.documents import document_service, queries
from missions_app.documents.models import Document, DocumentState
from missions_app.workflow.subjects import Subject


def valid_signers(document: Document) -> list[str]:
    """The parties whose signatures hold for the document's present content."""
    return sorted(
        {one.party for one in document.signatures if one.checksum == document.checksum and one.withdrawn_at is None}
    )


def as_fact(document: Document) -> dict[str, Any]:
    """One document as a record. After its last day nobody has signed it any more."""
    holds = document.state is DocumentState.VALID and not document_service.is_expired(document)
    return {
        "type": document.kind,
        "title": document.title,
        "state": document.state.value,
        "signed_by": valid_signers(document) if holds else [],
        "registered": bool(document.registry_number),
        "retention": document.retention,
        "retention_set": bool(document.retention),
        "official": document.official,
        "published": document.published_on is not None,
    }


def facts_of(subject: Subject) -> dict[str, Any]:
    """The documents of a case."""
    return {"documents": lambda: [as_fact(one) for one in queries.documents_of(subject.journey)]}
