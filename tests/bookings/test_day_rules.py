"""The day of use: each step in its turn, the site's own grace, and what is free when nobody came."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.audit import queries as audit
from missions_app.bookings import cancel_service, change_service, day_service
from missions_app.bookings.errors import NoSuchStep, WithinGrace
from missions_app.bookings.models import Line, LineState, Reservation
from missions_app.errors import StaleVersion
from missions_app.missions.models import Mission
from missions_app.workflow.models import GateDecision
from tests.factories.accounts import actor_of
from tests.factories.bookings import at, between, make_booking
from tests.factories.experiments import make_tested_mission
from tests.factories.sites import make_manager, make_resource, make_site

pytestmark = pytest.mark.usefixtures("session")


def approved(**resource: object) -> Line:
    return make_booking(make_resource(**resource), state=LineState.APPROVED).lines[0]  # type: ignore[arg-type]


def manager_of(line: Line):  # type: ignore[no-untyped-def]
    return actor_of(make_manager(line.resource.site))


def check_in(line: Line) -> None:
    day_service.check_in(line, people=2, by=manager_of(line), expected_version=line.version)


def check_out(line: Line) -> None:
    day_service.check_out(line, by=manager_of(line), expected_version=line.version)


def close(line: Line) -> None:
    day_service.close(line, by=manager_of(line), expected_version=line.version)


def no_show(line: Line) -> None:
    day_service.no_show(line, by=manager_of(line), expected_version=line.version)


def test_the_steps_of_a_day_come_one_after_the_other() -> None:
    line = approved()
    order = [check_in, check_out, close]
    with clock.fixed(at(9)):
        for number, act in enumerate(order):
            for other in (*order[:number], *order[number + 1 :]):
                with pytest.raises(NoSuchStep):
                    other(line)
            act(line)
        for act in (*order, no_show):
            with pytest.raises(NoSuchStep):
                act(line)

    assert line.state is LineState.CLOSED


def test_an_old_page_checks_nobody_in() -> None:
    line = approved()

    with clock.fixed(at(8)), pytest.raises(StaleVersion):
        day_service.check_in(line, people=2, by=manager_of(line), expected_version=line.version - 1)


def test_a_site_may_wait_longer_than_others_before_it_says_that_nobody_came() -> None:
    site = make_site(details={"no_show_grace_minutes": 100})
    line = make_booking(make_resource(site), state=LineState.APPROVED).lines[0]

    with clock.fixed(at(8) + timedelta(minutes=99)), pytest.raises(WithinGrace):
        no_show(line)
    with clock.fixed(at(8) + timedelta(minutes=100)):
        no_show(line)

    assert line.state is LineState.NO_SHOW


def test_the_time_of_those_who_did_not_come_is_free_for_others(session: Session) -> None:
    line, rest = approved(notice_minutes=0), between(10, 12)

    with clock.fixed(at(9)):
        no_show(line)
        make_booking(line.resource, use=rest)

    assert [one.line_id == line.id for one in session.scalars(select(Reservation).where(Reservation.active))] == [False]


def test_nothing_after_the_time_is_free_or_shortened_when_they_leave_late(session: Session) -> None:
    line = approved(cleanup_minutes=60)
    with clock.fixed(at(8)):
        check_in(line)
    with clock.fixed(at(12) + timedelta(minutes=30)):
        check_out(line)

    held = session.scalars(select(Reservation).where(Reservation.active)).one()
    assert (held.starts_at, held.ends_at) == (at(8), at(13))


def of_mission(line: Line, mission: Mission) -> Line:
    line.booking.mission_id = mission.id
    return line


def test_what_has_begun_stays_when_its_mission_stops_and_what_has_not_is_given_back(session: Session) -> None:
    _region, mission = make_tested_mission()
    in_use, over, to_come, rests = (of_mission(approved(), mission) for _number in range(4))
    over.starts_at, over.ends_at = at(8, days=9), at(12, days=9)
    change_service.postpone_without_day(
        rests.booking, reason="Kuling", by=manager_of(rests), expected_version=rests.booking.version
    )
    rests.starts_at, rests.ends_at = at(8, days=9), at(12, days=9)
    session.commit()
    with clock.fixed(at(7)):  # an hour before it was to begin
        check_in(in_use)
        decision = GateDecision(gate="g5", outcome="stop", reasons="Kommunen har inte råd.")
        cancel_service.release_bookings(mission, decision, manager_of(in_use))

    assert [one.state for one in (in_use, over, to_come, rests)] == [
        LineState.ONGOING, LineState.APPROVED, LineState.CANCELLED, LineState.CANCELLED,
    ]  # fmt: skip
    kept = set(session.scalars(select(Reservation.line_id).where(Reservation.active)))
    assert kept == {in_use.id, over.id}
    [released] = audit.history_of([mission], actions=["bookings.released"])
    assert released.data["bookings"] == sorted(one.booking.reference for one in (to_come, rests))
