"""Somebody who waits for a time, a time that is held for somebody, and what was asked for in vain."""

from datetime import time, timedelta

from missions_app import clock
from missions_app.bookings import finding_service, occupancy, waitlist_service
from missions_app.bookings.finding import Search
from missions_app.bookings.intervals import Interval
from missions_app.bookings.needs import need_typed
from missions_app.bookings.waiting import ANY_HOURS, Hours, Waiting
from missions_app.cli.examples.acts import at
from missions_app.cli.examples.experiments import LEAD
from missions_app.cli.examples.people import Cast
from missions_app.workflow.method_service import method_in_force


def load_waitlists(cast: Cast) -> None:
    """The researcher waits for a place at sea that is taken, and is offered the first free days of another."""
    places = [key for key, manager in cast.managers.items() if manager == "platsansvarig.hav"]
    _wait_for(cast, places[0], days=1)
    _wait_for(cast, places[-1], days=30)
    soon = clock.today() + timedelta(days=20)
    for need in ("sluss 8 m", "vindtunnel 100 kW"):
        finding_service.find(Search((need_typed(need),), timedelta(hours=6), soon), {}, method_in_force())


def _wait_for(cast: Cast, key: str, *, days: int) -> None:
    """Wait from the first day on which the place is taken."""
    resource = cast.resources[key]
    ahead = Interval(clock.now() + timedelta(days=3), clock.now() + timedelta(days=200))
    taken = occupancy.taken_on(resource, ahead)
    first = clock.day_of(taken[0].start if taken else ahead.start)
    hours = (max(6, int(taken[0].length / timedelta(hours=1))) if taken else 6) if days == 1 else 4
    start = taken[0].start if taken and days == 1 else at(first, 8)
    waiting = Waiting(
        Interval(start, start + timedelta(hours=hours) if days == 1 else at(first + timedelta(days=days), 18)),
        timedelta(hours=hours), timedelta(hours=hours) / 2, purpose="Kalibrera givare inför nästa försök",
        hours=ANY_HOURS if days == 1 else Hours(time(8), time(18)),
    )  # fmt: skip
    waitlist_service.join(
        [(resource, 1)], waiting, organisation=cast.organisations["bth"], by=cast.actor(LEAD), user=cast.users[LEAD]
    )
