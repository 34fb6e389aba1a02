"""What somebody needs, in their own words, and whether something that can be booked answers to it. Pure.

"båt för 4 personer" is a boat with room for four; "havsbotten 2–5 m" is a seabed between two and five metres deep.
Words are compared without dots and endings, and the parts of a compound count: a "syregivare" is some kind of sensor.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import snowballstemmer

LEAST_PART = 5
_stemmer = snowballstemmer.stemmer("swedish")
_PLAIN = tuple(zip("åäöéèüøæ", "aaoeeuoa", strict=True))
_WORD = re.compile(r"[a-z]{2,}")
_LITTLE = frozenset(
    re.split(
        r"\s+",
        "och for till med minst hogst av pa som en ett the and with for at least most of that an st stycken units "
        "metres meters meter deep djup djupt personer person people persons pers kw kilowatt plats rum",
    )
)
# What leads up to an amount, and goes with it.
_LEADING = frozenset(("for", "med", "minst", "hogst", "till", "pa", "with", "at", "least", "most", "of"))
WHOLE, PART, AT_THE_SITE = 4, 2, 1
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_AMOUNT = re.compile(
    _NUMBER + r"(?:\s*(?:-|–|till|to)\s*" + _NUMBER + r")?\s*(personer|person|people|persons|pers|stycken|st|units|"
    r"kilowatt|kw|meters?|metres?|meter|m)\b"
)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that is needed: words it must answer to, how many people, how deep (metres, from and to), how much
    power (kW), how many of a pool; or exactly one resource, as "site/resource"."""

    text: str = ""
    words: tuple[str, ...] = ()
    people: int | None = None
    depth: tuple[float, float] | None = None
    power: float | None = None
    units: int = 1
    exactly: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """What a resource and its site say of themselves, in plain letters: its own name and words, and the site's."""

    address: str
    own: str
    site: str
    people: int | None
    units: int
    depth: tuple[float, float] | None
    power: float | None


@dataclass(frozen=True, slots=True)
class Match:
    """How well something answers: a higher score is better. `weak` when only part of a compound agrees; `unsaid` names
    what the entry says nothing about ("depth", "power", "people"); `is_mentioned` when it is not called so itself and
    its site only speaks of it."""

    score: int
    weak: bool = False
    unsaid: tuple[str, ...] = ()
    is_mentioned: bool = False


@lru_cache(maxsize=1000)
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word))


@lru_cache(maxsize=1000)
def _parts(word: str) -> frozenset[str]:
    return frozenset(word[start : start + LEAST_PART] for start in range(len(word) - LEAST_PART + 1)) - {word}


def plain(text: str) -> str:
    """Lower case, without dots and accents. A letter at a time: str.translate takes twenty times as long for a text
    that has any of them."""
    text = text.lower()
    for letter, bare in _PLAIN:
        text = text.replace(letter, bare)
    return text


def need_from(text: str) -> Need:
    """Read a need as somebody wrote it."""
    people: int | None = None
    depth: tuple[float, float] | None = None
    power: float | None = None
    units = 1
    rest = plain(text)
    for low, high, unit in _AMOUNT.findall(rest):
        least, most = _number(low), _number(high) if high else None
        match _named(unit):
            case "people":
                people = int(most or least)
            case "units":
                units = max(1, int(least))
            case "power":
                power = most or least
            case _:
                depth = (least, most if most is not None else 10_000.0)
    words = tuple(dict.fromkeys(word for word in _WORD.findall(_AMOUNT.sub(" ", rest)) if word not in _LITTLE))
    return Need(text.strip(), words, people, depth, power, units)


def _named(unit: str) -> str:
    """What an amount of some unit is about."""
    if unit.startswith(("per", "peo")):
        return "people"
    if unit in ("st", "stycken", "units"):
        return "units"
    return "power" if unit.startswith("k") else "depth"


