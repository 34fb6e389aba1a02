"""Reading much with few statements: several selects sent as one, and one answer for a question asked twice.

A page that tells the whole of a case asks many small questions. Each costs a round trip to the database, so `together`
sends several selects in one statement, and `once` lets what was read while a page is made serve all of it.
"""

import inspect
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
# Makes a value of Python out of one of JSON.
_Reader = Callable[[Any], Any]
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
    read = [[(part, part.readers()) for part in shape] for shape in shapes]
    return [[_built(row, parts) for row in rows] for rows, parts in zip(found, read, strict=True)]


@dataclass(frozen=True, slots=True)
class _Part:
    """What a select asks for in one place: all columns of a mapped class, or one column (`entity` is None). What its
    columns are called and of which type they are is looked up once: SQLAlchemy finds it out anew each time."""

    entity: Any
    columns: list[Any]
    names: list[str]
    kinds: list[Any]

    @classmethod
    def of(cls, entity: Any, columns: list[Any]) -> "_Part":
        kinds = [column.type for column in columns]
        for column, kind in zip(columns, kinds, strict=True):
            if isinstance(kind, sa.Float):
                raise TypeError(f"{column} is a float")
        return cls(entity, columns, [column.key for column in columns] if entity else [], kinds)

    def readers(self) -> list[_Reader | None]:
        """By column; None where the value is the same."""
        if self.entity is None:
            return [_reader(kind, db.dialect()) for kind in self.kinds]
        return _readers_of(self.entity, db.dialect())


_Shape = list[_Part]


def _shape(query: Query) -> _Shape:
    return [
        _part_of(asked["entity"])
        if asked["expr"] is asked["entity"] and isinstance(asked["entity"], type)
        else _Part.of(None, [asked["expr"]])
        for asked in query.column_descriptions
    ]


@cache
def _part_of(entity: Any) -> _Part:
    columns = [getattr(entity, one.key) for one in orm.class_mapper(entity).column_attrs if not one.deferred]
    return _Part.of(entity, columns)


@cache
def _readers_of(entity: Any, dialect: str) -> list[_Reader | None]:
    return [_reader(kind, dialect) for kind in _part_of(entity).kinds]


@cache
def _labelled(entity: Any, first: int) -> list[Any]:
    return [column.label(f"c{at}") for at, column in enumerate(_part_of(entity).columns, first)]


def _as_json(query: Query, shape: _Shape) -> _Rows:
    labelled: list[Any] = []
    for part in shape:
        at = len(labelled)
        labelled += [part.columns[0].label(f"c{at}")] if part.entity is None else _labelled(part.entity, at)
    return _Rows(query.with_only_columns(*labelled, maintain_column_froms=True), len(labelled))


def _built(row: list[Any], parts: list[tuple[_Part, list[_Reader | None]]]) -> Any:
    values, made = iter(row), []
    for part, readers in parts:
        read = [
            value if reader is None or value is None else reader(value)
            for reader, value in zip(readers, values)  # noqa: B905 (the next part goes on where this one ends)
        ]
        made.append(read[0] if part.entity is None else _record(part.entity, part.names, read))
    if parts[0][0].entity is None:
        return tuple(made)
    _point_at(made[0], made[1:])
    return made[0]


def _reader(kind: Any, dialect: str) -> _Reader | None:
    if isinstance(kind, sa.JSON):
        return json.loads if dialect == "sqlite" else None
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return kind.enum_class
    if isinstance(kind, db.UtcDateTime):
        return lambda value: kind.process_result_value(datetime.fromisoformat(value), db.session.get_bind().dialect)
    if isinstance(kind, sa.Date):
        return date.fromisoformat
    return bool if isinstance(kind, sa.Boolean) else None


def _record(entity: type[Any], names: list[str], values: list[Any]) -> Any:
    """The record in the session: the one that is there already, with what it had forgotten, or a new one. None where an
    outer join found nothing."""
    found = dict(zip(names, values, strict=True))
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
