"""The shape of the source: layers, sizes, and a dependency that says what it is for."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400


def test_imports_follow_the_layers() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    files = [
        file for folder in ("missions_app", "config", "scripts", "tests") for file in (ROOT / folder).rglob("*.py")
    ]
    long = [f"{file.relative_to(ROOT)}" for file in files if len(file.read_text("utf-8").splitlines()) > LONGEST_FILE]
    assert long == []


def test_every_dependency_says_what_it_is_for() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    lines = re.findall(r'^  "[a-z0-9\[\]-]+[><=].*$', text, re.MULTILINE)
    assert len(lines) > 20
    assert [line for line in lines if "# " not in line] == []


def test_locks_name_no_index() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-node.txt", "package-lock.json"):
        text = (ROOT / name).read_text("utf-8")
        assert "--index" not in text
        assert not re.search(r'"resolved"|@ https?:', text)


def test_only_settings_reads_the_environment() -> None:
    found = [
        str(file.relative_to(ROOT))
        for folder in ("missions_app", "config")
        for file in (ROOT / folder).rglob("*.py")
        if re.search(r"os\.environ|os\.getenv|\bgetenv\(", file.read_text("utf-8"))
    ]
    assert found == ["config/settings.py"]


def test_only_the_clock_reads_the_time() -> None:
    reading = re.compile(r"datetime\.now\(|date\.today\(|datetime\.utcnow\(|time\.time\(")
    found = [
        str(file.relative_to(ROOT))
        for file in (ROOT / "missions_app").rglob("*.py")
        if reading.search(file.read_text("utf-8"))
    ]
    assert found == ["missions_app/clock.py"]
