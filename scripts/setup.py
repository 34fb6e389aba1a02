"""Set everything up inside the checkout: needs Python 3.11 or newer, nothing else. Quick when nothing has changed.

    python3 scripts/setup.py

Leaves .venv/bin/missions and .venv/bin/pytest, and the front-end files under missions_app/static/vendor.
Each step is stamped with a digest of what it depends on, so that it is only done again when that changes.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
TICK_SECONDS = 5


def say(text: str) -> None:
    """One line of progress, seen at once."""
    print(f"setup: {text}", flush=True)


def run(command: list[str | Path], what: str) -> None:
    """Run a command quietly, with a sign of life every few seconds; its output is shown only when it fails."""
    log = VENV / "setup.log"
    started = time.monotonic()
    with log.open("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen([str(part) for part in command], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        while True:
            try:
                code = process.wait(TICK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                say(f"  {what} ... {time.monotonic() - started:.0f} s")
        if code:
            output.seek(0)
            print("".join(output.readlines()[-40:]), file=sys.stderr)
            raise SystemExit(f"setup: {what} failed: {' '.join(str(part) for part in command)}")


def digest(*names: str) -> str:
    """A digest over files of the checkout and the version of Python in use."""
    sha = hashlib.sha256(subprocess.check_output([PYTHON, "-VV"]))
    for name in names:
        sha.update((ROOT / name).read_bytes())
    return sha.hexdigest()


def once(step: str, files: tuple[str, ...], present: Path, work: Callable[[], None]) -> None:
    """Do a step unless it was done with exactly these files and its result is still there."""
    stamp = VENV / f"setup-{step}"
    wanted = digest(*files)
    if present.exists() and stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    stamp.unlink(missing_ok=True)
    started = time.monotonic()
    work()
    stamp.write_text(wanted, "utf-8")
    say(f"  done in {time.monotonic() - started:.0f} s")


def make_environment() -> None:
    """A virtual environment with this Python, unless there is one that works."""
    if PYTHON.exists():
        probe = [str(PYTHON), "-c", f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"]
        if subprocess.run(probe, check=False, stderr=subprocess.DEVNULL).returncode == 0:
            return
        shutil.rmtree(VENV)
    say(f"environment for Python {sys.version.split()[0]} in .venv")
    uv = shutil.which("uv")
    maker = [uv, "venv", "-q", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
    if subprocess.run([*maker, str(VENV)], check=False).returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SystemExit(
            "setup: this Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"
        )


def installer() -> list[str | Path]:
    """uv where there is one, otherwise pip of the environment."""
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--python", PYTHON]
    if subprocess.run([PYTHON, "-m", "pip", "--version"], check=False, capture_output=True).returncode:
        run([PYTHON, "-m", "ensurepip"], "pip")
    return [PYTHON, "-m", "pip", "install", "--disable-pip-version-check"]


def install_packages() -> None:
    """The pinned packages, each checked against its hash."""
    say("Python packages (the first time a minute or so)")
    run([*installer(), "--require-hashes", "-r", "requirements-dev.txt"], "Python packages")


def install_project() -> None:
    """The `missions` command, reading this checkout."""
    say("the missions command")
    run([*installer(), "--no-deps", "--no-build-isolation", "-e", "."], "the missions command")


def _newer_node() -> bool:
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    version = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout.strip()
    major = version.lstrip("v").partition(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def install_front_end() -> None:
    """The front-end packages from the lock file; npm is the machine's own, or comes as a Python package."""
    if _newer_node():
        npm = str(shutil.which("npm"))
    else:
        say("npm, because this machine has no Node.js of version 20 or newer")
        run([*installer(), "--require-hashes", "-r", "requirements-node.txt"], "npm")
        npm = str(BIN / "npm")
    say("front-end packages")
    run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], "front-end packages")


def main() -> int:
    """Every step in order."""
    if sys.version_info < OLDEST_PYTHON:
        raise SystemExit(f"setup: Python 3.11 or newer is needed, this is {sys.version.split()[0]}.")
    os.chdir(ROOT)
    make_environment()
    once("packages", ("requirements-dev.txt",), BIN / "pytest", install_packages)
    once("project", ("pyproject.toml", "requirements-dev.txt"), BIN / "missions", install_project)
    front_end = ("package-lock.json", ".npmrc", "requirements-node.txt")
    once("front-end", front_end, ROOT / "node_modules" / ".package-lock.json", install_front_end)
    result = subprocess.run([PYTHON, "scripts/assets.py"], check=False, capture_output=True, text=True)
    if result.returncode:
        raise SystemExit(f"setup: {result.stderr.strip() or result.stdout.strip()}")
    if "up to date" not in result.stdout:
        say(result.stdout.strip())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
