"""Audit rows. No foreign keys, so that history never blocks a deletion and survives the erasure of a person."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from missions_app.db import Base


class AuditEvent(Base):
    """One act. Append-only; `seal_id` and `position` are set once, when the worker seals the batch it belongs to."""

    __tablename__ = "audit_event"
    __table_args__ = (
        sa.Index("ix_audit_event_subject_kind_subject_id", "subject_kind", "subject_id"),
        sa.Index("ix_audit_event_seal_id_position", "seal_id", "position"),
        sa.CheckConstraint("(seal_id IS NULL) = (position IS NULL)", name="sealed_with_position"),
    )

    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(sa.String(40))
    actor_role: Mapped[str] = mapped_column(sa.String(40))
    action: Mapped[str] = mapped_column(sa.String(80))
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int]
    subject_label: Mapped[str] = mapped_column(sa.String(200))
    data: Mapped[dict[str, Any]]
    seal_id: Mapped[int | None]
    position: Mapped[int | None]


class AuditSeal(Base):
    """A batch of events fixed by a digest over their content and order, chained to the batch before."""

    __tablename__ = "audit_seal"

    at: Mapped[datetime]
    count: Mapped[int]
    previous: Mapped[str] = mapped_column(sa.String(64))
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)


class AuditName(Base):
    """The name behind an opaque actor id. Erasing a person empties the row; the events stay."""

    __tablename__ = "audit_name"

    actor_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
