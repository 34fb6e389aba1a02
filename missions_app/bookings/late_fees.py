"""Charging for time that is given back late: cancelled, moved away from or shortened, it is the same to its owner."""

from missions_app import clock, db
from missions_app.bookings import prices
from missions_app.bookings.fee_models import LateFee
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Line


def charge(line: Line, use: Interval | None) -> int:
    """Note what it costs those who booked to give back a line's time now; the caller's transaction. Called before the
    line's time or state changes.

    Args:
        use: the time that they take instead; None gives all of it back.

    Returns:
        The fee in öre, 0 when it is not late.
    """
    fee, line.bound_ore = prices.given_back(line, use, clock.now())
    if fee:
        line.fee_ore += fee
        db.session.add(
            LateFee(line=line, starts_at=line.starts_at, ends_at=line.ends_at, fee_ore=fee, given_back_at=clock.now())
        )
    return fee
