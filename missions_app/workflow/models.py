"""Where each case stands in the method, and every record a gate rests on."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.db import Base, text_enum


class MethodStatus(StrEnum):
    """A draft may change; an adopted version never does; a retired one starts nothing new."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    RETIRED = "retired"


class MethodVersion(Base):
    """One version of the method: the document as written, with its checksum.

    A draft may change and may still hold problems. From adoption on the database itself refuses every change of the
    document (`workflow/guard.py`). New cases begin under the newest adopted version whose `valid_from` has come.
    """

    __tablename__ = "method_version"
    __table_args__ = (sa.UniqueConstraint("key", "number"),)

    key: Mapped[str] = mapped_column(sa.String(40))
    number: Mapped[int]
    status: Mapped[MethodStatus] = mapped_column(text_enum(MethodStatus))
    document: Mapped[str] = mapped_column(sa.Text, deferred=True)
    checksum: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
    adopted_on: Mapped[date | None]
    valid_from: Mapped[date | None]
    retired_on: Mapped[date | None]
    based_on_id: Mapped[int | None] = mapped_column(sa.ForeignKey("method_version.id"))
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    decided_body: Mapped[str] = mapped_column(sa.String(40), default="")
    registry_number: Mapped[str] = mapped_column(sa.String(60), default="")
    version: Mapped[int] = mapped_column()

    based_on: Mapped["MethodVersion | None"] = relationship(remote_side="MethodVersion.id")

    __mapper_args__ = {"version_id_col": version}


class Journey(Base):
    """A challenge's, mission's or experiment's way through one version of the method.

    `state` is a state of the method's journey for `subject_kind`. The row is locked for every move.
    """

    __tablename__ = "journey"
    __table_args__ = (sa.Index("ix_journey_subject_kind_state", "subject_kind", "state"),)

    subject_kind: Mapped[str] = mapped_column(sa.String(20))
    method_version_id: Mapped[int] = mapped_column(sa.ForeignKey("method_version.id"))
    state: Mapped[str] = mapped_column(sa.String(40))
    entered_at: Mapped[datetime]
    round: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column()

    method_version: Mapped[MethodVersion] = relationship()

    __mapper_args__ = {"version_id_col": version}


class StateEntry(Base):
    """One step of a journey: from where to where, by which move or gate outcome, when, by whom and why."""

    __tablename__ = "state_entry"

    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"), index=True)
    from_state: Mapped[str | None] = mapped_column(sa.String(40))
    to_state: Mapped[str] = mapped_column(sa.String(40))
    by_move: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(sa.String(40))
    actor_role: Mapped[str] = mapped_column(sa.String(40))
    reason: Mapped[str] = mapped_column(sa.Text, default="")


class GateRequest(Base):
    """Somebody asks for a gate to be tried; the answer is due after the gate's reply days."""

    __tablename__ = "gate_request"

    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"), index=True)
    gate: Mapped[str] = mapped_column(sa.String(40))
    requested_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    requested_at: Mapped[datetime]
    due_on: Mapped[date]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None]

    journey: Mapped[Journey] = relationship()


class Recommendation(Base):
    """What an officer proposes to the decider. Another person decides."""

    __tablename__ = "recommendation"

    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"), index=True)
    gate: Mapped[str] = mapped_column(sa.String(40))
    outcome: Mapped[str] = mapped_column(sa.String(40))
    reasons: Mapped[str] = mapped_column(sa.Text)
    recommended_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    recommended_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]

    journey: Mapped[Journey] = relationship()


VOTED = (
    "(votes_for IS NULL AND votes_against IS NULL AND votes_abstained IS NULL) OR "
    "(met_on IS NOT NULL AND votes_for >= 0 AND votes_against >= 0 AND votes_abstained >= 0)"
)


class GateDecision(Base):
    """The only record of a decision at a gate. Corrected only by a new decision that names it.

    `declared` says that whoever decided declared that nothing tied them to the case.

    Until `published_at` the decision is kept back: the case has not moved, nothing has followed from it, and only
    those who decide and the secretariat know. `publish_on` is the day on which it is published by itself. A body that
    met says when (`met_on`), and how its members voted where they did: all three counts or none.
    """

    __tablename__ = "gate_decision"
    __table_args__ = (sa.CheckConstraint(VOTED, name="voted_or_not"),)

    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"), index=True)
    gate: Mapped[str] = mapped_column(sa.String(40))
    outcome: Mapped[str] = mapped_column(sa.String(40))
    reasons: Mapped[str] = mapped_column(sa.Text)
    decided_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_as: Mapped[str] = mapped_column(sa.String(40))
    decided_on: Mapped[date]
    recorded_at: Mapped[datetime]
    registry_number: Mapped[str] = mapped_column(sa.String(60), default="")
    met_on: Mapped[date | None]
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    votes_abstained: Mapped[int | None]
    recommendation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recommendation.id"))
    differs_because: Mapped[str] = mapped_column(sa.Text, default="")
    publish_on: Mapped[date | None]
    published_at: Mapped[datetime | None]
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("gate_decision.id"))
    declared: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    journey: Mapped[Journey] = relationship()
    recommendation: Mapped[Recommendation | None] = relationship()


