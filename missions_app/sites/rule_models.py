"""What limits who may book a resource: organisations chosen by its owner, quotas, qualifications with a last day."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.db import Base, text_enum
from missions_app.organisations.models import Organisation
from missions_app.sites.models import Resource


class ResourceBooker(Base):
    """An organisation that may book a resource whose bookers are chosen."""

    __tablename__ = "resource_booker"
    __table_args__ = (sa.UniqueConstraint("resource_id", "organisation_id"),)

    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))

    organisation: Mapped[Organisation] = relationship()


class QuotaPeriod(StrEnum):
    """How often a quota begins anew, by the local calendar; weeks begin on Monday."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Quota(Base):
    """How many hours an organisation may book in a period, over some resources together.

    `owner` is whoever set it; None is the region's own, which may span several owners. `organisation` is the one it
    limits; None limits each organisation by itself. Hours of use count, for each unit of a pool.
    """

    __tablename__ = "quota"
    __table_args__ = (sa.CheckConstraint("hours > 0", name="hours_positive"),)

    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    period: Mapped[QuotaPeriod] = mapped_column(text_enum(QuotaPeriod))
    hours: Mapped[int]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    owner: Mapped[Organisation | None] = relationship(foreign_keys=owner_id)
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=organisation_id)
    resources: Mapped[list[Resource]] = relationship(secondary="quota_resource", order_by="Resource.name_sv")

    __mapper_args__ = {"version_id_col": version}


class QuotaResource(Base):
    """A resource whose use counts towards a quota."""

    __tablename__ = "quota_resource"
    __table_args__ = (sa.UniqueConstraint("quota_id", "resource_id"),)

    quota_id: Mapped[int] = mapped_column(sa.ForeignKey("quota.id"))
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"), index=True)


class Qualification(Base):
    """Something a person must have shown to an owner: an introduction, a licence, a course.

    `valid_months` is how long it usually holds; None is without an end.
    """

    __tablename__ = "qualification"
    __table_args__ = (
        sa.UniqueConstraint("owner_id", "slug"),
        sa.CheckConstraint("valid_months IS NULL OR valid_months > 0", name="months_positive"),
    )

    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    slug: Mapped[str] = mapped_column(sa.String(80))
    name_sv: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200), default="")
    how_sv: Mapped[str] = mapped_column(sa.Text, default="")
    how_en: Mapped[str] = mapped_column(sa.Text, default="")
    valid_months: Mapped[int | None]
    version: Mapped[int] = mapped_column()

    owner: Mapped[Organisation] = relationship()

    __mapper_args__ = {"version_id_col": version}


class ResourceQualification(Base):
    """A qualification that whoever uses a resource must hold on the day of use."""

    __tablename__ = "resource_qualification"
    __table_args__ = (sa.UniqueConstraint("resource_id", "qualification_id"),)

    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"), index=True)
    qualification_id: Mapped[int] = mapped_column(sa.ForeignKey("qualification.id"), index=True)

    qualification: Mapped[Qualification] = relationship()


class HeldQualification(Base):
    """A person holds a qualification from one day to another, both included; without a last day, until withdrawn."""

    __tablename__ = "held_qualification"
    __table_args__ = (
        sa.CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="valid_in_order"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_at_and_by_together"),
        sa.Index("ix_held_qualification_user_id_qualification_id", "user_id", "qualification_id"),
    )

    qualification_id: Mapped[int] = mapped_column(sa.ForeignKey("qualification.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    qualification: Mapped[Qualification] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)
    granted_by: Mapped[User | None] = relationship(foreign_keys=granted_by_id)

    __mapper_args__ = {"version_id_col": version}
