"""What happens to occupied time that others react to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from missions_app.bookings.askers import Asker
from missions_app.bookings.errors import Taken
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Line


@dataclass(frozen=True, slots=True)
class TimeFreed:
    """Units became free: (unit id, interval) for each. Announced last in the transaction, its units still locked."""

    spans: Sequence[tuple[int, Interval]]


@dataclass(frozen=True, slots=True)
class HoldsExpired:
    """The deadline of some lines passed without an answer; their time has been given back."""

    line_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class OfferMet:
    """A request meets time that is held as an offer of the waitlist: its line (None for a block) and the reservations
    in its way. Whoever knows whose offer it is may release them for that very person."""

    line: Line | None
    reservation_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class TimeRefused:
    """A wish was refused because somebody has the time. Announced when nothing is locked any more, so that handlers
    can look for alternatives, put them into `error`, and remember what was asked for in vain. `asker` is known where a
    request was refused; `before` and `after` are what it adds to the resource's own buffers around the use."""

    error: Taken
    resource_id: int
    use: Interval
    units: int
    asker: Asker | None = None
    before: timedelta = timedelta(0)
    after: timedelta = timedelta(0)
