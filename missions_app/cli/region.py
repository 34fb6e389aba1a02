"""`missions region`: the region's own data, without examples."""

import click

from config.settings import Settings
from missions_app.accounts.actor import SYSTEM
from missions_app.cli.start import connected
from missions_app.paths import METHODS
from missions_app.workflow import method_service
from missions_app.workflow.models import MethodVersion


@click.group()
def region() -> None:
    """Load a region's data."""


@region.command()
def load() -> None:
    """Load the region named by MISSIONS_REGION: its method. Safe to repeat."""
    settings = connected()
    for version in load_methods(settings):
        click.echo(f"Method {version.key} version {version.number} is in place.")


def load_methods(settings: Settings) -> list[MethodVersion]:
    """Adopt every shipped version of the region's method, oldest first."""
    files = sorted(METHODS.glob(f"{settings.region}-*.toml"), key=lambda file: int(file.stem.rpartition("-")[2]))
    if not files:
        raise click.ClickException(f"There is no method file for {settings.region} in {METHODS}.")
    return [method_service.publish_method(file.read_text("utf-8"), by=SYSTEM) for file in files]
