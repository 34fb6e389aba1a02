"""The region's municipalities, by their official codes: told once at start-up, since a region is data."""

from collections.abc import Iterable

_codes: dict[str, str] = {}


def set_municipalities(places: Iterable[tuple[str, str]]) -> None:
    """Say which municipalities the region has: (code, name). Called by wiring.py."""
    _codes.clear()
    _codes.update(places)


def municipality_names() -> dict[str, str]:
    """Code -> name, in the region's own order."""
    return dict(_codes)
