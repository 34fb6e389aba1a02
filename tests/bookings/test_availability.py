"""The free times nearest to a wanted one: all there are, the nearest first, and none is made before it is asked for."""

from datetime import UTC, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from missions_app.bookings.availability import Opening, is_open, nearest_free
from missions_app.bookings.intervals import Interval

ZONE = ZoneInfo("Europe/Stockholm")
# The clocks go forward in the night to 28 March 2027.
WANTED = datetime(2027, 3, 27, 9, tzinfo=UTC)
DAYS = 1
OPENINGS = (
    Opening({}, {}),
    Opening({day: ((time(8), time(12)), (time(13), time(17, 30))) for day in range(6)}, {}),
    Opening({5: ((time(7, 15), time(0)),), 6: ((time(0), time(9)),)}, {}),
)
minutes = st.integers(0, 8).map(lambda quarters: timedelta(minutes=15 * quarters))


def _span(start: int, length: int) -> Interval:
    return Interval(WANTED + timedelta(minutes=15 * start), WANTED + timedelta(minutes=15 * (start + length)))


taken = st.lists(st.builds(_span, st.integers(-150, 150), st.integers(1, 60)), max_size=8)


@settings(max_examples=60, deadline=None)
@given(taken, st.sampled_from(OPENINGS), st.integers(1, 20), minutes, minutes, st.sampled_from((15, 30, 45)),
       st.integers(-150, 50))  # fmt: skip
def test_every_free_start_is_found_and_the_nearest_comes_first(taken, opening, length, setup, cleanup, step, earliest):
    use = _span(0, length)
    soonest = WANTED + timedelta(minutes=15 * earliest)
    found = list(
        nearest_free(
            use, taken=taken, opening=opening, zone=ZONE, setup=setup, cleanup=cleanup,
            step=timedelta(minutes=15), earliest=soonest, days=DAYS,
        )
    )  # fmt: skip

    around = [_span(start, length) for start in range(-24 * 4 * 2, 24 * 4 * 3)]
    days = [(one.start.astimezone(ZONE).date() - WANTED.astimezone(ZONE).date()).days for one in around]
    free = [
        one
        for one, day in zip(around, days, strict=True)
        if -DAYS <= day <= DAYS and (one.end - timedelta(seconds=1)).astimezone(ZONE).date() in _dates(use)
        if one.start >= soonest and is_open(one, opening, ZONE)
        if not any(one.widened(setup, cleanup).overlaps(each) for each in taken)
    ]
    assert found == sorted(free, key=lambda one: (abs(one.start - use.start), one.start))

    coarse = nearest_free(
        use, taken=taken, opening=opening, zone=ZONE, setup=setup, cleanup=cleanup, step=timedelta(minutes=step),
        earliest=soonest, days=DAYS,
    )  # fmt: skip
    assert set(coarse) <= set(found)


def _dates(use: Interval) -> set:
    """The local days that are looked at: from some days before the wanted one to some after its end."""
    first = use.start.astimezone(ZONE).date() - timedelta(days=DAYS)
    last = use.end.astimezone(ZONE).date() + timedelta(days=DAYS)
    return {first + timedelta(days=number) for number in range((last - first).days + 1)}


def test_of_millions_of_starts_the_first_are_told_at_once():
    years = nearest_free(
        _span(0, 4), taken=(), opening=OPENINGS[0], zone=ZONE, setup=timedelta(0), cleanup=timedelta(0),
        step=timedelta(seconds=1), earliest=WANTED - timedelta(days=400), days=300,
    )  # fmt: skip

    second = timedelta(seconds=1)
    assert [one.start - WANTED for one in islice(years, 4)] == [timedelta(0), -second, second, -2 * second]
