"""Waiting for tests."""

from datetime import timedelta

from missions_app.accounts.models import User
from missions_app.bookings import waitlist_service
from missions_app.bookings.intervals import Interval
from missions_app.bookings.waiting import ANY_HOURS, Hours, Waiting
from missions_app.bookings.waitlist_models import WaitlistEntry
from missions_app.organisations.models import Organisation
from missions_app.sites.models import Resource
from tests.factories.accounts import actor_of
from tests.factories.bookings import between
from tests.factories.organisations import make_member, make_organisation


def make_entry(
    *resources: Resource, within: Interval | None = None, hours: float = 4, shortest: float | None = None,
    user: User | None = None, organisation: Organisation | None = None, units: int = 1, at_hours: Hours = ANY_HOURS,
) -> WaitlistEntry:  # fmt: skip
    """Somebody who waits for four hours between eight and twelve; offered at once when it is free."""
    organisation = organisation or make_organisation()
    user = user or make_member(organisation)
    waiting = Waiting(
        within or between(8, 12), timedelta(hours=hours), timedelta(hours=shortest) if shortest else None,
        purpose="Prova en givare", hours=at_hours,
    )  # fmt: skip
    return waitlist_service.join(
        [(one, units) for one in resources], waiting, organisation=organisation, by=actor_of(user), user=user
    )
