"""Money that came afterwards: what a mission has led others to pay for."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.db import Base, text_enum
from missions_app.missions.models import Mission
from missions_app.partnerships.money_columns import Amount, amount_holds
from missions_app.workflow.models import GateDecision


class FundingLevel(StrEnum):
    """Where the money comes from."""

    REGIONAL = "regional"
    NATIONAL = "national"
    EU = "eu"
    PRIVATE = "private"


# What the regional strategy asks for: money from outside the region.
FROM_OUTSIDE = (FundingLevel.NATIONAL, FundingLevel.EU)


class FollowUpFunding(Amount, Base):
    """A funder's decision that came out of a mission: from whom, to whom, what for, how much and when.

    `decision` is the mission's own decision that it follows, where it follows one; `reference` the funder's own number.
    """

    __tablename__ = "follow_up_funding"
    __table_args__ = amount_holds()

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("gate_decision.id"))
    level: Mapped[FundingLevel] = mapped_column(text_enum(FundingLevel))
    source: Mapped[str] = mapped_column(sa.String(200))
    receiver: Mapped[str] = mapped_column(sa.String(200), default="")
    purpose: Mapped[str] = mapped_column(sa.String(300))
    reference: Mapped[str] = mapped_column(sa.String(100), default="")
    decided_on: Mapped[date]
    noted_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    mission: Mapped[Mission] = relationship()
    decision: Mapped[GateDecision | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
