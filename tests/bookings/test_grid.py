"""Starts as bits: a start is in a mask if, and only if, asking for exactly that time would succeed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from missions_app.bookings import pooling
from missions_app.bookings.availability import Opening, open_intervals
from missions_app.bookings.grid import STEP, Grid, bits
from missions_app.bookings.intervals import Interval, crowded_spans, peak

DAY = 48
ORIGIN = int(datetime(2027, 3, 1, tzinfo=UTC).timestamp())
GRID = Grid(ORIGIN, 3 * DAY)
MINUTES = st.integers(min_value=-600, max_value=3 * 24 * 60 + 600)


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int]:
    start = ORIGIN + draw(MINUTES) * 60
    return start, start + draw(st.integers(min_value=1, max_value=900)) * 60


@settings(max_examples=150, deadline=None)
@given(
    taken=st.lists(spans(), max_size=6), length=st.integers(1, 40), before=st.sampled_from([0, 20, 30, 75]),
    after=st.sampled_from([0, 10, 60]),
)  # fmt: skip
def test_a_start_touches_exactly_when_its_time_would_overlap(
    taken: list[tuple[int, int]], length: int, before: int, after: int
) -> None:
    seconds = length * STEP
    mask = GRID.touching(taken, seconds, before * 60, after * 60)

    for slot in range(GRID.slots):
        start = GRID.at(slot)
        overlaps = any(
            start - before * 60 < end and begin < start + seconds + after * 60 for begin, end in taken
        )  # fmt: skip
        assert bool(mask >> slot & 1) == overlaps, slot


@settings(max_examples=100, deadline=None)
@given(stretches=st.lists(spans(), max_size=4), length=st.integers(1, 20))
def test_a_start_is_within_exactly_when_its_time_lies_inside(stretches: list[tuple[int, int]], length: int) -> None:
    mask = GRID.within(stretches, length * STEP)

    inside = {
        slot for slot in range(GRID.slots)
        if any(start <= GRID.at(slot) and GRID.at(slot) + length * STEP <= end for start, end in stretches)
    }  # fmt: skip
    assert set(bits(mask)) == inside


def test_the_spring_night_has_23_hours() -> None:
    zone = ZoneInfo("Europe/Stockholm")
    night = date(2027, 3, 28)
    start = int(datetime.combine(night, datetime.min.time(), zone).timestamp())
    stretches = [
        (int(one.start.timestamp()), int(one.end.timestamp()))
        for one in open_intervals(Opening({}, {}), night, night, zone)
    ]

    assert Grid(start, 60).within(stretches, STEP).bit_count() == 46


INTERVALS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 12)).map(
        lambda pair: Interval(
            datetime(2027, 3, 1, tzinfo=UTC) + timedelta(minutes=30 * pair[0]),
            datetime(2027, 3, 1, tzinfo=UTC) + timedelta(minutes=30 * (pair[0] + pair[1])),
        )
    ),
    max_size=14,
)


@settings(max_examples=200, deadline=None)
@given(asked=INTERVALS, size=st.integers(1, 4))
def test_a_pool_refuses_exactly_when_the_peak_would_exceed_it(asked: list[Interval], size: int) -> None:
    units = list(range(1, size + 1))
    held: list[pooling.Held] = []
    for number, wanted in enumerate(asked):
        room = pooling.make_room(units, held, wanted, 1)
        assert (room is None) == (peak([*(one.interval for one in held), wanted], wanted) > size)
        if room is None:
            continue
        chosen, moves = room
        held = [
            pooling.Held(one.key, moves.get(one.key, one.unit), one.interval, fixed=False) for one in held
        ] + [pooling.Held(number, chosen[0], wanted, fixed=False)]  # fmt: skip
        for one in held:
            assert not any(
                other.key != one.key and other.unit == one.unit and other.interval.overlaps(one.interval)
                for other in held
            )


@settings(max_examples=100, deadline=None)
@given(taken=st.lists(spans(), max_size=10), allowed=st.integers(0, 3))
def test_it_is_crowded_exactly_while_more_than_allowed_hold(taken: list[tuple[int, int]], allowed: int) -> None:
    crowded = crowded_spans(taken, allowed)

    for moment in range(ORIGIN, GRID.end, 1800):
        holding = sum(start <= moment < end for start, end in taken)
        assert any(start <= moment < end for start, end in crowded) == (holding > allowed)
