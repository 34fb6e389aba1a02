"""An experiment and its plan."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.actor import Scope, experiment_scope, mission_scope
from missions_app.accounts.models import User
from missions_app.db import Base
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.workflow.method import Text
from missions_app.workflow.models import Journey


class Experiment(Base):
    """One planned test of one solution track of a mission (a "försök"). TRL and SRL are 1 to 9.

    The assessments hold for each of its bookings that says nothing else itself.
    """

    __tablename__ = "experiment"
    __table_args__ = (
        sa.CheckConstraint("trl_start BETWEEN 1 AND 9", name="trl_start_in_range"),
        sa.CheckConstraint("srl_start BETWEEN 1 AND 9", name="srl_start_in_range"),
    )

    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    lead_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    track_id: Mapped[int | None] = mapped_column(sa.ForeignKey("solution_track.id"))
    round: Mapped[int] = mapped_column(default=1)
    repeats_id: Mapped[int | None] = mapped_column(sa.ForeignKey("experiment.id"))
    title: Mapped[str] = mapped_column(sa.String(200))
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    question: Mapped[str] = mapped_column(sa.Text, default="")
    hypothesis: Mapped[str] = mapped_column(sa.Text, default="")
    method: Mapped[str] = mapped_column(sa.Text, default="")
    success_threshold: Mapped[str] = mapped_column(sa.Text, default="")
    stop_rule: Mapped[str] = mapped_column(sa.Text, default="")
    data_plan: Mapped[str] = mapped_column(sa.Text, default="")
    risks: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    personal_data_assessment: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    camera_assessment: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    ethics_assessment: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    trl_start: Mapped[int | None]
    srl_start: Mapped[int | None]
    planned_from: Mapped[date | None]
    planned_until: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    mission: Mapped[Mission] = relationship()
    journey: Mapped[Journey] = relationship()
    organisation: Mapped[Organisation] = relationship()
    lead: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def titles(self) -> Text:
        """The title as it was written, whichever language is read."""
        return Text(sv=self.title, en=self.title)

    @property
    def scopes(self) -> frozenset[Scope]:
        """Where roles for this experiment are held: itself and its mission."""
        return frozenset({experiment_scope(self.id), mission_scope(self.mission_id)})
