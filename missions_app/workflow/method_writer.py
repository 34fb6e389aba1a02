"""Writing a method document: the same content gives the same bytes. Pure.

Tables of rows become [[sections]], texts in two languages one line, keys keep their order. Reading what was written
and writing it again changes nothing.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

BARE = re.compile(r"[A-Za-z0-9_-]+")
TEXT = {"sv", "en"}


def write_document(document: Mapping[str, Any]) -> str:
    """The document as TOML."""
    lines = [f"{_key(name)} = {_value(value)}" for name, value in document.items() if not _is_section(value)]
    for name, value in document.items():
        if _is_section(value):
            lines += _section([name], value)
    return "\n".join(lines).strip("\n") + "\n"


def write_lines(table: Mapping[str, Any]) -> str:
    """A small table as lines "key = value", for a text box."""
    return "\n".join(f"{_key(name)} = {_value(value)}" for name, value in table.items())


def _is_section(value: Any) -> bool:
    return isinstance(value, Mapping) or _is_rows(value)


def _is_rows(value: Any) -> bool:
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        return False
    return all(isinstance(row, Mapping) for row in value) and not all(set(row) == TEXT for row in value)


def _section(path: list[str], value: Any) -> Iterator[str]:
    name = ".".join(_key(part) for part in path)
    if isinstance(value, Mapping):
        yield from ("", f"[{name}]")
        yield from _row(path, value)
    else:
        for row in value:
            yield from ("", f"[[{name}]]")
            yield from _row(path, row)


def _row(path: list[str], row: Mapping[str, Any]) -> Iterator[str]:
    """Plain keys first: what follows a nested section would belong to it."""
    for name, value in row.items():
        if not _is_rows(value):
            yield f"{_key(name)} = {_value(value)}"
    for name, value in row.items():
        if _is_rows(value):
            yield from _section([*path, name], value)


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case int():
            return str(value)
        case float():
            return repr(value)
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            inner = ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case Sequence():
            return f"[{', '.join(_value(one) for one in value)}]"
    raise TypeError(f"{type(value).__name__} has no form in a method document")
