"""Two versions of a challenge beside each other, and mine and theirs against what both began from. Pure."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from missions_app.challenges.content import FIELDS, is_empty

_words = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is the same, added or removed."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs between what I wrote and what is saved.

    preferred is "mine" or "theirs": theirs only when I had left the field as it was.
    """

    field: str
    base: Any
    mine: Any
    theirs: Any
    preferred: str

    @property
    def both_changed(self) -> bool:
        """Whether both of us changed what we began from."""
        return bool(self.base != self.mine and self.base != self.theirs)


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs between two revisions."""

    field: str
    before: Any
    after: Any


def differences(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Difference]:
    """The fields I sent that differ from what is saved now, in the order of the form.

    Args:
        base: the content I opened. mine: the fields I sent, possibly not all. theirs: the content saved now.
    """
    found = []
    for field in FIELDS:
        name = field.name
        if name not in mine or mine[name] == theirs.get(name):
            continue
        untouched = mine[name] == base.get(name)
        found.append(Difference(name, base.get(name), mine[name], theirs.get(name), "theirs" if untouched else "mine"))
    return found


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What is different between two whole contents: fields first, then indicators, links, attachments."""
    names = [field.name for field in FIELDS] + ["indicators", "strategy_links", "attachments"]
    return [
        Change(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name) and not (is_empty(before.get(name)) and is_empty(after.get(name)))
    ]


def word_changes(before: str, after: str) -> list[Piece]:
    """The texts woven together word by word: what stayed, what went, what came."""
    old, new = _words.findall(before), _words.findall(after)
    pieces: list[Piece] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("".join(old[a:b]), "same"))
            continue
        if a < b:
            pieces.append(Piece("".join(old[a:b]), "removed"))
        if c < d:
            pieces.append(Piece("".join(new[c:d]), "added"))
    return pieces


def marked(text: str, other: str) -> list[Piece]:
    """A text with the stretches marked as added that the other text does not have."""
    return [piece for piece in word_changes(other, text) if piece.kind != "removed"]


def rows_changed(
    before: list[Mapping[str, Any]] | None, after: list[Mapping[str, Any]] | None
) -> list[tuple[str, Mapping[str, Any] | None, Mapping[str, Any] | None]]:
    """Table rows by their `id`: (kind, before, after), kind added, removed or changed; equal rows are left out."""
    old, new = ({row["id"]: row for row in rows or []} for rows in (before, after))
    found: list[tuple[str, Mapping[str, Any] | None, Mapping[str, Any] | None]] = []
    for key in [*old, *(key for key in new if key not in old)]:
        if key not in new:
            found.append(("removed", old[key], None))
        elif key not in old:
            found.append(("added", None, new[key]))
        elif old[key] != new[key]:
            found.append(("changed", old[key], new[key]))
    return found
