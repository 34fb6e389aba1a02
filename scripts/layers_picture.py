"""docs/layers.svg: the layers as the import contract in pyproject.toml lists them."""

import tomllib
from pathlib import Path

from scripts import svg

ROOT = Path(__file__).resolve().parent.parent
ROW, GAP, LEFT, WIDTH = 30, 10, 210, 620

# What a row is, in words; rows without words belong to the one above.
WORDS = {
    "app": "put together",
    "web": "doors: pages, API, commands",
    "edge": "who asks; refusals as HTTP",
    "schema": "joined for all",
    "portfolio": "across all cases",
    "governance": "bodies and meetings",
    "evaluation": "results",
    "bookings": "time on sites",
    "missions": "cases",
    "assessments": "shared by cases",
    "organisations": "who and where",
    "workflow": "the engine of the method",
    "comments": "beside every case",
    "accounts": "people and rights",
    "outbox": "kept with every act",
    "db": "ground",
}


def layers() -> list[list[str]]:
    """Rows from top to bottom, each with its packages."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    contract = next(one for one in contracts if one["type"] == "layers")
    return [[name.strip(" ()") for name in row.replace(":", "|").split("|")] for row in contract["layers"]]


def draw() -> str:
    """The picture as SVG."""
    rows, parts = layers(), []
    for number, row in enumerate(rows):
        y = 16 + number * (ROW + GAP)
        if row[0] in WORDS:
            parts.append(svg.words(LEFT - 14, y + 20, WORDS[row[0]], muted=True, anchor="end"))
        width = (WIDTH - GAP * (len(row) - 1)) / len(row)
        for column, name in enumerate(row):
            x = LEFT + column * (width + GAP)
            parts.append(svg.box(x, y, width, ROW, svg.PANEL))
            parts.append(svg.words(x + width / 2, y + 20, name, bold=True, anchor="middle"))
    height = 16 + len(rows) * (ROW + GAP)
    parts.append(svg.arrow(LEFT + WIDTH + 18, 20, LEFT + WIDTH + 18, height - 14))
    parts.append(svg.words(LEFT + WIDTH + 30, height / 2, "may import", muted=True))
    described = "From top to bottom: " + "; ".join(" and ".join(row) for row in rows)
    return svg.picture(
        LEFT + WIDTH + 110, height + 6, "The layers of missions_app; an import points down", described, parts
    )
