"""Differences between two documents as people read them: by part and row, with both sides of every value. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from missions_app.workflow import method_document
from missions_app.workflow.method_diff import Change, Difference, differences

ROW = re.compile(r"^(?:[a-z_]+\[[^\]]*\]\.?)+")


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """One changed value: its key, the language of a text ("" else), and both sides (None: it is not there)."""

    field: str
    lang: str
    change: Change
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row or table that changed: its part, its label in both languages (or its key), whether the whole row is new
    or gone, and its changed values."""

    part: str
    label: Mapping[str, str]
    key: str
    change: Change
    values: Sequence[ChangedValue]


def grouped(old: str, new: str) -> list[ChangedRow]:
    """Every change, row by row, in the document's order. Version and status of the draft itself are left out."""
    before, after = method_document.load(old), method_document.load(new)
    rows: dict[str, list[Difference]] = {}
    for one in differences(old, new):
        if one.place in ("meta.version", "meta.status"):
            continue
        match = ROW.match(one.place)
        place = match.group(0).rstrip(".") if match else one.place.partition(".")[0]
        rows.setdefault(place, []).append(one)
    return [_row(place, found, before, after) for place, found in rows.items()]


def _row(place: str, found: Sequence[Difference], before: Any, after: Any) -> ChangedRow:
    there = [_exact(tables, place) for tables in (before, after)]
    change = Change.CHANGED
    if "[" in place:
        change = Change.ADDED if there[0] is None else Change.REMOVED if there[1] is None else Change.CHANGED
    row = there[1] if there[1] is not None else there[0]
    label = row.get("label") if isinstance(row, Mapping) else None
    return ChangedRow(
        part=place.partition("[")[0], label=label if isinstance(label, Mapping) else {},
        key=place.rpartition("[")[2].rstrip("]"), change=change,
        values=[_value(one, place) for one in found],
    )  # fmt: skip


def _exact(tables: Any, place: str) -> Any:
    path, rest = method_document.locate(tables, place)
    return None if rest or not path else method_document.at(tables, path)


def _value(one: Difference, place: str) -> ChangedValue:
    inside = one.place[len(place) :].lstrip(".")
    field, _dot, last = inside.rpartition(".")
    lang = last if last in ("sv", "en") else ""
    return ChangedValue((field if lang else inside) or place, lang, one.change, _plain(one.old), _plain(one.new))


def _plain(text: str | None) -> str | None:
    """A JSON value as it is read: texts without quotation marks, lists with commas."""
    if text is None:
        return None
    value = json.loads(text)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)
