"""What a panel asks a case's own people, and what they answer."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.assessments.models import Panel
from missions_app.db import Base, text_enum


class QuestionKind(StrEnum):
    """An assessor wants something made clear; or the parties are heard before the recommendation."""

    CLARIFICATION = "clarification"
    HEARING = "hearing"


class Question(Base):
    """A question to those who are assessed, and their answer; both are part of the record and stand as written.

    Who among the assessors asked is kept, but shown to nobody.
    """

    __tablename__ = "assessment_question"
    __table_args__ = (sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answer_and_time_together"),)

    panel_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment_panel.id"), index=True)
    kind: Mapped[QuestionKind] = mapped_column(text_enum(QuestionKind))
    text: Mapped[str] = mapped_column(sa.Text)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    reply_by: Mapped[date]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    panel: Mapped[Panel] = relationship()

    __mapper_args__ = {"version_id_col": version}


class HearingWaiver(Base):
    """The secretariat recommends without hearing those who are assessed, and why; part of the record."""

    __tablename__ = "hearing_waiver"

    panel_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment_panel.id"), unique=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    waived_at: Mapped[datetime]
    waived_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))

    panel: Mapped[Panel] = relationship()
