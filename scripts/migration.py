"""Write a new migration from the difference between the models and the migrations so far.

    scripts/migration.py "Give every site a summary"

The migrations are run on an empty database of SQLite's, so nobody's data is touched. Read the result before it is kept:
guards (exclusion constraints, triggers) and data have to be written by hand.
"""

import re
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from missions_app import db
from missions_app.cli.migrate import alembic_config
from missions_app.paths import MIGRATIONS

ROOT = Path(__file__).resolve().parent.parent


def next_number() -> str:
    """The number after the last migration's, four digits."""
    numbers = [int(file.name[:4]) for file in (MIGRATIONS / "versions").glob("[0-9][0-9][0-9][0-9]_*.py")]
    return f"{max(numbers, default=0) + 1:04}"


def _hook(config: Config) -> Config:
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_section_option("post_write_hooks", "hooks", "ruff")
    config.set_section_option("post_write_hooks", "ruff.type", "exec")
    config.set_section_option("post_write_hooks", "ruff.executable", str(Path(sys.executable).parent / "ruff"))
    config.set_section_option("post_write_hooks", "ruff.options", "format -q REVISION_SCRIPT_FILENAME")
    return config


def main(title: str) -> int:
    """Write the file and say where it is."""
    with tempfile.TemporaryDirectory() as folder:
        engine = db.create_engine(f"sqlite:///{folder}/empty.sqlite")
        with engine.connect() as connection:
            config = _hook(alembic_config(connection))
            command.upgrade(config, "head")
            connection.commit()
            made = command.revision(config, message=title, autogenerate=True, rev_id=next_number())
        engine.dispose()
    path = Path(getattr(made, "path", ""))
    text = re.sub(r"\n    # (### commands auto generated|### end Alembic)[^\n]*", "", path.read_text("utf-8"))
    path.write_text(text, "utf-8")
    print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        print(__doc__)
        raise SystemExit(2)
    raise SystemExit(main(sys.argv[1]))
