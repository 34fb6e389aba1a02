"""Records of results. Nothing here is overwritten: a corrected measurement is a new row that names the old one."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.bookings.models import Booking
from missions_app.db import Base, text_enum
from missions_app.documents.models import Document
from missions_app.experiments.models import Experiment
from missions_app.indicators.models import IndicatorPlan
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation


class MeasurementState(StrEnum):
    """Only an approved measurement counts; a corrected one stays readable."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    CORRECTED = "corrected"


class LockedPeriod(Base):
    """Days whose figures have been reported, both ends included. A value that comes late is entered as a correction."""

    __tablename__ = "locked_period"
    __table_args__ = (sa.CheckConstraint("starts_on <= ends_on", name="starts_before_ends"),)

    title: Mapped[str] = mapped_column(sa.String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    locked_at: Mapped[datetime]
    locked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))


class Measurement(Base):
    """One value of an indicator at one time, in the indicator's unit, with where it comes from.

    Without a value it says that none could be had, and `source` says why. `entered` is the figure as it was typed
    where that was in another unit ("141 000 kg"). `parts` is the value divided as the indicator says, by the part's
    key; a part left out is missing. `late_in` is the locked period that the value came too late for.
    """

    __tablename__ = "measurement"
    __table_args__ = (
        sa.Index("ix_measurement_indicator_id_measured_on", "indicator_id", "measured_on"),
        sa.CheckConstraint("(state = 'submitted') OR (approved_by_id IS NOT NULL)", name="approved_by_somebody"),
        sa.CheckConstraint("(late_in_id IS NULL) OR (reason <> '')", name="late_with_a_reason"),
    )

    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicator_plan.id"))
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    experiment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("experiment.id"), index=True)
    measured_on: Mapped[date]
    value: Mapped[float | None]
    entered: Mapped[str] = mapped_column(sa.String(80), default="")
    parts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    uncertainty: Mapped[str] = mapped_column(sa.String(200), default="")
    source: Mapped[str] = mapped_column(sa.Text)
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"))
    evidence_link: Mapped[str] = mapped_column(sa.String(500), default="")
    booking_id: Mapped[int | None] = mapped_column(sa.ForeignKey("booking.id"))
    late_in_id: Mapped[int | None] = mapped_column(sa.ForeignKey("locked_period.id"))
    state: Mapped[MeasurementState] = mapped_column(text_enum(MeasurementState))
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("measurement.id"), unique=True)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column()

    indicator: Mapped[IndicatorPlan] = relationship()
    mission: Mapped[Mission] = relationship()
    experiment: Mapped[Experiment | None] = relationship()
    evidence: Mapped[Document | None] = relationship()
    booking: Mapped[Booking | None] = relationship()
    late_in: Mapped[LockedPeriod | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class TestReport(Base):
    """What a test gave. `threshold` and `outcome` are the method's words; the document is the signed report."""

    __test__ = False  # the name begins with "Test", but pytest has nothing to collect here
    __tablename__ = "test_report"
    __table_args__ = (
        sa.CheckConstraint("trl_end BETWEEN 1 AND 9", name="trl_end_in_range"),
        sa.CheckConstraint("srl_end BETWEEN 1 AND 9", name="srl_end_in_range"),
    )

    experiment_id: Mapped[int] = mapped_column(sa.ForeignKey("experiment.id"), unique=True)
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    what_was_done: Mapped[str] = mapped_column(sa.Text, default="")
    deviations: Mapped[str] = mapped_column(sa.Text, default="")
    results: Mapped[str] = mapped_column(sa.Text, default="")
    threshold: Mapped[str] = mapped_column(sa.String(20), default="")
    outcome: Mapped[str] = mapped_column(sa.String(20), default="")
    trl_end: Mapped[int | None]
    trl_evidence: Mapped[str] = mapped_column(sa.Text, default="")
    srl_end: Mapped[int | None]
    srl_evidence: Mapped[str] = mapped_column(sa.Text, default="")
    users_said: Mapped[str] = mapped_column(sa.Text, default="")
    unexpected: Mapped[str] = mapped_column(sa.Text, default="")
    data_location: Mapped[str] = mapped_column(sa.Text, default="")
    recommendation: Mapped[str] = mapped_column(sa.Text, default="")
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"))
    version: Mapped[int] = mapped_column()

    experiment: Mapped[Experiment] = relationship()
    document: Mapped[Document | None] = relationship()
    submitted_by: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Lesson(Base):
    """Something learnt, so that others may use it: in which context, what, and what follows from it."""

    __tablename__ = "lesson"

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    experiment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("experiment.id"), index=True)
    tag: Mapped[str] = mapped_column(sa.String(40))
    context: Mapped[str] = mapped_column(sa.Text)
    learnt: Mapped[str] = mapped_column(sa.Text)
    so_what: Mapped[str] = mapped_column(sa.Text)
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None]

    mission: Mapped[Mission] = relationship()
    experiment: Mapped[Experiment | None] = relationship()


