"""Offers to take over the coordination of a mission."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.db import Base
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation


class CoordinationOffer(Base):
    """An organisation is asked to coordinate a mission in another's place, through a person who would hold the role.

    Both sides are recorded: who offered, and who answered for the other. `before` coordinated when it was offered, and
    goes on until `accepted` is true. An offer is open while it is neither answered nor withdrawn.
    """

    __tablename__ = "coordination_offer"

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    before_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    offered_at: Mapped[datetime]
    offered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    accepted: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    mission: Mapped[Mission] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id)
    before: Mapped[Organisation] = relationship(foreign_keys=before_id)
    user: Mapped[User] = relationship(foreign_keys=user_id)

    __mapper_args__ = {"version_id_col": version}
