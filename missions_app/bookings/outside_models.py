"""Calendars kept elsewhere that occupy a resource, what they say, and the bookings they collide with."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.bookings.models import Line, Reservation
from missions_app.db import Base, text_enum
from missions_app.sites.models import Resource


class OutsideCalendar(Base):
    """An owner's own calendar at an address. `fetched_at` is when it last answered, `failure` why it last did not, and
    `unread` the events of it that could not be read then: name, start, why (see `outside_read.Unread`)."""

    __tablename__ = "outside_calendar"

    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    url: Mapped[str] = mapped_column(sa.String(1000))
    etag: Mapped[str] = mapped_column(sa.String(300), default="")
    modified: Mapped[str] = mapped_column(sa.String(100), default="")
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    tried_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(sa.String(40), default="")
    unread: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    stopped_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    resource: Mapped[Resource] = relationship()

    __mapper_args__ = {"version_id_col": version}


class OutsideEvent(Base):
    """One date of an outside calendar, by its name there. It takes all the time of its interval that nobody has.
    `event` is the event it is a date of (its UID, hashed); "" where it has none or was never told."""

    __tablename__ = "outside_event"
    __table_args__ = (
        sa.UniqueConstraint("calendar_id", "key"),
        sa.CheckConstraint("starts_at < ends_at", name="starts_before_ends"),
    )

    calendar_id: Mapped[int] = mapped_column(sa.ForeignKey("outside_calendar.id"))
    key: Mapped[str] = mapped_column(sa.String(64))
    event: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]

    calendar: Mapped[OutsideCalendar] = relationship()


class OutsideReservation(Base):
    """A stretch of time that an outside event has taken."""

    __tablename__ = "outside_reservation"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("outside_event.id"), index=True)
    reservation_id: Mapped[int] = mapped_column(sa.ForeignKey("reservation.id"), unique=True)

    reservation: Mapped[Reservation] = relationship()


class ConflictState(StrEnum):
    """What became of a collision: nothing yet; the booking was kept, moved (or let its reserve date go) or cancelled;
    or it is no more."""

    OPEN = "open"
    KEPT = "kept"
    MOVED = "moved"
    CANCELLED = "cancelled"
    GONE = "gone"


class OutsideConflict(Base):
    """An outside event came where somebody has a booking. The booking stays until the site's manager decides."""

    __tablename__ = "outside_conflict"
    __table_args__ = (sa.UniqueConstraint("event_id", "line_id"),)

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("outside_event.id"))
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("booking_line.id"), index=True)
    state: Mapped[ConflictState] = mapped_column(text_enum(ConflictState))
    opened_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column()

    event: Mapped[OutsideEvent] = relationship()
    line: Mapped[Line] = relationship()

    __mapper_args__ = {"version_id_col": version}
