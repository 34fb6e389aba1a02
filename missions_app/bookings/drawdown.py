"""A booking that was used draws its site owner's promise of access down, by the days it was used."""

from missions_app import clock
from missions_app.accounts.actor import SYSTEM
from missions_app.audit.trail import Recorded
from missions_app.bookings.models import Booking, LineState
from missions_app.missions import queries as missions
from missions_app.partnerships import drawdown_service

SITE_ACCESS = "site_access"
USED = (LineState.COMPLETED, LineState.CLOSED)


def on_recorded(event: Recorded) -> None:
    """After check-out: each line counts once, a day for each local day from check-in to check-out."""
    if event.action != "booking.checked_out" or not isinstance(event.subject, Booking):
        return
    booking = event.subject
    mission_id = booking.experiment.mission_id if booking.experiment is not None else booking.mission_id
    if mission_id is None:
        return
    mission = missions.get_by_id(mission_id)
    for line in booking.lines:
        if line.state not in USED or line.checked_out_at is None:
            continue
        first = clock.day_of(line.checked_in_at or line.checked_out_at)
        last = clock.day_of(line.checked_out_at)
        drawdown_service.draw_for(
            mission, line.resource.site.owner_id, SITE_ACCESS, float((last - first).days + 1), last,
            source_kind=drawdown_service.BOOKING, source_key=f"{booking.reference}:{line.id}",
            source=booking.reference, by=SYSTEM,
        )  # fmt: skip
