"""The pictures and tables in docs/ that are made from the code.

scripts/documents.py write    make them
scripts/documents.py check    exit 1 when one is out of date or a criterion lacks its record, page or test
"""

import sys
from collections.abc import Callable
from pathlib import Path

from scripts import criteria_table, data_model_picture, layers_picture

DOCS = Path(__file__).resolve().parent.parent / "docs"
MADE: dict[str, Callable[[], str]] = {
    "layers.svg": layers_picture.draw,
    "data-model.svg": data_model_picture.draw,
    "criteria.md": criteria_table.write,
}


def faults() -> list[str]:
    """What is out of date or incomplete."""
    found = []
    for name, make in MADE.items():
        made = make()
        file = DOCS / name
        if not file.exists() or file.read_text("utf-8") != made:
            found.append(f"docs/{name} is out of date; run: make docs")
        if name == "criteria.md":
            found += criteria_table.empty_cells(made)
    return found


def main(arguments: list[str]) -> int:
    """Write or check."""
    if arguments == ["write"]:
        for name, make in MADE.items():
            (DOCS / name).write_text(make(), "utf-8")
            print(f"docs/{name}")
        return 0
    if arguments == ["check"]:
        found = faults()
        print("\n".join(found))
        return 1 if found else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
