"""A demonstration server of its own for the browser tests and the screenshots: fresh data, a free port."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
PATIENCE_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Account:
    """A demonstration account."""

    role: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class DemoServer:
    """Where it answers, who may sign in, and the environment with which `missions` speaks to its database."""

    url: str
    accounts: tuple[Account, ...]
    environment: dict[str, str]


def free_port() -> int:
    """A port nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def missions(environment: dict[str, str], *arguments: str) -> str:
    """Run the `missions` command; its output."""
    return subprocess.run(
        [BIN / "missions", *arguments], env=environment, check=True, capture_output=True, text=True
    ).stdout


@contextmanager
def running(database_url: str = "", **more: str) -> Iterator[DemoServer]:
    """Serve fresh example data while the block runs: in the given empty database, or in a temporary one of SQLite's.

    Args:
        more: further variables of the server's environment.
    """
    with tempfile.TemporaryDirectory(prefix="missions-") as folder:
        port = free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MISSIONS_")}
        environment |= {"MISSIONS_INSTANCE": folder, "PORT": str(port), "MISSIONS_RATE_LIMITS": "off", **more}
        environment["DATABASE_URL"] = database_url or f"sqlite:///{folder}/missions.sqlite"
        log = Path(folder) / "server.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [BIN / "missions", "demo", "run"], env=environment, stdout=output, stderr=subprocess.STDOUT
            )
            try:
                _wait(process, port, log)
                rows = json.loads(missions(environment, "user", "list", "--demo", "--json"))
                accounts = tuple(Account(row["role"], row["email"], row["password"]) for row in rows)
                yield DemoServer(f"http://localhost:{port}", accounts, environment)
            finally:
                process.terminate()
                process.wait(60)


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise RuntimeError(f"The demonstration server did not start:\n{log.read_text('utf-8')[-4000:]}")
