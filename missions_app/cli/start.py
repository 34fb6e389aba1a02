"""What every command begins with: settings, logging, time zone, database and the joined packages."""

import gc
from collections.abc import Sequence
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from config.logging import set_up_logging
from config.settings import Settings
from missions_app import clock, db, wiring
from missions_app.edge.words import sentences
from missions_app.errors import DomainError
from missions_app.i18n import set_locale


def connected() -> Settings:
    """Settings from the environment, with this process connected to their database and all packages joined."""
    settings = Settings.from_environment()
    set_up_logging(settings)
    set_locale("en")
    clock.set_zone(settings.timezone)
    clock.follow(settings.clock_file)
    db.connect(settings.database_url)
    wiring.connect(settings)
    return settings


class Refusals(click.Group):
    """A group whose commands answer a refusal with a sentence and exit code 1 instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; say what was refused, or that the database is not ready."""
        gc.freeze()  # what was imported stays until the end: to look it through again, then too, takes half a second
        try:
            return super().invoke(ctx)
        except DomainError as error:
            raise click.ClickException("\n".join(words for _field, words in sentences(error))) from error
        except (OperationalError, ProgrammingError) as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise click.ClickException(f"The database is not ready: {reason}. See: missions doctor") from error
        finally:
            db.end()


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows in aligned columns under a head."""
    texts = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in texts) for column in range(len(head))]
    for row in texts:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