def without(text: str, name: str) -> str:
    """A need as somebody wrote it, less what it says of one number: "people", "depth", "power" or "units"."""
    bare = plain(text)
    if len(bare) != len(text):  # letters that become two when they are made small
        text = bare
    for found in reversed(list(_AMOUNT.finditer(bare))):
        if _named(found[3]) == name:
            before, after = text[: found.start()].split(), text[found.end() :].split()
            while before and plain(before[-1]) in _LEADING:
                before.pop()
            text = " ".join((*before, *after))
    return text


def need_typed(text: str) -> Need:
    """A need as it was typed: words, or "site/resource" for exactly one thing."""
    text = text.strip()
    return Need(exactly=text) if "/" in text and not re.search(r"\s", text) else need_from(text)


def match(need: Need, offered: Offered) -> Match | None:
    """Whether and how well something answers to a need."""
    if need.exactly and need.exactly != offered.address:
        return None
    if offered.units < need.units:
        return None
    if need.people is not None and offered.people is not None and offered.people < need.people:
        return None
    unsaid = _unsaid(need, offered)
    if unsaid is None:
        return None
    if need.exactly:
        return Match(100, unsaid=unsaid)
    scores = [_score(word, offered) for word in need.words]
    if 0 in scores:
        return None
    return Match(1 + sum(scores), PART in scores, unsaid, AT_THE_SITE in scores)


def _unsaid(need: Need, offered: Offered) -> tuple[str, ...] | None:
    """What is asked for and not stated; None when it is stated and falls short."""
    if need.depth is None and need.power is None and need.people is None:
        return ()
    if need.depth and offered.depth and (offered.depth[1] < need.depth[0] or offered.depth[0] > need.depth[1]):
        return None
    if need.power and offered.power and offered.power < need.power:
        return None
    asked = (
        ("depth", need.depth, offered.depth), ("power", need.power, offered.power),
        ("people", need.people, offered.people),
    )  # fmt: skip
    return tuple(name for name, wanted, stated in asked if wanted is not None and stated is None)


def _score(word: str, offered: Offered) -> int:
    """How well one word agrees; 0 when it does not."""
    stem = _stem(word)
    if stem in offered.own:
        return WHOLE
    if any(part in offered.own for part in _parts(word)):
        return PART
    return AT_THE_SITE if f" {stem}" in offered.site else 0


def answering(need: Need, offers: Sequence[Offered]) -> list[tuple[int, Match]]:
    """(place in the sequence, match) of everything that answers; parts of compounds count only when nothing answers
    to the whole words. Where what is called so falls short of the numbers, nothing that a site only speaks of stands
    in for it."""
    found = [(place, each) for place, one in enumerate(offers) if (each := match(need, one)) is not None]
    strong = [pair for pair in found if not pair[1].weak] or found
    if strong and all(each.is_mentioned for _place, each in strong) and _falls_short(need, offers):
        return []
    return strong


def _falls_short(need: Need, offers: Sequence[Offered]) -> bool:
    """Whether something is called what is needed, and is too small, too shallow or too weak."""
    if need.people is None and need.depth is None and need.power is None:
        return False
    words = Need(words=need.words)
    return any((each := match(words, one)) is not None and not each.is_mentioned and not each.weak for one in offers)


def numbers_in(value: Any, unit: str = "") -> tuple[float, float] | None:
    """The least and the greatest number of a value that may be a number, a list, or text in one or two languages."""
    if isinstance(value, Mapping):
        value = value.get("sv") or value.get("en") or ""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value), float(value)
    if isinstance(value, list | tuple):
        inner = [each for one in value if (each := numbers_in(one, unit)) is not None]
        return (min(low for low, _high in inner), max(high for _low, high in inner)) if inner else None
    found = [_number(one) for one in re.findall(_NUMBER + (rf"\s*{unit}" if unit else ""), str(value).lower())]
    return (min(found), max(found)) if found else None


def _number(text: str) -> float:
    return float(text.replace(",", "."))
