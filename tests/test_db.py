"""The one way to write: all or nothing, what follows a commit follows it once, and rivals are asked to try again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from missions_app import db
from missions_app.audit.models import AuditEvent, AuditName
from missions_app.errors import StaleVersion, TryAgain
from missions_app.messages.models import Frequency, Preference
from tests.databases import at_once, committing_database
from tests.factories.accounts import make_user


def names() -> set[str]:
    """What stands in a table that the tests write to."""
    return set(db.session.scalars(sa.select(AuditName.actor_id)))


def add(actor_id: str) -> None:
    with db.transaction() as session:
        session.add(AuditName(actor_id=actor_id, name="Somebody"))


def test_a_nested_block_is_part_of_the_outer_one(session: Session) -> None:
    with pytest.raises(RuntimeError), db.transaction():
        add("inner")
        raise RuntimeError

    assert "inner" not in names()


def test_what_follows_a_commit_is_done_once_and_not_at_all_after_a_rollback(session: Session) -> None:
    said: list[str] = []
    with db.transaction():
        db.after_commit(lambda: said.append("committed"))
        db.after_rollback(lambda: said.append("rolled back"))
        with db.transaction():
            db.before_commit("index", lambda: said.append("before"))
            db.before_commit("index", lambda: said.append("before, again"))
        assert said == []
    with pytest.raises(RuntimeError), db.transaction():
        db.after_commit(lambda: said.append("committed"))
        db.after_rollback(lambda: said.append("rolled back"))
        raise RuntimeError

    assert said == ["before", "committed", "rolled back"]


def test_a_record_that_has_moved_on_is_not_written_over(session: Session) -> None:
    user = make_user()
    with db.transaction():
        session.add(Preference(user_id=user.id, frequency=Frequency.DAILY, reminders=True, version=1))
    mine = session.scalars(sa.select(Preference)).one()
    with pytest.raises(StaleVersion), db.transaction():
        mine.frequency = Frequency.WEEKLY
        db.expect_version(mine, 7)
    assert session.scalars(sa.select(Preference.frequency)).one() is Frequency.DAILY


def test_a_refusal_by_rivalry_is_tried_three_times_and_any_other_once(session: Session) -> None:
    tries: list[str] = []

    @db.retried
    def lose(error: Exception) -> None:
        tries.append(type(error).__name__)
        raise error

    for error in (TryAgain(), ValueError()):
        with pytest.raises(type(error)):
            lose(error)

    assert tries == ["TryAgain"] * 3 + ["ValueError"]


def test_inside_a_transaction_only_the_outermost_call_is_repeated(session: Session) -> None:
    tries: list[int] = []

    @db.retried
    def inner() -> None:
        tries.append(1)
        raise TryAgain

    with pytest.raises(TryAgain), db.transaction():
        inner()

    assert tries == [1]


def test_times_are_stored_as_the_same_instant_and_need_a_zone(session: Session) -> None:
    moment = datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=2)))
    with db.transaction():
        event = AuditEvent(
            at=moment, actor_id="a", actor_role="", action="x", subject_kind="y", subject_id=1, subject_label="",
            data={},
        )  # fmt: skip
        session.add(event)
    session.expire(event)

    assert event.at == moment and event.at.tzinfo is UTC
    with pytest.raises(StatementError, match="time zone"):
        session.scalars(sa.select(AuditEvent).where(AuditEvent.at == moment.replace(tzinfo=None))).all()


@pytest.fixture
def committing(tmp_path: Path, engine: sa.Engine) -> Iterator[sa.Engine]:
    """A database in which what is written stays written."""
    with committing_database("transactions", tmp_path, engine) as own:
        yield own


def test_rivals_write_one_after_the_other_and_nothing_is_lost(committing: sa.Engine) -> None:
    with db.transaction() as session:
        session.add(AuditName(actor_id="counter", name="0"))

    def count() -> str:
        with db.transaction() as own:
            row = own.scalars(sa.select(AuditName)).one()
            db.lock_row(row)
            row.name = str(int(row.name) + 1)
        return "counted"

    assert at_once(*[count] * 8) == ["counted"] * 8
    assert db.session.scalars(sa.select(AuditName.name)).one() == "8"
