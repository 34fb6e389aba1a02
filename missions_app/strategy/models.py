"""Strategic documents, their goals, what cases do to them, and signals."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.db import Base, text_enum
from missions_app.organisations.models import Organisation
from missions_app.workflow.models import Journey


class StrategicDocument(Base):
    """A plan, programme or strategy that cases are held against. `edition` names the one in force ("2026-2030")."""

    __tablename__ = "strategic_document"

    key: Mapped[str] = mapped_column(sa.String(60), unique=True)
    title_sv: Mapped[str] = mapped_column(sa.String(300))
    title_en: Mapped[str] = mapped_column(sa.String(300))
    level: Mapped[str] = mapped_column(sa.String(40))
    publisher: Mapped[str] = mapped_column(sa.String(200), default="")
    url: Mapped[str] = mapped_column(sa.String(500), default="")
    edition: Mapped[str] = mapped_column(sa.String(60), default="")
    adopted_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    named_in_strategy: Mapped[bool] = mapped_column(default=False)
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    goals: Mapped[list["StrategicGoal"]] = relationship(
        back_populates="document", order_by="StrategicGoal.position, StrategicGoal.id"
    )

    __mapper_args__ = {"version_id_col": version}


class StrategicGoal(Base):
    """One goal of a document, as adopted."""

    __tablename__ = "strategic_goal"

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("strategic_document.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    text_sv: Mapped[str] = mapped_column(sa.Text)
    text_en: Mapped[str] = mapped_column(sa.Text)
    edition: Mapped[str] = mapped_column(sa.String(60), default="")
    retired_at: Mapped[datetime | None]

    document: Mapped[StrategicDocument] = relationship(back_populates="goals")


class Stance(StrEnum):
    """What a case does to a document or one of its goals."""

    SUPPORTS = "supports"
    NEUTRAL = "neutral"
    CLASHES = "clashes"


class StrategyLink(Base):
    """What one case does to one document, with the reason. Reviewed once somebody has given a stance.

    `edition` is the document's edition that was read.
    """

    __tablename__ = "strategy_link"
    __table_args__ = (
        sa.UniqueConstraint("journey_id", "document_id"),
        sa.CheckConstraint("(stance IS NULL) = (reviewed_at IS NULL)", name="stance_and_review_together"),
    )

    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"), index=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("strategic_document.id"), index=True)
    goal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("strategic_goal.id"))
    stance: Mapped[Stance | None] = mapped_column(text_enum(Stance))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    edition: Mapped[str] = mapped_column(sa.String(60), default="")
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    document: Mapped[StrategicDocument] = relationship()
    goal: Mapped[StrategicGoal | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class SignalState(StrEnum):
    """A signal waits, has become a challenge, or is set aside with a reason."""

    OPEN = "open"
    PROMOTED = "promoted"
    SET_ASIDE = "set_aside"


class Signal(Base):
    """A need or a trend somebody noticed: what, so what, from where."""

    __tablename__ = "signal"

    title: Mapped[str] = mapped_column(sa.String(200))
    what: Mapped[str] = mapped_column(sa.Text)
    so_what: Mapped[str] = mapped_column(sa.Text, default="")
    source: Mapped[str] = mapped_column(sa.String(500), default="")
    theme: Mapped[str] = mapped_column(sa.String(40), default="")
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    noted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    noted_at: Mapped[datetime]
    state: Mapped[SignalState] = mapped_column(text_enum(SignalState))
    set_aside_because: Mapped[str] = mapped_column(sa.Text, default="")
    became_id: Mapped[int | None] = mapped_column(sa.ForeignKey("journey.id"))
    version: Mapped[int] = mapped_column()

    organisation: Mapped[Organisation | None] = relationship()
    noted_by: Mapped[User] = relationship()
    became: Mapped[Journey | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
