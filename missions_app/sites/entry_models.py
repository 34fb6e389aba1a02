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
    """A picture of a site with the words that stand in for it, by `position` and then by id. Width and height are in
    pixels. One that has been taken away is without its file; its words stay."""

    __tablename__ = "site_photo"
    __table_args__ = (
        sa.CheckConstraint("trim(alt_sv) <> ''", name="alt_given"),
        sa.CheckConstraint("width > 0 AND height > 0", name="has_size"),
        sa.CheckConstraint("file_id IS NOT NULL OR removed_at IS NOT NULL", name="file_until_removed"),
    )

    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    width: Mapped[int] = mapped_column(default=1, server_default="1")
    height: Mapped[int] = mapped_column(default=1, server_default="1")
    alt_sv: Mapped[str] = mapped_column(sa.String(500))
    alt_en: Mapped[str] = mapped_column(sa.String(500), default="")
    credit: Mapped[str] = mapped_column(sa.String(200), default="")
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")

    site: Mapped[Site] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
