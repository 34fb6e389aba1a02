"""What differs between two method documents, entry by entry. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from missions_app.workflow.method_document import load


class Change(StrEnum):
    """What happened to an entry or a value."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


SIGNS = {Change.ADDED: "+", Change.REMOVED: "-", Change.CHANGED: "~"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One change at a place such as "gate[g2].criterion[g2.balance].params.least"; the missing side is None."""

    place: str
    change: Change
    old: str | None
    new: str | None

    def in_words(self) -> str:
        """One line for a terminal."""
        sides = [side for side in (self.old, self.new) if side is not None]
        return f"{SIGNS[self.change]} {self.place}: {' -> '.join(sides)}"


def differences(old: str, new: str) -> list[Difference]:
    """Every change from one document to the other, in the order of the old and then the new one.

    Args:
        old, new: valid TOML.
    """
    before, after = (dict(_flat("", load(document))) for document in (old, new))
    found = []
    for place, value in before.items():
        if place not in after:
            found.append(Difference(place, Change.REMOVED, value, None))
        elif after[place] != value:
            found.append(Difference(place, Change.CHANGED, value, after[place]))
    found += [Difference(place, Change.ADDED, None, value) for place, value in after.items() if place not in before]
    return found


def _flat(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every leaf under its place. Rows of a table are named by their id, so that moving one is no change."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{place}.{key}" if place else key, inner)
    elif isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        for number, row in enumerate(value, 1):
            yield from _flat(f"{place}[{row.get('id', number)}]", row)
    else:
        yield place, json.dumps(value, ensure_ascii=False, default=str)
