"""The whole schema: straight from the models for tests (installations use migrations), and what a database lacks."""

import sqlalchemy as sa

from missions_app import models as models
from missions_app.bookings import guard
from missions_app.db import Base
from missions_app.workflow import guard as settled


def create_all(engine: sa.Engine) -> None:
    """Create every table, index, constraint and guard."""
    Base.metadata.create_all(engine)


def drop_all(engine: sa.Engine) -> None:
    """Remove everything again."""
    Base.metadata.drop_all(engine)


def faults(connection: sa.Connection) -> list[str]:
    """What a database lacks, in words for those who run it; [] means that it is whole."""
    there = set(sa.inspect(connection).get_table_names())
    missing = [f"the table {table.name} is missing" for table in Base.metadata.sorted_tables if table.name not in there]
    if missing:
        return missing
    return [f"the guard {name} is missing" for name in [*guard.missing(connection), *settled.missing(connection)]]
