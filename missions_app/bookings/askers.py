"""Whoever asks for time: for which organisation, as which person, and what else they ask for at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line
from missions_app.bookings.occupancy import Wish


@dataclass(frozen=True, slots=True)
class Asker:
    """Who would use it. user_id: the person whose qualifications count. also: other wishes of the same request.

    but: ids of lines that these wishes replace, so that they are not counted twice.
    is_booking: False where something is only offered, so that nobody has to wait for a quota.
    """

    organisation_id: int
    user_id: int | None = None
    for_experiment: bool = False
    people: int | None = None
    also: Sequence[Wish] = ()
    but: frozenset[int] = field(default_factory=frozenset)
    is_booking: bool = True


def asker_of(booking: Booking, *, also: Iterable[Line] = (), but: Iterable[Line] = ()) -> Asker:
    """Who would use what a booking asks for."""
    return Asker(
        organisation_id=booking.organisation_id,
        user_id=booking.booked_for_id or booking.requested_by_id,
        for_experiment=booking.experiment_id is not None or booking.experiment is not None,
        people=booking.people_on_site,
        also=[Wish(one.resource, Interval(one.starts_at, one.ends_at), one.units_wanted, one) for one in also],
        but=frozenset({one.id for one in but} - {None}),
    )
