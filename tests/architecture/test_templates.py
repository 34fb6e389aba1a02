"""Templates compile, stay short, and leave colours to the theme."""

import re
from pathlib import Path

import pytest
from flask import Flask

from missions_app.paths import STATIC, TEMPLATES

pytestmark = pytest.mark.once
RAW_COLOUR = re.compile(r"(?<![&\w])#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b(?!-)")
INLINE = re.compile(r"<style\b|\sstyle=|\son[a-z]+=|<script\b(?![^>]*\bsrc=)|javascript:", re.IGNORECASE)
# A sentence cannot be broken; everything else has a line of its own.
LONGEST, WIDEST, SENTENCE = 260, 170, ("{{ _(", "{{- _(")
WIDEST_STYLE, TWO_RULES = 120, re.compile(r"\}\s*[^}\s/]")


def _templates() -> list[str]:
    return sorted(str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*") if file.is_file())


def test_every_template_compiles(app: Flask) -> None:
    for name in _templates():
        if not name.endswith(".typ"):
            assert app.jinja_env.get_template(name).name == name


def test_no_template_is_long() -> None:
    long = [name for name in _templates() if len((TEMPLATES / name).read_text("utf-8").splitlines()) > LONGEST]
    assert long == []


def test_no_line_of_a_template_is_wide() -> None:
    wide = [
        f"{name}:{number}"
        for name in _templates()
        if name.endswith(".html")
        for number, line in enumerate((TEMPLATES / name).read_text("utf-8").splitlines(), 1)
        if len(line) > WIDEST and not line.strip().startswith(SENTENCE)
    ]
    assert wide == []


def _style_sheets() -> list[Path]:
    """Our own: neither a package's nor the theme's, which is generated."""
    return [file for file in STATIC.rglob("*.css") if not {"vendor", "theme"} & set(file.parts)]


def test_a_style_sheet_has_a_rule_a_line_and_no_wide_line() -> None:
    dense = [
        f"{file.name}:{number}"
        for file in _style_sheets()
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if len(line) > WIDEST_STYLE or TWO_RULES.search(line)
    ]
    assert dense == []


def test_no_raw_colour_outside_the_theme() -> None:
    files = _style_sheets()
    files += [TEMPLATES / name for name in _templates() if name.endswith(".html")]
    found = [
        f"{file.name}: {match.group(0)}"
        for file in files
        for match in RAW_COLOUR.finditer(re.sub(r'href="#[^"]*"|url\(#[^)]*\)', "", file.read_text("utf-8")))
    ]
    assert found == []


def test_no_form_stands_in_a_paragraph() -> None:
    """A browser ends the paragraph where the form begins, and what follows loses its row."""
    held = re.compile(r"<p\b[^>]*>(?:(?!</p>).)*?(?:fields\.act|fields\.sure|<form\b)", re.DOTALL)
    assert [name for name in _templates() if held.search((TEMPLATES / name).read_text("utf-8"))] == []


def test_no_inline_style_or_script() -> None:
    found = [
        f"{name}: {match.group(0)}"
        for name in _templates()
        if name.endswith(".html")
        for match in INLINE.finditer((TEMPLATES / name).read_text("utf-8"))
    ]
    assert found == []


def test_dark_colours_are_for_screens_only() -> None:
    """The theme's generator lets dark reach paper; whoever builds the theme again has to mend its two queries."""
    theme = (STATIC / "theme" / "missions-theme.css").read_text("utf-8")

    assert "@media screen and (prefers-color-scheme: dark)" in theme
    assert "@media print, (prefers-color-scheme: light)" in theme
