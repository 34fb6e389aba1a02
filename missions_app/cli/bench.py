"""`missions bench`: measure this machine and its database, against the bars the platform has to hold."""

import platform
import sys

import click

from config.settings import Settings
from missions_app import clock
from missions_app.cli.benchmarks import bookings
from missions_app.cli.benchmarks.figures import Figure
from missions_app.cli.benchmarks.world import fill, scratch_database, world


@click.command()
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="One JSON object per figure: figure, engine, size, value, unit, ratio, bar, holds.",
)
@click.option(
    "--size",
    "sizes",
    type=click.IntRange(0, 2_000_000),
    multiple=True,
    default=(1_000, 100_000),
    show_default=True,
    help="Reservations in the database; may be repeated.",
)
@click.option("--rounds", type=click.IntRange(1, 1000), default=100, show_default=True, help="Races for one slot.")
def bench(as_json: bool, sizes: tuple[int, ...], rounds: int) -> None:
    """Measure booking in a database of its own beside DATABASE_URL, removed afterwards. Exit 1 when a bar is missed."""
    settings = Settings.from_environment()
    clock.set_zone(settings.timezone)
    if not as_json:
        click.echo(f"{platform.platform()}, Python {platform.python_version()}, {platform.machine()}")
    well = True
    for size in sizes:
        for figure in measure(settings, size, rounds):
            well = well and figure.holds
            click.echo(figure.as_json() if as_json else figure.in_words())
    if not well:
        sys.exit(1)


def measure(settings: Settings, size: int, rounds: int) -> list[Figure]:
    """Every figure with `size` reservations of history."""
    with scratch_database(settings.database_url) as url, world(settings, url) as (engine, made):
        fill(engine, made, size)
        return [
            bookings.created(engine, made, size),
            bookings.statements(engine, made, size),
            *bookings.races(engine, made, size, rounds),
        ]
