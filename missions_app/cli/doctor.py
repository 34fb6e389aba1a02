"""`missions doctor`: what is wrong with an installation, and how to mend it."""

import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import click
import sqlalchemy as sa

from config.settings import Settings, WrongSettings
from missions_app import clock, db
from missions_app.audit.models import AuditEvent
from missions_app.bookings import guard
from missions_app.cli.migrate import newest_revision, revision_of
from missions_app.cli.start import connected
from missions_app.db import Base
from missions_app.i18n import LOCALES, ClashingTranslations, catalogue
from missions_app.outbox.models import Job, JobState
from missions_app.paths import STATIC, TEMPLATES
from missions_app.workflow.models import MethodStatus, MethodVersion

OLDEST_PYTHON = (3, 11)
LITTLE_ROOM = 500 * 1024 * 1024
LATE = timedelta(minutes=5)
TABLES = "Tables"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what, whether it is well, what was seen, and what to do about it if not."""

    what: str
    well: bool
    seen: str
    remedy: str = ""


def _installation() -> Iterator[Finding]:
    version = platform.python_version()
    yield Finding(
        "Python", sys.version_info >= OLDEST_PYTHON, version, "Install Python 3.11 or newer and run: make setup"
    )
    yield Finding(
        "Templates",
        (TEMPLATES / "layout.html").is_file(),
        str(TEMPLATES),
        "Install the package again; files are missing.",
    )
    vendor = STATIC / "vendor"
    built = vendor.is_dir() and any(vendor.iterdir())
    yield Finding("Front-end files", built, str(vendor), "Run: make setup (or install the wheel again)")
    for locale in LOCALES:
        try:
            known = len(catalogue(locale))
        except ClashingTranslations as error:
            yield Finding(f"Words ({locale})", False, str(error), "Give the same text one translation.")
        else:
            yield Finding(f"Words ({locale})", known > 0 or locale == "en", f"{known} translated")


def _folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.instance
    usable = folder.is_dir() and os.access(folder, os.W_OK)
    yield Finding("Instance folder", usable, str(folder), "Create it, writable for this user (MISSIONS_INSTANCE).")
    if usable:
        free = shutil.disk_usage(folder).free
        yield Finding("Disk", free > LITTLE_ROOM, f"{free // 1024**2} MiB free", "Make room on the disk.")


def _schema(_settings: Settings) -> Iterator[Finding]:
    connection = db.session.connection()
    yield Finding(
        "Database",
        True,
        f"{connection.dialect.name} {'.'.join(map(str, connection.dialect.server_version_info or ()))}",
    )
    current, newest = revision_of(connection), newest_revision()
    yield Finding(TABLES, current == newest, f"{current or 'none'}, newest is {newest}", "Run: missions migrate")
    if current == newest:
        missing = {table.name for table in Base.metadata.sorted_tables} - set(sa.inspect(connection).get_table_names())
        yield Finding("Every table there", not missing, ", ".join(sorted(missing)) or "yes", "Restore from a backup.")
        gone = guard.missing(connection)
        yield Finding(
            "Guard against double booking", not gone, f"lacks {', '.join(gone)}" if gone else "in place",
            "Restore from a backup; until then two bookings may overlap.",
        )  # fmt: skip
        refused = guard.bites(connection)
        seen = {True: "refused", False: "LET IN", None: "there is nothing to book yet"}[refused]
        yield Finding(
            "Double booking by plain SQL", refused is not False, seen,
            "Stop the web server and restore the guard from a backup.",
        )  # fmt: skip


def _method(_settings: Settings) -> Iterator[Finding]:
    adopted = db.session.scalars(
        sa.select(MethodVersion)
        .where(MethodVersion.status == MethodStatus.ADOPTED)
        .order_by(MethodVersion.number.desc())
    ).first()
    seen = f"{adopted.key} version {adopted.number}" if adopted else "none is adopted"
    yield Finding("Method", adopted is not None, seen, "Run: missions region load")


def _work(_settings: Settings) -> Iterator[Finding]:
    now = clock.now()
    waiting = db.session.scalar(
        sa.select(sa.func.count()).where(Job.state == JobState.WAITING, Job.due_at < now - LATE)
    )
    yield Finding("Worker", not waiting, f"{waiting or 'nothing'} overdue", "Start one: missions worker")
    failed = db.session.scalars(sa.select(Job.last_error).where(Job.state == JobState.FAILED).limit(3)).all()
    yield Finding(
        "Failed work", not failed, "; ".join(str(error) for error in failed) or "none", "See the log of the worker."
    )
    unsealed = db.session.scalar(
        sa.select(sa.func.count()).where(AuditEvent.seal_id.is_(None), AuditEvent.at < now - LATE)
    )
    yield Finding("Audit trail", not unsealed, f"{unsealed or 'nothing'} unsealed", "Start one: missions worker")


def _production(settings: Settings) -> Iterator[Finding]:
    if settings.mode != "production":
        return
    https = settings.base_url.startswith("https://")
    yield Finding("Address", https, settings.base_url, "Serve over https and say so in MISSIONS_BASE_URL.")
    yield Finding(
        "Scanner of uploads", bool(settings.clamd_url), settings.clamd_url or "none", "Set MISSIONS_CLAMD_URL."
    )
    yield Finding(
        "Mail", settings.mail_url.startswith("smtp"), settings.mail_url.split("@")[-1], "Set MISSIONS_MAIL_URL."
    )


Look = Callable[[Settings], Iterator[Finding]]
IN_THE_DATABASE: tuple[Look, ...] = (_schema, _method, _work)


def findings() -> Iterator[Finding]:
    """Everything looked at, in the order in which it should be mended."""
    yield from _installation()
    try:
        settings = connected()
    except WrongSettings as error:
        for problem in error.problems:
            yield Finding("Settings", False, problem, "Set the variable in the environment.")
        return
    yield Finding("Settings", True, f"{settings.mode} mode, region {settings.region}")
    yield from _folder(settings)
    yield from _production(settings)
    for look in IN_THE_DATABASE:
        try:
            for finding in look(settings):
                yield finding
                if finding.what == TABLES and not finding.well:
                    return  # the rest is looked for in tables
        except sa.exc.SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            yield Finding("Database", False, reason, "Check DATABASE_URL, then run: missions migrate")
            return
        finally:
            db.end()


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
def doctor(as_json: bool) -> None:
    """Say what is wrong with this installation and how to mend it. Exit 1 if anything is."""
    ill = False
    for finding in findings():
        ill = ill or not finding.well
        if as_json:
            click.echo(json.dumps({"what": finding.what, "well": finding.well, "seen": finding.seen,
                                   "remedy": "" if finding.well else finding.remedy}))  # fmt: skip
            continue
        click.echo(f"{'ok   ' if finding.well else 'MEND '} {finding.what}: {finding.seen}")
        if not finding.well and finding.remedy:
            click.echo(f"      {finding.remedy}")
    if ill:
        sys.exit(1)
