"""Tables as files for spreadsheets: CSV and XLSX, safe to open.

A text that begins like a formula is made a text: by an apostrophe in CSV, where nothing else helps, and by its cell
type in XLSX. Reading takes that apostrophe away again, so that what was given out comes back as it was.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from missions_app.errors import InvalidInput

Cell = str | int | float | date | None
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" \
ContentType="application/xml"/><Override PartName="/xl/workbook.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override \
PartName="/xl/worksheets/sheet1.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
_ROOT = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" \
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" \
Target="xl/workbook.xml"/></Relationships>"""
_BOOK_RELS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" \
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" \
Target="worksheets/sheet1.xml"/></Relationships>"""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def to_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark and semicolons, as Swedish spreadsheets expect; numbers with a point."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe(cell) for cell in head])
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def to_xlsx(title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet. Texts are inline strings, never formulas; numbers are numbers; days are ISO texts."""
    lines = [_line(1, list(head)), *(_line(place, list(row)) for place, row in enumerate(rows, 2))]
    sheet = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + "".join(lines) + "</sheetData></worksheet>"
    )  # fmt: skip
    name = escape("".join(sign for sign in title if sign not in "[]:*?/\\")[:31] or "1", {'"': "&quot;"})
    book = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for path, text in (
            ("[Content_Types].xml", _TYPES), ("_rels/.rels", _ROOT), ("xl/workbook.xml", book),
            ("xl/_rels/workbook.xml.rels", _BOOK_RELS), ("xl/worksheets/sheet1.xml", sheet),
        ):  # fmt: skip
            file.writestr(path, text)
    return out.getvalue()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return safe(cell) if isinstance(cell, str) else str(cell)


def _line(number: int, cells: Sequence[Cell]) -> str:
    return f'<row r="{number}">{"".join(_cell(cell) for cell in cells)}</row>'


def _cell(cell: Cell) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"<c><v>{cell}</v></c>"
    text = _writable("" if cell is None else cell.isoformat() if isinstance(cell, date | datetime) else str(cell))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _writable(text: str) -> str:
    """Without the control signs that XML cannot hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n\r")


class UnreadableTable(InvalidInput):
    """The file is neither CSV nor XLSX, or has no rows."""

    code = "unreadable_table"
    message = "The file could not be read as a table. Save it as CSV or XLSX with the names of the columns in row 1."


LARGEST_TABLE = 2_000_000
MOST_ROWS = 2000


def read_table(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV or XLSX file, by the names in its first row in lower case; empty rows are left out.

    Raises:
        UnreadableTable: not such a file, too large, or nothing in it.
    """
    if len(content) > LARGEST_TABLE:
        raise UnreadableTable(field="file")
    try:
        lines = _xlsx_lines(content) if content[:2] == b"PK" else _csv_lines(content)
    except (KeyError, ValueError, zipfile.BadZipFile, ElementTree.ParseError, csv.Error) as error:
        raise UnreadableTable(field="file") from error
    head = [cell.strip().lower() for cell in lines[0]] if lines else []
    rows = [
        {name: cell.strip() for name, cell in zip(head, line, strict=False) if name}
        for line in lines[1:]
        if any(cell.strip() for cell in line)
    ]
    if not rows or len(rows) > MOST_ROWS:
        raise UnreadableTable(field="file")
    return rows


def as_text(content: bytes) -> str:
    """A CSV or XLSX file as the rows of a CSV, for those who judge each line by its number.

    Raises:
        UnreadableTable: not such a file, or too large.
    """
    if len(content) > LARGEST_TABLE:
        raise UnreadableTable(field="file")
    if content[:2] != b"PK":
        return _decoded(content).replace("\x00", "")
    try:
        lines = _xlsx_lines(content)
    except (KeyError, ValueError, zipfile.BadZipFile, ElementTree.ParseError) as error:
        raise UnreadableTable(field="file") from error
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(lines)
    return out.getvalue()


def _decoded(content: bytes) -> str:
    """UTF-8, with or without a mark; what older spreadsheets save; or what they call Unicode text."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _csv_lines(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    sign = max(";,\t", key=text.partition("\n")[0].count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    return [[cell.strip().removeprefix("'") for cell in line] for line in lines]


_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def _xlsx_lines(content: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        if sum(one.file_size for one in file.infolist()) > 20 * LARGEST_TABLE:
            raise ValueError("too large when unpacked")
        names = file.namelist()
        shared: list[str] = []
        if "xl/sharedStrings.xml" in names:
            shared = ["".join(one.itertext()) for one in _xml(file.read("xl/sharedStrings.xml")).findall(f"{_SPACE}si")]
        sheet = _xml(file.read(min(name for name in names if name.startswith("xl/worksheets/sheet"))))
    return [_xlsx_cells(row, shared) for row in sheet.iter(f"{_SPACE}row")]


def _xml(content: bytes) -> ElementTree.Element:
    """Without entities of its own: a sheet that declares some is none of ours."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError("a document type in a sheet")
    return ElementTree.fromstring(content)  # noqa: S314 -- no document type, so nothing expands


def _xlsx_cells(row: ElementTree.Element, shared: Sequence[str]) -> list[str]:
    cells: list[str] = []
    for cell in row.findall(f"{_SPACE}c"):
        letters = "".join(sign for sign in cell.get("r", "") if sign.isalpha())
        place = 0
        for letter in letters:
            place = place * 26 + ord(letter.upper()) - 64
        cells += [""] * (min(place, 500) - 1 - len(cells)) if place else []
        value = cell.find(f"{_SPACE}v")
        if cell.get("t") == "inlineStr":
            text = "".join(cell.itertext())
        elif value is None or value.text is None:
            text = ""
        else:
            text = shared[int(value.text)] if cell.get("t") == "s" else value.text
        cells.append(text)
    return cells
