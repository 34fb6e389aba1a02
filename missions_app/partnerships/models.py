"""Needs, partners, invitations, promises with their deliveries, agreements with their versions, the funding plan."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.models import User
from missions_app.db import Base, text_enum
from missions_app.documents.models import Document, Visibility
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.partnerships.money_columns import Amount, amount_holds
from missions_app.workflow.models import Journey


class Need(Base):
    """Something a mission needs: what kind, how pressing, how much and when. A plan has a date and how it is met.

    `text` is in Swedish, `text_en` in English where it exists; `role` is the partner role that usually brings it.
    """

    __tablename__ = "need"

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.Text)
    text_en: Mapped[str] = mapped_column(sa.Text, default="")
    priority: Mapped[str] = mapped_column(sa.String(10))
    peak: Mapped[str] = mapped_column(sa.String(40), default="")
    role: Mapped[str] = mapped_column(sa.String(40), default="")
    quantity: Mapped[str] = mapped_column(sa.String(100), default="")
    needed_from: Mapped[date | None]
    needed_until: Mapped[date | None]
    plan_date: Mapped[date | None]
    plan_text: Mapped[str] = mapped_column(sa.Text, default="")
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    mission: Mapped[Mission] = relationship()

    __mapper_args__ = {"version_id_col": version}


class OpenCall(Base):
    """A mission's open invitation to everybody, for some days. `published_at` is when it was first shown."""

    __tablename__ = "open_call"
    __table_args__ = (sa.CheckConstraint("opens_on <= closes_on", name="opens_before_closes"),)

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    text_sv: Mapped[str] = mapped_column(sa.Text)
    text_en: Mapped[str] = mapped_column(sa.Text, default="")
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    published_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    mission: Mapped[Mission] = relationship()

    __mapper_args__ = {"version_id_col": version}


class NeedWatch(Base):
    """Somebody wants a letter when new needs fit an organisation they belong to. `told_need_id`: the newest need that
    had been looked at when the last letter went."""

    __tablename__ = "need_watch"
    __table_args__ = (sa.UniqueConstraint("user_id", "organisation_id"),)

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    told_need_id: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    told_at: Mapped[datetime]

    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()


class PartnerState(StrEnum):
    """How far an organisation has come in a partnership."""

    INVITED = "invited"
    INTERESTED = "interested"
    COMMITTED = "committed"
    LEFT = "left"


