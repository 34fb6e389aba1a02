"""The parts of a method as forms see them: which fields each part has, and of which form. From the schema, so that a
new key of the method needs no new form. Pure."""

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import BaseModel

from missions_app.workflow.method import Method
from missions_app.workflow.method_parts import Guard, Text
from missions_app.workflow.predicates import Predicate


class Form(StrEnum):
    """How a field is written. `text` is one text in each language, `texts` several such; `lines` is one word a line;
    `table` is key = value; `group` is a part inside the part; `rows` are parts with pages of their own."""

    WORD = "word"
    WHOLE = "whole"
    NUMBER = "number"
    YES_NO = "yes_no"
    DATE = "date"
    CHOICE = "choice"
    TEXT = "text"
    TEXTS = "texts"
    LINES = "lines"
    WHOLES = "wholes"
    TABLE = "table"
    GROUP = "group"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class FieldShape:
    """One key of a part: its name in the document, its form, whether it must be there, the choices it has, the part
    it holds, and for `texts` how many there are."""

    name: str
    form: Form
    required: bool
    choices: tuple[str, ...] = ()
    part: "type[BaseModel] | None" = None
    number: int = 0


Path = tuple[str | int, ...]
PLAIN: dict[Any, Form] = {
    str: Form.WORD, int: Form.WHOLE, float: Form.NUMBER, bool: Form.YES_NO, date: Form.DATE, Text: Form.TEXT,
}  # fmt: skip
PARTS: tuple[str, ...] = tuple(
    field.alias or name for name, field in Method.model_fields.items() if (field.alias or name) != "schema"
)


@cache
def fields_of(part: type[BaseModel]) -> tuple[FieldShape, ...]:
    """The fields of a part, in the schema's order."""
    return tuple(
        _shape(field.alias or name, field.annotation, field.is_required(), field.metadata)
        for name, field in part.model_fields.items()
    )


@cache
def part_at(steps: tuple[str, ...]) -> FieldShape:
    """The field at a path of names, row numbers left out: ("gate", "criterion"); KeyError when there is none."""
    part: type[BaseModel] | None = Method
    found: FieldShape | None = None
    for step in steps:
        if part is None:
            raise KeyError(step)
        found = {one.name: one for one in fields_of(part)}[step]
        part = found.part
    if found is None:
        raise KeyError(steps)
    return found


def names(path: Path) -> tuple[str, ...]:
    """A path without its row numbers."""
    return tuple(step for step in path if isinstance(step, str))


def _shape(name: str, annotation: Any, required: bool, metadata: Sequence[Any]) -> FieldShape:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _shape(name, arguments[0], required, (*metadata, *arguments[1:]))
    if origin in (types.UnionType, typing.Union):
        inner = next(one for one in arguments if one is not type(None))
        return _shape(name, inner, False, metadata)
    if origin is typing.Literal:
        return FieldShape(name, Form.CHOICE, required, tuple(str(one) for one in arguments))
    if origin is tuple:
        return _list_shape(name, arguments, required, metadata)
    if origin is dict or annotation in (Predicate, Guard, Any):
        return FieldShape(name, Form.TABLE, required)
    if annotation in PLAIN:
        return FieldShape(name, PLAIN[annotation], required)
    return FieldShape(name, Form.GROUP, required, part=annotation)


def _list_shape(name: str, arguments: tuple[Any, ...], required: bool, metadata: Sequence[Any]) -> FieldShape:
    inner = arguments[0]
    while typing.get_origin(inner) is typing.Annotated:
        inner = typing.get_args(inner)[0]
    if inner is Text:
        least = next((one.min_length for one in metadata if hasattr(one, "min_length")), 1)
        return FieldShape(name, Form.TEXTS, required, number=least)
    if inner is int:
        return FieldShape(name, Form.WHOLES, required)
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return FieldShape(name, Form.ROWS, required, part=inner)
    return FieldShape(name, Form.LINES, required)


def row_title(row: Mapping[str, Any]) -> str:
    """What a row may be called in a list: its label, its id, or what it goes from and to."""
    for key in ("id", "subject", "code", "level", "order", "check"):
        if row.get(key):
            return str(row[key])
    if "from" in row:
        return f"{row['from']} – {row.get('to', '')}"
    return "–"
