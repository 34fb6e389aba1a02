"""Seats in bodies."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts import seat_service
from missions_app.accounts.actor import SYSTEM
from missions_app.accounts.errors import SeatTaken
from missions_app.audit.models import AuditEvent
from missions_app.errors import InvalidInput, NotAllowed
from tests.factories.accounts import actor_of, make_actor, make_user


def test_who_sits_in_a_seat_is_a_member_of_the_body_for_as_long_as_it_lasts(session: Session) -> None:
    user, today = make_user(), clock.today()

    seat_service.add_seat("run", "Ledamot", by=SYSTEM, user=user, valid_until=today + timedelta(days=10))

    assert actor_of(user).bodies() == {"run"}
    with clock.fixed(clock.now() + timedelta(days=11)):
        assert actor_of(user).bodies() == frozenset()
    assert session.scalars(select(AuditEvent.action).where(AuditEvent.action.startswith("seat."))).all() == [
        "seat.added", "seat.filled",
    ]  # fmt: skip


def test_a_seat_is_filled_left_and_ended(session: Session) -> None:
    first, second = make_user(), make_user()
    seat = seat_service.add_seat("run", "Ordförande", by=SYSTEM)
    seat_service.fill_seat(seat, first, by=SYSTEM)

    with pytest.raises(SeatTaken):
        seat_service.fill_seat(seat, second, by=SYSTEM)
    seat_service.vacate_seat(seat, by=SYSTEM)
    seat_service.fill_seat(seat, second, by=SYSTEM)
    assert (actor_of(first).bodies(), actor_of(second).bodies()) == (frozenset(), {"run"})
    seat_service.end_seat(seat, by=SYSTEM)
    assert (actor_of(second).bodies(), seat_service.seats_of("run")) == (frozenset(), [])


def test_who_has_two_seats_stays_a_member_when_one_is_left(session: Session) -> None:
    user = make_user()
    chair = seat_service.add_seat("run", "Ordförande", by=SYSTEM, user=user)
    seat_service.add_seat("run", "Ledamot", by=SYSTEM, user=user)

    seat_service.vacate_seat(chair, by=SYSTEM)

    assert actor_of(user).bodies() == {"run"}


@pytest.mark.parametrize("role", ["", "member", "assessor", "registrar", "body_member"])
def test_others_do_not_seat_anybody(session: Session, role: str) -> None:
    with pytest.raises(NotAllowed):
        seat_service.add_seat("run", "Ledamot", by=make_actor(role))


def test_every_problem_of_a_seat_is_listed(session: Session) -> None:
    with pytest.raises(InvalidInput) as refused:
        seat_service.add_seat("run", " ", by=SYSTEM, valid_until=clock.today() - timedelta(days=1))

    assert [problem.field for problem in refused.value.problems] == ["function", "valid_until"]
