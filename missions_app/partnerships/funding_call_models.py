"""Funders' calls: when they are open and what they ask for."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from missions_app.db import Base


class FundingCall(Base):
    """A funder's call. phases, themes and sectors are the method's; empty asks for nothing in particular.

    `least_own_percent` is the share of the plan that the partners must pay themselves.
    """

    __tablename__ = "funding_call"
    __table_args__ = (
        sa.CheckConstraint("opens_on <= closes_on", name="opens_before_closes"),
        sa.CheckConstraint("least_own_percent BETWEEN 0 AND 100", name="share_is_one"),
    )

    source: Mapped[str] = mapped_column(sa.String(200))
    title: Mapped[str] = mapped_column(sa.String(300))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    phases: Mapped[list[Any]] = mapped_column(default=list)
    themes: Mapped[list[Any]] = mapped_column(default=list)
    sectors: Mapped[list[Any]] = mapped_column(default=list)
    least_own_percent: Mapped[int] = mapped_column(default=0)
    website: Mapped[str] = mapped_column(sa.String(300), default="")
    entered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
