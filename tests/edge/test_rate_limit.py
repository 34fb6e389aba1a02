"""Counting calls per minute."""

from datetime import UTC, datetime, timedelta

from missions_app import clock
from missions_app.edge.rate_limit import Windows

NOON = datetime(2027, 3, 17, 12, 0, 20, tzinfo=UTC)


def test_a_caller_has_an_allowance_per_minute_of_its_own() -> None:
    windows = Windows()
    with clock.fixed(NOON):
        first = [windows.count("a", 2) for _number in range(3)]
        other = windows.count("b", 2)
    with clock.fixed(NOON + timedelta(seconds=40)):
        later = windows.count("a", 2)

    assert [(one.remaining, one.is_spent) for one in first] == [(1, False), (0, False), (-1, True)]
    assert first[0].reset_seconds == 40
    assert (other.remaining, later.remaining) == (1, 1)
