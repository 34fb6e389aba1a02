"""The region's coast with numbered places. The same numbers stand in a list beside it."""

import re
from dataclasses import dataclass

from flask import current_app
from markupsafe import Markup

from missions_app.sites.models import Site, SiteStatus
from missions_app.web.start.coast import coast

_pins = re.compile(r'<circle class="pin"[^>]*/><text class="num"[^>]*></text>')
APART = 20
NEAR = 60  # places just outside the drawing stand at its edge


@dataclass(frozen=True, slots=True)
class Pin:
    """A place on the drawing; `bookable` ones are filled."""

    number: int
    x: int
    y: int
    slug: str
    name_sv: str
    name_en: str
    bookable: bool


@dataclass(frozen=True, slots=True)
class Map:
    """A drawing with its pins; `crop` is the part to show."""

    crop: str
    drawing: Markup
    pins: tuple[Pin, ...]


def map_of(sites: list[tuple[int, Site]], *, close: bool = False) -> Map | None:
    """The coast with these numbered sites, near the first one when `close`; None where a region has no drawing."""
    drawn, edges = coast(), current_app.extensions["region"].coast
    placed = [(number, one) for number, one in sites if one.latitude is not None and one.longitude is not None]
    if drawn is None or edges is None or not placed:
        return None
    left, top, width, height = (float(part) for part in drawn[0].split())
    pins: list[Pin] = []
    for number, one in placed:
        x = round(left + width * (one.longitude - edges.west) / (edges.east - edges.west))
        y = round(top + height * (edges.north - one.latitude) / (edges.north - edges.south))
        if left - NEAR <= x <= left + width + NEAR and top - NEAR <= y <= top + height + NEAR:
            x = min(max(x, round(left) + APART), round(left + width) - APART)
            y = min(max(y, round(top) + APART), round(top + height) - APART)
            x, y = _beside(x, y, pins)
            open_ = one.status in (SiteStatus.OPEN, SiteStatus.LIMITED)
            pins.append(Pin(number, x, y, one.slug, one.name_sv, one.name_en or one.name_sv, open_))
    if not pins:
        return None
    crop = drawn[0]
    if close:
        wide, high = 380.0, 320.0
        x = min(max(pins[0].x - wide / 2, left), left + width - wide)
        y = min(max(pins[0].y - high / 2, top), top + height - high)
        crop = f"{x:g} {y:g} {wide:g} {high:g}"
    return Map(crop, Markup(_pins.sub("", str(drawn[1]))), tuple(pins))  # noqa: S704


def _beside(x: int, y: int, pins: list[Pin]) -> tuple[int, int]:
    """A little to the side of those that stand there already, so that every number can be read and pressed."""
    while any(abs(one.x - x) < APART and abs(one.y - y) < APART for one in pins):
        x += APART + 4
    return x, y
