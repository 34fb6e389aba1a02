"""The database's own refusal to let what is settled change: adopted method versions, decisions, and their evidence."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

# What never changes once the row is fixed; a method version is fixed when it is no longer a draft.
FIXED: dict[str, tuple[tuple[str, ...], str]] = {
    "method_version": (("key", "number", "document", "checksum", "created_at"), "OLD.status <> 'draft'"),
    "gate_decision": (
        ("journey_id", "gate", "outcome", "reasons", "decided_by_id", "decided_as", "decided_on", "recorded_at",
         "registry_number", "differs_because", "corrects_id", "met_on", "votes_for", "votes_against",
         "votes_abstained", "declared"), "1 = 1",
    ),
    "evidence": (("decision_id", "criterion", "status", "facts", "checksum", "revision"), "1 = 1"),
}  # fmt: skip
FUNCTION = "refuse_change_of_settled"


def _sqlite() -> tuple[str, ...]:
    found = []
    for table, (columns, when) in FIXED.items():
        changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in columns)
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table}_is_settled'); END"
        found.append(
            f"CREATE TRIGGER {table}_settled_update BEFORE UPDATE ON {table} WHEN {when} AND ({changed}) {refuse}"
        )
        found.append(f"CREATE TRIGGER {table}_settled_delete BEFORE DELETE ON {table} WHEN {when} {refuse}")
    found.append(
        "CREATE TRIGGER method_version_settled_status BEFORE UPDATE OF status ON method_version WHEN "
        f"{BACKWARDS} BEGIN SELECT RAISE(ABORT, 'method_version_is_settled'); END"
    )
    return tuple(found)


def _postgresql() -> tuple[str, ...]:
    found = [
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%_is_settled', TG_TABLE_NAME; END $$"
    ]
    for table, (columns, when) in FIXED.items():
        changed = " OR ".join(
            f"NEW.{column}::text IS DISTINCT FROM OLD.{column}::text"
            if column == "facts"
            else f"NEW.{column} IS DISTINCT FROM OLD.{column}"
            for column in columns
        )
        run = f"EXECUTE FUNCTION {FUNCTION}()"
        found.append(
            f"CREATE TRIGGER {table}_settled_update BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN ({when} AND ({changed})) {run}"
        )
        found.append(f"CREATE TRIGGER {table}_settled_delete BEFORE DELETE ON {table} FOR EACH ROW WHEN ({when}) {run}")
    found.append(
        "CREATE TRIGGER method_version_settled_status BEFORE UPDATE OF status ON method_version FOR EACH ROW "
        f"WHEN ({BACKWARDS}) EXECUTE FUNCTION {FUNCTION}()"
    )
    return tuple(found)


# An adopted version may be retired, and that is all.
BACKWARDS = "OLD.status <> 'draft' AND NEW.status <> OLD.status AND NEW.status <> 'retired'"
SQLITE = _sqlite()
POSTGRESQL = _postgresql()
TRIGGERS = tuple(
    f"{table}_settled_{act}" for table in FIXED for act in ("update", "delete")
) + ("method_version_settled_status",)  # fmt: skip


def attach(metadata: sa.MetaData) -> None:
    """Install the guard whenever the tables are created from the models. Evidence is made last of the three."""
    for dialect, statements in (("postgresql", POSTGRESQL), ("sqlite", SQLITE)):
        for statement in statements:
            # DDL() formats with %.
            ddl: Any = sa.DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            sa.event.listen(metadata.tables["evidence"], "after_create", ddl.execute_if(dialect=dialect))


def missing(connection: sa.Connection) -> list[str]:
    """The names of the triggers that a database lacks; [] means that the guard is whole."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.dialect.name == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    found = set(connection.exec_driver_sql(query).scalars())
    return [name for name in TRIGGERS if name not in found]


def is_refusal(error: DBAPIError) -> bool:
    """Whether a database error is the guard's refusal."""
    return "_is_settled" in str(error.orig)
