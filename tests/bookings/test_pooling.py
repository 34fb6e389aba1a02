"""A pool refuses exactly when the peak would exceed it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from missions_app.bookings.intervals import Interval, peak
from missions_app.bookings.pooling import Held, make_room

ZERO = datetime(2026, 9, 1, tzinfo=UTC)
LONG = Interval(ZERO - timedelta(days=1), ZERO + timedelta(days=9))


def _span(start: int, length: int) -> Interval:
    return Interval(ZERO + timedelta(hours=start), ZERO + timedelta(hours=start + length))


spans = st.builds(_span, st.integers(-6, 20), st.integers(1, 12))


def _placed(wishes: list[Interval], units: list[int]) -> list[Held]:
    """Each wish on the first unit that is free, as time goes by: those that have begun at ZERO may not move."""
    held: list[Held] = []
    for key, wish in enumerate(wishes):
        free = [u for u in units if not any(one.unit == u and one.interval.overlaps(wish) for one in held)]
        if free:
            # The last free unit: makes gaps that only moving can close.
            held.append(Held(key, free[-1], wish, fixed=wish.start <= ZERO))
    return held


@settings(max_examples=300, deadline=None)
@given(st.lists(spans, max_size=14), st.builds(_span, st.integers(1, 20), st.integers(1, 12)), st.integers(1, 5),
       st.integers(1, 3))  # fmt: skip
def test_a_pool_refuses_exactly_when_the_peak_would_exceed_it(wishes, wanted, size, number):
    units = list(range(size))
    held = _placed(wishes, units)

    room = make_room(units, held, wanted, number)

    # What is not fixed but began before now is in the past or running; nothing else begins before ZERO.
    would_be = peak([one.interval for one in held] + [wanted] * number, LONG)
    assert (room is None) == (would_be > size)


@settings(max_examples=300, deadline=None)
@given(st.lists(spans, max_size=14), st.builds(_span, st.integers(1, 20), st.integers(1, 12)), st.integers(1, 5),
       st.integers(1, 3))  # fmt: skip
def test_after_moving_no_unit_is_occupied_twice_and_what_has_begun_stays(wishes, wanted, size, number):
    units = list(range(size))
    held = _placed(wishes, units)
    room = make_room(units, held, wanted, number)
    if room is None:
        return
    chosen, moves = room

    now = [(moves.get(one.key, one.unit), one.interval) for one in held] + [(unit, wanted) for unit in chosen]
    assert len(chosen) == number
    assert not {one.key for one in held if one.fixed} & set(moves)
    assert not any(a[0] == b[0] and a[1].overlaps(b[1]) for number, a in enumerate(now) for b in now[number + 1 :])
