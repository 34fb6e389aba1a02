"""A value divided into parts, such as by municipality. Pure.

A part left out is missing, never zero. Parts of an amount make up the whole; parts of a share or a level are values of
their own and are never added.
"""

from collections.abc import Mapping

from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.indicators.splits import find_part
from missions_app.indicators.units import convert

TOLERANCE = 1e-9


def problems(
    whole: float | None, parts: Mapping[str, float], known: Mapping[str, str], *, additive: bool
) -> list[Problem]:
    """Everything wrong with the parts of a value.

    Args:
        parts: as typed, by key or name. known: the parts there are, key -> name; {} when the indicator is not divided.
        additive: whether the parts make up the whole.
    """
    if not parts:
        return []
    if not known:
        return [Problem("not_divided", N_("The values of this indicator are not divided."), "parts")]
    found = [
        Problem("unknown_part", N_("“%(part)s” is not one of the parts: %(known)s."), "parts",
                {"part": typed, "known": ", ".join(known.values())})
        for typed in parts
        if find_part(typed, known) is None
    ]  # fmt: skip
    if found:
        return found
    if len({find_part(typed, known) for typed in parts}) < len(parts):
        return [Problem("part_twice", N_("Write each part once."), "parts")]
    if whole is None:
        return [Problem("whole_missing", N_("Give the whole value too, not only its parts."), "parts")]
    total = sum(parts.values())
    slack = TOLERANCE * max(1.0, abs(whole))
    if additive and (total - whole > slack or (len(parts) == len(known) and abs(total - whole) > slack)):
        text = N_("The parts come to %(total)s, but the whole is %(whole)s.")
        return [Problem("parts_differ", text, "parts", {"total": f"{total:g}", "whole": f"{whole:g}"})]
    return []


def in_unit(parts: Mapping[str, float], known: Mapping[str, str], *, given: str, wanted: str) -> dict[str, float]:
    """The parts by their keys, in the indicator's unit, in the order of the division."""
    by_key = {find_part(typed, known): convert(value, given=given, wanted=wanted) for typed, value in parts.items()}
    return {key: by_key[key] for key in known if key in by_key}
