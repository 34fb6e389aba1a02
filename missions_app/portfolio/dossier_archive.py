"""A dossier as one zip file, byte for byte the same each time: JSON, tables, pages to read, and the documents."""

import csv
import hashlib
import html
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from missions_app.documents import storage
from missions_app.documents.models import Visibility
from missions_app.i18n import use_locale
from missions_app.portfolio.chart_svg import line_svg
from missions_app.portfolio.charts import LineChart
from missions_app.portfolio.dossier_words import cell_text, cell_value, column_title, table_title
from missions_app.portfolio.errors import NotADossier
from missions_app.portfolio.frozen_charts import charts_in

RECORD, CHECKSUM = "dossier.json", "dossier.json.sha256"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LANGUAGES = ("sv", "en")
MOST_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What an archive holds: the record, its canonical text and checksum, and the documents by checksum."""

    record: Mapping[str, Any]
    text: str
    checksum: str
    documents: Mapping[str, bytes]


def canonical(record: Mapping[str, Any]) -> str:
    """A record as text: one way to write each value."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def checksum_of(text: str) -> str:
    """SHA-256 of a record's canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()


def pack(text: str) -> bytes:
    """The archive of a frozen record. Nothing in it depends on when or where it is made."""
    record = json.loads(text)
    moment = (*(date.fromisoformat(record["cut_off"]).timetuple()[:3]), 0, 0, 0)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:

        def add(name: str, content: bytes) -> None:
            entry = zipfile.ZipInfo(name, date_time=moment)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)

        add(RECORD, text.encode())
        add(CHECKSUM, f"{checksum_of(text)}  {RECORD}\n".encode())
        for locale in LANGUAGES:
            with use_locale(locale):
                add(f"index.{locale}.html", page_of(record, locale).encode())
        for table in record["tables"]:
            add(f"tables/{table['key']}.csv", sheet_of(table).encode())
        for name, sha256 in _attachments(record):
            add(f"documents/{name}", storage.store().get(sha256))
    return buffer.getvalue()


def unpack(content: bytes) -> Unpacked:
    """Read an archive of ours and check every checksum in it.

    Raises:
        NotADossier: it is something else, or was changed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise NotADossier(field="file")
            text = archive.read(RECORD).decode()
            given = archive.read(CHECKSUM).decode().partition(" ")[0]
            record = json.loads(text)
            documents = {sha256: archive.read(f"documents/{name}") for name, sha256 in _attachments(record)}
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError) as error:
        raise NotADossier(field="file") from error
    if checksum_of(text) != given or canonical(record) != text or record.get("schema") != 1:
        raise NotADossier(field="file")
    if any(hashlib.sha256(found).hexdigest() != sha256 for sha256, found in documents.items()):
        raise NotADossier(field="file")
    return Unpacked(record, text, given, documents)


def sheet_of(table: Mapping[str, Any]) -> str:
    """A table as CSV, semicolons between cells. A cell that a spreadsheet would run as a formula is quoted away."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(table["columns"])
    for row in table["rows"]:
        writer.writerow([_harmless(cell_value(cell)) for cell in row])
    return "\ufeff" + out.getvalue()


def page_of(record: Mapping[str, Any], locale: str) -> str:
    """The record as a page that needs nothing around it."""
    title = html.escape(f"{record['title'][locale]} {record['reference']}")
    parts = [
        f'<!doctype html>\n<html lang="{locale}"><head><meta charset="utf-8"><title>{title}</title></head>',
        "<body><main>",
        f"<h1>{title}</h1>\n<p>{html.escape(record['cut_off'])}</p>",
    ]
    pictures = [
        f'<figure role="img" aria-label="{html.escape(one.description)}">{line_svg(one)}'
        f"<figcaption>{html.escape(one.caption)}{_happened(one)}</figcaption></figure>"
        for one in charts_in(record)
    ]
    for table in record["tables"]:
        if table["rows"]:
            heads = "".join(f'<th scope="col">{html.escape(column_title(one))}</th>' for one in table["columns"])
            rows = "\n".join(_row(table["columns"], row) for row in table["rows"])
            parts.append(
                f"<section><h2>{html.escape(table_title(dict(table)))}</h2>\n"
                f"{''.join(pictures) if table['key'] == 'indicators' else ''}"
                f"<table><thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table></section>"
            )
    return "\n".join([*parts, "</main></body></html>\n"])


def _happened(chart: LineChart) -> str:
    rows = (f"<li>{html.escape(day)}: {html.escape(what)}</li>" for day, what in chart.happened)
    return f"<ol>{''.join(rows)}</ol>" if chart.happened else ""


def _row(columns: list[str], row: list[Any]) -> str:
    cells = [html.escape(cell_text(column, cell)) for column, cell in zip(columns, row, strict=True)]
    return f'<tr><th scope="row">{cells[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in cells[1:]) + "</tr>"


def _harmless(text: str) -> str:
    is_number = text.replace(".", "", 1).lstrip("-").isdigit()
    return f"'{text}" if text.startswith(FORMULA) and not is_number else text


def _attachments(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name in the archive, checksum) of every stored file that the record may show, each once."""
    table = next(one for one in record["tables"] if one["key"] == "documents")
    found: dict[str, str] = {}
    for row in table["rows"]:
        cells = dict(zip(table["columns"], row, strict=True))
        if cells["file"] and cells["checksum"] and cells["visibility"] != Visibility.CLAIMED_SECRET.value:
            found[cells["checksum"]] = f"{cells['checksum'][:12]}-{cells['file']}"
    return sorted((name, sha256) for sha256, name in found.items())
