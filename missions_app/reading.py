"""Reading much with few statements: several selects sent as one, and one answer for a question asked twice.

A page that tells the whole of a case asks many small questions. Each costs a round trip to the database, so `together`
sends several selects in one statement, and `once` lets what was read while a page is made serve all of it.
"""

import inspect
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import event, orm
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.visitors import InternalTraversal

from missions_app import db

P = ParamSpec("P")
T = TypeVar("T")

READ_ONCE = "read_once"
Query = sa.Select[*tuple[Any, ...]]


class _Rows(sa.ColumnElement[Any]):
    """All rows of a query as one JSON array of arrays, in the query's order. Its columns are labelled c0, c1 and on, so
    that they need not be read out of the query again: for wide tables that costs more than the database's answer."""

    type = sa.JSON()
    _traverse_internals = [("query", InternalTraversal.dp_clauseelement)]  # noqa: RUF012 (SQLAlchemy's own shape)

    def __init__(self, query: Query, width: int) -> None:
        self.query, self.width = query, width

    def as_text(self, compiler: Any, array: str, **options: Any) -> str:
        """A scalar subquery; `array` is what the database calls on the columns of all rows."""
        inner = compiler.process(self.query, asfrom=True, **options)
        columns = ", ".join(f"rows_read.c{at}" for at in range(self.width))
        return f"(SELECT {array.format(columns)} FROM ({inner}) AS rows_read)"


@compiles(_Rows, "sqlite")
def _rows_on_sqlite(element: _Rows, compiler: Any, **options: Any) -> str:
    return element.as_text(compiler, "json_group_array(json_array({}))", **options)


@compiles(_Rows)
def _rows_on_postgresql(element: _Rows, compiler: Any, **options: Any) -> str:
    return element.as_text(compiler, "coalesce(json_agg(json_build_array({})), '[]'::json)", **options)


def together(*queries: Query) -> list[list[Any]]:
    """The rows of several selects by one statement, each in its own order.

    A select of one mapped class gives its records, in the session like any other. A select of a mapped class and
    classes that it points at gives the records of the first, pointing at the others. A select of columns gives tuples.

    Raises:
        TypeError: a column is a float, which does not survive the way.
    """
    shapes = [_shape(query) for query in queries]
    found = db.session.execute(
        sa.select(
            *(
                _as_json(query, shape).label(f"q{at}")
                for at, (query, shape) in enumerate(zip(queries, shapes, strict=True))
            )
        )
    ).one()
    return [[_built(row, shape) for row in rows] for rows, shape in zip(found, shapes, strict=True)]


# What one select asks for: per mapped class or column, the class or None, and its attributes.
_Shape = list[tuple[Any, list[Any]]]


def _shape(query: Query) -> _Shape:
    shape: _Shape = []
    for asked in query.column_descriptions:
        entity = asked["entity"]
        if asked["expr"] is entity and isinstance(entity, type):
            shape.append((entity, _columns_of(entity)))
        else:
            shape.append((None, [asked["expr"]]))
    for _entity, columns in shape:
        for column in columns:
            if isinstance(column.type, sa.Float):
                raise TypeError(f"{column} is a float")
    return shape


@cache
def _columns_of(entity: Any) -> list[Any]:
    return [getattr(entity, one.key) for one in orm.class_mapper(entity).column_attrs if not one.deferred]


@cache
def _labelled(entity: Any, first: int) -> list[Any]:
    return [column.label(f"c{at}") for at, column in enumerate(_columns_of(entity), first)]


def _as_json(query: Query, shape: _Shape) -> _Rows:
    labelled: list[Any] = []
    for entity, columns in shape:
        at = len(labelled)
        labelled += [columns[0].label(f"c{at}")] if entity is None else _labelled(entity, at)
    return _Rows(query.with_only_columns(*labelled, maintain_column_froms=True), len(labelled))


