"""docs/data-model.svg: every table, its columns and what they point at, grouped by package in layer order."""

from collections import Counter, defaultdict

import sqlalchemy as sa

from missions_app import models
from scripts import svg
from scripts.layers_picture import layers

LINE, HEAD, WIDTH, GAP, COLUMNS, PAD = 15, 22, 268, 14, 5, 12


def packages() -> dict[str, list[sa.Table]]:
    """Package -> its tables, lowest layer first."""
    registry = models.accounts.User.registry
    found: dict[str, list[sa.Table]] = defaultdict(list)
    for mapper in registry.mappers:
        table = mapper.local_table
        package = mapper.class_.__module__.split(".")[1]
        if isinstance(table, sa.Table) and table not in found[package]:
            found[package].append(table)
    order = [name for row in reversed(layers()) for name in row]
    return {name: sorted(found[name], key=lambda table: table.name) for name in order if name in found}


def _type(column: sa.Column[object]) -> str:
    if column.foreign_keys:
        return f"→ {next(iter(column.foreign_keys)).target_fullname.partition('.')[0]}"
    name = type(column.type).__name__
    plain = {
        "UtcDateTime": "instant", "BigInteger": "number", "Integer": "number", "Boolean": "yes/no", "Enum": "choice",
        "JSON": "record", "Date": "date", "Numeric": "decimal", "Float": "decimal", "Time": "time",
    }  # fmt: skip
    return plain.get(name, "text")


def _height(table: sa.Table) -> float:
    return HEAD + LINE * (len(table.columns) - 1) + 10


def _table(table: sa.Table, x: float, y: float) -> list[str]:
    parts = [f'<g id="{table.name}">', svg.box(x, y, WIDTH, _height(table))]
    parts.append(svg.words(x + 8, y + 15, table.name, bold=True))
    row = y + HEAD + 9
    for column in table.columns:
        if column.name == "id":
            continue
        parts.append(svg.words(x + 8, row, column.name + ("?" if column.nullable else ""), size=11))
        kind = _type(column)
        words = svg.words(x + WIDTH - 8, row, kind, size=11, muted=True, anchor="end")
        parts.append(f'<a href="#{kind[2:]}">{words}</a>' if kind.startswith("→") else words)
        row += LINE
    return [*parts, "</g>"]


def _panel(name: str, tables: list[sa.Table], top: float) -> tuple[list[str], float]:
    """A package's tables in columns of even height; its parts and its height."""
    bottoms = [top + 40.0] * COLUMNS
    parts: list[str] = []
    for table in sorted(tables, key=_height, reverse=True):
        column = bottoms.index(min(bottoms))
        parts += _table(table, PAD + 14 + column * (WIDTH + GAP), bottoms[column])
        bottoms[column] += _height(table) + GAP
    height = max(bottoms) - top
    width = COLUMNS * (WIDTH + GAP) + 14
    return [
        svg.box(PAD, top, width, height, svg.PANEL),
        svg.words(PAD + 14, top + 26, name, size=16, bold=True),
        *parts,
    ], height


def _arrows(grouped: dict[str, list[sa.Table]]) -> list[str]:
    """Which package points at which, with the number of keys, as lines of text."""
    owner = {table.name: name for name, tables in grouped.items() for table in tables}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name, tables in grouped.items():
        for table in tables:
            for key in table.foreign_keys:
                target = owner.get(key.target_fullname.partition(".")[0], name)
                if target != name:
                    counts[name][target] += 1
    return [
        f"{name} → " + ", ".join(f"{target} ({number})" for target, number in sorted(counts[name].items()))
        for name in grouped
        if counts[name]
    ]


def draw() -> str:
    """The picture as SVG."""
    grouped = packages()
    tables = sum(len(found) for found in grouped.values())
    parts = [svg.words(PAD, 34, f"The data model: {tables} tables in {len(grouped)} packages", size=20, bold=True)]
    hint = "Every table also has a whole number id. ? may be empty; → points at the id of a table. Lowest layer first."
    parts.append(svg.words(PAD, 56, hint, muted=True))
    top = 76.0
    for line in _arrows(grouped):
        parts.append(svg.words(PAD, top + 10, line, size=11, muted=True))
        top += 16
    top += 12
    for name, found in grouped.items():
        drawn, height = _panel(name, found, top)
        parts += drawn
        top += height + GAP
    width = 2 * PAD + COLUMNS * (WIDTH + GAP) + 14
    described = "; ".join(f"{name}: {', '.join(table.name for table in found)}" for name, found in grouped.items())
    return svg.picture(width, top, "The data model", described, parts)
