"""Messages on the platform and how each person wants to be told."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.db import Base, text_enum


class Frequency(StrEnum):
    """How often ordinary letters come by e-mail. What the law asks for always comes at once."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NONE = "none"


class Preference(Base):
    """One person's choice; who has made none is told at once, and reminded."""

    __tablename__ = "message_preference"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), unique=True)
    frequency: Mapped[Frequency] = mapped_column(text_enum(Frequency))
    reminders: Mapped[bool] = mapped_column(default=True)
    digest_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    user: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Message(Base):
    """One letter to one person, in words when read: the letter's template and its data.

    `sent_at` is when it went by e-mail, alone or in a digest; None while it waits for the digest or for ever.
    """

    __tablename__ = "message"
    __table_args__ = (sa.Index("ix_message_user_id_id", "user_id", "id"),)

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    template: Mapped[str] = mapped_column(sa.String(60))
    data: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    is_statutory: Mapped[bool]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
