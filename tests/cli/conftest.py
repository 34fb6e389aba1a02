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

from tests.databases import empty_database

MISSIONS = Path(sys.executable).parent / "missions"


@dataclass(frozen=True)
class Installation:
    """Runs `missions` against its own database."""

    folder: Path
    database_url: str

    def missions(self, *arguments: str, code: int | None = 0, given: str = "", **environment: str) -> str:
        """Run a command; its output (both streams). It has to end with `code`, unless that is None."""
        done = subprocess.run(
            [MISSIONS, *arguments], cwd=self.folder, input=given, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={"PATH": os.environ["PATH"], "MISSIONS_INSTANCE": str(self.folder), "DATABASE_URL": self.database_url}
            | environment,
        )  # fmt: skip
        assert code is None or done.returncode == code, done.stdout
        return done.stdout

    def sql(self, statement: str) -> None:
        """What somebody with access to the database could do."""
        engine = sa.create_engine(self.database_url)
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Tables and nothing in them: what every installation begins as. Left alone."""
    folder = tmp_path_factory.mktemp("migrated")
    with empty_database("cli_migrated") as url:
        made = Installation(folder, url or f"sqlite:///{folder / 'missions.sqlite'}")
        made.missions("migrate")
        yield made


@contextmanager
def copied(other: Installation, folder: Path) -> Iterator[Installation]:
    """An installation that begins as a copy of another."""
    with empty_database("cli", like=other.database_url) as url:
        if not url:
            shutil.copytree(other.folder, folder, dirs_exist_ok=True)
        yield Installation(folder, url or f"sqlite:///{folder / 'missions.sqlite'}")


@pytest.fixture
def installation(migrated: Installation, tmp_path: Path) -> Iterator[Installation]:
    """A fresh installation with tables and nothing in them."""
    with copied(migrated, tmp_path) as made:
        yield made