def _built(row: list[Any], shape: _Shape) -> Any:
    values, made = iter(row), []
    for entity, columns in shape:
        read = [_value(column.type, next(values)) for column in columns]
        made.append(read[0] if entity is None else _record(entity, columns, read))
    if shape[0][0] is None:
        return tuple(made)
    _point_at(made[0], made[1:])
    return made[0]


def _value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, sa.JSON):
        return json.loads(value) if db.dialect() == "sqlite" else value
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    if isinstance(kind, db.UtcDateTime):
        return kind.process_result_value(datetime.fromisoformat(value), db.session.get_bind().dialect)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    return bool(value) if isinstance(kind, sa.Boolean) else value


def _record(entity: type[Any], columns: list[Any], values: list[Any]) -> Any:
    """The record in the session: the one that is there already, with what it had forgotten, or a new one. None where an
    outer join found nothing."""
    found = dict(zip((column.key for column in columns), values, strict=True))
    if found["id"] is None:
        return None
    known = db.session().identity_map.get(orm.util.identity_key(entity, found["id"]))
    record = known if known is not None else object.__new__(entity)
    if known is None:
        sa.inspect(entity).class_manager.setup_instance(record)
    state = sa.inspect(record)
    for key, value in found.items():
        if known is None or key in state.expired_attributes:
            set_committed_value(record, key, value)
    if known is None:
        orm.make_transient_to_detached(record)
        db.session.add(record)
    return record


def _point_at(record: Any, others: Sequence[Any]) -> None:
    if record is None:
        return
    for relation in sa.inspect(type(record)).relationships:
        if relation.direction is not orm.interfaces.MANYTOONE:
            continue
        (own,) = relation.local_columns
        key = getattr(record, sa.inspect(type(record)).get_property_by_column(own).key)
        for other in others:
            if other is not None and isinstance(other, relation.mapper.class_) and other.id == key:
                set_committed_value(record, relation.key, other)


def hand_out(owners: Sequence[Any], name: str, parts: Sequence[Any], back: str) -> None:
    """Give each record the parts that belong to it, in the given order, as its relation `name`; `back` is the part's
    relation to its owner."""
    by: dict[int, list[Any]] = {owner.id: [] for owner in owners}
    if parts:
        (column,) = orm.class_mapper(type(parts[0])).relationships[back].local_columns
        key = orm.class_mapper(type(parts[0])).get_property_by_column(column).key
        for part in parts:
            by[getattr(part, key)].append(part)
    for owner in owners:
        set_committed_value(owner, name, by[owner.id])


def once(function: Callable[P, T]) -> Callable[P, T]:
    """While only reading, the same question is answered once. Forgotten as soon as anything is written, and never used
    inside a transaction: what is decided there is decided on the present."""

    @wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> T:
        if db.in_transaction():
            return function(*args, **kwargs)
        known = db.session().info.setdefault(READ_ONCE, {})
        key = (function, tuple(_key(one) for one in args), tuple(sorted(kwargs.items())))
        if key not in known:
            known[key] = function(*args, **kwargs)
        return known[key]  # type: ignore[no-any-return]

    return answer


def tell(function: Callable[..., T], *args: Any, answer: T) -> None:
    """Let an answer that was read together with others serve whoever asks `function` for it; see `once`."""
    if not db.in_transaction():
        known = db.session().info.setdefault(READ_ONCE, {})
        known[(inspect.unwrap(function), tuple(_key(one) for one in args), ())] = answer


def _key(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def forget() -> None:
    """Read anew from here on: somebody else has written meanwhile."""
    db.session().info.pop(READ_ONCE, None)


@event.listens_for(orm.Session, "after_flush")
def _forget_what_was_read(session: orm.Session, _flush: object) -> None:
    session.info.pop(READ_ONCE, None)


@event.listens_for(orm.Session, "after_transaction_end")
def _forget_with_the_transaction(session: orm.Session, _ended: object) -> None:
    session.info.pop(READ_ONCE, None)
