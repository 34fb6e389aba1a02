"""Comments."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.db import Base, text_enum


class Visibility(StrEnum):
    """Who may read a comment: those who write the case; they and the secretariat; everybody."""

    AUTHORS = "authors"
    SECRETARIAT = "secretariat"
    PUBLIC = "public"


class Comment(Base):
    """What somebody says about a case. `subject_kind` is the case's table and `subject_id` its row.

    A withdrawn comment keeps its place in the thread but shows no text.
    """

    __tablename__ = "comment"
    __table_args__ = (sa.Index("ix_comment_subject_kind_subject_id", "subject_kind", "subject_id"),)

    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int] = mapped_column(sa.BigInteger)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    visibility: Mapped[Visibility] = mapped_column(text_enum(Visibility))
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    author: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}
