"""What a catalogue entry has been, and its pictures."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.db import Base
from missions_app.documents.models import StoredFile
from missions_app.sites.models import Site


class SiteRevision(Base):
    """The whole content of an entry at one time. Never changed, never removed. `site_version` is the site's version
    that this content belongs to."""

    __tablename__ = "site_revision"
    __table_args__ = (sa.UniqueConstraint("site_id", "number"),)

    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    number: Mapped[int]
    site_version: Mapped[int]
    content: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    site: Mapped[Site] = relationship()
    saved_by: Mapped[User | None] = relationship()


class SitePhoto(Base):
    """A picture of a site with the words that stand in for it, in the order of their ids."""

    __tablename__ = "site_photo"
    __table_args__ = (sa.CheckConstraint("alt_sv <> ''", name="alt_given"),)

    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    alt_sv: Mapped[str] = mapped_column(sa.String(500))
    alt_en: Mapped[str] = mapped_column(sa.String(500), default="")
    credit: Mapped[str] = mapped_column(sa.String(200), default="")
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    site: Mapped[Site] = relationship()
    file: Mapped[StoredFile] = relationship()
