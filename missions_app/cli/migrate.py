"""`missions migrate`: bring the database's tables to what this version needs."""

import click
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from config.settings import Settings
from missions_app import db
from missions_app.paths import MIGRATIONS


def alembic_config(connection: sa.Connection) -> Config:
    """Alembic's settings for the shipped migrations on a connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def revision_of(connection: sa.Connection) -> str | None:
    """The revision the database is at; None before the first migration."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """The revision this version of the code needs."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return ScriptDirectory.from_config(config).get_current_head()


def migrate_to(url: str, revision: str) -> tuple[str | None, str | None]:
    """Upgrade, or downgrade when the revision lies behind; returns the revisions before and after."""
    engine = db.create_engine(url)
    try:
        with engine.connect() as connection:
            before = revision_of(connection)
            connection.rollback()
            config = alembic_config(connection)
            if _lies_behind(config, before, revision):
                command.downgrade(config, revision)
            else:
                command.upgrade(config, revision)
            connection.commit()
            after = revision_of(connection)
            connection.rollback()
    finally:
        engine.dispose()
    return before, after


def _lies_behind(config: Config, current: str | None, wanted: str) -> bool:
    if wanted == "base" or wanted.startswith("-"):
        return True
    if current is None or wanted in ("head", "heads"):
        return False
    earlier = ScriptDirectory.from_config(config).iterate_revisions(current, "base")
    return wanted in {script.revision for script in earlier} - {current}


@click.command()
@click.option("--to", "revision", default="head", show_default=True, help="A revision, or base for an empty database.")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when the models and the migrations differ.")
def migrate(revision: str, check: bool) -> None:
    """Create or update the tables. Safe to repeat; nothing is half done if it fails."""
    settings = Settings.from_environment()
    if settings.database_url.startswith("sqlite"):
        settings.instance.mkdir(parents=True, exist_ok=True)
    if check:
        engine = db.create_engine(settings.database_url)
        with engine.connect() as connection:
            command.check(alembic_config(connection))
        engine.dispose()
        return
    before, after = migrate_to(settings.database_url, revision)
    click.echo(f"The database is at {after or 'base'}" + (" already." if before == after else "."))
