"""`missions bench`: measure this machine and its database, against the bars the platform has to hold."""

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, TypeVar

import click

from config.settings import Settings
from missions_app import clock
from missions_app.cli.benchmarks import bookings, finding, http, memory, mission_page, races, week_page
from missions_app.cli.benchmarks.figures import Figure, machine
from missions_app.cli.benchmarks.world import fill, scratch_database, world

as_json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="One JSON object per figure: figure, engine, size, value, unit, ratio, bar, holds, machine, seed.",
)
size_option = click.option(
    "--size",
    "sizes",
    type=click.IntRange(0, 2_000_000),
    multiple=True,
    default=(1_000, 100_000),
    show_default=True,
    help="Reservations in the database; may be repeated.",
)
full_option = click.option("--full", is_flag=True, help="Also with 1 000 000 reservations.")
FULL = 1_000_000
F = TypeVar("F", bound=Callable[..., Any])


requests_option = click.option(
    "--requests",
    type=click.IntRange(1, 20_000),
    default=10_000,
    show_default=True,
    help="Requests before the memory of a web process is read.",
)
seed_option = click.option(
    "--seed", type=int, default=1, show_default=True, help="What the chance in races begins with."
)


def rounds_option(default: int) -> Callable[[F], F]:
    """How many races."""
    return click.option(
        "--rounds", type=click.IntRange(1, 100_000), default=default, show_default=True, help="Races over every path."
    )


@click.group(invoke_without_command=True)
@as_json_option
@size_option
@full_option
@rounds_option(10_000)
@requests_option
@seed_option
@click.pass_context
def bench(
    context: click.Context, as_json: bool, sizes: tuple[int, ...], full: bool, rounds: int, requests: int, seed: int
) -> None:
    """Measure in a database of its own beside DATABASE_URL, removed afterwards. Exit 1 when a bar is missed.

    Without a part: bookings, then pages, then races.
    """
    if context.invoked_subcommand is None:
        _say(chain(_bookings(sizes, full), _pages(requests), _races(rounds, seed)), as_json, seed)


@bench.command("bookings")
@as_json_option
@size_option
@full_option
def bench_bookings(as_json: bool, sizes: tuple[int, ...], full: bool) -> None:
    """Booking and finding time: rates, statements, and whether they hold with a long history."""
    _say(_bookings(sizes, full), as_json)


@bench.command("races")
@as_json_option
@rounds_option(300)
@seed_option
def bench_races(as_json: bool, rounds: int, seed: int) -> None:
    """Every path that occupies time against all others, in processes of their own, while a writer is killed."""
    _say(_races(rounds, seed), as_json, seed)


@bench.command("pages")
@as_json_option
@requests_option
def bench_pages(as_json: bool, requests: int) -> None:
    """The page of a large mission: statements and time, for a visitor and for its coordinator; and how much memory a
    process of the web server takes after many requests."""
    _say(_pages(requests), as_json)


def _settings() -> Settings:
    settings = Settings.from_environment()
    clock.set_zone(settings.timezone)
    return settings


def _bookings(sizes: tuple[int, ...], full: bool) -> Iterator[Figure]:
    settings, found = _settings(), []
    for size in sorted({*sizes, *((FULL,) if full else ())}):
        for figure in measure(settings, size):
            found.append(figure)
            yield figure
    yield from bookings.growth(found)


def _pages(requests: int) -> Iterator[Figure]:
    settings = _settings()
    with scratch_database(settings.database_url) as url, world(settings, url) as (engine, made):
        yield from mission_page.measure(settings, engine, made)
        yield from memory.measure(settings, engine, made, requests)


def _races(rounds: int, seed: int) -> Iterator[Figure]:
    yield from races.measure(_settings(), rounds, seed)


def measure(settings: Settings, size: int) -> Iterator[Figure]:
    """Every figure with `size` reservations of history, each as soon as it is known."""
    with scratch_database(settings.database_url) as url, world(settings, url) as (engine, made):
        fill(engine, made, size)
        app = http.application(settings, engine)
        yield from http.measure(app, engine, made, size)
        yield from finding.measure(engine, made, size)
        yield from week_page.measure(http.Caller(app), engine, made, size)


def _say(figures: Iterable[Figure], as_json: bool, seed: int | None = None) -> None:
    here = machine()
    if not as_json:
        click.echo(here)
    well = True
    for figure in figures:
        well = well and figure.holds
        click.echo(figure.as_json(here, seed) if as_json else figure.in_words())
    if not well:
        sys.exit(1)
