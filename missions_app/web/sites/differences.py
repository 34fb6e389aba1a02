"""What differs between two states of something, in words: the rows and the steps of every history of sites."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from missions_app.accounts.actor import SYSTEM
from missions_app.audit.models import AuditEvent
from missions_app.challenges.comparing import Piece, word_changes
from missions_app.i18n import _


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that differs: what it is called, its text before and after, and the two as one with what went and what
    came."""

    label: str
    before: str
    after: str
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Step:
    """One act of a history: when, by whom, what it was, and what differs."""

    at: datetime
    who: str
    said: str
    rows: Sequence[Row] = ()


def prose(label: str, before: str, after: str) -> Row:
    """A text that is read in parts: each word that went or came."""
    return Row(label, before, after, word_changes(before, after))


def whole(label: str, before: str, after: str) -> Row:
    """A choice, a day or a number, which is not read in parts."""
    pieces = [Piece(before, "removed"), Piece(" ", "same"), Piece(after, "added")]
    return Row(label, before, after, [one for one in pieces if one.text])


def listed(label: str, before: Iterable[str], after: Iterable[str]) -> Row:
    """Names in no order: each that went, came or stayed."""
    old, new = set(before), set(after)
    pieces: list[Piece] = []
    for name in sorted(old | new):
        kind = "same" if name in old & new else "added" if name in new else "removed"
        pieces += [Piece(", ", "same")] * bool(pieces) + [Piece(name, kind)]
    return Row(label, ", ".join(sorted(old)), ", ".join(sorted(new)), pieces)


def who_did(event: AuditEvent, names: Mapping[str, str]) -> str:
    """Who did something. names: actor id -> name, for those whose name is kept."""
    unnamed = _("the system") if event.actor_id == SYSTEM.audit_id else _("somebody whose name is no longer kept")
    return names.get(event.actor_id) or unnamed
