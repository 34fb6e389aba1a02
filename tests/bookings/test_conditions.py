"""Conditions of a yes: told when the last is met, taken back, never too many; and a yes is a yes to the rules."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import site_scope
from missions_app.bookings import approval_service, cancel_service, queries
from missions_app.bookings.approval_service import Asked
from missions_app.bookings.errors import ConditionsLeft, Incomplete, NoSuchStep, OwnRequest
from missions_app.bookings.models import Condition, ConditionDue, Line, LineState, Reservation
from missions_app.errors import StaleVersion
from tests.factories.accounts import actor_of, grant_role
from tests.factories.bookings import make_booking
from tests.factories.outbox import all_mail
from tests.factories.sites import make_manager, make_resource

pytestmark = pytest.mark.usefixtures("session")
WHY = "Så blir det den här gången."


def answer(line: Line, to: LineState, *conditions: str, due: ConditionDue = ConditionDue.BEFORE) -> None:
    approval_service.decide_line(
        line, to, reason=WHY, by=actor_of(make_manager(line.resource.site)), expected_version=line.version,
        conditions=[Asked(one, due) for one in conditions],
    )  # fmt: skip


def on_conditions(*conditions: str) -> Line:
    line = make_booking().lines[0]
    answer(line, LineState.CONDITIONAL, *conditions)
    return line


def tick(condition: Condition) -> None:
    by = actor_of(condition.line.booking.requested_by)
    approval_service.tick_condition(condition, by=by, expected_version=condition.version)


def untick(condition: Condition) -> None:
    by = actor_of(condition.line.booking.requested_by)
    approval_service.untick_condition(condition, by=by, expected_version=condition.version)


def told() -> list[str]:
    return [one["to"] for one in all_mail() if one["template"] == "booking_conditions_met"]


def test_the_owner_is_told_when_the_last_condition_is_met_and_not_before() -> None:
    line = on_conditions("Visa försäkringen", "Boka nyckel")
    manager = make_manager(line.resource.site)
    first, second = queries.conditions_of(line)

    tick(first)
    before = told()
    tick(second)

    assert before == []
    assert told().count(manager.email) == 1


def test_a_tick_that_is_taken_back_keeps_the_owner_from_confirming() -> None:
    line = on_conditions("Visa försäkringen")
    [condition] = queries.conditions_of(line)
    tick(condition)

    untick(condition)

    assert (condition.ticked_at, condition.ticked_by_id) == (None, None)
    with pytest.raises(ConditionsLeft):
        answer(line, LineState.APPROVED)


def test_conditions_of_what_is_over_stay_as_they_were() -> None:
    line = on_conditions("Visa försäkringen", "Boka nyckel")
    met, left = queries.conditions_of(line)
    tick(met)
    cancel_service.cancel_booking(
        line.booking, reason="", by=actor_of(line.booking.requested_by), expected_version=line.booking.version
    )

    with pytest.raises(NoSuchStep):
        tick(left)
    with pytest.raises(NoSuchStep):
        untick(met)
    assert (met.ticked_at is None, left.ticked_at) == (False, None)


def test_there_is_an_end_to_how_many_conditions_a_yes_may_have() -> None:
    line, many = make_booking().lines[0], [f"Villkor {number}" for number in range(approval_service.MOST_CONDITIONS)]

    with pytest.raises(Incomplete) as refused:
        answer(line, LineState.CONDITIONAL, *many, "Ett till")
    answer(line, LineState.CONDITIONAL, *many)

    assert [(one.code, one.field) for one in refused.value.problems] == [("too_many_conditions", "conditions")]
    assert len(queries.conditions_of(line)) == len(many)


def test_a_time_on_conditions_is_free_again_when_it_begins_and_they_are_not_met(session: Session) -> None:
    line = on_conditions("Visa försäkringen")

    with clock.fixed(line.starts_at - timedelta(minutes=1)):
        cancel_service.expire_holds({})
        session.refresh(line)
        before = line.state
    with clock.fixed(line.starts_at):
        cancel_service.expire_holds({})
        session.refresh(line)

    assert (before, line.state) == (LineState.CONDITIONAL, LineState.EXPIRED)
    assert session.scalars(select(Reservation).where(Reservation.active)).all() == []


@pytest.mark.parametrize("to", [LineState.APPROVED, LineState.CONDITIONAL])
def test_a_yes_of_either_kind_is_refused_while_a_rule_is_broken(to: LineState) -> None:
    line = make_booking(make_resource()).lines[0]
    line.resource.longest_minutes = 60

    with pytest.raises(Incomplete) as refused:
        approval_service.decide_line(
            line, to, reason="", by=actor_of(make_manager(line.resource.site)), expected_version=line.version,
            conditions=[Asked("Visa försäkringen")] if to is LineState.CONDITIONAL else [],
        )  # fmt: skip

    assert [one.code for one in refused.value.problems] == ["too_long"]
    assert line.state is LineState.SUBMITTED


def test_a_manager_says_no_to_their_own_request_and_yes_neither_plainly_nor_on_conditions() -> None:
    booking = make_booking()
    line, user = booking.lines[0], booking.requested_by
    grant_role(user, "site_manager", site_scope(line.resource.site_id))

    for to in (LineState.APPROVED, LineState.CONDITIONAL):
        with pytest.raises(OwnRequest):
            approval_service.decide_line(line, to, reason=WHY, by=actor_of(user), expected_version=line.version)
    approval_service.decide_line(line, LineState.DECLINED, reason=WHY, by=actor_of(user), expected_version=line.version)

    assert line.state is LineState.DECLINED


def test_the_answer_is_kept_with_who_gave_it_and_when_and_an_old_page_gives_none() -> None:
    line = make_booking().lines[0]
    manager = actor_of(make_manager(line.resource.site))

    with pytest.raises(StaleVersion):
        approval_service.decide_line(line, LineState.APPROVED, reason="", by=manager, expected_version=line.version - 1)
    with clock.fixed(clock.now()):
        now = clock.now()
        approval_service.decide_line(line, LineState.APPROVED, reason="", by=manager, expected_version=line.version)

    assert (line.decided_by_id, line.decided_at) == (manager.user_id, now)
