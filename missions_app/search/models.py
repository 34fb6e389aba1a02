"""The index: entries, their terms, and who may see those that are not public."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from missions_app.db import Base


class SearchEntry(Base):
    """One thing that can be found. `kind` is its table; endpoint and key make its address."""

    __tablename__ = "search_entry"
    __table_args__ = (sa.UniqueConstraint("kind", "subject_id"),)

    kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int]
    endpoint: Mapped[str] = mapped_column(sa.String(80))
    key: Mapped[str] = mapped_column(sa.String(120))
    title_sv: Mapped[str] = mapped_column(sa.String(300))
    title_en: Mapped[str] = mapped_column(sa.String(300))
    is_public: Mapped[bool]


class SearchTerm(Base):
    """One term of an entry; weight 3 for references, 2 for titles and names, 1 for texts."""

    __tablename__ = "search_term"
    __table_args__ = (sa.UniqueConstraint("entry_id", "term"), sa.Index("ix_search_term_term", "term"))

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("search_entry.id", ondelete="CASCADE"))
    term: Mapped[str] = mapped_column(sa.String(40))
    weight: Mapped[int]


class SearchReader(Base):
    """A scope whose role holders may find an entry that is not public."""

    __tablename__ = "search_reader"
    __table_args__ = (sa.UniqueConstraint("entry_id", "scope_kind", "scope_id"),)

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("search_entry.id", ondelete="CASCADE"))
    scope_kind: Mapped[str] = mapped_column(sa.String(20))
    scope_id: Mapped[str] = mapped_column(sa.String(40))
