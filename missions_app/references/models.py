"""One counter per kind of reference and year."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from missions_app.db import Base


class ReferenceCounter(Base):
    """The last number given out for a prefix in a year. Gaps are allowed."""

    __tablename__ = "reference_counter"
    __table_args__ = (sa.UniqueConstraint("prefix", "year"),)

    prefix: Mapped[str] = mapped_column(sa.String(4))
    year: Mapped[int]
    last: Mapped[int]
