"""Words as the index keeps them: folded and stemmed alike for text and question. Pure.

"Ålgräs", "algras" and "ålgräset" must meet. Folding comes before stemming, so that a question typed without dots
takes the same way as the text. Each word is kept in its Swedish and its English form, since texts come in both. The
stemmers leave some endings; beginnings catch them, and catch the first part of compounds.
"""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

SHORTEST_PREFIX = 4
SHORTEST_PART = 4
LONGEST = 40
# A thing is indexed at each event, and texts have most words in common; a word's forms are worked out once.
_WORDS_KEPT = 20_000

_stemmers = (snowballstemmer.stemmer("swedish"), snowballstemmer.stemmer("english"))
_word = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_written = re.compile(r"\w+(?:-\w+)*")
_vowels = frozenset("aeiouy")
# What may be left of an inflected word after its stem; "ion" is none, so that "stationen" is not a form of "stat".
_ENDINGS = """
a ad ade ande ar aren arna ars at e ed en ena ens er eras eren erna ers es et ets ing ings n na nas ning ningar
ningen nings or orna r re s t
"""
# Words that say nothing about what a text is about, folded.
_COMMON = """
alla allt an ar att av bara blev bli blir dar darfor de dem den denna deras dess det detta dig din du eller en er ett
efter for fran ge gor ha hade han har hos hur i icke in ingen inga inom inte ja jag kan kommer kunna man med mellan men
mer mest mot mycket ned ner nar nagon nagot nagra ni nu och ocksa om oss pa redan sa sadan sedan sig ska skall skulle
som till under upp ut utan vad var vara varit varje vem vi via vid vilka vilken vill
a about after all also an and any are as at be because been but by can could do does for from had has have he how if in
into is it its may more most much no not of on only or our out she should so some such than that the their them then
there these they this to too up was we were what when where which who will with would you your
"""
_endings = frozenset(_ENDINGS.split())
COMMON = frozenset(_COMMON.split())


def fold(text: str) -> str:
    """Lower case, without dots, rings and accents: "Ålgräs" -> "algras"."""
    plain = unicodedata.normalize("NFKD", text.lower()).replace("ø", "o").replace("æ", "ae").replace("ß", "ss")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(_WORDS_KEPT)
def forms(word: str) -> tuple[str, ...]:
    """The index terms of one folded word: its stems in both languages, or itself when it holds a figure."""
    if any(sign.isdigit() for sign in word):
        return (word[:LONGEST],)
    return tuple(dict.fromkeys(stemmer.stemWord(word)[:LONGEST] for stemmer in _stemmers))


def terms(text: str) -> list[str]:
    """The index terms of a text, each once, in order; references are kept whole too ("u-2026-014")."""
    return list(dict.fromkeys(form for word in _words(text) for form in forms(word)))


def asked(text: str) -> list[tuple[str, ...]]:
    """What a question asks for: the forms of each of its words, one of which must be met. Common words are left out,
    unless there are no others."""
    words = list(dict.fromkeys(_words(text, parts=False)))
    return [forms(word) for word in [one for one in words if one not in COMMON] or words]


def as_written(text: str) -> dict[str, str]:
    """Folded word -> how it stands in the text the first time, in lower case."""
    found: dict[str, str] = {}
    for match in _written.finditer(text):
        found.setdefault(fold(match[0]), match[0].lower())
    return found


def telling(text: str) -> list[str]:
    """The words of a text that say what it is about, folded, each once, in order; no figures."""
    return [
        word
        for word in dict.fromkeys(_words(text))
        if word not in COMMON and len(word) > 2 and not any(sign.isdigit() for sign in word)
    ]


def beginnings(term: str) -> list[str]:
    """The term and those beginnings of it that an indexed word may be: its stem, or the first part of a compound.

    "oversvamningskarta" may be met by "oversvamning"; "stationen" not by "stat", nor "kommunikation" by "kommun".
    """
    found = [term]
    for length in range(min(SHORTEST_PREFIX, len(term)), len(term)):
        head, rest = term[:length], term[length:]
        compound = len(rest) >= SHORTEST_PART and (rest[0] not in _vowels or head[-1] == "s")
        if rest in _endings or compound:
            found.append(head)
    return found


def _words(text: str, *, parts: bool = True) -> list[str]:
    found = []
    for word in _word.findall(fold(text)):
        found.append(word)
        if parts and "-" in word:
            found += word.split("-")
    return found
