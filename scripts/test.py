"""Every test this machine can run, on both databases and in a real browser, with one line for what it could not run.

    scripts/test.py            what can be run here
    scripts/test.py --all      a missing part is a failure; so it is where CI=true

PostgreSQL is looked for at TEST_DATABASE_URL, or else at 127.0.0.1:5432 as user postgres; each test process makes a
database of its own there. Chromium is looked for at CHROMIUM, or else on the PATH.
"""

import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
REPORTS = ROOT / "build" / "tests"
POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True)
class Counts:
    """What a run of pytest counted."""

    passed: int
    failed: int
    skipped: int

    def in_words(self) -> str:
        """ "12 passed, 0 failed, 1 skipped"."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def postgresql() -> tuple[str, str]:
    """The address of a server that answers and its version, or "" and why not."""
    url = os.environ.get("TEST_DATABASE_URL", POSTGRESQL)
    engine = sa.create_engine(url, connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            version = str(connection.exec_driver_sql("SHOW server_version").scalar_one())
    except sa.exc.SQLAlchemyError as error:
        return "", str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    finally:
        engine.dispose()
    return url, f"PostgreSQL {version.split()[0]}"


def chromium() -> tuple[str, str]:
    """The path of a browser and its version, or "" and why not."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else BROWSERS
    path = next((found for name in names if (found := shutil.which(name))), "")
    if not path:
        return "", "no Chromium found; install it or set CHROMIUM"
    version = subprocess.run([path, "--version"], check=False, capture_output=True, text=True).stdout.strip()
    return path, version or "Chromium"


def run_tests(name: str, marker: str, environment: dict[str, str]) -> tuple[Counts, int]:
    """Run pytest over the tests of a marker; what it counted and its exit code."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    report = REPORTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    cores = str(min(4, os.cpu_count() or 1))
    command: list[str | Path] = [
        BIN / "pytest",
        "-q",
        "-m",
        marker,
        "-n",
        cores,
        "--dist",
        "loadfile",
        "--no-loadscope-reorder",
        f"--junitxml={report}",
        "--durations=12",
    ]
    code = subprocess.run(command, cwd=ROOT, check=False, env=os.environ | environment).returncode
    return _counts(report), code


def failures(report: Path) -> list[str]:
    """A line for each test of a report that failed: where it is, its name and what it said first."""
    if not report.exists():
        return [f"{report.stem}: no report was written"]
    told = []
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        for kind in ("failure", "error"):
            if (fault := case.find(kind)) is not None:
                said = (fault.get("message") or "").strip().splitlines()
                told.append(f"{report.stem}: {case.get('classname')}::{case.get('name')}: {said[0] if said else kind}")
    return told


def _counts(report: Path) -> Counts:
    if not report.exists():
        return Counts(0, 1, 0)
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    numbers = {
        name: sum(int(suite.get(name, 0)) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
    }
    failed = numbers["failures"] + numbers["errors"]
    return Counts(numbers["tests"] - failed - numbers["skipped"], failed, numbers["skipped"])


def main(arguments: list[str]) -> int:
    """Run what can be run and say what could not; 1 when a test failed or, with --all, a part is missing."""
    everything = "--all" in arguments or os.environ.get("CI") == "true"
    server, server_said = postgresql()
    browser, browser_said = chromium()
    parts = [("sqlite", "not browser", "SQLite", {"TEST_DATABASE_URL": ""})]
    missing: list[str] = []
    if server:
        parts.append(("postgresql", "not browser and not once", server_said, {"TEST_DATABASE_URL": server}))
    else:
        missing.append(f"PostgreSQL ({server_said})")
    if browser:
        parts.append(("browser", "browser", browser_said, {"TEST_DATABASE_URL": "", "CHROMIUM": browser}))
    else:
        missing.append(f"browser tests ({browser_said})")
    lines, total, codes = [], Counts(0, 0, 0), []
    failed: list[str] = []
    for name, marker, label, environment in parts:
        print(f"\n== {label}", flush=True)
        started = time.monotonic()
        counts, code = run_tests(name, marker, environment)
        lines.append(f"{label}: {counts.in_words()} in {time.monotonic() - started:.0f} s")
        total = Counts(total.passed + counts.passed, total.failed + counts.failed, total.skipped + counts.skipped)
        codes.append(code)
        failed += failures(REPORTS / f"{name}.xml")
    print("\n" + "\n".join(lines))
    if missing:
        print(f"Not run: {'; '.join(missing)}")
    ill = any(codes) or (everything and bool(missing or total.skipped))
    if everything and total.skipped:
        print("Skipped tests are not accepted here.")
    (REPORTS / "total").write_text(f"{total.passed} {total.failed}\n", "utf-8")
    (REPORTS / "failed").write_text("".join(f"{line}\n" for line in failed), "utf-8")
    print(total.in_words(), flush=True)
    return 1 if ill else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
