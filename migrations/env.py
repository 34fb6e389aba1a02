"""Runs the migrations: on a connection that is handed over, or on the database of the environment.

On SQLite foreign keys are off for the run, because a batch rebuild drops the table and its children would object.
On PostgreSQL a lock lets one process migrate at a time.
"""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from config.settings import Settings
from missions_app import db, models

MIGRATION_LOCK = 7203114
target = models.accounts.User.metadata


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Plain SQLAlchemy types instead of our own, so that an old migration never imports today's application."""
    if kind == "type" and isinstance(item, db.UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: sa.Connection) -> None:
    """Migrate in one transaction: all or nothing, on both databases."""
    sqlite = connection.dialect.name == "sqlite"
    raw: Any = connection.connection.dbapi_connection
    if sqlite:
        raw.execute("PRAGMA foreign_keys = OFF")
    context.configure(
        connection=connection,
        target_metadata=target,
        render_as_batch=True,
        render_item=render_item,
        transactional_ddl=True,
        compare_type=True,
    )
    with context.begin_transaction():
        if not sqlite:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        context.run_migrations()
    if sqlite:
        raw.execute("PRAGMA foreign_keys = ON")


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = db.create_engine(Settings.from_environment().database_url)
    with engine.connect() as own:
        run(own)
        own.commit()
    engine.dispose()
