"""What a line costs and why, and what a late cancellation costs: as agreed when its time was asked for. Pure; öre."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from missions_app.bookings import rules
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Line, LineState

HOUR_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Basis:
    """How a price came about: started hours, öre per hour and unit, units; and what it would cost at market price."""

    hours: int
    per_hour_ore: int
    units: int
    price_ore: int
    market_ore: int

    @property
    def benefit_ore(self) -> int:
        """What whoever books saves against the market price."""
        return max(self.market_ore - self.price_ore, 0)


def agree(line: Line) -> None:
    """What holds when a time is asked for holds for it: its price, the market price and the notice, whatever they are
    later. The owner's own use costs nothing."""
    own, resource, use = line.booking.is_own_use, line.resource, Interval(line.starts_at, line.ends_at)
    line.price_ore = 0 if own else rules.price_ore(use, resource.price_ore, line.units_wanted)
    line.market_hour_ore = 0 if own else resource.market_price_ore
    line.cancel_minutes = resource.cancel_minutes


def move(line: Line, use: Interval) -> None:
    """Give a line another time at what was agreed for the one it has."""
    price = rules.price_ore(use, _per_hour(line), line.units_wanted)
    line.starts_at, line.ends_at, line.price_ore = use.start, use.end, price


def basis_of(line: Line) -> Basis:
    """How the price of a line came about."""
    use = Interval(line.starts_at, line.ends_at)
    market = rules.price_ore(use, line.market_hour_ore, line.units_wanted)
    return Basis(_hours(use), _per_hour(line), line.units_wanted, line.price_ore, market)


def _hours(use: Interval) -> int:
    return -(-int(use.length.total_seconds()) // HOUR_SECONDS)


def _per_hour(line: Line) -> int:
    """What an hour cost when the line was asked for, whatever it costs now."""
    started = _hours(Interval(line.starts_at, line.ends_at)) * line.units_wanted
    return line.price_ore // started if started else 0


def free_until(line: Line) -> datetime:
    """The last moment at which those who booked cancel without cost."""
    return line.starts_at - timedelta(minutes=line.cancel_minutes)


def late_fee(line: Line, now: datetime) -> int:
    """What it costs those who booked to cancel a line now: nothing until so long before the start of a confirmed time
    as was agreed, and at the latest when it begins; after that its price. What was kept in a late change costs the same
    whenever it is cancelled.
    """
    is_late = line.state is LineState.APPROVED and now > free_until(line)
    return line.price_ore if is_late else line.bound_ore


def given_back(line: Line, use: Interval | None, now: datetime) -> tuple[int, int]:
    """What it costs those who booked to take another time instead, or None, of what could no longer be cancelled free
    of charge: (öre to pay now, öre that the part they keep goes on costing if they cancel it after all)."""
    due = late_fee(line, now)
    start = max(line.starts_at, use.start) if use else line.ends_at
    end = min(line.ends_at, use.end) if use else line.ends_at
    kept = rules.price_ore(Interval(start, end), _per_hour(line), line.units_wanted) if start < end else 0
    bound = min(due, kept)
    return due - bound, bound
