"""Sites, their resources, and the units that reservations occupy."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.accounts.actor import Scope, site_scope
from missions_app.db import Base, text_enum
from missions_app.organisations.models import Organisation
from missions_app.workflow.method_parts import Text


class SiteStatus(StrEnum):
    """The method's site_entry.status_values."""

    DRAFT = "draft"
    OPEN = "open"
    LIMITED = "limited"
    CLOSED = "closed"
    RETIRED = "retired"


class Provenance(StrEnum):
    """Whether the entry describes a site documented in public sources or is only an illustration."""

    DOCUMENTED = "documented"
    ILLUSTRATIVE = "illustrative"


class Site(Base):
    """One entry of the catalogue. `answers` are those to the method's site questions; `details` holds the entry's
    further fields by the method's names, texts as {"sv": ..., "en": ...}; `area` the corners of its area, [latitude,
    longitude] each; `overlays` what it is besides its type, each with the method's id and what that overlay requires.
    A `kind` other than the answers give was chosen by hand, for the `kind_reason`."""

    __tablename__ = "site"
    __table_args__ = (
        sa.CheckConstraint("trl_from BETWEEN 1 AND 9 AND trl_to BETWEEN trl_from AND 9", name="trl_range"),
        sa.CheckConstraint("srl_from BETWEEN 1 AND 9 AND srl_to BETWEEN srl_from AND 9", name="srl_range"),
        sa.Index("ix_site_sort_key", "sort_key"),
    )

    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name_sv: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200), default="")
    sort_key: Mapped[str] = mapped_column(sa.String(400))
    kind: Mapped[str] = mapped_column(sa.String(40))
    kind_reason: Mapped[str] = mapped_column(sa.Text, default="")
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    overlays: Mapped[list[Any]] = mapped_column(default=list)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    operator: Mapped[str] = mapped_column(sa.String(200), default="")
    municipality: Mapped[str] = mapped_column(sa.String(10), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    description_sv: Mapped[str] = mapped_column(sa.Text, default="")
    description_en: Mapped[str] = mapped_column(sa.Text, default="")
    themes: Mapped[list[Any]] = mapped_column(default=list)
    is_outdoor: Mapped[bool] = mapped_column(default=False)
    trl_from: Mapped[int]
    trl_to: Mapped[int]
    srl_from: Mapped[int]
    srl_to: Mapped[int]
    price_model: Mapped[str] = mapped_column(sa.String(20))
    contact_function: Mapped[str] = mapped_column(sa.String(200), default="")
    contact_email: Mapped[str] = mapped_column(sa.String(254), default="")
    permits_held: Mapped[list[Any]] = mapped_column(default=list)
    area: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[SiteStatus] = mapped_column(text_enum(SiteStatus))
    provenance: Mapped[Provenance] = mapped_column(text_enum(Provenance))
    reviewed_on: Mapped[date | None]
    review_due_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    owner: Mapped[Organisation] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> Text:
        """What it is called, in Swedish where nobody has translated it."""
        return Text(sv=self.name_sv, en=self.name_en or self.name_sv)

    @property
    def scopes(self) -> frozenset[Scope]:
        """Where roles for this site are held."""
        return frozenset({site_scope(self.id)})


class Pool(Base):
    """Identical units of which a booking takes some. At most 60."""

    __tablename__ = "unit_pool"

    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))

    site: Mapped[Site] = relationship()


class Unit(Base):
    """The smallest thing that can be occupied. A hall and its bays share units. In at most one pool."""

    __tablename__ = "unit"

    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    pool_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit_pool.id"), index=True)

    site: Mapped[Site] = relationship()
    pool: Mapped[Pool | None] = relationship()


class Approval(StrEnum):
    """Whether a request needs an answer, and whether more than one manager has to agree."""

    NONE = "none"
    MANAGER = "manager"
    SEVERAL = "several"


