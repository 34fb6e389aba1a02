"""What would be missed when an organisation leaves a mission: its bookings that are still to be used."""

from sqlalchemy import or_, select

from missions_app import clock, db
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.experiments.models import Experiment

TO_COME = (LineState.SUBMITTED, LineState.CONDITIONAL, LineState.APPROVED, LineState.ONGOING)


def coming_bookings_of(organisation_id: int, mission_id: int) -> list[str]:
    """The references of an organisation's bookings in a mission that are still to be used, in their order."""
    found = db.session.scalars(
        select(Booking.reference)
        .join(Line, Line.booking_id == Booking.id)
        .outerjoin(Experiment, Experiment.id == Booking.experiment_id)
        .where(
            Booking.organisation_id == organisation_id,
            or_(Booking.mission_id == mission_id, Experiment.mission_id == mission_id),
            Line.ends_at > clock.now(),
            Line.state.in_(TO_COME),
        )
        .distinct()
        .order_by(Booking.reference)
    )
    return list(found)
