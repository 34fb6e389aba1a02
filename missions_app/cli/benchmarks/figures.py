"""A measured figure, and how it is printed."""

import json
import os
import platform
from dataclasses import asdict, dataclass


def machine() -> str:
    """ "Linux-6.1-x86_64, 2 cores, Python 3.11.7"."""
    return f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `size` is the number of reservations in the database; `ratio` is the value against the bare database
    doing the same work in the same run, None where nothing is compared; `bar` says what has to hold in words."""

    figure: str
    engine: str
    size: int
    value: float
    unit: str
    ratio: float | None
    bar: str
    holds: bool

    def as_json(self, machine: str, seed: int | None) -> str:
        """One JSON object on one line, with where it was measured and what chance began with; None without chance."""
        return json.dumps({**asdict(self), "machine": machine, "seed": seed}, ensure_ascii=False)

    def in_words(self) -> str:
        """One line for a person."""
        ratio = f", {self.ratio:.2f} of the bare database" if self.ratio is not None else ""
        verdict = "holds" if self.holds else "DOES NOT HOLD"
        value = f"{self.value:,.4g} {self.unit}{ratio}"
        return f"{self.engine} {self.size:>9,}  {self.figure}: {value}  [{self.bar}: {verdict}]"
