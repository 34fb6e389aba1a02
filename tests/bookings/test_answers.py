"""What an owner may answer in which state: the same for a single line and for a date of a series."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import (
    approval_service,
    change_service,
    queries,
    series_queries,
    series_service,
    states,
)
from missions_app.bookings.approval_service import Asked
from missions_app.bookings.errors import ConditionsLeft, NeedsNewDay, NoSuchStep
from missions_app.bookings.models import ConditionDue, Line, LineState, Reservation, Series
from missions_app.bookings.series_errors import NothingToChange
from missions_app.errors import Conflict
from tests.factories.accounts import actor_of
from tests.factories.bookings import between, make_booking
from tests.factories.series import make_series, weekly
from tests.factories.sites import make_manager

pytestmark = pytest.mark.usefixtures("session")

WHY = "Så blir det den här gången."
APPROVED, CONDITIONAL, DECLINED = LineState.APPROVED, LineState.CONDITIONAL, LineState.DECLINED
SUBMITTED, NEEDS_INFO, POSTPONED = LineState.SUBMITTED, LineState.NEEDS_INFO, LineState.POSTPONED
ANSWERS = (APPROVED, CONDITIONAL, NEEDS_INFO, DECLINED)
# "met": on conditions that are all ticked off.
MAY = {
    "submitted": {APPROVED, CONDITIONAL, NEEDS_INFO, DECLINED},
    "needs_info": {DECLINED},
    "conditional": {DECLINED},
    "met": {APPROVED, DECLINED},
    "approved": set(),
    "postponed": set(),
    "declined": set(),
    "cancelled": set(),
    "expired": set(),
    "no_show": set(),
    "ongoing": set(),
    "completed": set(),
    "closed": set(),
}  # fmt: skip


def decide(line: Line, to: LineState, *conditions: Asked) -> None:
    manager = actor_of(make_manager(line.resource.site))
    approval_service.decide_line(line, to, reason=WHY, by=manager, expected_version=line.version, conditions=conditions)


def decide_series(series: Series, to: LineState) -> int:
    manager = actor_of(make_manager(series.resource.site))
    return series_service.decide_series(series, to, reason=WHY, by=manager, expected_version=series.version)


def bring(line: Line, at: str, session: Session) -> None:
    """Take a line that waits for its answer to a state, by its owner's answer where there is one."""
    if at in ("conditional", "met"):
        decide(line, CONDITIONAL, Asked("Visa försäkringen", ConditionDue.BEFORE))
        for one in queries.conditions_of(line) if at == "met" else ():
            by = actor_of(line.booking.requested_by)
            approval_service.tick_condition(one, by=by, expected_version=one.version)
    elif at in ("needs_info", "approved", "declined"):
        decide(line, LineState(at))
    elif at == "postponed":
        decide(line, APPROVED)
        change_service.postpone_without_day(
            line.booking, reason="Kuling", by=actor_of(make_manager(line.resource.site)),
            expected_version=line.booking.version,
        )  # fmt: skip
    else:
        line.state = LineState(at)
    session.flush()


@pytest.mark.parametrize("to", ANSWERS)
@pytest.mark.parametrize("at", MAY)
def test_a_line_and_a_date_of_a_series_are_answered_alike(session: Session, at: str, to: LineState) -> None:
    line, series = make_booking().lines[0], make_series(pattern=weekly(2))
    first, other = series_queries.lines_of(series)
    before = LineState.CONDITIONAL if at == "met" else LineState(at)
    bring(line, at, session)
    bring(first, at, session)
    if at == "postponed":
        assert other.state is SUBMITTED
    if to in MAY[at]:
        decide(line, to)
        decide_series(series, to)
        assert (line.state, first.state) == (to, to)
        return
    with pytest.raises(Conflict) as refused:
        decide(line, to)
    decide_series(series, to)  # about the other date

    assert (line.state, first.state, other.state) == (before, before, to)
    expected = {"postponed": NeedsNewDay, "conditional": ConditionsLeft if to is APPROVED else NoSuchStep}
    assert type(refused.value) is expected.get(at, NoSuchStep)


@pytest.mark.parametrize("at", ["submitted", "approved", "postponed", "conditional", "ongoing", "completed"])
def test_what_is_no_answer_is_done_by_its_own_act_alone(session: Session, at: str) -> None:
    line, series = make_booking().lines[0], make_series(pattern=weekly(1))
    [date] = series_queries.lines_of(series)
    bring(line, at, session)
    bring(date, at, session)

    for to in set(LineState) - set(ANSWERS):
        with pytest.raises(Conflict):
            decide(line, to)
        with pytest.raises(Conflict):
            decide_series(series, to)

    assert line.state is date.state is LineState(at)


@pytest.mark.parametrize(
    ("at", "error"), [("postponed", NeedsNewDay), ("conditional", ConditionsLeft), ("approved", NothingToChange)]
)
def test_an_answer_that_is_about_no_date_says_why(session: Session, at: str, error: type[Exception]) -> None:
    series = make_series(pattern=weekly(1))
    [date] = series_queries.lines_of(series)
    bring(date, at, session)

    with pytest.raises(error):
        decide_series(series, APPROVED)


def test_what_rests_gives_nobody_elses_time_away(session: Session) -> None:
    line = make_booking().lines[0]
    bring(line, "postponed", session)
    taken = make_booking(line.resource, use=between(8, 12)).lines[0]

    with pytest.raises(NeedsNewDay):
        decide(line, APPROVED)

    rows = session.scalars(select(Reservation).where(Reservation.active))
    assert {one.line_id for one in rows} == {taken.id}


def test_a_date_that_has_begun_is_not_answered_with_the_others(session: Session) -> None:
    series = make_series(pattern=weekly(2))
    first, second = series_queries.lines_of(series)
    for one in (first, second):
        bring(one, "conditional", session)

    with clock.fixed(first.starts_at + timedelta(minutes=1)):
        assert decide_series(series, DECLINED) == 1
    assert (first.state, second.state) == (LineState.EXPIRED, DECLINED)


def test_declining_frees_every_date_whatever_it_waited_for(session: Session) -> None:
    series = make_series(pattern=weekly(3))
    first, second, _third = series_queries.lines_of(series)
    bring(first, "needs_info", session)
    bring(second, "conditional", session)

    assert decide_series(series, DECLINED) == 3
    assert session.scalars(select(Reservation).where(Reservation.active)).all() == []
    assert states.is_cancelled([one.state for one in series.booking.lines])
