"""What was given back when it was too late to do so free of charge."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.bookings.models import Line
from missions_app.db import Base


class LateFee(Base):
    """Those who booked gave back [starts_at, ends_at), UTC, or a part of it, late; öre. Never changed."""

    __tablename__ = "booking_late_fee"
    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="starts_before_ends"),
        sa.CheckConstraint("fee_ore > 0", name="fee_positive"),
    )

    line_id: Mapped[int] = mapped_column(sa.ForeignKey("booking_line.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    fee_ore: Mapped[int] = mapped_column(sa.BigInteger)
    given_back_at: Mapped[datetime]

    line: Mapped[Line] = relationship()
