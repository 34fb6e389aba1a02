"""Yeses to a request that needs several."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.bookings.models import Line
from missions_app.db import Base


class Consent(Base):
    """One manager's yes to a line at exactly this time of use; when the line moves it counts no more."""

    __tablename__ = "line_consent"
    __table_args__ = (sa.UniqueConstraint("line_id", "user_id", "starts_at", "ends_at"),)

    line_id: Mapped[int] = mapped_column(sa.ForeignKey("booking_line.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    given_at: Mapped[datetime]

    line: Mapped[Line] = relationship()
    user: Mapped[User] = relationship()
