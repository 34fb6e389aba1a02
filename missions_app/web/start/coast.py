"""The region's coast, drawn from its own folder; regions without a drawing show none."""

import re
from dataclasses import dataclass
from functools import cache

from flask import current_app
from markupsafe import Markup

from missions_app.paths import REGIONS

_pins = re.compile(r'<circle class="pin[^>]*/>|<text class="num"[^>]*>[^<]*</text>')
KM_PER_DEGREE = 111.2
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


@dataclass(frozen=True, slots=True)
class CoastMap:
    """The coast with a place on it. box: "x y width height" of the drawing; edges: west, north, east, south in degrees.

    pin is None where there is no place, or it lies outside the drawing; around is the radius of its area, 0 for none.
    """

    box: str
    drawing: Markup
    edges: tuple[float, float, float, float]
    pin: tuple[float, float] | None
    around: float


def coast_map(latitude: float | None, longitude: float | None, radius_km: float | None = None) -> CoastMap | None:
    """The region's coast with a point and the area around it; None where the region has no drawing with degrees."""
    found, frame = coast(), current_app.extensions["region"].coast
    if found is None or frame is None:
        return None
    left, top, width, height = map(float, found[0].split())
    pin, around = None, 0.0
    if latitude is not None and longitude is not None:
        x = left + width * (longitude - frame.west) / (frame.east - frame.west)
        y = top + height * (frame.north - latitude) / (frame.north - frame.south)
        if left <= x <= left + width and top <= y <= top + height:
            pin = (round(x, 1), round(y, 1))
            around = round((radius_km or 0) / KM_PER_DEGREE * height / (frame.north - frame.south), 1)
    plain = Markup(_pins.sub("", found[1]))  # noqa: S704 -- the installation's own drawing, without its pins
    return CoastMap(found[0], plain, (frame.west, frame.north, frame.east, frame.south), pin, around)
