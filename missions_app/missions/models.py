"""A mission, the challenges it grew from, and its solution tracks."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.actor import Scope, mission_scope, organisation_scope
from missions_app.challenges.models import Challenge
from missions_app.db import Base
from missions_app.organisations.models import Organisation
from missions_app.workflow.method import Text
from missions_app.workflow.models import Journey


class Mission(Base):
    """One target for society and everything done to reach it. Texts are in both languages where they exist.

    `rights_holders_agreed`: those who own their results themselves (university staff) have agreed to the model.
    `procurement_note` says to those who think of joining what it means for a later purchase.
    """

    __tablename__ = "mission"

    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"), unique=True)
    title_sv: Mapped[str] = mapped_column(sa.String(200))
    title_en: Mapped[str] = mapped_column(sa.String(200), default="")
    summary_sv: Mapped[str] = mapped_column(sa.Text, default="")
    summary_en: Mapped[str] = mapped_column(sa.Text, default="")
    target_sv: Mapped[str] = mapped_column(sa.Text, default="")
    target_en: Mapped[str] = mapped_column(sa.Text, default="")
    target_on: Mapped[date | None]
    theme: Mapped[str] = mapped_column(sa.String(40), index=True)
    specialisation: Mapped[str] = mapped_column(sa.String(40))
    secondary_specialisations: Mapped[list[Any]] = mapped_column(default=list)
    bottlenecks: Mapped[list[Any]] = mapped_column(default=list)
    problem_owner_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    coordinator_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    regional_money_ore: Mapped[int | None] = mapped_column(sa.BigInteger)
    adopted_by_board: Mapped[bool] = mapped_column(default=False)
    ip_model: Mapped[str] = mapped_column(sa.String(40), default="")
    data_terms: Mapped[str] = mapped_column(sa.Text, default="")
    publicity_ack: Mapped[bool] = mapped_column(default=False)
    rights_holders_agreed: Mapped[bool] = mapped_column(default=False)
    procurement_note: Mapped[str] = mapped_column(sa.Text, default="")
    single_track_reason: Mapped[str] = mapped_column(sa.Text, default="")
    result_owner: Mapped[str] = mapped_column(sa.String(300), default="")
    next_step: Mapped[str] = mapped_column(sa.Text, default="")
    follow_up_date: Mapped[date | None]
    review_date: Mapped[date | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    journey: Mapped[Journey] = relationship()
    problem_owner: Mapped[Organisation] = relationship(foreign_keys=problem_owner_id)
    coordinator: Mapped[Organisation | None] = relationship(foreign_keys=coordinator_id)

    __mapper_args__ = {"version_id_col": version}

    @property
    def titles(self) -> Text:
        """The title in both languages, for sentences that are put together where they are read."""
        return Text(sv=self.title_sv, en=self.title_en or self.title_sv)

    @property
    def title(self) -> str:
        """The Swedish title; pages choose by language."""
        return self.title_sv

    @property
    def scopes(self) -> frozenset[Scope]:
        """Where roles for this mission are held: itself and the organisation that owns the problem."""
        return frozenset({mission_scope(self.id), organisation_scope(self.problem_owner_id)})


class MissionChallenge(Base):
    """A challenge adopted into a mission. None loses its history."""

    __tablename__ = "mission_challenge"

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    challenge_id: Mapped[int] = mapped_column(sa.ForeignKey("challenge.id"), unique=True)
    adopted_on: Mapped[date]

    mission: Mapped[Mission] = relationship()
    challenge: Mapped[Challenge] = relationship()


class JoinPlan(Base):
    """A challenge that, if it is adopted, joins a mission that is there already."""

    __tablename__ = "mission_join_plan"

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    challenge_id: Mapped[int] = mapped_column(sa.ForeignKey("challenge.id"), unique=True)

    mission: Mapped[Mission] = relationship()
    challenge: Mapped[Challenge] = relationship()


class SolutionTrack(Base):
    """One way of its own to solve the challenge."""

    __tablename__ = "solution_track"

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    closed_at: Mapped[datetime | None]
    closed_because: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column()

    mission: Mapped[Mission] = relationship()

    __mapper_args__ = {"version_id_col": version}
