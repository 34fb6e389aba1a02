"""Everything that is measured, one JSON object per figure: on the embedded database and on PostgreSQL, with 1 000,
100 000 and 1 000 000 reservations, and ten thousand races on each. That takes hours; `missions bench --help` names the
parts. Exit 1 when a bar is missed.

    scripts/bench.py        both databases; PostgreSQL is looked for where scripts/test.py looks for it
    DATABASE_URL=... scripts/bench.py   this one alone
"""

import os
import subprocess
import sys

from scripts.test import BIN, postgresql


def main() -> int:
    """Measure on each database there is; 1 when a bar is missed or PostgreSQL is not there."""
    own = os.environ.get("DATABASE_URL")
    server, said = ("", "") if own else postgresql()
    code = 0
    for url in [own] if own else ["sqlite:///bench.sqlite", *([server] if server else [])]:
        done = subprocess.run([BIN / "missions", "bench", "--json", "--full"], env=os.environ | {"DATABASE_URL": url})
        code = max(code, done.returncode)
    if not own and not server:
        print(f"Not measured: PostgreSQL ({said})", file=sys.stderr)
        code = 1
    return code


if __name__ == "__main__":
    raise SystemExit(main())
