"""Values of a challenge as people read them, with the language they are written in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from missions_app.accounts.actor import Actor
from missions_app.challenges import policy
from missions_app.challenges.content import BY_NAME, SECTIONS, TRANSLATED, FieldKind, is_empty
from missions_app.challenges.models import Challenge
from missions_app.challenges.paper import words_of
from missions_app.i18n import N_, _, current_locale, money
from missions_app.indicators.models import IndicatorPlan
from missions_app.indicators.small_numbers import SMALLEST_SHOWN
from missions_app.indicators.words import aim_words
from missions_app.workflow.method import Method

DIRECTIONS = {
    "up": N_("higher is better"), "down": N_("lower is better"), "hold": N_("to be kept as it is"),
    "range": N_("to stay within two limits"),
}  # fmt: skip
LEVELS = {"outcome": N_("Effect"), "impact": N_("Long-term effect"), "output": N_("Result of the work"),
          "process": N_("Way of working")}  # fmt: skip
FREQUENCIES = {
    "per_test": N_("At each test"), "per_event": N_("At each event"), "monthly": N_("Every month"),
    "quarterly": N_("Every quarter"), "three_per_year": N_("Three times a year"), "yearly": N_("Every year"),
}  # fmt: skip
BASELINES = {
    "measured": N_("We have measured it"), "documented": N_("It is documented elsewhere"),
    "before_test": N_("It is measured before the test"), "example": N_("It is only an example"),
}  # fmt: skip
EXTRA_LABELS = {"indicators": N_("Indicators"), "strategy_links": N_("Strategic documents"),
                "attachments": N_("Attachments")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as a reader sees it: its words, the language they are in, and whether it is withheld from the reader."""

    text: str
    language: str
    is_withheld: bool = False


def shown_text(challenge: Challenge, name: str, actor: Actor) -> Shown:
    """A translated field in the reader's language where it exists, else in the one it was written in."""
    if name in challenge.claims and not policy.can_read_claims(actor, challenge):
        return Shown("", challenge.language, is_withheld=True)
    own, locale = str(getattr(challenge, name)), current_locale()
    if locale != challenge.language and name in TRANSLATED:
        other = str(challenge.translation.get(name) or "")
        if other:
            return Shown(other, locale)
    return Shown(own, challenge.language)


def title_of(challenge: Challenge) -> str:
    """The title in the reader's language, or the reference while there is none."""
    locale = current_locale()
    other = challenge.translation.get("title") if locale != challenge.language else None
    return str(other or challenge.title or challenge.reference)


def label_of(name: str) -> str:
    """A field's question, or the name of a table."""
    return _(BY_NAME[name].label if name in BY_NAME else EXTRA_LABELS[name])


def value_words(name: str, value: Any, method: Method) -> str:
    """A plain value in words: dates and money in the reader's way."""
    if is_empty(value):
        return ""
    match BY_NAME[name].kind:
        case FieldKind.DATE:
            return format_date(date.fromisoformat(str(value)), "d MMMM y", locale=current_locale())
        case FieldKind.MONEY:
            return money(int(value))
        case FieldKind.NUMBER:
            return format_decimal(value, format="0.######", locale=current_locale())
        case _:
            return words_of(name, value, method)


def indicator_words(row: Mapping[str, Any] | IndicatorPlan) -> str:
    """An indicator in one sentence: what, from where, to what, by when."""
    get = row.get if isinstance(row, Mapping) else lambda key: getattr(row, key)
    label = get("label_en") if current_locale() == "en" else get("label_sv")
    unit = get("unit")
    baseline = get("baseline_value")
    parts = [f"{label} ({unit})"]
    parts.append(
        _("from %(value)s", value=format_decimal(baseline, locale=current_locale()))
        if baseline is not None
        else _("from fewer than %(least)d", least=SMALLEST_SHOWN)
        if getattr(row, "baseline_is_small", False)
        else _(BASELINES["before_test"])
        if get("baseline_kind") == "before_test"
        else _("no baseline yet")
    )
    target, by = get("target_value"), get("target_on")
    parts.append(_aim(target, row.get("target_low") if isinstance(row, Mapping) else row.target_low))
    if by:
        day = date.fromisoformat(by) if isinstance(by, str) else by
        parts.append(_("by %(day)s", day=format_date(day, "d MMMM y", locale=current_locale())))
    return ", ".join(parts)


def _aim(target: float | None, low: float | None) -> str:
    if target is None:
        return _("no target yet")
    if low is not None:
        return _("to lie %(limits)s", limits=aim_words(target, low))
    return _("to %(value)s", value=format_decimal(target, locale=current_locale()))


def link_words(row: Mapping[str, Any], titles: Mapping[str, str], method: Method) -> str:
    """A link to a strategic document in one sentence."""
    stance = method.find_term("stance", row.get("stance"))
    parts = [titles.get(str(row["document"]), str(row["document"]))]
    parts.append(stance.label.in_(current_locale()) if stance else _("not gone through yet"))
    return ": ".join(parts) + (f". {row['reason']}" if row.get("reason") else "")


def attachment_words(row: Mapping[str, Any]) -> str:
    """An attachment in one line: its title, its file, and the beginning of what its content comes to."""
    name = f" ({row['file_name']})" if row.get("file_name") else ""
    return f"{row['title']}{name}, {row['checksum'][:8]}"


def sections_with_counts(missing: Sequence[str], content: Mapping[str, Any]) -> list[tuple[str, str, int, bool]]:
    """(section, title, how much is missing, whether anything has been written) for the list beside the form.

    Args:
        missing: the fields at fault. content: the challenge's plain fields.
    """
    from_fields: dict[str, int] = {}
    for name in missing:
        section = "target" if name.startswith("indicator") else BY_NAME[name].section if name in BY_NAME else "links"
        from_fields[section] = from_fields.get(section, 0) + 1
    begun = {field.section for field in BY_NAME.values() if not is_empty(content.get(field.name))}
    return [(key, _(title), from_fields.get(key, 0), key in begun) for key, title in SECTIONS.items()]
