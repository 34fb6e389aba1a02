"""The migrations make exactly what the models say, on the database under test, and can go back."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from missions_app import db, schema
from missions_app.cli.migrate import alembic_config, migrate_to, newest_revision
from missions_app.paths import MIGRATIONS
from tests.databases import empty_database

MOMENT = "2026-01-01 00:00:00.000000"
ONE_METHOD = (
    "INSERT INTO method_version (id, key, number, status, document, checksum, created_at)"
    f" VALUES (1, 'm', 1, 'adopted', '', '', '{MOMENT}')"
)
ONE_JOURNEY = (
    "INSERT INTO journey (id, subject_kind, method_version_id, state, entered_at, round, version)"
    f" VALUES (1, 'challenge', 1, 'draft', '{MOMENT}', 1, 1)"
)
ONE_INDICATOR = (
    "INSERT INTO indicator_plan (id, journey_id, position, library_key, label_sv, label_en, level, unit, direction,"
    " frequency, source, baseline_kind, baseline_value, baseline_method, uncertainty, target_value, owner_function,"
    " version) VALUES (:id, 1, 0, '', 'pH', 'pH', 'outcome', 'pH', :direction, '', '', '', :baseline, '', '', :target,"
    " '', 1)"
)


@pytest.fixture
def two_databases(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Addresses of two empty databases of the kind under test."""
    with empty_database("migrated") as one, empty_database("modelled") as two:
        yield one or f"sqlite:///{tmp_path / 'one.sqlite'}", two or f"sqlite:///{tmp_path / 'two.sqlite'}"


def _shape(url: str) -> dict[str, Any]:
    """Everything a database knows about its tables, in a form that can be compared."""
    engine = db.create_engine(url)
    inspector = sa.inspect(engine)
    shape: dict[str, Any] = {}
    for table in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        foreign = inspector.get_foreign_keys(table)
        shape[table] = {
            "columns": {one["name"]: (str(one["type"]), one["nullable"]) for one in inspector.get_columns(table)},
            "primary": inspector.get_pk_constraint(table)["constrained_columns"],
            "foreign": _sorted(foreign, "name", "constrained_columns", "referred_table", "options"),
            "unique": _sorted(inspector.get_unique_constraints(table), "name", "column_names"),
            "checks": _sorted(inspector.get_check_constraints(table), "name", "sqltext"),
            "indexes": _sorted(inspector.get_indexes(table), "name", "column_names", "unique"),
        }
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        else:
            query = (
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'x' UNION ALL "
                "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
            )
        shape["guards"] = [(name, _plain(text)) for name, text in connection.exec_driver_sql(query)]
    engine.dispose()
    return shape


def _differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Where two shapes differ, one line each."""
    found = [f"only in one: {table}" for table in sorted(set(one) ^ set(other))]
    for table in sorted(set(one) & set(other) - {"guards"}):
        for part, value in one[table].items():
            if value != other[table][part]:
                found.append(f"{table} {part}: {value} is not {other[table][part]}")
    if one["guards"] != other["guards"]:
        found.append(f"guards: {one['guards']} is not {other['guards']}")
    return found


def _sorted(rows: Iterable[Any], *keys: str) -> list[str]:
    return sorted(_plain(str([row[key] for key in keys])) for row in rows)


def _plain(text: str) -> str:
    return " ".join(text.split())


def test_migrations_make_what_the_models_say_and_can_go_back(two_databases: tuple[str, str]) -> None:
    migrated, modelled = two_databases
    engine = db.create_engine(modelled)
    schema.create_all(engine)
    engine.dispose()

    assert migrate_to(migrated, "head") == (None, newest_revision())
    there = _shape(migrated)
    assert migrate_to(migrated, "base") == (newest_revision(), None)
    assert _shape(migrated) == {"guards": []}
    migrate_to(migrated, "head")

    assert _differences(there, _shape(modelled)) == []
    assert _differences(_shape(migrated), there) == []


def test_ranges_between_baseline_and_target_get_limits_of_their_own(two_databases: tuple[str, str]) -> None:
    url, _unused = two_databases
    (script,) = Path(MIGRATIONS).glob("versions/*_two_limits_of_a_range.py")
    newer = script.name.partition("_")[0]
    migrate_to(url, f"{int(newer) - 1:04d}")
    engine = db.create_engine(url)
    before = [  # direction, baseline, target
        ("range", 8.0, 4.0), ("range", 4.0, 8.0), ("range", 4.0, None), ("range", None, 8.0), ("range", 8.0, 8.0),
        ("up", 4.0, 8.0),
    ]  # fmt: skip
    with engine.begin() as connection:
        for statement in (ONE_METHOD, ONE_JOURNEY):
            connection.execute(sa.text(statement))
        for number, (direction, baseline, target) in enumerate(before):
            row = {"id": number + 1, "direction": direction, "baseline": baseline, "target": target}
            connection.execute(sa.text(ONE_INDICATOR), row)

    migrate_to(url, newer)
    with engine.connect() as connection:
        query = "SELECT direction, target_low, target_value FROM indicator_plan ORDER BY id"
        after = [tuple(row) for row in connection.execute(sa.text(query))]
    migrate_to(url, f"{int(newer) - 1:04d}")
    engine.dispose()

    assert after == [
        ("range", 4.0, 8.0), ("range", 4.0, 8.0), ("range", None, None), ("hold", None, 8.0), ("hold", None, 8.0),
        ("up", None, 8.0),
    ]  # fmt: skip


def test_models_and_migrations_do_not_differ(two_databases: tuple[str, str]) -> None:
    migrated, _unused = two_databases
    migrate_to(migrated, "head")
    engine = db.create_engine(migrated)
    try:
        with engine.connect() as connection:
            command.check(alembic_config(connection))
    finally:
        engine.dispose()
