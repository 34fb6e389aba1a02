"""Requests to read documents, and what was decided about each field."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.db import Base, text_enum
from missions_app.workflow.models import Journey


class Disclosure(Base):
    """Somebody asks to read something. They need not say who they are: `token` is the way to the answer.

    `journey` is the case it concerns, where that is known. Decided once; a new request is tried anew.
    """

    __tablename__ = "disclosure"

    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    what: Mapped[str] = mapped_column(sa.Text)
    journey_id: Mapped[int | None] = mapped_column(sa.ForeignKey("journey.id"))
    contact_email: Mapped[str] = mapped_column(sa.String(254), default="")
    locale: Mapped[str] = mapped_column(sa.String(5))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    message: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column()

    journey: Mapped[Journey | None] = relationship()
    asked_by: Mapped[User | None] = relationship(foreign_keys=asked_by_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)
    fields: Mapped[list["DisclosureField"]] = relationship(back_populates="disclosure", order_by="DisclosureField.id")

    __mapper_args__ = {"version_id_col": version}


class FieldOutcome(StrEnum):
    """A field is given out, or masked on a legal ground."""

    RELEASE = "release"
    MASK = "mask"


class DisclosureField(Base):
    """One field of a thing that was asked for, as it stood when the registrar took it up.

    `text` is emptied when the field is masked, so that the answer holds no secret.
    """

    __tablename__ = "disclosure_field"
    __table_args__ = (
        sa.UniqueConstraint("disclosure_id", "kind", "key", "name"),
        sa.CheckConstraint("outcome <> 'mask' OR ground <> ''", name="masked_on_a_ground"),
    )

    disclosure_id: Mapped[int] = mapped_column(sa.ForeignKey("disclosure.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    key: Mapped[str] = mapped_column(sa.String(60))
    title: Mapped[str] = mapped_column(sa.String(300))
    name: Mapped[str] = mapped_column(sa.String(40))
    label: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    is_claimed: Mapped[bool]
    claim_reason: Mapped[str] = mapped_column(sa.Text, default="")
    outcome: Mapped[FieldOutcome | None] = mapped_column(text_enum(FieldOutcome))
    ground: Mapped[str] = mapped_column(sa.String(20), default="")
    reasons: Mapped[str] = mapped_column(sa.Text, default="")

    disclosure: Mapped[Disclosure] = relationship(back_populates="fields")
