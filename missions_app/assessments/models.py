"""Panels, assignments, declarations of interest, scores and consensus notes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.db import Base, text_enum
from missions_app.organisations.models import Organisation
from missions_app.workflow.models import Journey


class Panel(Base):
    """One assessment of a case on one rubric, in one round of its journey.

    The row is locked whenever a score comes in or an assessor is added, so that "all are in" is never judged twice.
    """

    __tablename__ = "assessment_panel"
    __table_args__ = (sa.UniqueConstraint("journey_id", "rubric", "number"),)

    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"), index=True)
    rubric: Mapped[str] = mapped_column(sa.String(40))
    number: Mapped[int]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    due_on: Mapped[date]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    journey: Mapped[Journey] = relationship()
    assignments: Mapped[list["Assignment"]] = relationship(back_populates="panel", order_by="Assignment.id")
    notes: Mapped[list["ConsensusNote"]] = relationship(back_populates="panel", order_by="ConsensusNote.id")

    __mapper_args__ = {"version_id_col": version}


class AssignmentState(StrEnum):
    """Assigned; waits for a ruling; cleared to score; submitted; declined; closed by a conflict; released."""

    ASSIGNED = "assigned"
    UNSURE = "unsure"
    CLEARED = "cleared"
    SUBMITTED = "submitted"
    DECLINED = "declined"
    CONFLICTED = "conflicted"
    RELEASED = "released"


class Assignment(Base):
    """One person is to assess. `revision` is the case's revision the person has read, None where it has none."""

    __tablename__ = "assessment_assignment"
    __table_args__ = (sa.UniqueConstraint("panel_id", "assessor_id"),)

    panel_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment_panel.id"), index=True)
    assessor_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    state: Mapped[AssignmentState] = mapped_column(text_enum(AssignmentState))
    assigned_at: Mapped[datetime]
    assigned_by: Mapped[str] = mapped_column(sa.String(40))
    revision: Mapped[int | None]
    changed_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(sa.Text, default="")
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column()

    panel: Mapped[Panel] = relationship(back_populates="assignments")
    assessor: Mapped[User] = relationship()
    scores: Mapped[list["Score"]] = relationship(back_populates="assignment", order_by="Score.id")
    declarations: Mapped[list["Declaration"]] = relationship(back_populates="assignment", order_by="Declaration.id")

    __mapper_args__ = {"version_id_col": version}


class Declaration(Base):
    """What an assessor declared about own interests, and the secretariat's ruling where the answer was "unsure".

    `answers` is {question id: {"answer": "yes"|"no"|"unsure", "note": text}}; `found` lists the ties the platform
    itself had found then. Kept for good, also when it closes the case to the assessor.
    """

    __tablename__ = "interest_declaration"
    __table_args__ = (sa.CheckConstraint("(ruled_at IS NULL) = (ruling IS NULL)", name="ruling_and_time_together"),)

    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment_assignment.id"), index=True)
    answers: Mapped[dict[str, Any]]
    found: Mapped[list[Any]]
    outcome: Mapped[str] = mapped_column(sa.String(20))
    declared_at: Mapped[datetime]
    ruling: Mapped[str | None] = mapped_column(sa.String(20))
    ruling_note: Mapped[str] = mapped_column(sa.Text, default="")
    ruled_at: Mapped[datetime | None]
    ruled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    assignment: Mapped[Assignment] = relationship(back_populates="declarations")


class Score(Base):
    """One assessor's score on one criterion: a step of the rubric's scale; None while unwritten or abstained from."""

    __tablename__ = "assessment_score"
    __table_args__ = (
        sa.UniqueConstraint("assignment_id", "criterion"),
        sa.CheckConstraint("NOT abstained OR value IS NULL", name="abstained_has_no_value"),
    )

    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment_assignment.id"), index=True)
    criterion: Mapped[str] = mapped_column(sa.String(60))
    value: Mapped[int | None]
    abstained: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    assignment: Mapped[Assignment] = relationship(back_populates="scores")


class ConsensusNote(Base):
    """What a panel agreed on after its scores had differed too much, and who still disagrees. The newest one counts."""

    __tablename__ = "consensus_note"

    panel_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment_panel.id"), index=True)
    criteria: Mapped[list[Any]]
    text: Mapped[str] = mapped_column(sa.Text)
    dissent: Mapped[str] = mapped_column(sa.Text, default="")
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    superseded_at: Mapped[datetime | None]

    panel: Mapped[Panel] = relationship(back_populates="notes")


class AssessorProfile(Base):
    """A person in the pool of assessors: what they know and whether they may be asked."""

    __tablename__ = "assessor_profile"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), unique=True)
    themes: Mapped[list[Any]]
    competence: Mapped[str] = mapped_column(sa.Text, default="")
    is_available: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    user: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}


class FormerEmployment(Base):
    """Where an assessor used to work, and until when; the method says for how many years it disqualifies."""

    __tablename__ = "former_employment"
    __table_args__ = (sa.UniqueConstraint("user_id", "organisation_id", "until"),)

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    until: Mapped[date]

    organisation: Mapped[Organisation] = relationship()
