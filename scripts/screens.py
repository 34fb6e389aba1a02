"""Every page in every variant: pictures into build/screens/, and everything that is wrong; exit 1 if anything is.

scripts/screens.py                      a demonstration server of its own
scripts/screens.py --url http://localhost:8000   one that runs already (same database as this environment's settings)
scripts/screens.py --only 360-sv-light  one variant; may be repeated
scripts/screens.py --once               one page of each kind, as one person
scripts/screens.py --path /missions     only pages whose path begins so; may be repeated
"""

import argparse
import json
import os
import shutil
import sys
import time
from contextlib import nullcontext
from pathlib import Path

from playwright.sync_api import sync_playwright

from scripts import demo_server, page_checks
from scripts.test import chromium

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "build" / "screens"


def given_server(url: str) -> demo_server.DemoServer:
    """A server that runs already; its accounts are read from the database of this environment."""
    environment = dict(os.environ)
    rows = json.loads(demo_server.missions(environment, "user", "list", "--demo", "--json"))
    accounts = tuple(demo_server.Account(row["role"], row["email"], row["password"]) for row in rows)
    return demo_server.DemoServer(url.rstrip("/"), accounts, environment)


def run(
    server: demo_server.DemoServer, path: str, variants: list[page_checks.Variant], starts: list[str], once: bool
) -> page_checks.Report:
    """Find the pages, look at each in each variant, and say how it goes."""
    with sync_playwright() as playwright, page_checks.browser(playwright, path) as browser:
        started = time.monotonic()
        report = page_checks.find_pages(browser, server)
        pages = report.one_of_each() if once else report.pages
        report.pages = [page for page in pages if not starts or page.path.startswith(tuple(starts))]
        print(f"{len(report.pages)} pages found in {time.monotonic() - started:.0f} s", flush=True)
        for variant in variants:
            started = time.monotonic()
            faults = page_checks.look(browser, server, report.cookies, report.pages, variant, PICTURES)
            report.faults += faults
            report.looked_at += len(report.pages)
            print(f"{variant.name}: {len(faults)} faults in {time.monotonic() - started:.0f} s", flush=True)
    return report


def main() -> int:
    """Look at everything; 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url")
    parser.add_argument("--only", action="append", choices=[variant.name for variant in page_checks.ALL_VARIANTS])
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--path", action="append", default=[])
    options = parser.parse_args()
    path, said = chromium()
    if not path:
        print(said, file=sys.stderr)
        return 1
    variants = [one for one in page_checks.ALL_VARIANTS if not options.only or one.name in options.only]
    shutil.rmtree(PICTURES, ignore_errors=True)
    with nullcontext(given_server(options.url)) if options.url else demo_server.running() as server:
        report = run(server, path, variants, options.path, options.once)
    for fault in report.faults:
        print(fault)
    for rule in report.unreached:
        print(f"no link led to {rule}")
    print(f"{said}: {report.looked_at} views of {len(report.pages)} pages, {len(report.faults)} faults; {PICTURES}")
    return 1 if report.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
