"""The words of the interface and what they mean, from config/glossary.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from missions_app.i18n import current_locale
from missions_app.paths import CONFIG


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it means, in the reader's language; its id is its anchor in the glossary. Words that the method
    judges by carry the version of their definition (0: none is kept) and where it comes from."""

    id: str
    label: str
    means: str
    version: int = 0
    source: str = ""


@cache
def _terms() -> list[dict[str, Any]]:
    return list(tomllib.loads((CONFIG / "glossary.toml").read_text("utf-8"))["term"])


def glossary() -> list[Term]:
    """Every word, in the reader's alphabetical order."""
    locale = current_locale()
    found = [
        Term(
            one["id"], one["label"][locale], one["means"][locale], one.get("version", 0),
            one["source"][locale] if "source" in one else "",
        )
        for one in _terms()
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.label.casefold())


def words_meant(*ids: str) -> list[Term]:
    """Some words, in the order they were asked for."""
    known = {one.id: one for one in glossary()}
    return [known[key] for key in ids]
