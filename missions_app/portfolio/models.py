"""Reports whose figures stand still, and dossiers."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.db import Base
from missions_app.evaluation.models import LockedPeriod, Measurement


class FollowUpReport(Base):
    """What the secretariat reports of a period, both days included. Its figures are those of the last day, for good.

    Texts are the writer's; `published_at` is None while only the secretariat and the bodies read it.
    """

    __tablename__ = "follow_up_report"
    __table_args__ = (sa.CheckConstraint("starts_on <= ends_on", name="starts_before_ends"),)

    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    risks: Mapped[str] = mapped_column(sa.Text, default="")
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("locked_period.id"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    period: Mapped[LockedPeriod] = relationship()
    figures: Mapped[list["ReportFigure"]] = relationship(back_populates="report", order_by="ReportFigure.position")

    __mapper_args__ = {"version_id_col": version}


class ReportFigure(Base):
    """One frozen figure and the rows it was counted from.

    `key` names the figure (see portfolio/figures.py); `label` is its words where they come from a record or the
    method ({"sv": …, "en": …}), {} where the key says it. `rows` are as portfolio.figure.Row, as plain values.
    """

    __tablename__ = "report_figure"
    __table_args__ = (sa.UniqueConstraint("report_id", "key"),)

    report_id: Mapped[int] = mapped_column(sa.ForeignKey("follow_up_report.id"), index=True)
    position: Mapped[int]
    group: Mapped[str] = mapped_column(sa.String(20))
    key: Mapped[str] = mapped_column(sa.String(80))
    label: Mapped[dict[str, Any]]
    unit: Mapped[str] = mapped_column(sa.String(60), default="")
    value: Mapped[float | None]
    rows: Mapped[list[Any]]

    report: Mapped[FollowUpReport] = relationship(back_populates="figures")

    is_small = False  # as it stands in the record nothing is kept back; see portfolio.figure.for_public


class ReportedMeasurement(Base):
    """A report rests on a measurement: so that a later correction knows which reports used the old value."""

    __tablename__ = "reported_measurement"
    __table_args__ = (sa.UniqueConstraint("report_id", "measurement_id"),)

    report_id: Mapped[int] = mapped_column(sa.ForeignKey("follow_up_report.id"), index=True)
    measurement_id: Mapped[int] = mapped_column(sa.ForeignKey("measurement.id"), index=True)

    report: Mapped[FollowUpReport] = relationship()
    measurement: Mapped[Measurement] = relationship()


class Dossier(Base):
    """The whole thread of a mission at the end of a day, frozen: the same content gives the same pages and files.

    `content` is canonical JSON (see portfolio/dossier_record.py), `checksum` its SHA-256. An imported one comes from
    another installation; its mission need not be here.
    """

    __tablename__ = "dossier"
    __table_args__ = (sa.UniqueConstraint("reference", "cut_off"),)

    reference: Mapped[str] = mapped_column(sa.String(20), index=True)
    cut_off: Mapped[date]
    content: Mapped[str] = mapped_column(sa.Text)
    checksum: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    is_imported: Mapped[bool] = mapped_column(default=False)
