"""An installation of its own for the commands: an instance folder and a migrated database of the kind under test."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cli.forking import Forking
from tests.databases import empty_database

MISSIONS = Path(sys.executable).parent / "missions"


@dataclass(frozen=True)
class Installation:
    """Runs `missions` against its own database."""

    folder: Path
    database_url: str
    forking: Forking

    def missions(self, *arguments: str, code: int | None = 0, given: str = "", **environment: str) -> str:
        """Run a command; its output (both streams). It has to end with `code`, unless that is None."""
        variables = {
            "PATH": os.environ["PATH"], "MISSIONS_INSTANCE": str(self.folder), "DATABASE_URL": self.database_url
        }  # fmt: skip
        ended, said = self.forking.call(arguments, self.folder, variables | environment, given)
        assert code is None or ended == code, said
        return said

    def sql(self, statement: str) -> None:
        """What somebody with access to the database could do."""
        engine = sa.create_engine(self.database_url)
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@pytest.fixture(scope="session")
def forking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forking]:
    """Where the processes of the commands come from."""
    made = Forking(tmp_path_factory.mktemp("forking"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, forking: Forking) -> Iterator[Installation]:
    """Tables and nothing in them: what every installation begins as. Made by the command as it is installed. Left
    alone."""
    folder = tmp_path_factory.mktemp("migrated")
    with empty_database("cli_migrated") as url:
        made = Installation(folder, url or f"sqlite:///{folder / 'missions.sqlite'}", forking)
        variables = {"PATH": os.environ["PATH"], "MISSIONS_INSTANCE": str(folder), "DATABASE_URL": made.database_url}
        subprocess.run([MISSIONS, "migrate"], cwd=folder, check=True, env=variables)
        yield made


@contextmanager
def copied(other: Installation, folder: Path, purpose: str = "cli") -> Iterator[Installation]:
    """An installation that begins as a copy of another."""
    with empty_database(purpose, like=other.database_url) as url:
        if not url:
            shutil.copytree(other.folder, folder, dirs_exist_ok=True)
        yield Installation(folder, url or f"sqlite:///{folder / 'missions.sqlite'}", other.forking)


@pytest.fixture
def installation(migrated: Installation, tmp_path: Path) -> Iterator[Installation]:
    """A fresh installation with tables and nothing in them."""
    with copied(migrated, tmp_path) as made:
        yield made
