"""Words as the index keeps them: folded and stemmed alike for text and question. Pure.

"Ålgräs", "algras" and "ålgräset" must meet. Folding comes before stemming, so that a question typed without dots
takes the same way as the text. The Swedish stemmer leaves some endings; prefixes in both directions catch them,
and catch the first part of compounds.
"""

import re
import unicodedata

import snowballstemmer

SHORTEST_PREFIX = 4
LONGEST = 40

_stemmer = snowballstemmer.stemmer("swedish")
_word = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def fold(text: str) -> str:
    """Lower case, without dots, rings and accents: "Ålgräs" -> "algras"."""
    plain = unicodedata.normalize("NFKD", text.lower()).replace("ø", "o").replace("æ", "ae").replace("ß", "ss")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def terms(text: str) -> list[str]:
    """The index terms of a text, each once, in order: stems of words, and references whole ("u-2026-014")."""
    found: dict[str, None] = {}
    for word in _word.findall(fold(text)):
        parts = [word] if "-" not in word else [word, *word.split("-")]
        for part in parts:
            found.setdefault((part if any(sign.isdigit() for sign in part) else _stemmer.stemWord(part))[:LONGEST])
    return list(found)


def prefixes(term: str) -> list[str]:
    """The term and its beginnings of at least four letters: what an indexed first part of a compound may be."""
    return [term[:length] for length in range(min(SHORTEST_PREFIX, len(term)), len(term) + 1)]
