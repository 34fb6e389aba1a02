"""Secret links under which calendar apps read bookings."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.db import Base, text_enum


class FeedKind(StrEnum):
    """What a link shows: one's own bookings, those at a site, of a resource, or of a mission."""

    MINE = "mine"
    SITE = "site"
    RESOURCE = "resource"
    MISSION = "mission"


class CalendarLink(Base):
    """Whoever has the link reads what its user may read now. Only a digest of the secret is kept."""

    __tablename__ = "calendar_link"
    __table_args__ = (sa.CheckConstraint("(kind = 'mine') = (target_id IS NULL)", name="target_unless_mine"),)

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    kind: Mapped[FeedKind] = mapped_column(text_enum(FeedKind))
    target_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    name: Mapped[str] = mapped_column(sa.String(200))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    last_read_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
