"""The reader's language: which it is, and words, plurals and lists in it.

Msgids are English sentences. Swedish lies in translations/sv/*.po, one part per domain, merged when first used.
Built directly on Babel so that services, the worker and the command line speak without a web request.
"""

import io
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import LazyProxy, NullTranslations, Translations

LOCALES = ("sv", "en")
DEFAULT_LOCALE = "sv"
NO_BREAK = "\u00a0"
TRANSLATIONS = Path(__file__).parent / "translations"

_current: ContextVar[str] = ContextVar("locale", default=DEFAULT_LOCALE)


def current_locale() -> str:
    """The reader's language: "sv" or "en"."""
    return _current.get()


def set_locale(locale: str) -> None:
    """Choose the language for the rest of this context (a request, a message)."""
    _current.set(locale if locale in LOCALES else DEFAULT_LOCALE)


@contextmanager
def use_locale(locale: str) -> Iterator[None]:
    """Speak another language inside the block."""
    token = _current.set(locale if locale in LOCALES else DEFAULT_LOCALE)
    try:
        yield
    finally:
        _current.reset(token)


class ClashingTranslations(ValueError):
    """The same msgid is translated in two ways in two parts."""


def catalogue(locale: str) -> Catalog:
    """All parts of a language merged into one; parts may not disagree."""
    merged = Catalog(locale=locale)
    for part in sorted((TRANSLATIONS / locale).glob("*.po")):
        with part.open("rb") as file:
            for message in read_po(file, locale=locale):
                if not message.id or not message.string or message.fuzzy:
                    continue
                known = merged.get(message.id, message.context)
                if known is not None and known.string != message.string:
                    raise ClashingTranslations(f"{part.name}: {message.id!r} is also {known.string!r}")
                merged.add(message.id, message.string, context=message.context)
    return merged


@cache
def _translations(locale: str) -> NullTranslations:
    if not (TRANSLATIONS / locale).is_dir():
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(locale))
    compiled.seek(0)
    return Translations(fp=compiled)


def load() -> None:
    """Read every language now: a server does so before it divides, so that its processes share the words."""
    for locale in LOCALES:
        _translations(locale)


def N_(msgid: str) -> str:
    """Mark a msgid for translation without translating it here."""
    return msgid


def _(msgid: str, **params: object) -> str:
    """The sentence in the reader's language, with %(name)s filled in."""
    text = str(_translations(_current.get()).gettext(msgid))
    return text % params if params else text


def ngettext(singular: str, plural: str, num: int, **params: object) -> str:
    """The sentence for `num` things; %(num)d is filled in."""
    text = str(_translations(_current.get()).ngettext(singular, plural, num))
    return text % {"num": num, **params}


def lazy(msgid: str, **params: object) -> Any:
    """Like `_`, but translated when shown: for form labels and other module-level words."""
    return LazyProxy(_, msgid, enable_cache=False, **params)


# Two digits per letter, so that plain text order is the Swedish order under every database's own collation.
_WEIGHTS = {letter: str(20 + place) for place, letter in enumerate("abcdefghijklmnopqrstuvwxyzåäö")}
_WEIGHTS |= {"æ": _WEIGHTS["ä"], "ø": _WEIGHTS["ö"], " ": "01", "-": "01"} | {str(n): str(10 + n) for n in range(10)}


def sort_key(name: str, longest: int = 200) -> str:
    """A text of digits whose order is the Swedish order: å, ä and ö after z, other accents and signs ignored."""
    letters = []
    for letter in unicodedata.normalize("NFC", name.casefold()):
        plain = letter if letter in _WEIGHTS else unicodedata.normalize("NFKD", letter)
        letters.append("".join(_WEIGHTS.get(sign, "") for sign in plain))
    return "".join(letters)[: 2 * longest]


def both(sv: str, en: str) -> str:
    """The text in the reader's language, or the one there is."""
    first, second = (en, sv) if current_locale() == "en" else (sv, en)
    return first or second


def list_of(items: Iterable[object]) -> str:
    """ "a, b och c" in the reader's language."""
    return format_list([str(item) for item in items], locale=Locale.parse(_current.get()))


def number(value: float | int | None, decimals: int = 2) -> str:
    """ "2,4" or "3 200" with the locale's separators; "" for nothing."""
    if value is None:
        return ""
    pattern = f"#,##0.{'#' * decimals}" if decimals else "#,##0"
    return format_decimal(round(value, decimals), pattern, locale=current_locale())


def money(ore: int | None) -> str:
    """Öre as "3 200 kr", with öre only when there are any; "" for nothing."""
    if ore is None:
        return ""
    pattern = "#,##0" if ore % 100 == 0 else "#,##0.00"
    return f"{format_decimal(ore / 100, pattern, locale=current_locale())}{NO_BREAK}kr"


def dated(day: date) -> str:
    """ "19 jan 2028": with the year, so that it reads the same whenever it is read."""
    return format_date(day, "d MMM y", locale=current_locale()).replace(".", "")
