"""Reading series."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from missions_app import db
from missions_app.bookings.models import Booking, Line, Series
from missions_app.errors import NotFound
from missions_app.sites.models import Resource


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
