"""From six plain answers to the first draft of a challenge. Pure.

Nothing is invented: every word of the draft is the writer's own. What can be read out of the words (a name, a date, a
municipality, a theme) is filled in to be looked at, and left empty where the words do not say.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import log
from typing import Any

from dateutil.relativedelta import relativedelta

from missions_app.search.terms import COMMON, SHORTEST_PREFIX, beginnings, fold, forms, telling
from missions_app.workflow.method import Method
from missions_app.workflow.method_parts import Indicator

TITLE_LENGTH = 70
FURTHEST_YEARS = 10
SHORTEST_WORD = 5
MOST_TIMES = 3
LEAST_FOR_THEME = 1.0
EVERYWHERE = "cross_cutting"

_sentence = re.compile(r"(?<=[.!?])\s+|\n")
_day = re.compile(r"\b(20\d{2})-(\d{2})-(\d{2})\b")
_year = re.compile(r"\b(20\d{2})\b")
_months = (
    ("januari", "january"), ("februari", "february"), ("mars", "march"), ("april",), ("maj", "may"),
    ("juni", "june"), ("juli", "july"), ("augusti", "august"), ("september",), ("oktober", "october"),
    ("november",), ("december",),
)  # fmt: skip
_seasons = {"var": 5, "spring": 5, "sommar": 8, "summer": 8, "host": 11, "autumn": 11}


@dataclass(frozen=True, slots=True)
class Answers:
    """What the six questions were answered with; anything but `what` may be empty.

    what: what does not work. extent: how large it is today. who: who notices. where: the place. change: what shall be
    different, and by when. backing: which function stands behind. name: a name, where the writer already has one.
    """

    what: str
    extent: str = ""
    who: str = ""
    where: str = ""
    change: str = ""
    backing: str = ""
    name: str = ""

    @property
    def text(self) -> str:
        """Everything that says what it is about."""
        return " ".join([self.name, self.what, self.extent, self.who, self.where, self.change])


def drafted(
    answers: Answers, method: Method, *, municipalities: Mapping[str, str], own: str, today: date
) -> dict[str, Any]:
    """The fields of a first draft.

    Args:
        municipalities: code -> name. own: the code of the owner's municipality, "" where it has none.
    """
    fields = {
        "title": answers.name.strip() or title_from(answers.what),
        "problem": "\n\n".join(text for text in (answers.what.strip(), answers.extent.strip()) if text),
        "affected": answers.who.strip(), "place": answers.where.strip(),
        "municipalities": municipalities_in(f"{answers.where} {answers.what}", municipalities) or [own] * bool(own),
        "target_statement": answers.change.strip(), "target_date": day_in(answers.change, today),
        "mandate_function": answers.backing.strip(), "theme": theme_of(answers.text, method),
        "specialisation": specialisation_of(method),
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value}


def title_from(text: str) -> str:
    """A name out of the first sentence: at most 70 characters, whole words, ending in one that says something."""
    first = next((one.strip() for one in _sentence.split(text.strip()) if one.strip()), "").rstrip(".!?:; ")
    if len(first) <= TITLE_LENGTH:
        return first
    comma = first[: TITLE_LENGTH + 1].rfind(",")
    cut = first[:comma] if comma > TITLE_LENGTH // 3 else first[: TITLE_LENGTH + 1].rpartition(" ")[0]
    words = cut.split()
    while len(words) > 1 and fold(words[-1]) in COMMON:
        words.pop()
    return " ".join(words).rstrip(",;:- ") or first[:TITLE_LENGTH]


def day_in(text: str, today: date) -> date | None:
    """The last day to come that a text names: a date, or the end of a month, a season or a year; None without one."""
    latest = today + relativedelta(years=FURTHEST_YEARS)
    found = [_date(*map(int, match.groups())) for match in _day.finditer(text)]
    plain = fold(_day.sub(" ", text))
    for match in _year.finditer(plain):
        before = plain[: match.start()].split()[-2:]
        found.append(_end(int(match[1]), next((m for m in map(_month, reversed(before)) if m), 12)))
    return max((day for day in found if day is not None and today < day <= latest), default=None)


def municipalities_in(text: str, names: Mapping[str, str]) -> list[str]:
    """The codes of the municipalities a text names, also in the genitive, in the region's order."""
    words = set(re.findall(r"\w+", fold(text)))
    return [code for code, name in names.items() if {fold(name), f"{fold(name)}s"} & words]


def theme_of(text: str, method: Method) -> str:
    """The theme whose own words the text uses most; "" where none stands out."""
    own = {one.id: _vocabulary(method, one.id) for one in method.theme if one.id != EVERYWHERE}
    points = dict.fromkeys(own, 0.0)
    for word in (one for one in telling(text) if not _month(one)):  # when it happened says nothing of what it is
        having = [theme for theme, words in own.items() if _is_among(word, words)]
        for theme in having:
            points[theme] += 1 / len(having)
    ranked = sorted(points.values(), reverse=True)
    if not ranked or ranked[0] < LEAST_FOR_THEME or (len(ranked) > 1 and ranked[0] == ranked[1]):
        return ""
    return max(points, key=lambda theme: points[theme])


def specialisation_of(method: Method) -> str:
    """The specialisation that is the way of working itself, where the method has exactly one; else the writer's."""
    ways = [one.id for one in method.specialisation if one.kind == "method"]
    return ways[0] if len(ways) == 1 else ""


def indicators_for(text: str, theme: str, method: Method, *, most: int = 3) -> list[Indicator]:
    """Indicators of effect in the theme's list that share words with the text, the most telling first.

    A word of an indicator counts as often as the text comes back to it, at most three times, and the more the fewer
    indicators have it: "ålgräs" says more than "minskad".
    """
    listed = [
        one for one in method.indicator
        if one.level == "outcome" and one.theme == (theme or one.theme) and one.theme != EVERYWHERE
    ]  # fmt: skip
    labels = [[frozenset(forms(word)) for word in telling(f"{one.label.sv} {one.label.en}")] for one in listed]
    written = [word for piece in text.split() for word in telling(piece) if len(word) >= SHORTEST_WORD]
    ranked = []
    for place, own in enumerate(labels):
        points = 0.0
        for word in own:
            times = sum(_is_among(one, word) for one in written)
            having = sum(any(word & other for other in label) for label in labels)
            points += min(times, MOST_TIMES) * log(1 + len(labels) / having)
        if points:
            ranked.append((-points, place))
    return [listed[place] for _points, place in sorted(ranked)][:most]


def _vocabulary(method: Method, theme: str) -> frozenset[str]:
    term = method.term("theme", theme)
    texts = [term.label.sv, term.label.en]
    for one in method.indicator:
        if one.theme == theme:
            texts += [one.label.sv, one.label.en, one.source.sv, one.source.en]
    return _forms_of(texts)


def _forms_of(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(form for text in texts for word in telling(text) for form in forms(word))


def _is_among(word: str, known: frozenset[str]) -> bool:
    for form in forms(word):
        if form in known:
            return True
        if len(form) >= SHORTEST_PREFIX and any(
            (len(one) >= SHORTEST_PREFIX and one in beginnings(form)) or form in beginnings(one) for one in known
        ):
            return True
    return False


def _month(word: str) -> int:
    plain = word.strip(".,;:()")
    for number, names in enumerate(_months, 1):
        if plain in names:
            return number
    return next((month for name, month in _seasons.items() if plain.startswith(name) and len(plain) <= 8), 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _end(year: int, month: int) -> date:
    return date(year, month, 1) + relativedelta(months=1, days=-1)
