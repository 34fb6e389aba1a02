"""Gentle hints while a challenge is written: nothing here stops anybody. Pure.

They look for the common defects of a target: no figure, no date, a solution chosen beforehand, a baseline that is
old, too many words, or nobody but the own organisation among those affected.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from missions_app.errors import Problem
from missions_app.i18n import N_

MOST_WORDS = 120
OLDEST_BASELINE_YEARS = 5

_buying = re.compile(
    r"\b(upphandl\w*|install\w*|köpa\w*|köper|inköp\w*|bygg\w* in|leverantör\w*|procure\w*|purchas\w*|buy\w*)\b", re.I
)
_brand = re.compile(r"[®™]|\b(av typ|av märket|modell|of type|of the brand|model)\s+[A-ZÅÄÖ0-9]")
_word = re.compile(r"\w+")

NO_FIGURE = N_("The target has no figure. Say how much, so that everybody can tell when it is reached.")
NO_DATE = N_("Say by when the target shall be reached.")
NAMES_SOLUTION = N_(
    "“%(word)s” suggests that the solution is already chosen. Describe what shall work, not what to buy."
)
NAMES_BRAND = N_("A product or a brand seems to be named. Describe the need instead, so that several can help.")
TOO_LONG = N_("The target has %(words)d words. Most targets become clearer with fewer than %(most)d.")
OLD_BASELINE = N_("The baseline is more than %(years)d years old. Is there a newer measurement?")
ONLY_OURSELVES = N_("Only your own organisation is named among those affected. Who else notices the problem?")
GOOD_TARGET = N_("Good: the sentence has a figure, a year and leaves the solution open.")


def hints(content: Mapping[str, Any], *, organisation: str, baselines: Iterable[date], today: date) -> list[Problem]:
    """Hints for a challenge's content.

    Args:
        content: the challenge's plain fields. organisation: the name of its owner.
        baselines: the days on which its baselines were measured.

    Returns:
        one Problem per hint, with the field it belongs to; empty texts give none.
    """
    target = content.get("target_statement") or ""
    found = _about_target(target, has_date=bool(content.get("target_date"))) if target else []
    for name in ("problem", "target_statement"):
        found += _about_solution(name, content.get(name) or "")
    if any(_years(day, today) > OLDEST_BASELINE_YEARS for day in baselines):
        found.append(Problem("old_baseline", OLD_BASELINE, "indicators", {"years": OLDEST_BASELINE_YEARS}))
    if _names_only(content.get("affected") or "", organisation):
        found.append(Problem("only_ourselves", ONLY_OURSELVES, "affected"))
    return found


def is_good_target(statement: str) -> bool:
    """Whether a target has a figure beside the year and names no purchase."""
    figures = re.findall(r"\d+", statement)
    year = any(len(figure) == 4 and figure.startswith("20") for figure in figures)
    return year and len(figures) >= 2 and not _about_solution("", statement)


def count_words(text: str) -> int:
    """Words as a person counts them."""
    return len(_word.findall(text))


def _about_target(target: str, *, has_date: bool) -> list[Problem]:
    found = []
    if not re.search(r"\d", target):
        found.append(Problem("no_figure", NO_FIGURE, "target_statement"))
    if not has_date:
        found.append(Problem("no_date", NO_DATE, "target_date"))
    words = count_words(target)
    if words > MOST_WORDS:
        found.append(Problem("too_long", TOO_LONG, "target_statement", {"words": words, "most": MOST_WORDS}))
    return found


def _about_solution(field: str, text: str) -> list[Problem]:
    found = []
    if match := _buying.search(text):
        found.append(Problem("names_solution", NAMES_SOLUTION, field, {"word": match.group()}))
    if _brand.search(text):
        found.append(Problem("names_brand", NAMES_BRAND, field))
    return found


def _names_only(affected: str, organisation: str) -> bool:
    own = {word.lower().rstrip("s") for word in _word.findall(organisation)}
    said = {word.lower().rstrip("s") for word in _word.findall(affected)} - {"vi", "oss", "we", "us", "och", "and"}
    return bool(said) and said <= own


def _years(day: date, today: date) -> int:
    return today.year - day.year - ((today.month, today.day) < (day.month, day.day))
