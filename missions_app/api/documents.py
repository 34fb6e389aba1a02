"""Documents of a case, and the register."""

from io import BytesIO
from typing import Any

from flask import send_file
from marshmallow import fields

from missions_app.api.base import ApiBlueprint, Filters, Input, Output, created, sent_file
from missions_app.api.cases import case_of
from missions_app.api.schemas import Day
from missions_app.api.shapes import AuthorityIn, output_of
from missions_app.documents import deletion_service, document_service, policy, queries
from missions_app.documents.document_service import Authority, Claim, organisation_party
from missions_app.documents.facts import valid_signers
from missions_app.documents.models import Document, Visibility
from missions_app.documents.policy import InCase
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.errors import NotFound
from missions_app.organisations import queries as organisations
from missions_app.workflow.subjects import Subject, subject_of

bp = ApiBlueprint("documents", "Files and texts of a case, who signed them, and their numbers in the register")
DOCUMENT = "/documents/<int:document_id>"


class DocumentOut(
    output_of(
        Document,
        "id",
        "kind",
        "title",
        "file_name",
        "checksum",
        "state",
        "visibility",
        "official",
        "sender",
        "received_at",
        "registry_number",
        "retention",
        "published_on",
        "valid_until",
        "version",
        name="DocumentRow",
    )
):
    """A document."""

    signed_by = fields.Function(valid_signers)


class UploadIn(Input):
    """What the file is; the file itself is the part `file` of a multipart body."""

    kind = fields.String(required=True)
    title = fields.String(required=True)
    visibility = fields.Enum(enum=Visibility, by_value=True, load_default=Visibility.PARTNERS)
    claim_reason = fields.String(load_default="")
    claim_until = Day(load_default=None, allow_none=True)
    sender = fields.String(load_default="")
    valid_until = Day(load_default=None, allow_none=True)


class RegisterIn(Input):
    """A number and how long it is kept."""

    registry_number = fields.String(required=True)
    retention = fields.String(required=True)


class RegisterFilters(Filters):
    """Those without a number, a kind, words, days of arrival."""

    unregistered = fields.Boolean(load_default=False)
    kind = fields.String(load_default="")
    text = fields.String(load_default="")
    since = Day(load_default=None)
    until = Day(load_default=None)


class SignatureOut(Output):
    """A signature that was given."""

    party = fields.String()
    signed_name = fields.String()
    signed_at = fields.DateTime()


def _readable(document_id: int) -> InCase:
    document = queries.get_document(document_id)
    one = InCase(document, subject_of(document.journey))
    if not policy.can_read_document(actor(), one):
        raise NotFound()
    return one


def _case(reference: str) -> Subject:
    subject = case_of(reference)
    authorise(policy.can_list_documents, subject)
    return subject


@bp.get("/cases/<reference>/documents")
@signed_in
@bp.response(200, DocumentOut(many=True))
def list_documents(reference: str) -> Any:
    """Those of a case's documents that the caller may read."""
    subject = _case(reference)
    return policy.readable(actor(), queries.documents_of(subject.journey), subject)


@bp.post("/cases/<reference>/documents")
@signed_in
@bp.arguments(UploadIn, location="form")
@bp.response(201, DocumentOut)
def upload(body: dict[str, Any], reference: str) -> Any:
    """Attach a file."""
    sent = sent_file()
    claim = Claim(body.pop("claim_reason"), body.pop("claim_until"))
    document = document_service.upload(
        subject=case_of(reference), file_name=sent.filename or "", content=sent.read(), by=actor(), claim=claim, **body
    )
    return created(document, "documents.show_document", document_id=document.id)


@bp.get(DOCUMENT)
@public
@bp.response(200, DocumentOut)
def show_document(document_id: int) -> Document:
    """What a document is. Whoever may not read it is not told that it exists."""
    return _readable(document_id).document


@bp.get(f"{DOCUMENT}/content")
@public
def download(document_id: int) -> Any:
    """The document itself."""
    one = _readable(document_id)
    content, document = document_service.read(one, by=actor()), one.document
    kind = document.file.media_type if document.file else "text/plain; charset=utf-8"
    name = document.file_name or f"{document.kind}-{document.id}.txt"
    return send_file(BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)


@bp.post(f"{DOCUMENT}/signatures")
@signed_in
@bp.arguments(AuthorityIn)
@bp.response(201, SignatureOut)
def sign(body: dict[str, Any], document_id: int) -> Any:
    """Sign exactly the content with this check sum."""
    one = _readable(document_id)
    party = organisation_party(organisations.get_organisation(body["organisation"]).id)
    return document_service.sign_for(
        one.document,
        subject=one.subject,
        party=party,
        by=actor(),
        authority=Authority(body["authority"], body["authority_source"], body["authority_until"]),
        checksum=body["checksum"],
    )


@bp.put(f"{DOCUMENT}/register")
@signed_in
@bp.versioned
@bp.arguments(RegisterIn)
@bp.response(200, DocumentOut)
def register(body: dict[str, Any], document_id: int, expected_version: int) -> Document:
    """Give it its number and how long it is kept."""
    one = _readable(document_id)
    document_service.register(one.document, subject=one.subject, by=actor(), expected_version=expected_version, **body)
    return one.document


@bp.post(f"{DOCUMENT}/publish")
@signed_in
@bp.versioned
@bp.response(200, DocumentOut)
def publish(document_id: int, expected_version: int) -> Document:
    """Let everybody read it."""
    one = _readable(document_id)
    document_service.publish(one.document, by=actor(), subject=one.subject, expected_version=expected_version)
    return one.document


@bp.post(f"{DOCUMENT}/void")
@signed_in
@bp.versioned
@bp.response(200, DocumentOut)
def void(document_id: int, expected_version: int) -> Document:
    """It no longer holds."""
    one = _readable(document_id)
    document_service.void(one.document, by=actor(), subject=one.subject, expected_version=expected_version)
    return one.document


@bp.delete(DOCUMENT)
@signed_in
@bp.versioned
@bp.response(204)
def delete(document_id: int, expected_version: int) -> None:
    """Delete it, when nothing refers to it."""
    one = _readable(document_id)
    deletion_service.delete(one.document, subject=one.subject, by=actor(), expected_version=expected_version)


@bp.get("/register")
@signed_in
@bp.paged(DocumentOut, RegisterFilters)
def show_register(filters: dict[str, Any]) -> Any:
    """The register of official documents."""
    authorise(policy.can_register, None)
    return queries.register(**filters)
