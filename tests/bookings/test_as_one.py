"""The dates of a series that wait for the same thing are one row, with their number."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.models import User
from missions_app.accounts.tasks import in_words
from missions_app.bookings import approval_service, change_service, queries, series_queries, series_service
from missions_app.bookings.approval_service import Asked
from missions_app.bookings.as_one import as_one
from missions_app.bookings.models import LineState, Series
from missions_app.bookings.tasks import tasks_for
from missions_app.work import stuck
from tests.factories.accounts import actor_of
from tests.factories.bookings import make_booking
from tests.factories.series import asker_of, make_series
from tests.factories.sites import make_manager

pytestmark = pytest.mark.usefixtures("session")


def rows(user: User) -> list[str]:
    return [in_words(one) for one in tasks_for(actor_of(user))]


def named(series: Series, number: int) -> str:
    dates = f", {number} dagar" if number > 1 else ""
    return f"{series.resource.name_sv}{dates}"


def test_an_owner_answers_a_series_from_one_row() -> None:
    series = make_series()
    manager = make_manager(series.resource.site)

    assert rows(manager) == [f"Svara på förfrågan om {named(series, 3)} ({series.booking.reference})"]
    [task] = tasks_for(actor_of(manager))
    assert (task.endpoint, task.values["series_id"]) == ("bookings.show_series", str(series.id))


def test_dates_that_wait_for_more_are_one_row_and_the_others_another() -> None:
    series = make_series()
    manager = make_manager(series.resource.site)
    for line in series_queries.lines_of(series)[:2]:
        approval_service.decide_line(
            line, LineState.NEEDS_INFO, reason="Vilken båt blir det?", by=actor_of(manager),
            expected_version=line.version,
        )  # fmt: skip

    [asked] = tasks_for(actor_of(asker_of(series)))
    assert named(series, 2) in in_words(asked)
    assert (asked.endpoint, "_anchor" in asked.values) == ("bookings.show_booking", True)
    assert [named(series, 1) in one for one in rows(manager)] == [True]


def test_those_who_asked_see_one_row_for_what_they_wait_for() -> None:
    series = make_series()

    [waiting] = [one.task for one in stuck.stuck_for(actor_of(asker_of(series)))]

    assert in_words(waiting).endswith(named(series, 3))


def test_dates_that_nobody_has_told_about_are_one_row(session: Session) -> None:
    series = make_series()
    manager = make_manager(series.resource.site)
    series_service.decide_series(
        series, LineState.APPROVED, reason="", by=actor_of(manager), expected_version=series.version
    )
    last = max(one.ends_at for one in series.booking.lines)

    with clock.fixed(last + timedelta(hours=1)):
        assert rows(manager) == [f"För in hur {named(series, 3)} ({series.booking.reference}) användes"]


def test_lines_that_are_no_series_stay_rows_of_their_own() -> None:
    first, second = make_booking().lines[0], make_booking().lines[0]

    assert as_one([first, second]) == [(first, 1), (second, 1)]


@pytest.mark.parametrize(("at", "words"), [("rests", "Väntar på en ny dag för"), ("met", "Väntar på ja till")])
def test_those_who_booked_see_that_it_is_the_owners_turn(at: str, words: str) -> None:
    line = make_booking(state=LineState.APPROVED if at == "rests" else LineState.SUBMITTED).lines[0]
    manager, asker = actor_of(make_manager(line.resource.site)), actor_of(line.booking.requested_by)
    if at == "rests":
        change_service.postpone_without_day(
            line.booking, reason="Kuling", by=manager, expected_version=line.booking.version
        )
    else:
        approval_service.decide_line(
            line, LineState.CONDITIONAL, reason="", by=manager, expected_version=line.version,
            conditions=[Asked("Visa försäkringen")],
        )  # fmt: skip
        assert stuck.stuck_for(asker) == []
        [condition] = queries.conditions_of(line)
        approval_service.tick_condition(condition, by=asker, expected_version=condition.version)

    assert [in_words(one.task) for one in stuck.stuck_for(asker)] == [f"{words} {line.resource.name_sv}"]
