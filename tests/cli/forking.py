"""`missions` in a process of its own for each call, forked from one that has imported everything: that takes ten times
as long as most commands. All else is as in a shell: arguments, environment, folder, input, output, exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

from missions_app.cli import main


class Forking:
    """The process that is forked for each call. It knows nothing but the PATH."""

    def __init__(self, folder: Path) -> None:
        self._given, self._said = folder / "given", folder / "said"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.forking"], env={"PATH": os.environ["PATH"]}, text=True,
            cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def call(
        self, arguments: tuple[str, ...], folder: Path, environment: dict[str, str], given: str
    ) -> tuple[int, str]:
        """Run a command in a folder; its exit code and its output (both streams)."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._given.write_text(given, "utf-8")
        asked = [arguments, str(folder), environment, str(self._given), str(self._said)]
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline()), self._said.read_text("utf-8")

    def close(self) -> None:
        """No more calls."""
        self._process.communicate()


def _become(arguments: list[str], folder: str, environment: dict[str, str], given: str, said: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    os.dup2(os.open(given, os.O_RDONLY), 0)
    os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    os.dup2(1, 2)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 (as long as the process)
    main(arguments, prog_name="missions")


if __name__ == "__main__":
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _become(*json.loads(line))
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()
