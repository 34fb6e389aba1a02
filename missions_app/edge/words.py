"""Refusals in words: the reader's language, the site's zone."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from missions_app import clock
from missions_app.bookings.errors import Alternative
from missions_app.errors import DomainError, Problem
from missions_app.i18n import _, both, current_locale, list_of
from missions_app.moments import span
from missions_app.workflow.check_kinds import FieldName
from missions_app.workflow.labels import LABELS


def value_in_words(value: object) -> Any:
    """A parameter as a reader expects it: local time, separators, "a, b and c", the right language of a label."""
    match value:
        case datetime():
            pattern = "d MMMM y 'kl.' HH.mm" if current_locale() == "sv" else "d MMMM y 'at' HH:mm"
            return format_datetime(value, pattern, tzinfo=clock.zone(), locale=current_locale())
        case date():
            return format_date(value, "d MMMM y", locale=current_locale())
        case float():
            return format_decimal(value, locale=current_locale())
        case list() | tuple() | set() | frozenset():
            return list_of([value_in_words(item) for item in value])
        case Alternative():
            return f"{both(value.resource.name_sv, value.resource.name_en)} {span(value.start, value.end)}"
        case FieldName():
            return _(LABELS.get(value.name, value.name))
        case _ if hasattr(value, "in_"):
            return value.in_(current_locale())
        case Problem():
            return sentence(value)
        case _:
            return value


def fill(params: Mapping[str, object]) -> dict[str, Any]:
    """All parameters in words."""
    return {name: value_in_words(value) for name, value in params.items()}


def sentence(problem: Problem) -> str:
    """What is wrong and what to do, in the reader's language."""
    return _(problem.message, **fill(problem.params))


def sentences(error: DomainError) -> list[tuple[str | None, str]]:
    """(field, sentence) for every problem of a refusal."""
    return [(problem.field, sentence(problem)) for problem in error.problems]


def in_words(result: Any) -> str:
    """A check's result as a sentence in the reader's language."""
    return _(result.sentence, **fill(result.values))
