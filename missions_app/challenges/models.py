"""A challenge, its revisions and its submissions."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.actor import Scope, challenge_scope, organisation_scope
from missions_app.accounts.models import User
from missions_app.db import Base, text_enum
from missions_app.documents.models import Document
from missions_app.organisations.models import Organisation
from missions_app.strategy.models import Signal
from missions_app.workflow.method import Text
from missions_app.workflow.models import Journey


class Challenge(Base):
    """A societal problem and a target, worded by an organisation that owns it.

    Texts are in `language`; `translation` holds the same fields in the other language. `claims` is {field: reason}
    for fields the owner asks to keep secret. `municipalities`, `secondary_specialisations`, `innovation_types` and
    `bottlenecks` are keys. The point with `radius_km` around it is an area. Everybody may comment from
    `comments_from` to `comments_until`, both days included, where they are set. `submitted_at` is when it was first
    sent in: before that it is nobody else's business.
    """

    __tablename__ = "challenge"
    __table_args__ = (
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_is_whole"),
        sa.CheckConstraint("regional_money_ore >= 0", name="money_not_negative"),
        sa.CheckConstraint("radius_km IS NULL OR (radius_km > 0 AND latitude IS NOT NULL)", name="area_has_a_point"),
        sa.CheckConstraint(
            "(comments_from IS NULL) = (comments_until IS NULL) AND comments_from <= comments_until",
            name="comment_period_is_whole",
        ),
        sa.Index("ix_challenge_organisation_id", "organisation_id"),
        sa.Index("ix_challenge_theme", "theme"),
    )

    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    signal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("signal.id"))
    language: Mapped[str] = mapped_column(sa.String(2))
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    problem: Mapped[str] = mapped_column(sa.Text, default="")
    affected: Mapped[str] = mapped_column(sa.Text, default="")
    place: Mapped[str] = mapped_column(sa.String(300), default="")
    municipalities: Mapped[list[Any]] = mapped_column(default=list)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    radius_km: Mapped[float | None]
    target_statement: Mapped[str] = mapped_column(sa.Text, default="")
    target_date: Mapped[date | None]
    theme: Mapped[str] = mapped_column(sa.String(40), default="")
    specialisation: Mapped[str] = mapped_column(sa.String(40), default="")
    secondary_specialisations: Mapped[list[Any]] = mapped_column(default=list)
    response_type: Mapped[str] = mapped_column(sa.String(40), default="")
    innovation_types: Mapped[list[Any]] = mapped_column(default=list)
    geographic_reach: Mapped[str] = mapped_column(sa.String(40), default="")
    regional_money_ore: Mapped[int | None] = mapped_column(sa.BigInteger)
    bottlenecks: Mapped[list[Any]] = mapped_column(default=list)
    mandate_function: Mapped[str] = mapped_column(sa.String(200), default="")
    resources: Mapped[str] = mapped_column(sa.Text, default="")
    claims: Mapped[dict[str, Any]] = mapped_column(default=dict)
    translation: Mapped[dict[str, Any]] = mapped_column(default=dict)
    comments_from: Mapped[date | None]
    comments_until: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    journey: Mapped[Journey] = relationship()
    organisation: Mapped[Organisation] = relationship()
    created_by: Mapped[User | None] = relationship()
    signal: Mapped[Signal | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def titles(self) -> Text:
        """The title in both languages, as far as it has them; the reference while it has none."""
        own = self.title or self.reference
        other = str(self.translation.get("title") or own)
        return Text(sv=own, en=other) if self.language == "sv" else Text(sv=other, en=own)

    @property
    def scopes(self) -> frozenset[Scope]:
        """Where roles for this challenge are held: itself and the organisation that owns it."""
        return frozenset({challenge_scope(self.id), organisation_scope(self.organisation_id)})


class RevisionKind(StrEnum):
    """How a revision came to be."""

    CREATED = "created"
    SAVED = "saved"
    AUTOSAVED = "autosaved"
    MERGED = "merged"
    INDICATORS = "indicators"
    STRATEGY = "strategy"
    RESTORED = "restored"
    ATTACHMENTS = "attachments"


class Revision(Base):
    """The whole content of a challenge at one time: fields, indicators and links. Never changed, never removed.

    `challenge_version` is the challenge's version that these fields belong to.
    """

    __tablename__ = "challenge_revision"
    __table_args__ = (sa.UniqueConstraint("challenge_id", "number"),)

    challenge_id: Mapped[int] = mapped_column(sa.ForeignKey("challenge.id"), index=True)
    number: Mapped[int]
    challenge_version: Mapped[int]
    kind: Mapped[RevisionKind] = mapped_column(text_enum(RevisionKind))
    content: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    challenge: Mapped[Challenge] = relationship()
    saved_by: Mapped[User | None] = relationship()


class Submission(Base):
    """One time the challenge was sent in: that revision became an incoming document, whose register entry holds the
    case number."""

    __tablename__ = "challenge_submission"

    challenge_id: Mapped[int] = mapped_column(sa.ForeignKey("challenge.id"), index=True)
    revision_number: Mapped[int]
    submitted_at: Mapped[datetime]
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"))

    challenge: Mapped[Challenge] = relationship()
    document: Mapped[Document] = relationship()


class Invitation(Base):
    """An offer to write along, sent to an e-mail address and answered by whoever signs in with it."""

    __tablename__ = "challenge_invitation"
    __table_args__ = (sa.Index("ix_challenge_invitation_email", "email"),)

    challenge_id: Mapped[int] = mapped_column(sa.ForeignKey("challenge.id"), index=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    invited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    invited_at: Mapped[datetime]
    expires_on: Mapped[date]
    accepted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    challenge: Mapped[Challenge] = relationship()
    accepted_by: Mapped[User | None] = relationship(foreign_keys=accepted_by_id)


class ReturnPoint(Base):
    """One thing the secretariat asks the authors to mend when it sends a challenge back: at which field, in words."""

    __tablename__ = "challenge_return_point"

    challenge_id: Mapped[int] = mapped_column(sa.ForeignKey("challenge.id"), index=True)
    field: Mapped[str] = mapped_column(sa.String(60), default="")
    text: Mapped[str] = mapped_column(sa.Text)
    raised_at: Mapped[datetime]
    raised_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    settled_at: Mapped[datetime | None]


class Merge(Base):
    """Two challenges about the same thing brought together: the one goes on as part of the other, until they are
    split. `writers` are the users who got the right to write the other one by it, and lose it again by a split."""

    __tablename__ = "challenge_merge"
    __table_args__ = (
        sa.CheckConstraint("challenge_id <> into_id", name="not_with_itself"),
        sa.Index(
            "uq_challenge_merge_standing", "challenge_id", unique=True, sqlite_where=sa.text("split_at IS NULL"),
            postgresql_where=sa.text("split_at IS NULL"),
        ),
    )  # fmt: skip

    challenge_id: Mapped[int] = mapped_column(sa.ForeignKey("challenge.id"))
    into_id: Mapped[int] = mapped_column(sa.ForeignKey("challenge.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    merged_at: Mapped[datetime]
    merged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    writers: Mapped[list[Any]] = mapped_column(default=list)
    split_at: Mapped[datetime | None]
    split_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    challenge: Mapped[Challenge] = relationship(foreign_keys=challenge_id)
    into: Mapped[Challenge] = relationship(foreign_keys=into_id)


class Objection(Base):
    """The proposer's one answer to a refusal without a decision at a gate, and what the secretariat says to it."""

    __tablename__ = "challenge_objection"
    __table_args__ = (
        sa.CheckConstraint("(answered_at IS NULL) = (stands IS NULL)", name="answer_is_whole"),
    )  # fmt: skip

    challenge_id: Mapped[int] = mapped_column(sa.ForeignKey("challenge.id"), index=True)
    declined_id: Mapped[int] = mapped_column(sa.ForeignKey("state_entry.id"), unique=True)
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    stands: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    challenge: Mapped[Challenge] = relationship()


class Follower(Base):
    """An address that wants to know what becomes of a challenge; nothing is sent before it has been confirmed.

    `confirm_hash` is the digest of the secret in the first letter; `leave_key` is in the link of every letter and
    opens nothing but the way out.
    """

    __tablename__ = "challenge_follower"
    __table_args__ = (sa.UniqueConstraint("challenge_id", "email"),)

    challenge_id: Mapped[int] = mapped_column(sa.ForeignKey("challenge.id"))
    email: Mapped[str] = mapped_column(sa.String(254))
    locale: Mapped[str] = mapped_column(sa.String(2))
    asked_at: Mapped[datetime]
    confirm_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    confirmed_at: Mapped[datetime | None]
    leave_key: Mapped[str] = mapped_column(sa.String(64), unique=True)

    challenge: Mapped[Challenge] = relationship()
