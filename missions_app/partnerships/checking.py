"""What several kinds of input are held to: known words of the method, days in order, texts that are long enough and
not too long. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date

from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.workflow.method import Method

LEAST_REASON = 20
# The largest amount, in öre or in hundredths of another currency: a thousand thousand million kronor.
MOST = 100_000_000_000_000
CHOOSE = N_("Choose one of the alternatives.")


def unknown(method: Method, rows: Iterable[tuple[str, str, str]]) -> list[Problem]:
    """A problem for each (field, vocabulary, value) whose value the method does not know."""
    return [
        Problem("unknown_choice", CHOOSE, field)
        for field, vocabulary, value in rows
        if method.find_term(vocabulary, value) is None
    ]


def reversed_period(first: date | None, last: date | None, field: str) -> list[Problem]:
    """A problem when the last day comes before the first."""
    if first is None or last is None or first <= last:
        return []
    text = N_("The last day comes before the first. Choose a later last day.")
    return [Problem("period_reversed", text, field)]


def short_reason(text: str, field: str) -> list[Problem]:
    """A problem when a reason is too short to be one."""
    if len(text.strip()) >= LEAST_REASON:
        return []
    words = N_("Write why, at least %(least)d characters.")
    return [Problem("reason_missing", words, field, {"least": LEAST_REASON})]


def too_long(texts: Mapping[str, tuple[str, int]]) -> list[Problem]:
    """A problem for each field whose text is longer than can be kept; field -> (text, most characters)."""
    words = N_("Use at most %(most)d characters.")
    return [
        Problem("too_long", words, field, {"most": most})
        for field, (text, most) in texts.items()
        if len(text.strip()) > most
    ]


def wrong_amount(ore: int, field: str) -> list[Problem]:
    """A problem when an amount of money is negative or larger than can be meant."""
    if ore < 0:
        return [Problem("negative", N_("The value cannot be negative."), field)]
    if ore > MOST:
        return [Problem("too_large", N_("The amount is larger than can be kept. Check the number of zeros."), field)]
    return []


def refuse(problems: list[Problem]) -> None:
    """Raise InvalidInput with every problem, if there are any."""
    if problems:
        raise InvalidInput.of(problems)
