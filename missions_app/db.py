"""The database: one session per context, one way to write, one way to store time.

Works without Flask. `connect(url)` once per process; `session` is the context's own session; `transaction()` is the
only place that commits. On SQLite a write transaction begins IMMEDIATE, so that rivals queue instead of failing.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import Enum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import event, orm
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from missions_app.errors import StaleVersion, TryAgain

P = ParamSpec("P")
T = TypeVar("T")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
ATTEMPTS = 3


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware instant: `timestamptz` on PostgreSQL, naive UTC text of one width on SQLite. Refuses naive values."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """To the database: UTC, without zone on SQLite."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """From the database: aware, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def text_enum(enum: type[Enum]) -> sa.Enum:
    """An enumeration stored as its value in plain text, with a CHECK that names the allowed values."""
    return sa.Enum(
        enum,
        native_enum=False,
        length=40,
        values_callable=lambda members: [member.value for member in members],
        create_constraint=True,
        name=_snake(enum.__name__),
    )


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


class Base(orm.DeclarativeBase):
    """Every mapped class: a whole-number key named `id`, and names for all constraints."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime, str: sa.String(), dict[str, Any]: sa.JSON, list[Any]: sa.JSON}

    id: orm.Mapped[int] = orm.mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, sort_order=-1
    )


_scope: ContextVar[object | None] = ContextVar("database_scope", default=None)
_writing: ContextVar[bool] = ContextVar("database_writing", default=False)
_factory = orm.sessionmaker()


def _scope_key() -> object:
    key = _scope.get()
    if key is None:
        key = object()
        _scope.set(key)
    return key


session = orm.scoped_session(_factory, scopefunc=_scope_key)


def create_engine(url: str, **options: Any) -> sa.Engine:
    """An engine with our rules: SQLite in WAL mode with foreign keys, and IMMEDIATE begins for writers."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if url.startswith("postgresql"):
        options.setdefault("pool_pre_ping", True)
    engine = sa.create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # the driver must not begin on its own
        for pragma in ("journal_mode=WAL", "busy_timeout=10000", "foreign_keys=ON", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def connect(url: str, **options: Any) -> sa.Engine:
    """Bind the sessions of this process to a database; returns the engine."""
    engine = create_engine(url, **options)
    bind(engine)
    return engine


def bind(target: sa.Engine | sa.Connection | None, **options: Any) -> None:
    """Let new sessions use this engine or connection; without one, none can read or write."""
    _factory.configure(bind=target, **options)


def end() -> None:
    """Close this context's session and give its connection back."""
    session.remove()


def dialect() -> str:
    """ "sqlite" or "postgresql"."""
    return session.get_bind().dialect.name


@contextmanager
def transaction() -> Iterator[orm.Session]:
    """Commit everything inside the outermost block, or nothing. A nested block joins the outer one.

    The outermost block begins afresh: what was read before is read again when touched, so that rules are
    checked against the present. On SQLite it takes the write lock at once.

    Raises:
        StaleVersion: a row was changed by somebody else meanwhile.
        TryAgain: a deadlock, a serialisation failure or a busy database; nothing was written.
    """
    current = session()
    if current.info.get("in_transaction"):
        yield current
        return
    current.commit()  # ends an open read; nothing is pending outside a transaction
    token = _writing.set(True)
    current.info.update(in_transaction=True, notes={}, before_commit={}, after_commit=[], after_rollback=[])
    callbacks: list[Callable[[], None]] = []
    try:
        yield current
        _run_before_commit(current)
        current.commit()
        callbacks = current.info["after_commit"]
    except BaseException as error:
        current.rollback()
        callbacks = current.info["after_rollback"]
        if isinstance(error, StaleDataError):
            raise StaleVersion from error
        if isinstance(error, DBAPIError) and is_rivalry(error):
            raise TryAgain from error
        raise
    finally:
        _writing.reset(token)
        current.info["in_transaction"] = False
        for callback in callbacks:
            callback()


def _run_before_commit(current: orm.Session) -> None:
    while waiting := current.info["before_commit"]:
        waiting.pop(next(iter(waiting)))()


def notes() -> dict[str, Any]:
    """What the open transaction remembers until it ends, by whoever writes it."""
    return session().info["notes"]  # type: ignore[no-any-return]


def before_commit(key: str, callback: Callable[[], None]) -> None:
    """Run inside the outermost transaction when everything else in it is done; once per key, the first one given."""
    session().info["before_commit"].setdefault(key, callback)


def run_before_commit(key: str) -> None:
    """Do now what waits under a key for the end of the transaction, if anything does."""
    waiting = session().info["before_commit"].pop(key, None)
    if waiting is not None:
        waiting()


def after_rollback(callback: Callable[[], None]) -> None:
    """Run once, after the outermost transaction has been rolled back, while its error is on the way out."""
    session().info["after_rollback"].append(callback)


def after_commit(callback: Callable[[], None]) -> None:
    """Run once, after the outermost transaction has committed; never if it rolls back."""
    session().info["after_commit"].append(callback)


def in_transaction() -> bool:
    """Whether this context is inside `transaction()`."""
    return bool(session().info.get("in_transaction"))


def is_rivalry(error: DBAPIError) -> bool:
    """Deadlock, serialisation failure, lock time-out or busy database: the same call may succeed when repeated."""
    state = getattr(error.orig, "sqlstate", None)
    name = getattr(error.orig, "sqlite_errorname", "") or ""
    return state in ("40001", "40P01", "55P03") or name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def retried(function: Callable[P, T]) -> Callable[P, T]:
    """Repeat a whole service call up to three times when rivals made the database refuse. Inside a transaction
    the outermost call is the one that repeats."""

    @wraps(function)
    def repeat(*args: P.args, **kwargs: P.kwargs) -> T:
        if in_transaction():
            return function(*args, **kwargs)
        for _attempt in range(ATTEMPTS - 1):
            try:
                return function(*args, **kwargs)
            except TryAgain:
                continue
        return function(*args, **kwargs)

    return repeat


def lock_row(record: Base) -> None:
    """Read a row again and hold it until the transaction ends. Only the row itself: what was loaded with it by an
    outer join cannot be held on PostgreSQL."""
    session().refresh(record, with_for_update={"of": type(record)})


def expect_version(record: Any, expected: int | None) -> None:
    """Refuse when the record has moved on since the reader opened it.

    Args:
        record: has an integer `version`.
        expected: the version the reader saw; None only for machines that own the record (the worker).
    """
    if expected is not None and record.version != expected:
        raise StaleVersion(field="version", current=record.version)
