"""Empty databases for tests that need one of their own, on the server of TEST_DATABASE_URL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


@contextmanager
def empty_database(purpose: str) -> Iterator[str]:
    """The address of an empty database, dropped afterwards; "" when no server is named and SQLite is under test."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if not given:
        yield ""
        return
    server = sa.make_url(given)
    run, worker = os.environ.get("TEST_RUN", "local"), os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"missions_{purpose}_{run}_{worker}"
    _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _run(server: sa.URL, *statements: str) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
