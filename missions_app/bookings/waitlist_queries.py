"""Reading the waitlist."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from missions_app import db
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState, Reservation
from missions_app.bookings.waitlist_models import (
    EntryState,
    OfferState,
    WaitlistEntry,
    WaitlistHold,
    WaitlistOffer,
    WaitlistWish,
)
from missions_app.errors import NotFound
from missions_app.sites.models import Resource, ResourceUnit, Unit
from missions_app.sites.rule_models import Quota, QuotaResource

# What is set up before a use and cleaned up after it may reach into time that became free.
MARGIN = timedelta(days=1)
ASKED = (LineState.SUBMITTED, LineState.NEEDS_INFO, LineState.CONDITIONAL)

_LOADED = (
    selectinload(WaitlistEntry.wishes).joinedload(WaitlistWish.resource).joinedload(Resource.site),
    selectinload(WaitlistEntry.offers).joinedload(WaitlistOffer.booking),
    joinedload(WaitlistEntry.user),
    joinedload(WaitlistEntry.organisation),
)


def entries_waiting(unit_ids: Sequence[int], freed: Interval) -> Sequence[WaitlistEntry]:
    """Who waits for something that takes one of some units about the time that became free, the oldest first; and at
    whatever time where a quota counts, which has more left now."""
    pools = select(Unit.pool_id).where(Unit.id.in_(unit_ids), Unit.pool_id.is_not(None))
    own = select(ResourceUnit.resource_id).where(ResourceUnit.unit_id.in_(unit_ids))
    wishes = select(WaitlistWish.entry_id).join(Resource, Resource.id == WaitlistWish.resource_id)
    concerned = wishes.where(or_(Resource.id.in_(own), Resource.pool_id.in_(pools)))
    counted = (
        concerned.join(QuotaResource, QuotaResource.resource_id == Resource.id)
        .join(Quota, Quota.id == QuotaResource.quota_id)
        .where(Quota.ended_at.is_(None))
    )
    about = and_(WaitlistEntry.last > freed.start - MARGIN, WaitlistEntry.first < freed.end + MARGIN)
    return db.session.scalars(
        select(WaitlistEntry)
        .where(
            WaitlistEntry.state == EntryState.WAITING,
            or_(and_(about, WaitlistEntry.id.in_(concerned)), WaitlistEntry.id.in_(counted)),
        )
        .options(*_LOADED)
        .order_by(WaitlistEntry.id)
    ).all()


def entries_of(user_id: int) -> Sequence[WaitlistEntry]:
    """What a user waits for and has waited for, the newest first."""
    return db.session.scalars(
        select(WaitlistEntry)
        .where(WaitlistEntry.user_id == user_id)
        .options(*_LOADED)
        .order_by(WaitlistEntry.id.desc())
    ).all()


def entries_at(site_ids: Sequence[int]) -> Sequence[WaitlistEntry]:
    """Who waits for something at some sites, in turn."""
    concerned = (
        select(WaitlistWish.entry_id)
        .join(Resource, Resource.id == WaitlistWish.resource_id)
        .where(Resource.site_id.in_(site_ids))
    )
    return db.session.scalars(
        select(WaitlistEntry)
        .where(
            WaitlistEntry.state.in_((EntryState.WAITING, EntryState.OFFERED)), WaitlistEntry.id.in_(concerned)
        )
        .options(*_LOADED)
        .order_by(WaitlistEntry.id)
    ).all()  # fmt: skip


def get_entry(entry_id: int) -> WaitlistEntry:
    """One entry, or NotFound."""
    found = db.session.scalars(select(WaitlistEntry).where(WaitlistEntry.id == entry_id).options(*_LOADED)).first()
    if found is None:
        raise NotFound()
    return found


def get_offer(offer_id: int) -> WaitlistOffer:
    """One offer with its entry, or NotFound."""
    found = db.session.scalars(
        select(WaitlistOffer)
        .where(WaitlistOffer.id == offer_id)
        .options(joinedload(WaitlistOffer.entry).selectinload(WaitlistEntry.wishes).joinedload(WaitlistWish.resource))
    ).first()
    if found is None:
        raise NotFound()
    return found


def open_offers(user_id: int, now: datetime) -> Sequence[WaitlistOffer]:
    """What is held for a user until they answer, by deadline."""
    return db.session.scalars(
        select(WaitlistOffer)
        .join(WaitlistEntry, WaitlistEntry.id == WaitlistOffer.entry_id)
        .where(WaitlistEntry.user_id == user_id, WaitlistOffer.state == OfferState.OPEN, WaitlistOffer.expires_at > now)
        .options(joinedload(WaitlistOffer.entry).selectinload(WaitlistEntry.wishes).joinedload(WaitlistWish.resource))
        .order_by(WaitlistOffer.expires_at)
    ).all()


def holds_for(user_id: int, now: datetime) -> Sequence[Any]:
    """(unit id, start, end, deadline) of everything that is held for a user until they answer."""
    return db.session.execute(
        select(Reservation.unit_id, Reservation.starts_at, Reservation.ends_at, WaitlistOffer.expires_at)
        .join(WaitlistHold, WaitlistHold.reservation_id == Reservation.id)
        .join(WaitlistOffer, WaitlistOffer.id == WaitlistHold.offer_id)
        .join(WaitlistEntry, WaitlistEntry.id == WaitlistOffer.entry_id)
        .where(
            WaitlistEntry.user_id == user_id, WaitlistOffer.state == OfferState.OPEN, WaitlistOffer.expires_at > now,
            Reservation.active,
        )
    ).all()  # fmt: skip


def offers_holding(reservation_ids: Sequence[int]) -> Sequence[WaitlistOffer]:
    """The offers that hold some reservations."""
    holding = select(WaitlistHold.offer_id).where(WaitlistHold.reservation_id.in_(reservation_ids))
    return db.session.scalars(
        select(WaitlistOffer)
        .where(WaitlistOffer.id.in_(holding))
        .options(joinedload(WaitlistOffer.entry), selectinload(WaitlistOffer.holds))
        .order_by(WaitlistOffer.id)
    ).all()


def asked_for(offer: WaitlistOffer) -> Booking | None:
    """The request by which somebody asks for the time that they are offered, where a request holds nothing."""
    entry = offer.entry
    return db.session.scalars(
        select(Booking)
        .join(Line, Line.booking_id == Booking.id)
        .where(
            or_(Booking.requested_by_id == entry.user_id, Booking.booked_for_id == entry.user_id),
            Line.resource_id.in_([wish.resource_id for wish in entry.wishes]), Line.state.in_(ASKED),
            Line.starts_at < offer.ends_at, Line.ends_at > offer.starts_at,
        )
        .order_by(Booking.id.desc())
        .limit(1)
    ).first()  # fmt: skip


def offers_lapsed(now: datetime) -> Sequence[int]:
    """The ids of open offers whose deadline has passed, the earliest first."""
    return db.session.scalars(
        select(WaitlistOffer.id)
        .where(WaitlistOffer.state == OfferState.OPEN, WaitlistOffer.expires_at <= now)
        .order_by(WaitlistOffer.expires_at)
    ).all()


def entries_live() -> Sequence[int]:
    """The ids of entries that wait or are offered something, in turn."""
    live = WaitlistEntry.state.in_((EntryState.WAITING, EntryState.OFFERED))
    return db.session.scalars(select(WaitlistEntry.id).where(live).order_by(WaitlistEntry.id)).all()


def entries_over(now: datetime) -> Sequence[int]:
    """The ids of entries that wait although their last moment has passed."""
    return db.session.scalars(
        select(WaitlistEntry.id)
        .where(WaitlistEntry.state == EntryState.WAITING, WaitlistEntry.last <= now)
        .order_by(WaitlistEntry.id)
    ).all()
