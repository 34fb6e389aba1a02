"""Pages of long lists: which one is asked for, and the rows of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for
from sqlalchemy import Select, func, select

from missions_app import db

T = TypeVar("T")
SIZE = 25
LARGEST = 100


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list: page number from 1, rows per page, rows in all."""

    rows: Sequence[T]
    number: int
    size: int
    total: int

    def of(self, rows: Sequence[Any]) -> "Page[Any]":
        """The same page with other rows: what was made of each."""
        return Page(rows, self.number, self.size, self.total)

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.size))


def asked_page(size: int = SIZE) -> tuple[int, int]:
    """(page, size) from the address, kept within reason."""
    number = request.args.get("page", default=1, type=int) or 1
    wanted = request.args.get("page_size", default=size, type=int) or size
    return max(1, min(number, 100_000)), max(1, min(wanted, LARGEST))


def url_of_page(number: int) -> str:
    """The address of another page of the list that is shown, with the same choices."""
    arguments = request.args.to_dict(flat=False) | {"page": [str(number)]}
    return url_for(request.endpoint or "", **(request.view_args or {}), **arguments)  # type: ignore[arg-type]


def page_of(query: Select[Any], *, size: int = SIZE) -> Page[Any]:
    """The asked page of a query on one entity: two statements."""
    number, size = asked_page(size)
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = db.session.scalars(query.limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows, number, size, total)
