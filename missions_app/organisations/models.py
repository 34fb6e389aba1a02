"""Organisations and their capabilities."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.actor import Scope, organisation_scope
from missions_app.accounts.models import User
from missions_app.db import Base, text_enum


class OrganisationState(StrEnum):
    """`requested` waits for the secretariat's answer; a merged organisation points at the one that goes on."""

    REQUESTED = "requested"
    ACTIVE = "active"
    MERGED = "merged"
    CLOSED = "closed"


class Organisation(Base):
    """A public body, company, university or association.

    `owner_id` is the organisation that controls it; `group_id` the topmost owner (itself where there is none), so
    that affiliated organisations count as one. `sort_key` orders names the Swedish way on every database.
    """

    __tablename__ = "organisation"
    __table_args__ = (sa.Index("ix_organisation_sort_key", "sort_key"),)

    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    sort_key: Mapped[str] = mapped_column(sa.String(400))
    sector: Mapped[str] = mapped_column(sa.String(20))
    subtype: Mapped[str] = mapped_column(sa.String(40), default="")
    size_class: Mapped[str] = mapped_column(sa.String(20), default="")
    municipality: Mapped[str] = mapped_column(sa.String(10), default="")
    number: Mapped[str | None] = mapped_column(sa.String(20), unique=True)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    contact_function: Mapped[str] = mapped_column(sa.String(200), default="")
    contact_email: Mapped[str] = mapped_column(sa.String(254), default="")
    website: Mapped[str] = mapped_column(sa.String(300), default="")
    description_sv: Mapped[str] = mapped_column(sa.Text, default="")
    description_en: Mapped[str] = mapped_column(sa.Text, default="")
    is_undertaking: Mapped[bool] = mapped_column(default=False)
    is_outside_region: Mapped[bool] = mapped_column(default=False)
    country: Mapped[str] = mapped_column(sa.String(2), default="SE")
    is_example: Mapped[bool] = mapped_column(default=False)
    provenance: Mapped[str] = mapped_column(sa.String(300), default="")
    state: Mapped[OrganisationState] = mapped_column(text_enum(OrganisationState))
    requested_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    owner: Mapped["Organisation | None"] = relationship(foreign_keys=owner_id, remote_side="Organisation.id")
    requested_by: Mapped[User | None] = relationship(foreign_keys=requested_by_id)

    __mapper_args__ = {"version_id_col": version}

    @property
    def scopes(self) -> frozenset[Scope]:
        """Where roles for this organisation are held."""
        return frozenset({organisation_scope(self.id)})

    @property
    def group(self) -> int:
        """The id of the topmost owner; its own where nobody owns it."""
        return self.group_id or self.id


class FormerEntry(Base):
    """What an organisation was called, and which sector it belonged to, until a day. The past is never rewritten:
    what was decided then is read with the name of that time."""

    __tablename__ = "organisation_former_entry"

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    sector: Mapped[str] = mapped_column(sa.String(20))
    until: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()


class Capability(Base):
    """Something an organisation can do: one of the region's peaks, how well (1 to 3), and what shows it.

    `visibility` is the method's: whether everybody, only partners, or only the organisation and the secretariat
    read the evidence.
    """

    __tablename__ = "capability"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "peak"),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name="level_in_range"),
    )

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    peak: Mapped[str] = mapped_column(sa.String(40))
    level: Mapped[int]
    evidence: Mapped[str] = mapped_column(sa.Text, default="")
    visibility: Mapped[str] = mapped_column(sa.String(20), default="public")

    organisation: Mapped[Organisation] = relationship()


class OfferKind(StrEnum):
    """What an organisation can lend: something that is there, people who study or know, or doors it can open."""

    SITE = "site"
    EQUIPMENT = "equipment"
    DATA = "data"
    STUDENTS = "students"
    EXPERTISE = "expertise"
    NETWORK = "network"


class Offer(Base):
    """Something an organisation is ready to bring to a mission, in its own words, for a while or until further notice.

    `peak` is the region's peak it belongs to, if one. Matching reads only offers that are public.
    """

    __tablename__ = "organisation_offer"

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    kind: Mapped[OfferKind] = mapped_column(text_enum(OfferKind))
    text_sv: Mapped[str] = mapped_column(sa.Text)
    text_en: Mapped[str] = mapped_column(sa.Text, default="")
    peak: Mapped[str] = mapped_column(sa.String(40), default="")
    available_from: Mapped[date | None]
    available_until: Mapped[date | None]
    visibility: Mapped[str] = mapped_column(sa.String(20), default="public")
    claim_reason: Mapped[str] = mapped_column(sa.Text, default="")
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    organisation: Mapped[Organisation] = relationship()

    __mapper_args__ = {"version_id_col": version}


class MembershipState(StrEnum):
    """A request to join waits for the organisation's administrator."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class MembershipRequest(Base):
    """Somebody asks to belong to an organisation."""

    __tablename__ = "membership_request"

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    message: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[MembershipState] = mapped_column(text_enum(MembershipState))
    requested_on: Mapped[date]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    organisation: Mapped[Organisation] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)
