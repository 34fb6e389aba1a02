"""Whose sites a mission uses, for the check of conflicts of interest."""

from collections.abc import Iterable

from sqlalchemy import select

from missions_app import db
from missions_app.assessments.conflicts import Party
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.missions.models import Mission
from missions_app.sites.models import Resource, Site

# Nothing was asked of the owner, or nothing came of it.
WITHOUT = (LineState.DRAFT, LineState.DECLINED, LineState.CANCELLED, LineState.EXPIRED)


def parties_of(mission: Mission) -> Iterable[Party]:
    """The owners of every site that the mission has asked for, uses or has used."""
    owners = db.session.scalars(
        select(Site.owner_id)
        .join(Resource, Resource.site_id == Site.id)
        .join(Line, Line.resource_id == Resource.id)
        .join(Booking, Booking.id == Line.booking_id)
        .where(Booking.mission_id == mission.id, Line.state.not_in(WITHOUT))
        .distinct()
    )
    return [Party(owner, "site_owner") for owner in owners]
