"""Taking in, writing, signing, registering and publishing documents."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.documents import contents, policy, queries, scan_service, storage
from missions_app.documents.errors import (
    AlreadySigned,
    ClaimedSecret,
    EmptyFile,
    NotScanned,
    OtherVersion,
    Refused,
    TooLarge,
    UnknownKind,
    VoidDocument,
    WrongContent,
)
from missions_app.documents.models import (
    Document,
    DocumentState,
    ScanState,
    Signature,
    StoredFile,
    Visibility,
)
from missions_app.documents.policy import InCase
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.workflow.method import Method
from missions_app.workflow.method_parts import DocumentType
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Journey
from missions_app.workflow.subjects import Subject

MEGABYTE = 1_000_000
UNREADABLE = (ScanState.QUARANTINED, ScanState.REFUSED)
NO_AUTHORITY = N_("Say on which ground you may sign, such as a delegation.")


@dataclass(frozen=True, slots=True)
class Claim:
    """A wish for secrecy: which harm would come of showing the document, and until when. A wish, never a decision."""

    reason: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OutsideSignature:
    """A signature given on paper or in another service: whom it binds, who signed, with which authority."""

    party: str
    name: str
    authority: str


def user_party(user_id: int) -> str:
    """A user as a party to a document."""
    return f"user:{user_id}"


def organisation_party(organisation_id: int) -> str:
    """An organisation as a party to a document."""
    return f"organisation:{organisation_id}"


def upload(
    *, subject: Subject, kind: str, title: str, file_name: str, content: bytes, by: Actor, sender: str = "",
    visibility: Visibility = Visibility.PARTNERS, party: str = "", claim: Claim | None = None,
    valid_until: date | None = None,
) -> Document:  # fmt: skip
    """Take in a file as a document of a case.

    Args:
        kind: a document type of the method. content: the whole file; what it is, is judged by the content.
        sender: from whom it came, in words. party: the organisation or person who gave it, see organisation_party.
        claim: why the giver asks for secrecy; needed where visibility says that it does.

    Raises:
        NotAllowed, UnknownKind, EmptyFile, TooLarge, WrongContent, InvalidInput (no title, no reason for a claim).
    """
    permit(policy.can_add_document, by, subject)
    media_type = _accepted(content)
    if visibility is Visibility.CLAIMED_SECRET and (claim is None or not claim.reason.strip()):
        text = N_("Say why it should be kept secret: what harm would come of showing it.")
        raise InvalidInput.of([Problem("claim_without_reason", text, "claim_reason")])
    sha256 = storage.store().put(content)
    with db.transaction() as session:
        file = queries.find_file(sha256)
        if file is None:
            file = StoredFile(sha256=sha256, size=len(content), media_type=media_type, stored_at=clock.now())
            scan_service.first_state(file)
            session.add(file)
        document = _enter(subject.journey, kind, title, sha256, visibility, sender=sender, by=by)
        document.file, document.file_name = file, contents.safe_name(file_name)
        document.party, document.valid_until = party, valid_until
        if visibility is Visibility.CLAIMED_SECRET and claim is not None:
            document.claim_reason, document.claim_until = claim.reason.strip(), claim.until
        session.add(document)
        trail.record("document.received", subject, by=by, kind=kind, checksum=sha256)
        return document


def _accepted(content: bytes) -> str:
    """The media type of a file that may be taken in."""
    if not content:
        raise EmptyFile(field="file")
    if len(content) > storage.largest():
        raise TooLarge(field="file", most=storage.largest() // MEGABYTE)
    media_type = contents.media_type(content)
    if media_type is None:
        raise WrongContent(field="file")
    return media_type


def register_written(
    *, kind: str, title: str, journey: Journey, text: str, by: Actor, signed_by_user: Actor | None = None,
    visibility: Visibility = Visibility.PARTNERS,
) -> Document:  # fmt: skip
    """Enter a text drawn up here as a document, signed by its writer if given; the caller has checked the right."""
    with db.transaction() as session:
        document = _enter(journey, kind, title, hashlib.sha256(text.encode()).hexdigest(), visibility, sender="", by=by)
        document.body = text
        session.add(document)
        session.flush()
        if signed_by_user is not None and signed_by_user.user_id is not None:
            _sign(document, user_party(signed_by_user.user_id), by=signed_by_user, authority="")
        return document


@dataclass(frozen=True, slots=True)
class Authority:
    """On which ground somebody may sign, where that stands, and its last day if it has one."""

    ground: str
    source: str = ""
    until: date | None = None


def sign(document: Document, *, party: str, by: Actor, authority: str | Authority, checksum: str) -> Signature:
    """Sign exactly the content the signer has read. Who may sign for a party is the caller's rule.

    Args:
        party: whom the signature binds (see organisation_party). authority: on which ground the person may sign.
        checksum: of the content the signer read.

    Raises:
        VoidDocument, OtherVersion, AlreadySigned, InvalidInput (no authority given, or one that has ended).
    """
    with db.transaction():
        db.lock_row(document)
        if document.state is DocumentState.VOID or is_expired(document):
            raise VoidDocument()
        if document.checksum != checksum:
            raise OtherVersion()
        given = Authority(authority) if isinstance(authority, str) else authority
        if not given.ground.strip():
            raise InvalidInput.of([Problem("missing", NO_AUTHORITY, "authority")])
        if given.until is not None and given.until < clock.today():
            text = N_("That right to sign has ended. Somebody whose right holds today must sign.")
            raise InvalidInput.of([Problem("authority_ended", text, "authority_until")])
        signature = _sign(document, party, by=by, authority=given.ground.strip())
        signature.authority_source, signature.authority_until = given.source.strip()[:300], given.until
        return signature


def sign_for(
    document: Document, *, subject: Subject, party: str, by: Actor, authority: str | Authority, checksum: str
) -> Signature:
    """Sign a case's document for oneself or for an organisation one speaks for.

    Raises:
        NotAllowed (may not read it, or does not speak for the party), and what sign() raises.
    """
    permit(policy.can_read_document, by, policy.InCase(document, subject))
    permit(policy.can_sign_for, by, party)
    with db.transaction():
        signature = sign(document, party=party, by=by, authority=authority, checksum=checksum)
        trail.record("document.signed", subject, by=by, document=document.id, kind=document.kind)
        return signature


def enter_outside_signatures(document: Document, given: Sequence[OutsideSignature], *, by: Actor) -> None:
    """Note who has signed a file elsewhere. The caller has checked the right; the file itself is the proof.

    Raises:
        InvalidInput: at "name_<id>" or "authority_<id>" of the party for which it is missing.
    """
    with db.transaction():
        for one in given:
            key = one.party.partition(":")[2]
            if not one.name.strip():
                raise InvalidInput.of([Problem("missing", N_("Write who has signed."), f"name_{key}")])
            if not one.authority.strip():
                raise InvalidInput.of([Problem("missing", NO_AUTHORITY, f"authority_{key}")])
            signature = _sign(document, one.party, by=by, authority=one.authority.strip())
            signature.signed_name, signature.is_outside = one.name.strip(), True


def is_expired(document: Document) -> bool:
    """Whether the document's last day has passed."""
    return document.valid_until is not None and document.valid_until < clock.today()