class Recusal(Base):
    """Somebody who handles or decides a gate steps aside because of a conflict of interest. The next decision at the
    gate keeps it (`decision_id`). Whoever has no account is told of in the decision, by function (`seat`)."""

    __tablename__ = "recusal"
    __table_args__ = (
        sa.CheckConstraint("decision_id IS NULL OR withdrawn_at IS NULL", name="kept_or_withdrawn"),
        sa.CheckConstraint("(user_id IS NULL) = (seat != '')", name="user_or_seat"),
        sa.CheckConstraint("user_id IS NOT NULL OR decision_id IS NOT NULL", name="seat_by_decision"),
        sa.Index("ix_recusal_journey_id_gate", "journey_id", "gate"),
    )

    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"))
    gate: Mapped[str] = mapped_column(sa.String(40))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    seat: Mapped[str] = mapped_column(sa.String(200), server_default="", default="")
    acted_as: Mapped[str] = mapped_column(sa.String(40))
    reason: Mapped[str] = mapped_column(sa.Text)
    declared_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("gate_decision.id"), index=True)

    user: Mapped[User | None] = relationship()


class DecisionCondition(Base):
    """Something the decision asks somebody to do by a day, and how it was met.

    `owner` is what whoever owns it is called; `owner_ref` says who that is ("function:coordinator", "organisation:5",
    "person:7"), or is "" where the owner is put in words alone.
    """

    __tablename__ = "decision_condition"

    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("gate_decision.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    owner: Mapped[str] = mapped_column(sa.String(200))
    owner_ref: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    how_met: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    evidence: Mapped[str] = mapped_column(sa.Text, default="", server_default="")

    decision: Mapped[GateDecision] = relationship()


class Evidence(Base):
    """What one criterion rested on when its gate was decided: the facts themselves, their checksum, and the revision
    of the case that was read."""

    __tablename__ = "evidence"
    __table_args__ = (sa.UniqueConstraint("decision_id", "criterion"),)

    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("gate_decision.id"), index=True)
    criterion: Mapped[str] = mapped_column(sa.String(60))
    status: Mapped[str] = mapped_column(sa.String(20))
    facts: Mapped[dict[str, Any]]
    checksum: Mapped[str] = mapped_column(sa.String(64))
    revision: Mapped[str] = mapped_column(sa.String(40), default="")
    frozen_at: Mapped[datetime | None]

    decision: Mapped[GateDecision] = relationship()


class StaleMark(Base):
    """A pinned criterion that no longer stands, since when. Cleared when it stands again or the gate is tried anew.

    A fresh look says in words why the case may go on although the fact has changed.
    """

    __tablename__ = "stale_mark"

    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"), index=True)
    gate: Mapped[str] = mapped_column(sa.String(40))
    criterion: Mapped[str] = mapped_column(sa.String(60))
    since: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    look: Mapped[str] = mapped_column(sa.Text, default="")
    looked_as: Mapped[str] = mapped_column(sa.String(40), default="")
    looked_at: Mapped[datetime | None]
    looked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    journey: Mapped[Journey] = relationship()


class Waiver(Base):
    """A criterion set aside by somebody with the right to, with a reason and a last day."""

    __tablename__ = "waiver"

    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"), index=True)
    criterion: Mapped[str] = mapped_column(sa.String(60))
    reason: Mapped[str] = mapped_column(sa.Text)
    waived_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    waived_as: Mapped[str] = mapped_column(sa.String(40))
    waived_at: Mapped[datetime]
    expires_on: Mapped[date]
    revoked_at: Mapped[datetime | None]


class Attestation(Base):
    """A person in the right role vouches for something the records cannot show, in words.

    `part` says for which part, where several persons each attest their own (a site's id), else "".
    """

    __tablename__ = "attestation"

    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"), index=True)
    criterion: Mapped[str] = mapped_column(sa.String(60))
    role: Mapped[str] = mapped_column(sa.String(40))
    part: Mapped[str] = mapped_column(sa.String(40), default="")
    text: Mapped[str] = mapped_column(sa.Text)
    attested_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    attested_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Consultation(Base):
    """A body is asked for its view and answers, or lets the reply day pass."""

    __tablename__ = "consultation"

    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"), index=True)
    body: Mapped[str] = mapped_column(sa.String(40))
    question: Mapped[str] = mapped_column(sa.Text)
    asked_on: Mapped[date]
    reply_by: Mapped[date]
    replied_at: Mapped[datetime | None]
    reply: Mapped[str] = mapped_column(sa.Text, default="")
    replied_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    journey: Mapped[Journey] = relationship()

    __mapper_args__ = {"version_id_col": version}
