"""Empty databases for tests that need one of their own, on the server of TEST_DATABASE_URL."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import sqlalchemy as sa
from sqlalchemy.orm import Session

from missions_app import db, schema
from missions_app.errors import DomainError


@contextmanager
def empty_database(purpose: str, *, like: str = "") -> Iterator[str]:
    """The address of an empty database, dropped afterwards; "" when no server is named and SQLite is under test.

    Args:
        like: the address of another that it begins as a copy of; nobody may be connected to that.
    """
    given = os.environ.get("TEST_DATABASE_URL", "")
    if not given:
        yield ""
        return
    server = sa.make_url(given)
    own = create_database(server, purpose, like=like)
    try:
        yield own.render_as_string(hide_password=False)
    finally:
        _run(server, _dropped(own))


def create_database(server: sa.URL, purpose: str, *, like: str = "") -> sa.URL:
    """A new database on a server of PostgreSQL, in place of one that an earlier run left; `like` as above. Its commits
    do not wait for the disk, because nobody needs it after the machine has fallen."""
    run, worker = os.environ.get("TEST_RUN", "local"), os.environ.get("PYTEST_XDIST_WORKER", "main")
    own = server.set(database=f"missions_{purpose}_{run}_{worker}")
    copied = f' TEMPLATE "{sa.make_url(like).database}"' if like else ""
    _run(
        server, _dropped(own), f'CREATE DATABASE "{own.database}"{copied}',
        f'ALTER DATABASE "{own.database}" SET synchronous_commit = off',
    )  # fmt: skip
    return own


def _dropped(database: sa.URL) -> str:
    return f'DROP DATABASE IF EXISTS "{database.database}" WITH (FORCE)'


@contextmanager
def committing_database(purpose: str, folder: Path, usual: sa.Engine) -> Iterator[sa.Engine]:
    """A database of its own for rivals in threads: what is written stays written. Afterwards sessions are bound to the
    test process's usual engine again."""
    with empty_database(purpose) as url:
        engine = db.create_engine(url or f"sqlite:///{folder / 'rivals.sqlite'}")
        schema.create_all(engine)
        db.bind(engine, join_transaction_mode="conditional_savepoint")
        try:
            yield engine
        finally:
            db.end()
            db.bind(usual, join_transaction_mode="conditional_savepoint")
            engine.dispose()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do things at the same moment, each in a thread and a session of its own; what each gave or raised, in order."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except DomainError as error:
            return error.code
        finally:
            db.end()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@contextmanager
def taken_back(session: Session) -> Iterator[None]:
    """Whatever is done inside, requests included, is undone."""
    session.commit()
    point = session.get_bind().begin_nested()  # type: ignore[union-attr]
    try:
        yield
    finally:
        session.rollback()
        point.rollback()
        session.expire_all()


def _run(server: sa.URL, *statements: str) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
