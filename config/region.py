"""What a region calls itself: read once from its folder. Nothing in the code is any one region's."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

REGIONS = Path(__file__).parent / "regions"


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality of the region: its official code, name and place."""

    code: str
    name: str
    population: int
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class CoastFrame:
    """The degrees at the edges of the region's coast drawing."""

    west: float
    east: float
    north: float
    south: float


@dataclass(frozen=True, slots=True)
class Region:
    """A region's own words and places. Texts come in Swedish and English."""

    key: str
    name: str
    short_name: str
    owner: str
    contact_email: str
    supervision_name: str
    supervision_url: str
    municipalities: tuple[Municipality, ...]
    coast: CoastFrame | None = None

    def municipality(self, code: str) -> Municipality | None:
        """The municipality with this code, or None."""
        return next((one for one in self.municipalities if one.code == code), None)


def load_region(key: str) -> Region:
    """Read a region's folder; FileNotFoundError when there is none."""
    folder = REGIONS / key
    raw = tomllib.loads((folder / "region.toml").read_text("utf-8"))
    places = tomllib.loads((folder / "municipalities.toml").read_text("utf-8"))["municipality"]
    return Region(
        key=key,
        name=raw["name"],
        short_name=raw["short_name"],
        owner=raw["owner"],
        contact_email=raw["contact_email"],
        supervision_name=raw["supervision"]["name"],
        supervision_url=raw["supervision"]["url"],
        coast=CoastFrame(**raw["coast"]) if "coast" in raw else None,
        municipalities=tuple(
            Municipality(one["code"], one["name"], one["population"], one["latitude"], one["longitude"])
            for one in places
        ),
    )
