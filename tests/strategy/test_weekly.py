"""The week's signals, and the letter about them: once a week, and none about nothing."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.errors import InvalidInput
from missions_app.strategy import signal_service, weekly
from missions_app.strategy.models import Signal
from tests.factories.accounts import make_actor, make_secretariat
from tests.factories.organisations import method_in_force
from tests.factories.outbox import all_mail

MONDAY = date(2026, 11, 23)


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, datetime.min.time(), clock.zone()) + timedelta(hours=hour)


def note(title: str, day: date, hour: int = 12) -> None:
    with clock.fixed(at(day, hour)):
        signal_service.note_signal(title=title, what="Något", by=make_actor("member"))


def letters() -> list[list[str]]:
    found = [one for one in all_mail() if one["template"] == "signals_week"]
    return [[title for _key, title in one["data"]["signals"]] for one in found]


def test_a_week_goes_from_monday_to_monday_in_the_regions_time(session: Session) -> None:
    note("Söndag kväll", MONDAY - timedelta(days=1), 23)
    note("Måndag", MONDAY, 0)
    note("Söndag", MONDAY + timedelta(days=6), 23)
    note("Nästa måndag", MONDAY + timedelta(days=7), 0)

    assert [one.title for one in weekly.signals_of_week(MONDAY)] == ["Måndag", "Söndag"]
    assert weekly.monday_of(MONDAY + timedelta(days=6)) == MONDAY


def test_the_secretariat_gets_last_weeks_list_once(session: Session) -> None:
    with clock.fixed(at(MONDAY)):
        make_secretariat()
    note("Algblomning", MONDAY)

    for days in (7, 8, 9):
        with clock.fixed(at(MONDAY + timedelta(days=days))):
            weekly.send_week({})

    assert letters() == [["Algblomning"]]


def test_no_letter_is_sent_about_nothing(session: Session) -> None:
    make_secretariat()

    weekly.send_week({})

    assert letters() == []


def test_a_signal_is_as_long_as_can_be_kept_and_of_a_theme_of_the_method(session: Session) -> None:
    method_in_force()
    with pytest.raises(InvalidInput) as refused:
        signal_service.note_signal(
            title="å" * 201, what="x" * 4001, source="y" * 501, theme="nosuch", by=make_actor("member")
        )

    assert [(one.field, one.code) for one in refused.value.problems] == [
        ("title", "text_too_long"), ("what", "text_too_long"), ("source", "text_too_long"),
        ("theme", "unknown_choice"),
    ]  # fmt: skip
    assert session.scalars(select(Signal)).all() == []
