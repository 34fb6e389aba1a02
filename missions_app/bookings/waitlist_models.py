"""The waitlist: who waits for what, what was offered, and which units an offer holds."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.bookings.models import Booking, Reservation
from missions_app.db import Base, text_enum
from missions_app.organisations.models import Organisation
from missions_app.sites.models import Resource


class EntryState(StrEnum):
    """How it stands: it waits; time is held for it; it led to a booking; who waited left, let the offer lapse, or lost
    the right to book; or the last day passed in vain."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    LEFT = "left"
    LAPSED = "lapsed"
    SKIPPED = "skipped"
    UNSERVED = "unserved"


class WaitlistEntry(Base):
    """Somebody who waits for one resource or several together: any time of use within [first, last), UTC, on some
    weekdays (0 is Monday; none means any), at the local hours that suit (see `waiting.Hours`), of the wanted length or,
    when it has to be, down to the shortest.

    The oldest entry comes first.
    """

    __tablename__ = "waitlist_entry"
    __table_args__ = (
        sa.CheckConstraint("first < last", name="first_before_last"),
        sa.CheckConstraint("shortest_minutes > 0 AND shortest_minutes <= length_minutes", name="lengths"),
        sa.Index("ix_waitlist_entry_state", "state", "last"),
    )

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    first: Mapped[datetime]
    last: Mapped[datetime]
    weekdays: Mapped[list[Any]] = mapped_column(default=list)
    earliest_start: Mapped[time | None]
    latest_end: Mapped[time | None]
    length_minutes: Mapped[int]
    shortest_minutes: Mapped[int]
    purpose: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[EntryState] = mapped_column(text_enum(EntryState))
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()
    wishes: Mapped[list["WaitlistWish"]] = relationship(back_populates="entry", order_by="WaitlistWish.id")
    offers: Mapped[list["WaitlistOffer"]] = relationship(back_populates="entry", order_by="WaitlistOffer.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def last_day(self) -> datetime:
        """An instant of the last day that suits."""
        return self.last - timedelta(seconds=1)


class WaitlistWish(Base):
    """One of the resources an entry waits for, all at the same time; how many units of a pool."""

    __tablename__ = "waitlist_wish"
    __table_args__ = (sa.UniqueConstraint("entry_id", "resource_id"),)

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("waitlist_entry.id"))
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"), index=True)
    units: Mapped[int] = mapped_column(default=1)

    entry: Mapped[WaitlistEntry] = relationship(back_populates="wishes")
    resource: Mapped[Resource] = relationship()


class OfferState(StrEnum):
    """What became of an offer."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


class WaitlistOffer(Base):
    """A time of use held for one entry until a moment."""

    __tablename__ = "waitlist_offer"
    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="starts_before_ends"),
        sa.Index("ix_waitlist_offer_state", "state", "expires_at"),
    )

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("waitlist_entry.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[OfferState] = mapped_column(text_enum(OfferState))
    booking_id: Mapped[int | None] = mapped_column(sa.ForeignKey("booking.id"))

    entry: Mapped[WaitlistEntry] = relationship(back_populates="offers")
    booking: Mapped[Booking | None] = relationship()
    holds: Mapped[list["WaitlistHold"]] = relationship(order_by="WaitlistHold.id")


class WaitlistHold(Base):
    """A reservation that an offer holds."""

    __tablename__ = "waitlist_hold"

    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("waitlist_offer.id"), index=True)
    reservation_id: Mapped[int] = mapped_column(sa.ForeignKey("reservation.id"), unique=True)

    reservation: Mapped[Reservation] = relationship()