def void(document: Document, *, by: Actor, subject: Subject, expected_version: int | None = None) -> None:
    """Let a document no longer hold; it stays readable."""
    permit(policy.can_change_document, by, policy.InCase(document, subject))
    with db.transaction():
        db.expect_version(document, expected_version)
        document.state = DocumentState.VOID
        trail.record("document.voided", subject, by=by, document=document.id)


def register(document: Document, *, registry_number: str, retention: str, by: Actor, expected_version: int,
             subject: Subject) -> None:  # fmt: skip
    """Give a document its number in the register and its retention class.

    Raises:
        NotAllowed, StaleVersion, InvalidInput.
    """
    permit(policy.can_register, by, subject)
    with db.transaction():
        db.expect_version(document, expected_version)
        problems = []
        if not registry_number.strip():
            problems.append(Problem("missing", N_("Write the case number."), "registry_number"))
        if method_of(subject.journey.method_version).find_term("retention", retention) is None:
            problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), "retention"))
        if problems:
            raise InvalidInput.of(problems)
        document.registry_number, document.retention = registry_number.strip(), retention
        trail.record("document.registered", subject, by=by, document=document.id, number=document.registry_number)


def publish(document: Document, *, by: Actor, subject: Subject, expected_version: int | None = None) -> None:
    """Let everybody read a document. What is claimed to be secret is not published without a decision on the claim.

    Raises:
        NotAllowed, StaleVersion, ClaimedSecret, VoidDocument, NotScanned.
    """
    permit(policy.can_change_document, by, policy.InCase(document, subject))
    with db.transaction():
        db.expect_version(document, expected_version)
        if document.visibility is Visibility.CLAIMED_SECRET:
            raise ClaimedSecret()
        if document.state is DocumentState.VOID:
            raise VoidDocument()
        if document.file is not None and document.file.scan in UNREADABLE:
            raise NotScanned()
        document.visibility, document.published_on = Visibility.PUBLIC, clock.today()
        trail.record("document.published", subject, by=by, document=document.id)


def read(one: InCase, *, by: Actor) -> bytes:
    """The content of a document, for somebody who may read it.

    Raises:
        NotAllowed, NotScanned.
    """
    permit(policy.can_read_document, by, one)
    file = one.document.file
    if file is None:
        return (one.document.body or "").encode()
    if file.scan is ScanState.REFUSED:
        raise Refused()
    if file.scan is ScanState.QUARANTINED:
        raise NotScanned()
    return storage.store().get(file.sha256)


def kinds_of(method: Method) -> tuple[DocumentType, ...]:
    """The kinds of document the method knows."""
    return method.document_type


def _enter(journey: Journey, kind: str, title: str, checksum: str, visibility: Visibility, *, sender: str,
           by: Actor) -> Document:  # fmt: skip
    declared = method_of(journey.method_version).find_term("document_type", kind)
    if not isinstance(declared, DocumentType):
        raise UnknownKind(field="kind")
    if not title.strip():
        raise InvalidInput.of([Problem("missing", N_("Write a title."), "title")])
    return Document(
        journey=journey, kind=kind, title=title.strip()[:300], checksum=checksum, state=DocumentState.VALID,
        visibility=visibility, official=declared.official, sender=sender.strip(), received_at=clock.now(),
        added_by_id=by.user_id,
    )  # fmt: skip


def _sign(document: Document, party: str, *, by: Actor, authority: str) -> Signature:
    if any(
        one.party == party and one.checksum == document.checksum and one.withdrawn_at is None
        for one in document.signatures
    ):
        raise AlreadySigned(party=party)
    signature = Signature(
        document=document, party=party, signed_by_id=by.user_id, signed_name=by.name, authority=authority,
        signed_at=clock.now(), checksum=document.checksum,
    )  # fmt: skip
    db.session.add(signature)
    return signature
