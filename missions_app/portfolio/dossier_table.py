"""The tables of a dossier and what may stand in their cells: a text, a number, None, or a text in both languages.

Days are ISO texts; moments are ISO texts in the region's zone, so that a dossier reads the same wherever it is opened.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from missions_app import clock
from missions_app.workflow.method import Text

Cell = Any
Table = dict[str, Any]


def table(key: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Table:
    """A table by its key in dossier_words, its columns by theirs."""
    return {"key": key, "columns": list(columns), "rows": [[plain(cell) for cell in row] for row in rows]}


def plain(cell: Cell) -> Cell:
    """A value as JSON has it."""
    if isinstance(cell, datetime):
        return cell.astimezone(clock.zone()).isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Text):
        return {"sv": cell.sv, "en": cell.en}
    return str(cell) if hasattr(cell, "value") else cell


def pairs(values: Mapping[str, float]) -> str | None:
    """Values by name in one text, such as "2027-06-30: 12; 2028-06-30: 20"."""
    return "; ".join(f"{name}: {value:.15g}" for name, value in values.items()) or None
