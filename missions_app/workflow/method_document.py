"""A method document as nested tables that can be looked up and changed at a path. Pure.

A path goes by names and row numbers: ("gate", 1, "criterion", 4).
"""

import copy
import hashlib
import json
import pickle
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from missions_app.workflow.method_schema import Path
from missions_app.workflow.method_writer import write_document

# An editor works on one draft beside the version in force, and each request needs their tables several times.
MOST_KEPT = 8


def load(document: str) -> dict[str, Any]:
    """The document's tables, the caller's own; tomllib's own error when it is not TOML."""
    return pickle.loads(_parsed(document))  # type: ignore[no-any-return]


@lru_cache(MOST_KEPT)
def _parsed(document: str) -> bytes:
    """The tables packed, so that nobody changes what others get; unpacking is many times faster than parsing."""
    return pickle.dumps(tomllib.loads(document))


def at(tables: Mapping[str, Any], path: Path) -> Any:
    """What stands at a path; None when nothing does."""
    here: Any = tables
    for step in path:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            return None
    return here


def put(tables: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """A copy with another value at a path; one past the last row adds a row."""
    changed = copy.deepcopy(dict(tables))
    here = _parent(changed, path)
    last = path[-1]
    if isinstance(here, list) and last == len(here):
        here.append(value)
    else:
        here[last] = value
    return changed


def without(tables: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """A copy without what stands at a path."""
    changed = copy.deepcopy(dict(tables))
    del _parent(changed, path)[path[-1]]
    return changed


def moved(tables: Mapping[str, Any], path: Path, by: int) -> dict[str, Any]:
    """A copy in which a row stands further up (-1) or down (+1); as it was at the ends."""
    changed = copy.deepcopy(dict(tables))
    rows, place = _parent(changed, path), path[-1]
    to = int(place) + by
    if 0 <= to < len(rows):
        rows[place], rows[to] = rows[to], rows[place]
    return changed


def _parent(tables: dict[str, Any], path: Path) -> Any:
    here: Any = tables
    for step, following in zip(path[:-1], path[1:], strict=True):
        if isinstance(here, dict) and step not in here:
            here[step] = [] if isinstance(following, int) else {}
        here = here[step]
    return here


def fingerprint(value: Any) -> str:
    """A short digest of what an editor saw, to notice that somebody else has changed it."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:20]


def text_of(tables: Mapping[str, Any]) -> str:
    """The tables as a document."""
    return write_document(tables)


def path_of(tables: Mapping[str, Any], place: str) -> Path:
    """Where a place of a problem or a difference is: "gate[g2].criterion[g2.balance].params" names rows by id. What
    cannot be found ends the path."""
    return locate(tables, place)[0]


def locate(tables: Mapping[str, Any], place: str) -> tuple[Path, Path]:
    """Where a place is as far as it can be found, and the rest of it by name."""
    found: list[str | int] = []
    here: Any = tables
    parts = re.findall(r"[^.\[\]]+(?:\[[^\]]*\])?", place)
    for position, part in enumerate(parts):
        name, _bracket, key = part.partition("[")
        if not isinstance(here, Mapping) or name not in here:
            return tuple(found), tuple(parts[position:])
        found.append(name)
        here = here[name]
        if key:
            number = _row_number(here, key.rstrip("]"))
            if number is None:
                return tuple(found), tuple(parts[position + 1 :])
            found.append(number)
            here = here[number]
    return tuple(found), ()


def _row_number(rows: Any, key: str) -> int | None:
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        return None
    for number, row in enumerate(rows):
        if isinstance(row, Mapping) and str(row.get("id") or row.get("subject") or row.get("order")) == key:
            return number
    return int(key) - 1 if key.isdecimal() and 0 < int(key) <= len(rows) else None


def page_path(path: Path) -> Path:
    """The part of a path that has a page of its own: a row, a table, or a list of rows."""
    last = max((number for number, step in enumerate(path) if isinstance(step, int)), default=0)
    return path[: last + 1]
