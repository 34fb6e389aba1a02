"""What the day of use has left to do."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.bookings import queries
from missions_app.bookings.models import Booking, Line, LineState, Reservation, ReservationKind
from missions_app.sites.models import Resource, Unit


def lines_to_close(site_ids: Sequence[int]) -> Sequence[Line]:
    """Lines at some sites whose users have checked out and that the owner has not closed, by start."""
    return db.session.scalars(
        select(Line)
        .join(Resource, Resource.id == Line.resource_id)
        .where(Resource.site_id.in_(site_ids), Line.state == LineState.COMPLETED)
        .options(joinedload(Line.booking), joinedload(Line.resource))
        .order_by(Line.starts_at)
    ).all()


def lines_unaccounted(user_id: int, site_ids: Sequence[int], now: datetime) -> Sequence[Line]:
    """Lines of a user's bookings and at some sites whose time is over and nobody has said how they were used, by
    start."""
    return db.session.scalars(
        select(Line)
        .join(Resource, Resource.id == Line.resource_id)
        .join(Booking, Booking.id == Line.booking_id)
        .where(
            or_(Resource.site_id.in_(site_ids), queries.is_mine(user_id)),
            Line.state.in_((LineState.APPROVED, LineState.ONGOING)),
            Line.ends_at < now,
        )
        .options(joinedload(Line.booking), joinedload(Line.resource))
        .order_by(Line.starts_at)
    ).all()


def units_told(lines: Iterable[Line]) -> dict[int, list[str]]:
    """Which units of a pool the lines that are in use have, by line. A unit is told when its time has begun: until then
    it may still be changed for another of the same kind, to make room."""
    using = [line.id for line in lines if line.state is LineState.ONGOING and line.resource.pool_id is not None]
    if not using:
        return {}
    found: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(Line.id, Unit.name)
        .join(Reservation, Reservation.line_id == Line.id)
        .join(Unit, Unit.id == Reservation.unit_id)
        .where(Line.id.in_(using), Reservation.active, Reservation.kind == ReservationKind.REQUEST,
               Reservation.starts_at <= clock.now(), Unit.pool_id.is_not(None))
        .order_by(Unit.id)
    )  # fmt: skip
    for line_id, name in rows:
        found.setdefault(line_id, []).append(name)
    return found
