"""How much of a booking somebody sees in a calendar or a list. Said once, in the query: what is hidden never leaves
the database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, false, null, or_, select

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState, Tier
from missions_app.organisations.models import Organisation
from missions_app.sites.models import Resource

SHOWN_STATES = (
    LineState.SUBMITTED, LineState.NEEDS_INFO, LineState.CONDITIONAL, LineState.APPROVED, LineState.ONGOING,
    LineState.COMPLETED, LineState.CLOSED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as one reader may see it; what the reader may not see is None. With a reference it may be opened."""

    line_id: int
    resource_id: int
    starts_at: datetime
    ends_at: datetime
    state: LineState
    purpose: str | None
    organisation: str | None
    reference: str | None
    people: int | None
    is_mine: bool


def is_inside(actor: Actor) -> ColumnElement[bool]:
    """Whether a booking's reader sees all of it: those it belongs to, the managers of its site, the secretariat."""
    if is_secretariat(actor):
        return Booking.id.is_not(None)
    sites = [int(key) for key in actor.scopes_of("site_manager", "site")]
    missions = [int(key) for role in ("coordinator", "partner") for key in actor.scopes_of(role, "mission")]
    return or_(
        is_own(actor), Resource.site_id.in_(sites) if sites else false(),
        Booking.mission_id.in_(missions) if missions else false(),
    )  # fmt: skip


def is_own(actor: Actor) -> ColumnElement[bool]:
    """Whether a booking is the actor's own or that of an organisation of theirs."""
    if actor.user_id is None:
        return false()
    return or_(
        Booking.requested_by_id == actor.user_id, Booking.booked_for_id == actor.user_id,
        Booking.organisation_id.in_(actor.organisations()),
    )  # fmt: skip


def takes_part(actor: Actor) -> ColumnElement[bool]:
    """Whether a line's reader may move it: who asked, for whom, whoever leads the experiment, the site's managers."""
    sites = [int(key) for key in actor.scopes_of("site_manager", "site")]
    missions = [int(key) for key in actor.scopes_of("experiment_lead", "mission")]
    experiments = [int(key) for key in actor.scopes_of("experiment_lead", "experiment")]
    return or_(
        Booking.requested_by_id == actor.user_id, Booking.booked_for_id == actor.user_id,
        Resource.site_id.in_(sites), Booking.experiment_id.in_(experiments),
        and_(Booking.experiment_id.is_not(None), Booking.mission_id.in_(missions)),
    )  # fmt: skip


def shown(actor: Actor, *tiers: Tier) -> ColumnElement[bool]:
    """Whether a booking shows what these tiers show, to this reader."""
    return or_(is_inside(actor), Booking.visibility.in_(tiers))


def columns_for(actor: Actor) -> list[Any]:
    """The columns of ShownLine, with nothing in those the reader may not see. For a select that joins line, booking,
    resource and organisation."""
    has_purpose = shown(actor, Tier.PURPOSE, Tier.ORGANISATION, Tier.FULL)
    return [
        Line.id.label("line_id"), Line.resource_id, Line.starts_at, Line.ends_at, Line.state,
        case((has_purpose, Booking.purpose), else_=null()).label("purpose"),
        case((shown(actor, Tier.ORGANISATION, Tier.FULL), Organisation.name), else_=null()).label("organisation"),
        case((is_inside(actor), Booking.reference), else_=null()).label("reference"),
        case((shown(actor, Tier.FULL), Booking.people_on_site), else_=null()).label("people"),
        is_own(actor).label("is_mine"),
    ]  # fmt: skip


def lines_shown(
    actor: Actor, window: Interval, *, resource_ids: Collection[int] = (), site_ids: Collection[int] = ()
) -> list[ShownLine]:
    """What occupies some resources, or all of some sites, during a window, by start; one statement."""
    query = (
        select(*columns_for(actor))
        .join(Booking, Booking.id == Line.booking_id)
        .join(Resource, Resource.id == Line.resource_id)
        .join(Organisation, Organisation.id == Booking.organisation_id)
        .where(
            and_(Line.starts_at < window.end, Line.ends_at > window.start, Line.state.in_(SHOWN_STATES)),
            or_(Line.resource_id.in_(resource_ids), Resource.site_id.in_(site_ids)),
        )
        .order_by(Line.starts_at, Line.id)
    )
    return [_as_shown(row) for row in db.session.execute(query)]


def _as_shown(row: Row[Any]) -> ShownLine:
    return ShownLine(**row._mapping)
