"""A funding plan in sums, and whether a funder's call fits a mission. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from missions_app.i18n import N_


class Line(Protocol):
    """A line of a funding plan."""

    @property
    def phase(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def amount_ore(self) -> int: ...
    @property
    def is_own(self) -> bool: ...
    @property
    def is_secured(self) -> bool: ...


KRONOR = "SEK"
# All of them have hundredths.
CURRENCIES = (KRONOR, "EUR", "DKK", "NOK", "USD", "GBP", "PLN")
MICRO = 1_000_000


def in_ore(foreign_minor: int, rate_micro: int) -> int:
    """Hundredths of a currency in öre, at so many millionths of a krona for one unit; a half öre is rounded up."""
    return (foreign_minor * rate_micro * 2 + MICRO) // (2 * MICRO)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Sources down, phases across, öre in the cells; sums at the edges. Shares are 0.0 to 1.0, None of nothing."""

    sources: list[str]
    phases: list[str]
    cells: dict[tuple[str, str], int]
    by_source: dict[str, int]
    by_phase: dict[str, int]
    total: int
    own_share: float | None
    secured_share: float | None


def matrix(lines: Sequence[Line], phases: Sequence[str]) -> Matrix:
    """The plan as a table; a source is one however it is spelt with capitals and spaces."""
    cells: dict[tuple[str, str], int] = {}
    by_source: dict[str, int] = {}
    by_phase = dict.fromkeys(phases, 0)
    spelt: dict[str, str] = {}
    for one in lines:
        source = spelt.setdefault(one.source.strip().casefold(), one.source.strip())
        cells[source, one.phase] = cells.get((source, one.phase), 0) + one.amount_ore
        by_source[source] = by_source.get(source, 0) + one.amount_ore
        by_phase[one.phase] = by_phase.get(one.phase, 0) + one.amount_ore
    total = sum(by_source.values())
    return Matrix(
        sources=sorted(by_source, key=lambda one: (one == "", one.casefold())), phases=list(by_phase), cells=cells,
        by_source=by_source, by_phase=by_phase, total=total, own_share=share(lines, "is_own"),
        secured_share=share(lines, "is_secured"),
    )  # fmt: skip


def share(lines: Iterable[Line], which: str) -> float | None:
    """What share of the plan has a mark; None of an empty plan."""
    known = list(lines)
    total = sum(one.amount_ore for one in known)
    return sum(one.amount_ore for one in known if getattr(one, which)) / total if total else None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a funder's call asks for; an empty list asks for nothing in particular."""

    closes_on: date
    phases: Collection[str] = ()
    themes: Collection[str] = ()
    sectors: Collection[str] = ()
    least_own_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Applicant:
    """A mission as a funder sees it."""

    theme: str
    phases: Collection[str]
    sectors: Collection[str]
    own_share: float | None


@dataclass(frozen=True, slots=True)
class Lack:
    """Why a call does not fit: a msgid with its values, where keys of the method stand by the name of their
    vocabulary."""

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)


def lacks(terms: Terms, mission: Applicant, today: date) -> list[Lack]:
    """Why a call does not fit a mission; [] when it does."""
    found = []
    if terms.closes_on < today:
        found.append(Lack(N_("The call has closed.")))
    if terms.themes and mission.theme not in terms.themes:
        found.append(Lack(N_("It is for %(theme)s."), {"theme": sorted(terms.themes)}))
    if terms.phases and not set(terms.phases) & set(mission.phases):
        found.append(Lack(N_("It is for the phase: %(funding_phase)s."), {"funding_phase": list(terms.phases)}))
    if missing := [one for one in terms.sectors if one not in mission.sectors]:
        found.append(Lack(N_("Nobody takes part from %(sector)s, which it asks for."), {"sector": missing}))
    own = mission.own_share or 0.0
    if terms.least_own_share > own:
        values = {"asked": terms.least_own_share * 100, "own": round(own * 100, 1)}
        found.append(Lack(N_("It asks for an own share of %(asked)s %%; the plan has %(own)s %%."), values))
    return found
