"""Indicators in use."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.db import Base
from missions_app.organisations.models import Organisation


class IndicatorPlan(Base):
    """One indicator a case is measured by. It belongs to a journey, so that a mission can take over a challenge's.

    `library_key` is the method's indicator, or "" for an own one; then label, level, unit and direction are the
    case's own words. Values are in `unit`. `baseline_kind` says how sure the baseline is: `measured`, `documented`,
    `example`, or `before_test` when it will be measured before the first test (then the value may be missing).
    `target_value` is what is to be reached. Direction `range` has two limits instead, which may both lie apart from the
    baseline: `target_value` is the upper and `target_low` the lower; they stand together, or neither does while the
    case is being written. `milestones` are values on the way, by their days as ISO dates; `split_by` is one of
    `splits.SPLITS`.
    """

    __tablename__ = "indicator_plan"
    __table_args__ = (
        sa.CheckConstraint(
            "CASE WHEN direction = 'range' THEN (target_low IS NULL) = (target_value IS NULL)"
            " AND (target_low IS NULL OR target_low < target_value) ELSE target_low IS NULL END",
            name="a_range_has_two_limits",
        ),
        sa.Index("ix_indicator_plan_journey_id_position", "journey_id", "position"),
    )

    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"))
    position: Mapped[int] = mapped_column(default=0)
    library_key: Mapped[str] = mapped_column(sa.String(60), default="")
    label_sv: Mapped[str] = mapped_column(sa.String(300))
    label_en: Mapped[str] = mapped_column(sa.String(300))
    level: Mapped[str] = mapped_column(sa.String(20))
    unit: Mapped[str] = mapped_column(sa.String(60))
    direction: Mapped[str] = mapped_column(sa.String(10))
    frequency: Mapped[str] = mapped_column(sa.String(40), default="")
    source: Mapped[str] = mapped_column(sa.Text, default="")
    baseline_kind: Mapped[str] = mapped_column(sa.String(20), default="")
    baseline_value: Mapped[float | None]
    baseline_on: Mapped[date | None]
    baseline_method: Mapped[str] = mapped_column(sa.Text, default="")
    uncertainty: Mapped[str] = mapped_column(sa.String(200), default="")
    target_value: Mapped[float | None]
    target_low: Mapped[float | None]
    target_on: Mapped[date | None]
    milestones: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    split_by: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    owner_function: Mapped[str] = mapped_column(sa.String(200), default="")
    inherited_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("indicator_plan.id"))
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    owner: Mapped[Organisation | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
