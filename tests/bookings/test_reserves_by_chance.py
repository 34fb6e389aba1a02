"""Whatever is done to a booking with reserve dates, in any order: each line's reserve lies where its owner was asked,
and none takes the time of the booking itself."""

import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.bookings import (
    approval_service,
    booking_service,
    cancel_service,
    change_service,
    queries,
    reserve_days,
    sending,
)
from missions_app.bookings.content import BookingContent, LineWish
from missions_app.bookings.models import MOVING, Booking, Line, LineState, Reservation, ReservationKind
from missions_app.errors import DomainError
from tests.bookings.test_postponing import day
from tests.factories.accounts import actor_of
from tests.factories.bookings import SMALL, between
from tests.factories.organisations import make_member, make_organisation
from tests.factories.series import INSURED
from tests.factories.sites import make_manager, make_resource

WHY = "Så blir det den här gången."
STEPS = 12


def three_places() -> Booking:
    """Two days of one place and a day of another between them, with two reserve dates."""
    organisation = make_organisation()
    user = make_member(organisation)
    hall, boat = make_resource(), make_resource()
    places = [(hall, 10), (boat, 11), (hall, 12)]
    return booking_service.request_booking(
        lines=[LineWish(place, between(8, 12, days=days)) for place, days in places], organisation=organisation,
        content=BookingContent(**(SMALL | INSURED | {"reserve_dates": (day(17), day(24))})),
        by=actor_of(user), requested_by=user,
    )  # fmt: skip


def keeper(line: Line) -> Actor:
    return actor_of(make_manager(line.resource.site))


def answered(to: LineState) -> Callable[[Booking, Line, random.Random], None]:
    def act(_booking: Booking, line: Line, _chance: random.Random) -> None:
        approval_service.decide_line(line, to, reason=WHY, by=keeper(line), expected_version=line.version)

    return act


def cancelled(booking: Booking, line: Line, _chance: random.Random) -> None:
    by = actor_of(booking.requested_by)
    cancel_service.cancel_line(line, reason="", by=by, expected_version=line.version)


def other_day(line: Line, chance: random.Random) -> object:
    use = sending.days_later(sending.use_of(line), chance.choice([-2, -1, 0, 1, 2, 6]))
    return use if use != sending.use_of(line) else sending.Interval(use.start, use.end + timedelta(hours=1))


def changed(booking: Booking, line: Line, chance: random.Random) -> None:
    by = actor_of(booking.requested_by)
    change_service.change_time(line, other_day(line, chance), by=by, expected_version=line.version)  # type: ignore[arg-type]


def moved(_booking: Booking, line: Line, chance: random.Random) -> None:
    use = other_day(line, chance)
    change_service.move_line(line, use, reason=WHY, by=keeper(line), expected_version=line.version)  # type: ignore[arg-type]


def postponed(booking: Booking, line: Line, chance: random.Random) -> None:
    to = chance.choice(booking.reserve_dates or [day(17)])
    change_service.postpone_to_reserve(
        booking, date.fromisoformat(to), reason=WHY, by=keeper(line), expected_version=booking.version
    )


def rests(booking: Booking, line: Line, _chance: random.Random) -> None:
    change_service.postpone_without_day(booking, reason=WHY, by=keeper(line), expected_version=booking.version)


def added(booking: Booking, _line: Line, chance: random.Random) -> None:
    by, use = actor_of(booking.requested_by), between(13, 15, days=chance.choice([7, 10, 14]))
    booking_service.add_line(booking, LineWish(make_resource(), use), by=by, expected_version=booking.version)
    booking_service.submit_booking(booking, by=by, expected_version=booking.version)


ACTS = [
    answered(LineState.APPROVED), answered(LineState.APPROVED), answered(LineState.DECLINED), cancelled, changed,
    changed, moved, moved, postponed, rests, added,
]  # fmt: skip


def uses(booking: Booking) -> dict[int, tuple[object, object]]:
    return {line.id: (line.starts_at, line.ends_at) for line in booking.lines}


def reserves(booking: Booking) -> dict[int, set[tuple[object, object]]]:
    found: dict[int, set[tuple[object, object]]] = {}
    for one in queries.held_reserve_dates(booking):
        found.setdefault(one.line_id or 0, set()).add((one.starts_at, one.ends_at))
    return found


@pytest.mark.parametrize("seed", range(8))
def test_each_reserve_lies_where_its_owner_was_asked(session: Session, seed: int) -> None:
    chance, booking = random.Random(seed), three_places()  # noqa: S311
    for _step in range(STEPS):
        line, before, held = chance.choice(booking.lines), uses(booking), reserves(booking)
        try:
            chance.choice(ACTS)(booking, line, chance)
        except DomainError:
            assert (uses(booking).items() >= before.items(), reserves(booking)) == (True, held)
        session.flush()

        now, kept = uses(booking), reserves(booking)
        for key, spans in kept.items():
            if now[key] == before.get(key):
                assert spans <= held.get(key, set())  # what has not been moved has its reserves where they were
        live = [one for one in booking.lines if one.state in MOVING]
        assert kept.keys() <= {one.id for one in live}
        # What is held is what the reserve dates say, and lies as many days after each line.
        named = reserve_days.held(booking)
        for one in live:
            days = {clock.day_of(sending.reserve_use(one, name).start) for name in named.get(one.id, ())}
            assert days == {clock.day_of(start) for start, _end in kept.get(one.id, ())}  # type: ignore[arg-type]
        rows = session.scalars(select(Reservation).where(Reservation.active)).all()
        for row in rows:
            if row.kind is ReservationKind.RESERVE:
                own = [one for one in rows if one.unit_id == row.unit_id and one is not row]
                assert all(row.ends_at <= one.starts_at or one.ends_at <= row.starts_at for one in own)
