"""What a paper of two pages has room for: long texts and lists are cut, and say where the rest is read."""

from collections.abc import Sequence
from typing import TypeVar

from missions_app.i18n import _, ngettext

T = TypeVar("T")

# How many characters each part of a decision paper may have, so that two pages of A4 hold all of them at once.
ROOM = {"reasons": 1300, "decided": 700, "against": 550, "dissent": 220, "heard": 450, "line": 130}
# How many rows a list may have.
ROWS = 4


def brief(text: str, part: str) -> str:
    """A text within the room its part has, cut after a whole word, with a reference to the dossier."""
    text, most = text.strip(), ROOM[part]
    if len(text) <= most:
        return text
    if part == "line":
        return f"{text[:most].rsplit(' ', 1)[0]} …"
    return f"{text[:most].rsplit(' ', 1)[0]} … [{_('The whole text is in the dossier.')}]"


def first_rows(rows: Sequence[T]) -> Sequence[T]:
    """As many rows as there is room for."""
    return rows[:ROWS]


def rest_of(rows: Sequence[object]) -> str:
    """What to say of the rows that there is no room for; "" when all fit."""
    left = len(rows) - ROWS
    if left <= 0:
        return ""
    return ngettext("One more is in the dossier.", "%(num)d more are in the dossier.", left)