class Barrier(Base):
    """A rule, routine or circumstance that stops a solution: whose it is, what shows it, and where it stands."""

    __tablename__ = "barrier"

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    experiment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("experiment.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(40))
    rule: Mapped[str] = mapped_column(sa.Text, default="")
    owner: Mapped[str] = mapped_column(sa.String(200), default="")
    evidence: Mapped[str] = mapped_column(sa.Text, default="")
    effect: Mapped[str] = mapped_column(sa.Text, default="")
    tried: Mapped[str] = mapped_column(sa.Text, default="")
    bottleneck: Mapped[str] = mapped_column(sa.String(40), default="")
    state: Mapped[str] = mapped_column(sa.String(20))
    found_on: Mapped[date]
    version: Mapped[int] = mapped_column()

    mission: Mapped[Mission] = relationship()
    experiment: Mapped[Experiment | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Dataset(Base):
    """Data that a mission leaves behind: where they are, on which terms, and whether they are open and published."""

    __tablename__ = "dataset"

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    experiment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("experiment.id"))
    title: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    licence: Mapped[str] = mapped_column(sa.String(60), default="")
    location: Mapped[str] = mapped_column(sa.String(500), default="")
    is_open: Mapped[bool] = mapped_column(default=False)
    published_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    mission: Mapped[Mission] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Statement(Base):
    """What the problem owner, the users or another party say about the outcome. `partner_role` is the method's."""

    __tablename__ = "outcome_statement"

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    partner_role: Mapped[str] = mapped_column(sa.String(40))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    stated_at: Mapped[datetime]
    stated_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    mission: Mapped[Mission] = relationship()
    organisation: Mapped[Organisation] = relationship()


class Certainty(StrEnum):
    """How sure the authors of a contribution story are."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class ContributionStory(Base):
    """What a mission contributed, why one may believe it, and what else may explain it."""

    __tablename__ = "contribution_story"

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), unique=True)
    story: Mapped[str] = mapped_column(sa.Text, default="")
    rival_explanations: Mapped[str] = mapped_column(sa.Text, default="")
    speaks_against: Mapped[str] = mapped_column(sa.Text, default="")
    certainty: Mapped[Certainty] = mapped_column(text_enum(Certainty), default=Certainty.LOW)
    surer_by: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column()

    mission: Mapped[Mission] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Strength(StrEnum):
    """How strongly the evidence says that the mission took part in a change."""

    WEAK = "weak"
    FAIR = "fair"
    STRONG = "strong"


class SystemChange(Base):
    """Something in the system that has changed: a rule, a routine, a network, a market."""

    __tablename__ = "system_change"

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text)
    evidence: Mapped[str] = mapped_column(sa.Text, default="")
    strength: Mapped[Strength] = mapped_column(text_enum(Strength), default=Strength.WEAK)
    noticed_on: Mapped[date]
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    mission: Mapped[Mission] = relationship()
