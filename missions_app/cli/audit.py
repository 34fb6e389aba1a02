"""`missions audit`: the history and its seals."""

import json
import sys

import click

from missions_app.audit import seals
from missions_app.cli.start import connected


@click.group()
def audit() -> None:
    """Check the audit trail."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object per fault.")
def verify(as_json: bool) -> None:
    """Recompute every seal; exit 1 and name each row that was edited, deleted, inserted or moved."""
    connected()
    faults = seals.verify()
    for fault in faults:
        if as_json:
            click.echo(json.dumps({"seal": fault.seal_id, "event": fault.event_id, "why": fault.why}))
        else:
            event = f", event {fault.event_id}" if fault.event_id is not None else ""
            click.echo(f"Seal {fault.seal_id}{event}: {fault.why}.")
    if faults:
        sys.exit(1)
    if not as_json:
        click.echo("The audit trail is whole: nothing that was sealed has changed.")


@audit.command()
def seal() -> None:
    """Seal now what the worker would seal within a minute."""
    connected()
    count = 0
    while sealed := seals.seal_batch():
        count += sealed
    click.echo(f"{count} events sealed.")
