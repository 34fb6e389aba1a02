"""The database refuses double booking by itself, whatever the path, after every migration."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from missions_app import db
from missions_app.bookings import guard
from missions_app.bookings.models import Reservation, ReservationKind
from missions_app.cli.migrate import alembic_config, migrate_to
from tests.databases import empty_database
from tests.factories.bookings import at
from tests.factories.sites import make_resource


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    with empty_database("guarded") as url:
        yield url or f"sqlite:///{tmp_path / 'guarded.sqlite'}"


def _revisions(url: str) -> list[str]:
    engine = db.create_engine(url)
    with engine.connect() as connection:
        script = ScriptDirectory.from_config(alembic_config(connection))
        found = [one.revision for one in script.walk_revisions()]
    engine.dispose()
    return found[::-1]


def test_the_guard_is_whole_after_every_migration(empty: str) -> None:
    lacking = {}
    for revision in _revisions(empty):
        migrate_to(empty, revision)
        engine = db.create_engine(empty)
        with engine.connect() as connection:
            lacking[revision] = guard.missing(connection)
        engine.dispose()

    assert len(lacking) >= 1
    assert {name for parts in lacking.values() for name in parts} == set()


def test_plain_sql_cannot_occupy_a_unit_twice(session: Session) -> None:
    assert guard.bites(session.connection()) is None
    make_resource()

    assert guard.bites(session.connection()) is True
    assert session.scalars(sa.select(Reservation)).all() == []


def test_a_lost_guard_is_noticed(session: Session) -> None:
    make_resource()
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ALTER TABLE reservation DROP CONSTRAINT {guard.NAME}")
        lost = [guard.NAME]
    else:
        connection.exec_driver_sql(f"DROP TRIGGER {guard.NAME}_insert")
        lost = [f"{guard.NAME}_insert"]

    assert guard.missing(connection) == lost
    assert guard.bites(connection) is False
    session.rollback()


@pytest.mark.parametrize(("start", "end"), [(8, 10), (9, 11), (7, 9), (7, 11), (8, 9)])
def test_overlaps_are_refused_by_update_as_by_insert(session: Session, start: int, end: int) -> None:
    unit = make_resource().units[0]
    kept = Reservation(unit_id=unit.id, kind=ReservationKind.BLOCK, starts_at=at(8), ends_at=at(10), active=True)
    other = Reservation(unit_id=unit.id, kind=ReservationKind.BLOCK, starts_at=at(start), ends_at=at(end), active=False)
    session.add_all([kept, other])
    session.commit()

    with pytest.raises(IntegrityError) as refused:
        session.execute(sa.update(Reservation).where(Reservation.id == other.id).values(active=True))

    assert guard.is_overlap(refused.value)
    session.rollback()


def test_neighbours_may_touch(session: Session) -> None:
    unit = make_resource().units[0]
    session.add_all(
        Reservation(unit_id=unit.id, kind=ReservationKind.BLOCK, starts_at=at(hour), ends_at=at(hour + 2), active=True)
        for hour in (8, 10, 12)
    )
    session.commit()

    assert len(session.scalars(sa.select(Reservation.id)).all()) == 3
