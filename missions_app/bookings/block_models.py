"""Times when a resource is blocked by its owner."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.bookings.models import Reservation
from missions_app.db import Base
from missions_app.sites.models import Resource


class Blackout(Base):
    """A resource is blocked for the half-open interval [starts_at, ends_at), UTC.

    It takes all the time that nobody has. Bookings that are there already stay until somebody decides about them;
    what they give back falls to the blackout.
    """

    __tablename__ = "blackout"
    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="starts_before_ends"),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name="lifted_at_and_by_together"),
        sa.Index("ix_blackout_resource_id_ends_at", "resource_id", "ends_at"),
    )

    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.String(200))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    resource: Mapped[Resource] = relationship()
    made_by: Mapped[User | None] = relationship(foreign_keys=made_by_id)

    __mapper_args__ = {"version_id_col": version}


class BlackoutReservation(Base):
    """A stretch of time that a blackout has taken."""

    __tablename__ = "blackout_reservation"

    blackout_id: Mapped[int] = mapped_column(sa.ForeignKey("blackout.id"), index=True)
    reservation_id: Mapped[int] = mapped_column(sa.ForeignKey("reservation.id"), unique=True)

    reservation: Mapped[Reservation] = relationship()
