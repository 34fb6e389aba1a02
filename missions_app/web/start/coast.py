"""The region's coast, drawn from its own folder; regions without a drawing show none."""

import re
from functools import cache

from flask import current_app
from markupsafe import Markup

from missions_app.paths import REGIONS

_svg = re.compile(r'<svg[^>]*viewBox="([^"]+)"[^>]*>(.*)</svg>', re.DOTALL)


@cache
def _drawing(region: str) -> tuple[str, str] | None:
    file = REGIONS / region / "coast.svg"
    match = _svg.search(file.read_text("utf-8")) if file.exists() else None
    return (match[1], match[2]) if match else None


def coast() -> tuple[str, Markup] | None:
    """(viewBox, drawing) of the region's coast as inline SVG. The file is part of the installation, never input."""
    drawing = _drawing(current_app.extensions["settings"].region)
    return (drawing[0], Markup(drawing[1])) if drawing else None  # noqa: S704
