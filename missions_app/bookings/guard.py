"""The database's own refusal to let a unit be occupied twice: an exclusion constraint, or triggers on SQLite.

A lock makes rivals polite; this makes a forgotten path harmless.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

NAME = "reservation_no_overlap"
TIME_FORMAT = "____-__-__ __:__:__.______"

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    f"ALTER TABLE reservation ADD CONSTRAINT {NAME} EXCLUDE USING gist "
    "(unit_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE (active)",
)

# Active rows of a unit never overlap, so the last one that starts before NEW ends is the only one to look at: as fast
# with a long history as with none. Text in another width would compare wrongly, so the width is checked too.
_CLASH = (
    "(SELECT r.ends_at FROM reservation r WHERE r.unit_id = NEW.unit_id AND r.active AND r.starts_at < NEW.ends_at "
    "AND r.id <> COALESCE(NEW.id, -1) ORDER BY r.starts_at DESC LIMIT 1) > NEW.starts_at"
)
_WIDTH = f"NEW.starts_at NOT LIKE '{TIME_FORMAT}' OR NEW.ends_at NOT LIKE '{TIME_FORMAT}'"
_ACTS = {"insert": "INSERT", "update": "UPDATE OF unit_id, starts_at, ends_at, active"}
SQLITE = tuple(
    statement
    for key, act in _ACTS.items()
    for statement in (
        f"CREATE TRIGGER {NAME}_{key} BEFORE {act} ON reservation WHEN NEW.active AND {_CLASH} "
        f"BEGIN SELECT RAISE(ABORT, '{NAME}'); END",
        f"CREATE TRIGGER reservation_time_width_{key} BEFORE {act} ON reservation WHEN {_WIDTH} "
        "BEGIN SELECT RAISE(ABORT, 'reservation_time_width'); END",
    )
)


def attach(metadata: sa.MetaData, table_name: str) -> None:
    """Install the guard whenever the table is created from the models."""
    table = metadata.tables[table_name]
    for dialect, statements in (("postgresql", POSTGRESQL), ("sqlite", SQLITE)):
        for statement in statements:
            # DDL() formats with %, which LIKE patterns and percent signs would trip over.
            ddl: Any = sa.DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            sa.event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def missing(connection: sa.Connection) -> list[str]:
    """The names of the parts of the guard that a database lacks; [] means that it is whole."""
    if connection.dialect.name == "postgresql":
        found = set(connection.exec_driver_sql("SELECT conname FROM pg_constraint").scalars())
        return [] if NAME in found else [NAME]
    found = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars())
    wanted = [f"{name}_{key}" for key in _ACTS for name in (NAME, "reservation_time_width")]
    return [name for name in wanted if name not in found]


def bites(connection: sa.Connection) -> bool | None:
    """Whether plain SQL that occupies a unit twice is refused: it is tried, far ahead, and undone. None when there is
    no unit to try with. Call it inside a transaction that is rolled back."""
    unit = connection.exec_driver_sql("SELECT id FROM unit ORDER BY id LIMIT 1").scalar()
    if unit is None:
        return None
    times = "'8999-01-01 08:00:00.000000', '8999-01-01 10:00:00.000000'"
    occupy = f"INSERT INTO reservation (unit_id, kind, starts_at, ends_at, active, reason) VALUES ({int(unit)}, 'block', {times}, true, '')"  # noqa: E501, S608
    with connection.begin_nested() as attempt:
        connection.exec_driver_sql(occupy)
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(occupy)
        except DBAPIError as error:
            return is_overlap(error)
        finally:
            if attempt.is_active:
                attempt.rollback()
    return False


def is_overlap(error: DBAPIError) -> bool:
    """Whether a database error is the guard's refusal."""
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return constraint == NAME or NAME in str(error.orig)
