"""How the method itself develops: what somebody proposes to change, and which running cases were moved."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.db import Base, text_enum
from missions_app.workflow.models import Journey, MethodVersion


class ProposalState(StrEnum):
    """`accepted` is to be worked into a draft, `done` stands in an adopted version."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"


class MethodProposal(Base):
    """Somebody proposes a change of the method: what, why, and on which evidence from the cases."""

    __tablename__ = "method_proposal"

    title: Mapped[str] = mapped_column(sa.String(200))
    change: Mapped[str] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.Text)
    place: Mapped[str] = mapped_column(sa.String(80), default="")
    evidence: Mapped[list[Any]]
    state: Mapped[ProposalState] = mapped_column(text_enum(ProposalState))
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]
    method_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("method_version.id"))
    version: Mapped[int] = mapped_column()

    proposed_by: Mapped[User] = relationship(foreign_keys=proposed_by_id)
    method_version: Mapped[MethodVersion | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class MigrationOutcome(StrEnum):
    """Whether a running case was moved to the new version or stays with the one it began under."""

    MOVED = "moved"
    STAYED = "stayed"


class MethodMigration(Base):
    """The choice for one running case: from which version to which, and how every criterion stood before and after."""

    __tablename__ = "method_migration"

    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"), index=True)
    from_version_id: Mapped[int] = mapped_column(sa.ForeignKey("method_version.id"))
    to_version_id: Mapped[int] = mapped_column(sa.ForeignKey("method_version.id"), index=True)
    outcome: Mapped[MigrationOutcome] = mapped_column(text_enum(MigrationOutcome))
    reason: Mapped[str] = mapped_column(sa.Text)
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    differing: Mapped[list[Any]]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    journey: Mapped[Journey] = relationship()
    from_version: Mapped[MethodVersion] = relationship(foreign_keys=from_version_id)
    to_version: Mapped[MethodVersion] = relationship(foreign_keys=to_version_id)
