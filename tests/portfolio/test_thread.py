"""The thread tells what happened once, however often it happened that day."""

from datetime import UTC, datetime, timedelta

from missions_app.audit.models import AuditEvent
from missions_app.portfolio.thread import thread_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def event(action: str, at: datetime = NOON, reference: str = "M-2026-001") -> AuditEvent:
    return AuditEvent(action=action, at=at, subject_kind="mission", subject_label=reference)


def test_the_same_thing_in_a_day_is_one_row_with_a_count() -> None:
    rows = thread_of([event("agreement.signed") for _number in range(3)])

    assert [(row.sentence, row.times) for row in rows] == [("An agreement was signed", 3)]


def test_another_day_another_case_and_another_act_are_rows_of_their_own() -> None:
    rows = thread_of(
        [
            event("agreement.signed"),
            event("agreement.signed", NOON - timedelta(days=1)),
            event("agreement.signed", NOON - timedelta(days=1), "M-2026-002"),
            event("partner.left", NOON - timedelta(days=1), "M-2026-002"),
        ]
    )

    assert [row.times for row in rows] == [1, 1, 1, 1]


def test_what_the_reader_does_not_follow_stays_in_the_register() -> None:
    assert thread_of([event("mission.reworded")]) == []
    assert [row.is_decision for row in thread_of([event("mission.g2.approve")])] == [True]
