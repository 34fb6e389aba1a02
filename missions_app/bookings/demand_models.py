"""What was asked for in vain."""

from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.db import Base, text_enum
from missions_app.sites.models import Resource


class DemandKind(StrEnum):
    """How it was asked for: a request for a time that was taken, a search without hits, a waitlist never served."""

    REFUSED = "refused"
    SEARCH = "search"
    WAITLIST = "waitlist"


class UnmetDemand(Base):
    """One wish that could not be met, counted for each day. It says what was wished for, never by whom.

    `wish` holds what a reader needs: texts of needs, conditions, times as ISO text. The same wish on the same day is
    one row with a higher `times`.
    """

    __tablename__ = "unmet_demand"
    __table_args__ = (
        sa.UniqueConstraint("on_date", "fingerprint"),
        sa.CheckConstraint("times > 0", name="times_positive"),
    )

    on_date: Mapped[date]
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    kind: Mapped[DemandKind] = mapped_column(text_enum(DemandKind))
    resource_id: Mapped[int | None] = mapped_column(sa.ForeignKey("resource.id"), index=True)
    wish: Mapped[dict[str, Any]]
    times: Mapped[int]

    resource: Mapped[Resource | None] = relationship()
