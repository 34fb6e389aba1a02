"""The hours of the day that suit: what is typed is kept to, and searched for exactly."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import finding_service
from missions_app.bookings.finding import Search
from missions_app.bookings.finding_service import Found
from missions_app.bookings.grid import Grid
from missions_app.bookings.intervals import Interval
from missions_app.bookings.needs import need_from
from missions_app.bookings.waiting import Hours, starts_on
from missions_app.workflow.method_service import method_in_force
from tests.factories.bookings import at
from tests.factories.sites import make_resource
from tests.factories.waitlist import make_entry

ZONE = clock.zone()
HOUR = timedelta(hours=1)
# The days around both changes of the clocks.
DAYS = [date(2026, 10, 24), date(2026, 10, 25), date(2026, 10, 26), date(2027, 3, 27), date(2027, 3, 28)]
TIMES = st.none() | st.sampled_from([time(0), time(5, 30), time(9), time(16), time(22)])


@settings(max_examples=150, deadline=None)
@given(day=st.sampled_from(DAYS), earliest=TIMES, latest=TIMES, hours=st.sampled_from([0.5, 4, 9, 20, 24, 36, 48]))
def test_the_starts_on_a_day_are_exactly_those_that_hours_suit(
    day: date, earliest: time | None, latest: time | None, hours: float
) -> None:
    length, suiting = hours * HOUR, Hours(earliest, latest)
    grid = Grid(int(datetime.combine(day, time(0), ZONE).timestamp()), 60)

    found = starts_on([day], suiting, length, grid, ZONE)

    for slot in range(grid.slots):
        start = datetime.fromtimestamp(grid.at(slot), ZONE)
        use = Interval(start.astimezone(UTC), start.astimezone(UTC) + length)
        assert bool(found >> slot & 1) is (start.date() == day and suiting.suit(use, ZONE)), start


def test_an_end_at_midnight_is_the_one_that_ends_the_day() -> None:
    late = Hours(time(18), time(0))

    assert not late.are_turned()
    assert (late.have_room(6 * HOUR), late.have_room(7 * HOUR)) == (True, False)
    assert Hours(time(18), time(8)).are_turned()


def find(hours: float, *suiting: time | None) -> Found:
    make_resource(name_sv="Givare")
    wanted = Search((need_from("givare"),), hours * HOUR, clock.today() + timedelta(days=10), 5, hours=suiting)  # type: ignore[arg-type]
    return finding_service.find(wanted, {}, method_in_force())


def test_a_test_that_has_no_room_within_the_hours_is_not_found_outside_them(session: Session) -> None:
    found = find(6, time(10), time(14))

    assert list(found.suggestions) == []
    assert [one.wish for one in found.relaxed] == ["hours", "length"]


def test_a_test_of_days_begins_and_ends_at_hours_that_suit(session: Session) -> None:
    starts = [one.use.start.astimezone(ZONE).hour for one in find(48, time(10), time(14)).suggestions]

    assert set(starts) == {10}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"opens": "21:00", "hours": 2}, "21.00–23.00"), ({"opens": "22", "hours": 6}, "22.00"),
        ({"closes": "05:00", "hours": 2}, "03.00–05.00"), ({"opens": "20", "closes": "24.00", "hours": 4}, "20.00–"),
        ({"opens": "12:00", "hours": 10}, "12.00–22.00"), ({"closes": "12", "hours": 4}, "08.00–12.00"),
    ],
)  # fmt: skip
def test_what_is_typed_is_kept_to(client: FlaskClient, typed: dict[str, Any], told: str) -> None:
    make_resource(name_sv="Givare")

    page = client.get("/find-time", query_string={"need1": "givare", **typed}).text

    assert "Boka den här tiden" in page
    assert told in page


@pytest.mark.parametrize(("hours", "days", "starts"), [(24, 1, 0), (21, 1, 0), (21, 3, 6), (14, 1, 6)])
def test_who_waits_for_most_of_a_day_and_night_is_offered_it_although_it_begins_at_night(
    session: Session, hours: int, days: int, starts: int
) -> None:
    within = Interval(at(0), at(0, days=10 + days))
    entry = make_entry(make_resource(), within=within, hours=hours)
    [offer] = entry.offers
    assert offer.starts_at.astimezone(ZONE).hour == starts
