"""`missions export`: everything in the database as plain files."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from missions_app import clock, db
from missions_app.cli.migrate import revision_of
from missions_app.cli.start import connected
from missions_app.db import Base

# Proof of identity never leaves the database.
WITHHELD = {"password_hash", "token_hash"}
ROWS_AT_A_TIME = 1000


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value


def lines_of(table: sa.Table) -> Iterator[str]:
    """The rows of a table in id order, one JSON object per line; enumerations by their value."""
    columns = [column for column in table.columns if column.name not in WITHHELD]
    query = sa.select(*columns).order_by(*table.primary_key.columns).execution_options(yield_per=ROWS_AT_A_TIME)
    for row in db.session.execute(query):
        record = {column.name: _plain(value) for column, value in zip(columns, row, strict=True)}
        yield json.dumps(record, ensure_ascii=False) + "\n"


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write every table to FILE, a zip of JSON lines with a manifest of counts and checksums.

    Passwords and tokens are left out. Uploaded files lie in the files folder; copy it beside.
    """
    settings = connected()
    tables: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in Base.metadata.sorted_tables:
            sha, count = hashlib.sha256(), 0
            with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as target:
                for line in lines_of(table):
                    encoded = line.encode("utf-8")
                    target.write(encoded)
                    sha.update(encoded)
                    count += 1
            tables[table.name] = {"rows": count, "sha256": sha.hexdigest()}
        manifest = {
            "made_at": clock.now().isoformat(),
            "region": settings.region,
            "schema": revision_of(db.session.connection()),
            "tables": tables,
        }
        archive.writestr("manifest.json", json.dumps(manifest, indent=2))
    click.echo(f"{sum(entry['rows'] for entry in tables.values())} rows from {len(tables)} tables in {file}.")
