"""The outbox: one row per piece of work."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from missions_app.db import Base, text_enum


class JobState(StrEnum):
    """Where a piece of work stands. `failed` is given up after the last attempt and shown by `missions doctor`."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """One piece of work: what kind, with which JSON arguments, not before when."""

    __tablename__ = "job"
    __table_args__ = (sa.Index("ix_job_state_due_at", "state", "due_at"),)

    kind: Mapped[str] = mapped_column(sa.String(80))
    payload: Mapped[dict[str, Any]]
    dedupe_key: Mapped[str | None] = mapped_column(sa.String(200), unique=True)
    state: Mapped[JobState] = mapped_column(text_enum(JobState))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int]
    locked_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(sa.Text)
