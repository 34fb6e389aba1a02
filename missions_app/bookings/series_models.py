"""Series: what comes back in local time. Its dates are lines of a booking that name the series."""

from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.bookings.models import Booking
from missions_app.bookings.recurrence import Every, Pattern
from missions_app.db import Base, text_enum
from missions_app.sites.models import Resource


class Series(Base):
    """A repetition of one resource within a booking. The columns of the pattern are those of recurrence.Pattern.

    A line of it has `series_id`, and in `occurs_on` the local start that the rule gave it, also after it has been
    moved by itself. `uid` names the series in calendar apps.
    """

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
    version: Mapped[int] = mapped_column()

    booking: Mapped[Booking] = relationship()
    resource: Mapped[Resource] = relationship()

    __mapper_args__ = {"version_id_col": version}

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
