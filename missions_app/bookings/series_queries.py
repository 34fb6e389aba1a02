"""Reading series."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.bookings import visibility
from missions_app.bookings.models import Booking, Line, LineState, Series
from missions_app.errors import NotFound
from missions_app.sites.models import Resource

MOST_SHOWN = 100


def get_series(booking: Booking, series_id: int) -> Series:
    """A series of this booking, or NotFound."""
    found = db.session.get(Series, series_id)
    if found is None or found.booking_id != booking.id:
        raise NotFound()
    return found


def series_of(booking: Booking) -> Sequence[Series]:
    """The series of a booking, oldest first."""
    return db.session.scalars(
        select(Series).where(Series.booking_id == booking.id).options(joinedload(Series.resource)).order_by(Series.id)
    ).all()


def lines_of(series: Series) -> Sequence[Line]:
    """The dates of a series in the order its rule gives them; those that are over too."""
    return db.session.scalars(
        select(Line)
        .where(Line.series_id == series.id)
        .options(joinedload(Line.booking), joinedload(Line.resource).joinedload(Resource.site))
        .order_by(Line.occurs_on, Line.id)
    ).all()


def read_anew(series: Series) -> None:
    """Read the dates of a series once more: what a service that changes them begins with."""
    found = select(Line).where(Line.series_id == series.id).execution_options(populate_existing=True)
    db.session.scalars(found).all()


def series_for(actor: Actor) -> Sequence[Series]:
    """The series that an actor or their organisations have, and those at sites they manage; newest first."""
    sites = [int(key) for key in actor.scopes_of("site_manager", "site")]
    return db.session.scalars(
        select(Series)
        .join(Booking, Booking.id == Series.booking_id)
        .join(Resource, Resource.id == Series.resource_id)
        .where(or_(visibility.is_own(actor), Resource.site_id.in_(sites)))
        .options(joinedload(Series.booking), joinedload(Series.resource).joinedload(Resource.site))
        .order_by(Series.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def repeatable_lines(user_id: int) -> Sequence[Line]:
    """Lines of somebody's drafts that can be made to come back, newest first."""
    return db.session.scalars(
        select(Line)
        .join(Booking, Booking.id == Line.booking_id)
        .where(
            or_(Booking.requested_by_id == user_id, Booking.booked_for_id == user_id),
            Line.state == LineState.DRAFT,
            Line.series_id.is_(None),
        )
        .options(joinedload(Line.booking), joinedload(Line.resource).joinedload(Resource.site))
        .order_by(Line.id.desc())
        .limit(MOST_SHOWN)
    ).all()
