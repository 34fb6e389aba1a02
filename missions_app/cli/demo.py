"""`missions demo`: the platform with example data, ready to try."""

import socket
import sys
import time

import click
import sqlalchemy as sa

from config.settings import Settings, environment
from missions_app import db
from missions_app.accounts.demonstration import demo_accounts
from missions_app.cli.examples.loader import load_region_examples
from missions_app.cli.migrate import migrate_to
from missions_app.cli.region import load_methods
from missions_app.cli.serve import answers, server_command
from missions_app.cli.start import connected, table
from missions_app.cli.supervisor import run_together


@click.group()
def demo() -> None:
    """Try the platform with example data."""


def _demo_settings() -> Settings:
    settings = Settings.from_environment()
    if not settings.is_demo:
        raise click.ClickException("Example data is for demonstration mode only (MISSIONS_MODE=demo).")
    return settings


@demo.command()
def load() -> None:
    """Load the example data. What is there already stays as it is."""
    _demo_settings()
    load_examples(connected())


def load_examples(settings: Settings) -> None:
    """Fill an empty database; one that has demonstration accounts is left alone."""
    if demo_accounts():
        click.echo("The example data is there already.")
        return
    started = time.monotonic()
    click.echo(f"Loading the example data of {settings.region} ...")
    with db.transaction():  # all of it, or nothing is left to stumble over
        load_methods(settings)
        load_region_examples(settings.region, click.echo)
    click.echo(f"Loaded in {time.monotonic() - started:.0f} seconds.")


@demo.command()
@click.option("--port", type=click.IntRange(1, 65535), show_default="$PORT or 8000")
@click.option("--workers", type=click.IntRange(1, 16), default=2, show_default=True, help="Server processes.")
def run(port: int | None, workers: int) -> None:
    """Bring the tables up to date, load the example data, and run server and worker until Ctrl-C."""
    settings = _demo_settings()
    port = port or settings.port
    _require_free(port)
    settings.instance.mkdir(parents=True, exist_ok=True)
    before, after = migrate_to(settings.database_url, "head")
    click.echo(
        f"Database: {_without_password(settings.database_url)}, {'up to date' if before == after else 'tables made'}"
    )
    load_examples(connected())
    _print_accounts()
    engine = db.session.get_bind()
    db.end()
    if isinstance(engine, sa.Engine):
        engine.dispose()
    commands = {
        "server": server_command(port, "127.0.0.1", workers, 4),
        "worker": [sys.executable, "-m", "missions_app.cli", "worker"],
    }
    sys.exit(
        run_together(
            commands, environment=environment(PORT=str(port)), ready=lambda: answers(port), tell=lambda: _tell(port)
        )
    )


def _tell(port: int) -> None:
    click.echo(f"\nMissions runs at http://localhost:{port}   (Ctrl-C stops it)\n")
    sys.stdout.flush()


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} is taken. Stop what runs there, or choose another: make run PORT={port + 1}"
            ) from error


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    return f"{head.partition('://')[0]}://…@{tail}" if at and ":" in head.partition("://")[2] else url


def _print_accounts() -> None:
    accounts = demo_accounts()
    if accounts:
        click.echo(f"\nAccounts to try, all with the password {accounts[0].password}\n")
        table(["e-mail", "who"], [[account.email, account.function or account.name] for account in accounts])
        sys.stdout.flush()
