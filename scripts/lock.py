"""Resolve the dependencies and write the locks: exact versions with hashes, and no index address. Needs uv."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = ["pip", "compile", "--quiet", "--no-header", "--universal", "--python-version", "3.11", "--generate-hashes"]
LOCKS = (
    ["pyproject.toml", "-o", "requirements.txt"],
    ["pyproject.toml", "--group", "dev", "-c", "requirements.txt", "-o", "requirements-dev.txt"],
    ["--group", "pyproject.toml:node", "-o", "requirements-node.txt"],
)


def main(arguments: list[str]) -> int:
    """Write every lock; `--upgrade` takes newer versions where the bounds allow."""
    uv = shutil.which("uv")
    if uv is None:
        print("uv is needed to resolve the dependencies: pip install uv", file=sys.stderr)
        return 1
    for lock in LOCKS:
        subprocess.run([uv, *COMPILE, *arguments, *lock], cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
