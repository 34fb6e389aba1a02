"""Giving out references. The counter's row stays locked until commit, so a number is taken as late as can be."""

from typing import Any

from sqlalchemy import Connection, bindparam, event, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapper

from missions_app import clock, db
from missions_app.references.models import ReferenceCounter

_TAKE = (
    update(ReferenceCounter)
    .where(ReferenceCounter.prefix == bindparam("of_prefix"), ReferenceCounter.year == bindparam("of_year"))
    .values(last=ReferenceCounter.last + 1)
    .returning(ReferenceCounter.last)
)


def next_reference(prefix: str, digits: int = 3) -> str:
    """The next reference of this year in the site's zone, for example next_reference("U") -> "U-2026-014". Call it last
    in the transaction."""
    return _next(db.session.connection(), prefix, digits)


def number_new(model: type[Any], prefix: str, digits: int = 3) -> None:
    """Let new rows of a model get their `reference` at the moment they are written, when every check is behind them."""

    def give(_mapper: Mapper[Any], connection: Connection, record: Any) -> None:
        if record.reference is None:
            record.reference = _next(connection, prefix, digits)

    event.listen(model, "before_insert", give)


def _next(connection: Connection, prefix: str, digits: int) -> str:
    year = clock.today().year
    counter = {"of_prefix": prefix, "of_year": year}
    number = connection.execute(_TAKE, counter).scalar()
    if number is None:
        try:
            with connection.begin_nested():
                connection.execute(insert(ReferenceCounter).values(prefix=prefix, year=year, last=1))
            number = 1
        except IntegrityError:  # a rival opened the year first
            number = connection.execute(_TAKE, counter).scalar_one()
    return f"{prefix}-{year}-{number:0{digits}d}"