class Bookers(StrEnum):
    """Who may book: every organisation, only for a mission's experiments, only those chosen, or only the owner.

    The owner itself always may.
    """

    EVERYONE = "everyone"
    EXPERIMENTS = "experiments"
    CHOSEN = "chosen"
    OWNER = "owner"


class Resource(Base):
    """What is booked: a hall, a bay, a vessel, a sensor set, a street. It occupies its units, or some of a pool.

    Lengths are minutes of use; set-up and clean-up (minutes) are added around it. Notice is minutes before the start,
    horizon days ahead, `cancel_minutes` how long before the start a booking is cancelled without cost. A request holds
    its time for `hold_hours`, or for the method's hours without any. Prices are öre per started hour.
    `limits` are the place's own weather limits by the names of weather.LIMITS: nobody tests beyond them.
    """

    __tablename__ = "resource"
    __table_args__ = (
        sa.UniqueConstraint("site_id", "slug"),
        sa.CheckConstraint("shortest_minutes > 0 AND longest_minutes >= shortest_minutes", name="lengths"),
        sa.CheckConstraint("step_minutes > 0", name="step_positive"),
        sa.CheckConstraint("setup_minutes >= 0 AND cleanup_minutes >= 0", name="buffers_not_negative"),
        sa.CheckConstraint("price_ore >= 0 AND market_price_ore >= 0", name="prices_not_negative"),
        sa.CheckConstraint("approvals_needed >= 1", name="approvals_positive"),
    )

    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(80))
    name_sv: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200), default="")
    description_sv: Mapped[str] = mapped_column(sa.Text, default="")
    description_en: Mapped[str] = mapped_column(sa.Text, default="")
    kind: Mapped[str] = mapped_column(sa.String(40), default="")
    pool_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit_pool.id"))
    most_people: Mapped[int | None]
    shortest_minutes: Mapped[int] = mapped_column(default=60)
    longest_minutes: Mapped[int] = mapped_column(default=60 * 24 * 14)
    step_minutes: Mapped[int] = mapped_column(default=30)
    setup_minutes: Mapped[int] = mapped_column(default=0)
    cleanup_minutes: Mapped[int] = mapped_column(default=0)
    notice_minutes: Mapped[int] = mapped_column(default=60 * 24)
    horizon_days: Mapped[int] = mapped_column(default=540)
    approval: Mapped[Approval] = mapped_column(text_enum(Approval), default=Approval.MANAGER)
    approvals_needed: Mapped[int] = mapped_column(default=1, server_default="1")
    bookers: Mapped[Bookers] = mapped_column(
        text_enum(Bookers), default=Bookers.EVERYONE, server_default=Bookers.EVERYONE.value
    )
    requests_hold: Mapped[bool] = mapped_column(default=True)
    hold_hours: Mapped[int | None]
    cancel_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    price_ore: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    market_price_ore: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    limits: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    site: Mapped[Site] = relationship()
    pool: Mapped[Pool | None] = relationship()
    units: Mapped[list[Unit]] = relationship(secondary="resource_unit", order_by="Unit.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> Text:
        """What it is called, in Swedish where nobody has translated it."""
        return Text(sv=self.name_sv, en=self.name_en or self.name_sv)


class ResourceUnit(Base):
    """A unit that a resource occupies."""

    __tablename__ = "resource_unit"
    __table_args__ = (sa.UniqueConstraint("resource_id", "unit_id"),)

    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)


class OpeningPeriod(Base):
    """When a resource is open: on a weekday (0 is Monday), or on one date instead of its weekday.

    Local times of the site's zone; a period without times says that the resource is closed that date.
    """

    __tablename__ = "opening_period"
    __table_args__ = (
        sa.CheckConstraint("(weekday IS NULL) <> (on_date IS NULL)", name="weekday_or_date"),
        sa.CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="times_together"),
    )

    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"), index=True)
    weekday: Mapped[int | None]
    on_date: Mapped[date | None]
    opens: Mapped[time | None]
    closes: Mapped[time | None]

    resource: Mapped[Resource] = relationship()
