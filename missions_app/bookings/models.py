"""Bookings, their lines, and the one table of occupied units."""

from collections.abc import Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app import clock
from missions_app.accounts.models import User
from missions_app.bookings import guard
from missions_app.bookings.recurrence import Every, Pattern
from missions_app.db import Base, text_enum
from missions_app.documents.models import StoredFile
from missions_app.experiments.models import Experiment
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.references.numbering import number_new
from missions_app.sites.models import Resource, Unit


class Tier(StrEnum):
    """How much others see of a booking: that it is taken; what it is for; also whose it is; everything."""

    FREE_BUSY = "free_busy"
    PURPOSE = "purpose"
    ORGANISATION = "organisation"
    FULL = "full"


class Booking(Base):
    """One request for time, of one or more lines. Its state is derived from its lines.

    `answers` are those to the method's permit questions; `details` holds what further questions asked (weather,
    vessel, traffic plan) by the method's names. `limits` are weather limits by the names of weather.LIMITS.
    `kept_reserve_dates` are the reserve dates as they were written, when the booking began on `reserves_from`.
    """

    __tablename__ = "booking"

    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    experiment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("experiment.id"), index=True)
    mission_id: Mapped[int | None] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    requested_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    booked_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    purpose: Mapped[str] = mapped_column(sa.Text, default="")
    on_site_responsible: Mapped[str] = mapped_column(sa.String(200), default="")
    emergency_contact: Mapped[str] = mapped_column(sa.String(200), default="")
    people_on_site: Mapped[int | None]
    insurance_reference: Mapped[str] = mapped_column(sa.String(200), default="")
    insurance_valid_to: Mapped[date | None]
    personal_data_assessment: Mapped[str] = mapped_column(sa.Text, default="")
    camera_assessment: Mapped[str] = mapped_column(sa.Text, default="")
    ethics_assessment: Mapped[str] = mapped_column(sa.Text, default="")
    hazardous_items: Mapped[str] = mapped_column(sa.Text, default="")
    is_outdoor: Mapped[bool] = mapped_column(default=False)
    public_cannot_opt_out: Mapped[bool] = mapped_column(default=False)
    weather_limits: Mapped[str] = mapped_column(sa.Text, default="")
    limits: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    go_no_go_at: Mapped[datetime | None]
    decided_go_at: Mapped[datetime | None]
    visibility: Mapped[Tier] = mapped_column(
        text_enum(Tier), default=Tier.ORGANISATION, server_default=Tier.ORGANISATION.value
    )
    is_own_use: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    copied_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("booking.id"))
    kept_reserve_dates: Mapped[list[Any]] = mapped_column("reserve_dates", default=list)
    reserves_from: Mapped[date | None]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    submitted_at: Mapped[datetime | None]
    held_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    experiment: Mapped[Experiment | None] = relationship()
    mission: Mapped[Mission | None] = relationship()
    organisation: Mapped[Organisation] = relationship()
    requested_by: Mapped[User] = relationship(foreign_keys=requested_by_id)
    booked_for: Mapped[User | None] = relationship(foreign_keys=booked_for_id)
    copied_from: Mapped["Booking | None"] = relationship(remote_side="Booking.id")
    lines: Mapped[list["Line"]] = relationship(back_populates="booking", order_by="Line.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def moving(self) -> list["Line"]:
        """What a postponement moves: all that is sent, but what is over, rests or has been used."""
        return [line for line in self.lines if line.state in MOVING]

    @property
    def first_day(self) -> date:
        """The day on which what is left of it begins; of what is not sent, or all over, when it would begin."""
        drafts = [line for line in self.lines if line.state is LineState.DRAFT]
        return clock.day_of(min(line.starts_at for line in self.moving or drafts or self.lines))

    @property
    def reserve_dates(self) -> list[str]:
        """ISO dates: what is left of it may begin on them instead, all lines as many days later. When its first part
        falls away, comes elsewhere or is over, they are those on which the next begins: nobody's reserve date moves."""
        if not self.kept_reserve_dates or self.reserves_from is None or not self.moving:
            return list(self.kept_reserve_dates or ())
        later = self.first_day - self.reserves_from
        return [(date.fromisoformat(day) + later).isoformat() for day in self.kept_reserve_dates]

    @reserve_dates.setter
    def reserve_dates(self, days: Sequence[str]) -> None:
        self.kept_reserve_dates = list(days)
        self.reserves_from = self.reserves_from and self.first_day


number_new(Booking, "B", digits=4)


class Series(Base):
    """A repetition of one resource within a booking. The columns of the pattern are those of recurrence.Pattern. A line
    of it has `series_id`, and in `occurs_on` the local start that the rule gave it, also after it has been moved by
    itself. `uid` names the series in calendar apps."""

    __tablename__ = "booking_series"
    __table_args__ = (
        sa.CheckConstraint("(count IS NULL) <> (until IS NULL)", name="one_end"),
        sa.CheckConstraint('"interval" > 0', name="interval_positive"),
    )

    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"), index=True)
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"))
    uid: Mapped[str] = mapped_column(sa.String(80), unique=True)
    first_day: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    every: Mapped[Every] = mapped_column(text_enum(Every))
    interval: Mapped[int]
    weekdays: Mapped[list[Any]] = mapped_column(default=list)
    by_weekday: Mapped[bool] = mapped_column(default=False)
    count: Mapped[int | None]
    until: Mapped[date | None]
    created_at: Mapped[datetime]
    own_version: Mapped[int] = mapped_column("version")

    booking: Mapped[Booking] = relationship()
    resource: Mapped[Resource] = relationship()

    __mapper_args__ = {"version_id_col": own_version}

    @property
    def version(self) -> int:
        """A number that grows when it or any date of a series of its booking changes, by whichever way."""
        return self.own_version + sum(one.version for one in self.booking.lines if one.series_id is not None)

    @property
    def pattern(self) -> Pattern:
        """The rule as a value."""
        return Pattern(
            self.first_day, self.starts, self.ends, self.every, self.interval, tuple(self.weekdays), self.by_weekday,
            self.count, self.until,
        )  # fmt: skip

    @pattern.setter
    def pattern(self, pattern: Pattern) -> None:
        self.first_day, self.starts, self.ends = pattern.first_day, pattern.starts, pattern.ends
        self.every, self.interval, self.by_weekday = pattern.every, pattern.interval, pattern.by_weekday
        self.weekdays, self.count, self.until = list(pattern.weekdays), pattern.count, pattern.until


class LineState(StrEnum):
    """The states of the method's [[booking_state]]; transitions are the method's too."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_INFO = "needs_info"
    CONDITIONAL = "conditional"
    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    POSTPONED = "postponed"
    ONGOING = "ongoing"
    COMPLETED = "completed"
    CLOSED = "closed"
    NO_SHOW = "no_show"


MOVING = (LineState.SUBMITTED, LineState.NEEDS_INFO, LineState.CONDITIONAL, LineState.APPROVED, LineState.ONGOING)


class Line(Base):
    """One resource for the half-open interval of use [starts_at, ends_at), UTC. Its owner decides it.

    `market_hour_ore` (for each hour and unit) and `cancel_minutes` are, as the price, what held when it was asked for.
    `extra_setup_minutes` and `extra_cleanup_minutes` lengthen the resource's own buffers. `fee_ore` is what was given
    back late costs, `bound_ore` what the rest costs if it is given back too, however early. `replaces` is the refused
    line it stands in for; `gone_without_at` is when those who booked chose to go on without a refused one.
    """

    __tablename__ = "booking_line"
    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="starts_before_ends"),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_at_and_by_together"),
        sa.Index("ix_booking_line_resource_id_starts_at", "resource_id", "starts_at"),
    )

    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"), index=True)
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    units_wanted: Mapped[int] = mapped_column(default=1)
    state: Mapped[LineState] = mapped_column(text_enum(LineState))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decision_reason: Mapped[str] = mapped_column(sa.Text, default="")
    price_ore: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    market_hour_ore: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    cancel_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    fee_ore: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    bound_ore: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    extra_setup_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    extra_cleanup_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("booking_line.id"))
    ended_reason: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    gone_without_at: Mapped[datetime | None]
    checked_in_at: Mapped[datetime | None]
    checked_out_at: Mapped[datetime | None]
    people_present: Mapped[int | None]
    series_id: Mapped[int | None] = mapped_column(sa.ForeignKey("booking_series.id"), index=True)
    occurs_on: Mapped[str | None] = mapped_column(sa.String(16))
    changed_at: Mapped[datetime | None] = mapped_column(default=clock.now, onupdate=clock.now)
    version: Mapped[int] = mapped_column()

    booking: Mapped[Booking] = relationship(back_populates="lines")
    resource: Mapped[Resource] = relationship()
    replaces: Mapped["Line | None"] = relationship(remote_side="Line.id")

    __mapper_args__ = {"version_id_col": version}


class ConditionDue(StrEnum):
    """When a condition has to be met: before the owner confirms, or on site."""

    BEFORE = "before"
    ON_SITE = "on_site"


class Condition(Base):
    """What an owner asks for in return for a yes. Ticked off by whoever saw that it is met."""

    __tablename__ = "booking_condition"
    __table_args__ = (
        sa.CheckConstraint("(ticked_at IS NULL) = (ticked_by_id IS NULL)", name="ticked_at_and_by_together"),
    )

    line_id: Mapped[int] = mapped_column(sa.ForeignKey("booking_line.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    due: Mapped[ConditionDue] = mapped_column(text_enum(ConditionDue))
    ticked_at: Mapped[datetime | None]
    ticked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    line: Mapped[Line] = relationship()

    __mapper_args__ = {"version_id_col": version}


class RuleOverride(Base):
    """A rule of the resource that its manager set aside for one line: which, why, who and when."""

    __tablename__ = "booking_override"
    __table_args__ = (sa.UniqueConstraint("line_id", "rule"),)

    line_id: Mapped[int] = mapped_column(sa.ForeignKey("booking_line.id"))
    rule: Mapped[str] = mapped_column(sa.String(40))
    reason: Mapped[str] = mapped_column(sa.Text)
    given_at: Mapped[datetime]
    given_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))

    line: Mapped[Line] = relationship()
    given_by: Mapped[User] = relationship()


class ReservationKind(StrEnum):
    """Why a unit is occupied: a request or booking, a reserve date, a waitlist offer, or a block."""

    REQUEST = "request"
    RESERVE = "reserve"
    OFFER = "offer"
    BLOCK = "block"


class Reservation(Base):
    """A unit occupied for the half-open interval [starts_at, ends_at), UTC, set-up and clean-up included.

    Rows that are not `active` occupy nothing. No two active rows of a unit overlap: the database itself refuses.
    """

    __tablename__ = "reservation"
    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="starts_before_ends"),
        sa.Index(
            "ix_reservation_active",
            "unit_id",
            "starts_at",
            "ends_at",
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        ),
        # For what is to come everywhere: the past, which only grows, is left out at once.
        sa.Index(
            "ix_reservation_to_come", "ends_at", sqlite_where=sa.text("active"), postgresql_where=sa.text("active")
        ),
        sa.Index("ix_reservation_expires_at", "expires_at"),
    )

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("booking_line.id"), index=True)
    kind: Mapped[ReservationKind] = mapped_column(text_enum(ReservationKind))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    active: Mapped[bool]
    expires_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.String(200), default="")

    unit: Mapped[Unit] = relationship()
    line: Mapped[Line | None] = relationship()


guard.attach(Reservation.metadata, Reservation.__tablename__)


class PermitState(StrEnum):
    """How far a permit has come."""

    NEEDED = "needed"
    APPLIED = "applied"
    GRANTED = "granted"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"


class BookingPermit(Base):
    """A permit the booking needs by its answers: whose it is, where it stands, how long it holds."""

    __tablename__ = "booking_permit"
    __table_args__ = (
        sa.UniqueConstraint("booking_id", "permit"),
        sa.CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="valid_in_order"),
    )

    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"), index=True)
    permit: Mapped[str] = mapped_column(sa.String(40))
    state: Mapped[PermitState] = mapped_column(text_enum(PermitState))
    applied_on: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    number: Mapped[str] = mapped_column(sa.String(100), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column()

    booking: Mapped[Booking] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Risk(Base):
    """Something that may go wrong, how bad it is, what is done about it, and whether the site accepts what is left."""

    __tablename__ = "booking_risk"

    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    level: Mapped[str] = mapped_column(sa.String(20))
    mitigation: Mapped[str] = mapped_column(sa.Text, default="")
    accepted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    accepted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    booking: Mapped[Booking] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Deviation(Base):
    """Something that went otherwise than planned on site, with a picture of it if there is one."""

    __tablename__ = "booking_deviation"

    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    is_incident: Mapped[bool] = mapped_column(default=False)
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    photo_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    photo_text: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")

    booking: Mapped[Booking] = relationship()
    photo: Mapped[StoredFile | None] = relationship()
