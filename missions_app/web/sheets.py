"""A table as a file that a spreadsheet opens."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from flask import send_file
from flask.typing import ResponseReturnValue

from missions_app.edge import spreadsheet
from missions_app.edge.spreadsheet import Cell


def sheet_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], form: str) -> ResponseReturnValue:
    """The table as an attachment. form: "csv" or "xlsx"."""
    if form == "csv":
        content, kind = spreadsheet.to_csv(head, rows), spreadsheet.CSV
    else:
        content, kind = spreadsheet.to_xlsx(name, head, rows), spreadsheet.XLSX
    return send_file(BytesIO(content), mimetype=kind, as_attachment=True, download_name=f"{name}.{form}")
