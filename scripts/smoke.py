"""Does an installation serve? `run`: make run in this checkout, twice. `wheel`: the wheel in an empty environment.

Each starts the demonstration, waits for the address it prints, fetches pages and assets, and stops it as Ctrl-C does.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from urllib.request import urlopen

from scripts.demo_server import free_port

ROOT = Path(__file__).resolve().parent.parent
ANNOUNCED = re.compile(r"Missions runs at (http://\S+)")
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')
PATIENCE_SECONDS = 600
SECOND_START_SECONDS = 20.0
LAST_LINES = 60


def _address(process: "subprocess.Popen[str]") -> str:
    """What it prints is shown only when it never serves: thousands of letters are written to the log."""
    assert process.stdout is not None
    said: deque[str] = deque(maxlen=LAST_LINES)
    for line in process.stdout:
        said.append(line.rstrip())
        if match := ANNOUNCED.search(line):
            return match.group(1)
    raise SystemExit("\n  | ".join(["smoke: it ended without serving", *said]))


def fetch(url: str) -> str:
    """The text of a page that must answer 200."""
    with urlopen(url, timeout=30) as response:
        return str(response.read().decode("utf-8", "replace"))


def serves(command: Sequence[str | Path], folder: Path, environment: dict[str, str]) -> float:
    """Start it, look at the start page with its assets, stop it; seconds until it served."""
    started = time.monotonic()
    process = subprocess.Popen(
        [str(part) for part in command], cwd=folder, env=environment, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        address = _address(process)
        took = time.monotonic() - started
        page = fetch(address)
        assets = sorted(set(ASSET.findall(page)))
        if "<h1" not in page or len(assets) < 3:
            raise SystemExit("smoke: the start page is not whole")
        for asset in assets:
            fetch(address + asset)
        print(f"  served the start page and {len(assets)} assets after {took:.1f} s")
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
    return took


def run_twice() -> None:
    """make run with fresh data, and again: quick, on the same data."""
    with tempfile.TemporaryDirectory() as instance:
        environment = os.environ | {"MISSIONS_INSTANCE": instance, "PYTHONUNBUFFERED": "1"}
        environment.pop("TEST_DATABASE_URL", None)
        command = ["make", "--no-print-directory", "run", f"PORT={free_port()}"]
        serves(command, ROOT, environment)
        before = (Path(instance) / "missions.sqlite").stat().st_size
        again = serves(command, ROOT, environment)
        if again > SECOND_START_SECONDS or (Path(instance) / "missions.sqlite").stat().st_size < before:
            raise SystemExit(f"smoke: the second start took {again:.0f} s or lost data")


def _install(binaries: Path, *arguments: str) -> None:
    uv = shutil.which("uv")
    pip = [uv, "pip", "install", "--python", str(binaries / "python")] if uv else [str(binaries / "pip"), "install"]
    subprocess.run([*pip, "-q", *arguments], check=True)


def wheel() -> None:
    """Build it, install it with the locked packages in an empty environment elsewhere, serve from there."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(
            [sys.executable, "-m", "build", "--no-isolation", "--wheel", "-o", folder, "."],
            cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        built = next(folder.glob("*.whl"))
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        binaries = folder / "venv" / "bin"
        _install(binaries, "--require-hashes", "-r", str(ROOT / "requirements.txt"))
        _install(binaries, "--no-deps", str(built))
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("MISSIONS_", "DATABASE_"))
        }
        environment |= {"PORT": str(free_port()), "PYTHONUNBUFFERED": "1"}
        elsewhere = folder / "elsewhere"
        elsewhere.mkdir()
        serves([binaries / "missions", "demo", "run"], elsewhere, environment)
        subprocess.run([binaries / "missions", "worker", "--once"], cwd=elsewhere, env=environment, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        doctor = subprocess.run([binaries / "missions", "doctor"], cwd=elsewhere, env=environment, check=False)
        if doctor.returncode:
            raise SystemExit("smoke: missions doctor finds faults in the installed wheel")


if __name__ == "__main__":
    if sys.argv[1:] not in (["run"], ["wheel"]):
        raise SystemExit(__doc__)
    run_twice() if sys.argv[1] == "run" else wheel()