class Partner(Base):
    """An organisation in a mission, with its roles (the method's partner roles) and state.

    `is_undertaking` is for this mission: the same organisation may act as one here and not there. `size_class` is the
    organisation's when it joined, which is what programmes count. `countered_at` is set
    while an invited organisation's counter-offer (other roles, other terms in words) waits for the coordinator.
    """

    __tablename__ = "partner"
    __table_args__ = (sa.UniqueConstraint("mission_id", "organisation_id"),)

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    roles: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[PartnerState] = mapped_column(text_enum(PartnerState))
    message: Mapped[str] = mapped_column(sa.Text, default="")
    invited_until: Mapped[date | None]
    countered_at: Mapped[datetime | None]
    counter_roles: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    counter_message: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    is_newcomer: Mapped[bool] = mapped_column(default=False)
    is_undertaking: Mapped[bool] = mapped_column(default=False)
    receives_benefit: Mapped[bool] = mapped_column(default=False)
    size_class: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    left_because: Mapped[str] = mapped_column(sa.Text, default="")
    since: Mapped[datetime]
    left_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    mission: Mapped[Mission] = relationship()
    organisation: Mapped[Organisation] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Invitation(Base):
    """An invitation to an address whose organisation is not known here yet; answered once, by who has the address."""

    __tablename__ = "partner_invitation"

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    roles: Mapped[list[Any]] = mapped_column(default=list)
    message: Mapped[str] = mapped_column(sa.Text, default="")
    expires_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]
    declined_because: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    cancelled_at: Mapped[datetime | None]
    partner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partner.id"))
    version: Mapped[int] = mapped_column()

    mission: Mapped[Mission] = relationship()
    made_by: Mapped[User | None] = relationship()
    partner: Mapped[Partner | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class CommitmentState(StrEnum):
    """From a promise thought of to one kept."""

    OFFERED = "offered"
    COMMITTED = "committed"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"


class Commitment(Base):
    """What a partner promises: kind, quantity in the kind's unit, value in öre, period, and the need it covers.

    `rate_ore` is the value of one unit where it was agreed. `confirmed_on` is when the partner last said that it still
    holds. `visibility` is who reads `text` and `condition`: values and kinds are for everybody in the case.
    """

    __tablename__ = "commitment"
    __table_args__ = (
        sa.CheckConstraint("value_ore >= 0", name="value_not_negative"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("partner.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    condition: Mapped[str] = mapped_column(sa.Text, default="")
    visibility: Mapped[Visibility] = mapped_column(text_enum(Visibility), default=Visibility.PARTNERS)
    claim_reason: Mapped[str] = mapped_column(sa.Text, default="")
    quantity: Mapped[float | None]
    rate_ore: Mapped[int | None] = mapped_column(sa.BigInteger)
    value_ore: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    period_from: Mapped[date | None]
    period_until: Mapped[date | None]
    state: Mapped[CommitmentState] = mapped_column(text_enum(CommitmentState))
    need_id: Mapped[int | None] = mapped_column(sa.ForeignKey("need.id"), index=True)
    made_at: Mapped[datetime]
    confirmed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    partner: Mapped[Partner] = relationship()
    need: Mapped[Need | None] = relationship()
    deliveries: Mapped[list["Delivery"]] = relationship(back_populates="commitment", order_by="Delivery.id")

    __mapper_args__ = {"version_id_col": version}


class Delivery(Base):
    """Part of a promise kept: how much, what it was worth, when, and what shows it.

    `source_kind` and `source_key` name the record that drew it down ("booking", "hours", "report"), so that one record
    draws a promise down once; both are "" where a person noted it. `is_extra`: more than was promised; it is shown, but
    draws nothing down.
    """

    __tablename__ = "commitment_delivery"
    __table_args__ = (
        sa.Index(
            "uq_commitment_delivery_source",
            "commitment_id",
            "source_kind",
            "source_key",
            "is_extra",
            unique=True,
            sqlite_where=sa.text("source_kind <> ''"),
            postgresql_where=sa.text("source_kind <> ''"),
        ),
        sa.CheckConstraint("value_ore >= 0", name="value_not_negative"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"), index=True)
    quantity: Mapped[float | None]
    value_ore: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    delivered_on: Mapped[date]
    source: Mapped[str] = mapped_column(sa.String(300), default="")
    source_kind: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    source_key: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")
    is_extra: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    commitment: Mapped[Commitment] = relationship(back_populates="deliveries")


class HoursLog(Base):
    """Hours that a partner's people have worked on a mission, on a day; by function, never by name."""

    __tablename__ = "hours_log"
    __table_args__ = (sa.CheckConstraint("hours > 0 AND hours <= 1000", name="hours_within_reason"),)

    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("partner.id"), index=True)
    worked_on: Mapped[date]
    hours: Mapped[float]
    function: Mapped[str] = mapped_column(sa.String(200))
    what: Mapped[str] = mapped_column(sa.String(300), default="")
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    partner: Mapped[Partner] = relationship()


class StateAidAssessment(Base):
    """How an undertaking's benefit is judged under the rules on state aid. The newest one holds.

    `register_by` is the last day to enter aid of minor importance in the central register, `registered_on` when it was.
    """

    __tablename__ = "state_aid_assessment"

    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("partner.id"), index=True)
    ground: Mapped[str] = mapped_column(sa.String(20))
    value_ore: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    reasons: Mapped[str] = mapped_column(sa.Text)
    assessed_on: Mapped[date]
    assessed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    register_by: Mapped[date | None]
    registered_on: Mapped[date | None]

    partner: Mapped[Partner] = relationship()


class Agreement(Base):
    """One agreement of a case through all its versions. Which version holds is the newest one that is not void.

    `replaces` is the agreement that ends by itself on the day when everybody has signed this one.
    """

    __tablename__ = "agreement"

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journey.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str] = mapped_column(sa.String(300))
    terminated_at: Mapped[datetime | None]
    terminated_because: Mapped[str] = mapped_column(sa.Text, default="")
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agreement.id"))
    version: Mapped[int] = mapped_column()

    replaces: Mapped["Agreement | None"] = relationship(remote_side="Agreement.id")
    mission: Mapped[Mission] = relationship()
    journey: Mapped[Journey] = relationship()
    versions: Mapped[list["AgreementVersion"]] = relationship(
        back_populates="agreement", order_by="AgreementVersion.number"
    )
    parties: Mapped[list["AgreementParty"]] = relationship(back_populates="agreement", order_by="AgreementParty.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def newest(self) -> "AgreementVersion":
        """The version that is signed now; earlier ones are void."""
        return self.versions[-1]

    @property
    def document(self) -> Document:
        """The newest version's document."""
        return self.newest.document


class AgreementVersion(Base):
    """One wording of an agreement: its clauses by the method's names, and the document people sign.

    `clauses` is empty where the wording is a file signed elsewhere. `changed` says what differs from the one before.
    Countersigned: the coordinator has received it with every signature; it holds from the last signature anyhow.
    """

    __tablename__ = "agreement_version"
    __table_args__ = (sa.UniqueConstraint("agreement_id", "number"),)

    agreement_id: Mapped[int] = mapped_column(sa.ForeignKey("agreement.id"))
    number: Mapped[int]
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), unique=True)
    clauses: Mapped[dict[str, Any]] = mapped_column(default=dict)
    changed: Mapped[str] = mapped_column(sa.Text, default="")
    made_at: Mapped[datetime]
    countersigned_at: Mapped[datetime | None]
    countersigned_name: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    countersigned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    agreement: Mapped[Agreement] = relationship(back_populates="versions")
    document: Mapped[Document] = relationship()


class AgreementParty(Base):
    """An organisation that is to sign an agreement."""

    __tablename__ = "agreement_party"
    __table_args__ = (sa.UniqueConstraint("agreement_id", "organisation_id"),)

    agreement_id: Mapped[int] = mapped_column(sa.ForeignKey("agreement.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)

    agreement: Mapped[Agreement] = relationship(back_populates="parties")
    organisation: Mapped[Organisation] = relationship()


class FundingLine(Amount, Base):
    """One line of the funding plan: for which phase, from whom, how much, and what it pays for. `is_own`: the partners
    pay it themselves, in money or in kind; that share is what funders ask for. `entered_at` is None for lines from
    before it was kept."""

    __tablename__ = "funding_line"
    __table_args__ = amount_holds()

    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("mission.id"), index=True)
    phase: Mapped[str] = mapped_column(sa.String(20))
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    cost: Mapped[str] = mapped_column(sa.String(200))
    is_secured: Mapped[bool] = mapped_column(default=False)
    is_own: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    entered_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    mission: Mapped[Mission] = relationship()

    __mapper_args__ = {"version_id_col": version}
