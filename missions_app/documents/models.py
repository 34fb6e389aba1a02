"""Stored files, registered documents and signatures."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.db import Base, text_enum
from missions_app.workflow.models import Journey


class ScanState(StrEnum):
    """`quarantined` until the scanner has answered; without a scanner a file is `unscanned` and says so."""

    QUARANTINED = "quarantined"
    CLEAN = "clean"
    UNSCANNED = "unscanned"
    REFUSED = "refused"


class StoredFile(Base):
    """Some bytes, kept once under their SHA-256."""

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(sa.String(100))
    scan: Mapped[ScanState] = mapped_column(text_enum(ScanState))
    stored_at: Mapped[datetime]


class DocumentState(StrEnum):
    """A `void` document has been replaced or withdrawn; it stays readable."""

    VALID = "valid"
    VOID = "void"


class Visibility(StrEnum):
    """Who reads it: everybody, those with a part in the case, or, where secrecy is claimed, by need only."""

    PUBLIC = "public"
    PARTNERS = "partners"
    CLAIMED_SECRET = "confidential_claim"


class Document(Base):
    """An entry of the register: what kind, whose case, when, from whom, under which number, and for how long.

    It is a file, or a text written here (`body`), whose SHA-256 is what people sign. `party` is whoever gave it (as in
    Signature), "" when the case itself did. `claim_reason` says why secrecy is asked for, where it is, and until when.
    After `valid_until` the document stays readable, but its signatures no longer hold.
    """

    __tablename__ = "document"
    __table_args__ = (
        sa.Index("ix_document_journey_id_kind", "journey_id", "kind"),
        sa.CheckConstraint("(file_id IS NULL) <> (body IS NULL)", name="file_or_text"),
    )

    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(300))
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    body: Mapped[str | None] = mapped_column(sa.Text)
    checksum: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[DocumentState] = mapped_column(text_enum(DocumentState))
    visibility: Mapped[Visibility] = mapped_column(text_enum(Visibility))
    official: Mapped[bool]
    sender: Mapped[str] = mapped_column(sa.String(200), default="")
    party: Mapped[str] = mapped_column(sa.String(60), default="")
    claim_reason: Mapped[str] = mapped_column(sa.Text, default="")
    claim_until: Mapped[date | None]
    valid_until: Mapped[date | None]
    received_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    registry_number: Mapped[str] = mapped_column(sa.String(60), default="")
    retention: Mapped[str] = mapped_column(sa.String(60), default="")
    published_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    journey: Mapped[Journey] = relationship()
    file: Mapped[StoredFile | None] = relationship()
    added_by: Mapped[User | None] = relationship()
    signatures: Mapped[list["Signature"]] = relationship(back_populates="document", order_by="Signature.id")

    __mapper_args__ = {"version_id_col": version}


class Signature(Base):
    """Somebody has signed a document: for which party, with which authority, and exactly which content.

    `party` is "organisation:<id>" or "user:<id>". A signature counts only while `checksum` is the document's.
    `authority_source` says where the right to sign stands (a register, a delegation), `authority_until` its last day.
    `is_outside`: written on paper or in another service and entered here by `signed_by` with the file as proof.
    """

    __tablename__ = "document_signature"
    __table_args__ = (sa.UniqueConstraint("document_id", "party", "checksum"),)

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), index=True)
    party: Mapped[str] = mapped_column(sa.String(60))
    signed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    signed_name: Mapped[str] = mapped_column(sa.String(200))
    authority: Mapped[str] = mapped_column(sa.String(300))
    authority_source: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    authority_until: Mapped[date | None]
    signed_at: Mapped[datetime]
    checksum: Mapped[str] = mapped_column(sa.String(64))
    is_outside: Mapped[bool] = mapped_column(default=False)
    withdrawn_at: Mapped[datetime | None]

    document: Mapped[Document] = relationship(back_populates="signatures")
    signed_by: Mapped[User | None] = relationship()


class Printout(Base):
    """A PDF that was asked for: of which thing, in which language, and of exactly which content (fingerprint).

    `sha256` names the bytes in the store once the worker has made them.
    """

    __tablename__ = "printout"
    __table_args__ = (sa.UniqueConstraint("kind", "key", "locale", "fingerprint"),)

    kind: Mapped[str] = mapped_column(sa.String(40))
    key: Mapped[str] = mapped_column(sa.String(80))
    locale: Mapped[str] = mapped_column(sa.String(5))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")
