"""The region's coast with numbered places. The same numbers stand in a list beside it."""

import re
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from markupsafe import Markup

from missions_app.i18n import both, current_locale
from missions_app.sites.models import Site, SiteStatus
from missions_app.web.start.coast import coast
from missions_app.workflow.method_service import method_in_force

_pins = re.compile(r'<circle class="pin"[^>]*/><text class="num"[^>]*></text>')
APART = 20
BOOKABLE = (SiteStatus.OPEN, SiteStatus.LIMITED)
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
    """A drawing with its pins; `crop` is the part of the whole `box` to show. edges: west, north, east, south in
    degrees. sites: every numbered site that has a place, also outside the drawing."""

    box: str
    crop: str
    drawing: Markup
    pins: tuple[Pin, ...]
    edges: tuple[float, float, float, float]
    sites: tuple[tuple[int, Site], ...]

    def places(self, link: bool) -> list[dict[str, Any]]:
        """What a map that is moved about in needs of each site; without links where the page is about the site."""
        method, locale = method_in_force(), current_locale()
        return [
            {
                "number": number, "name": both(one.name_sv, one.name_en), "latitude": one.latitude,
                "longitude": one.longitude, "area": one.area, "bookable": one.status in BOOKABLE,
                "kind": method.term("site_type", one.kind).label.in_(locale),
                "url": url_for("sites.show_site", slug=one.slug) if link else "",
            }
            for number, one in self.sites
        ]  # fmt: skip


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
            pins.append(Pin(number, x, y, one.slug, one.name_sv, one.name_en or one.name_sv, one.status in BOOKABLE))
    if not pins:
        return None
    crop = drawn[0]
    if close:
        wide, high = 380.0, 320.0
        x = min(max(pins[0].x - wide / 2, left), left + width - wide)
        y = min(max(pins[0].y - high / 2, top), top + height - high)
        crop = f"{x:g} {y:g} {wide:g} {high:g}"
    return Map(
        drawn[0], crop, Markup(_pins.sub("", str(drawn[1]))), tuple(pins),  # noqa: S704
        (edges.west, edges.north, edges.east, edges.south), tuple(placed),
    )  # fmt: skip


def _beside(x: int, y: int, pins: list[Pin]) -> tuple[int, int]:
    """A little to the side of those that stand there already, so that every number can be read and pressed."""
    while any(abs(one.x - x) < APART and abs(one.y - y) < APART for one in pins):
        x += APART + 4
    return x, y
