"""Everything a change has to pass besides the tests: each step says what is wrong; all steps are run, as many at once
as there are cores."""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# The longest comes first.
STEPS: tuple[tuple[str, list[str]], ...] = (
    ("types", ["mypy"]),
    ("format", ["ruff", "format", "--check", "-q", "."]),
    ("lint", ["ruff", "check", "-q", "."]),
    ("layers", ["lint-imports", "--no-cache"]),
    ("method", ["missions", "method", "check", "config/methods/blekinge-1.toml"]),
    ("translations", ["python", "scripts/translations.py", "check"]),
    ("documents", ["python", "scripts/documents.py", "check"]),
)


def passes(name: str, command: list[str], environment: dict[str, str] | None = None) -> bool:
    """Run one step; print its output only when it fails."""
    started = time.monotonic()
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, check=False, text=True, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    said = f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name} ({time.monotonic() - started:.0f} s)\n"
    sys.stdout.write(said + done.stdout if done.returncode else said)
    sys.stdout.flush()
    return done.returncode == 0


def migrations_pass() -> bool:
    """The migrations make exactly what the models say, on an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"MISSIONS_INSTANCE": folder, "PATH": str(BIN)}
        return passes("migrate", ["missions", "migrate"], environment) and passes(
            "migrations", ["missions", "migrate", "--check"], environment
        )


def main() -> int:
    """Every step; 1 when any fails."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = [pool.submit(passes, name, command) for name, command in STEPS]
        results.append(pool.submit(migrations_pass))
    return 0 if all(result.result() for result in results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
