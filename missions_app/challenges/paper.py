"""The challenge as a plain text: what is entered in the register when it is sent in."""

from collections.abc import Mapping
from typing import Any

from missions_app.challenges.content import BY_NAME, FIELDS, FieldKind, is_empty
from missions_app.challenges.models import Challenge
from missions_app.i18n import _, current_locale, use_locale
from missions_app.indicators.words import aim_words
from missions_app.organisations.places import municipality_names
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_of


def words_of(name: str, value: Any, method: Method) -> str:
    """A field's plain value as people read it, in the reader's language; several lines for several texts."""
    field = BY_NAME[name]
    if is_empty(value):
        return ""
    if field.kind is FieldKind.TEXTS:
        return "\n".join(f"{_(BY_NAME[key].label)}: {text}" for key, text in value.items())
    if field.kind is FieldKind.MONEY:
        return f"{value / 100:.2f} kr"
    if field.kind is FieldKind.KEYS:
        return ", ".join(_term(field.vocabulary, key, method) for key in value)
    if field.kind is FieldKind.KEY:
        return _term(field.vocabulary, value, method)
    return str(value)


def _term(vocabulary: str, key: str, method: Method) -> str:
    if not vocabulary:
        return municipality_names().get(key, key)
    term = method.find_term(vocabulary, key)
    return term.label.in_(current_locale()) if term else key


def submitted_text(challenge: Challenge, content: Mapping[str, Any]) -> str:
    """The whole content in the challenge's own language, one heading per field."""
    method = method_of(challenge.journey.method_version)
    with use_locale(challenge.language):
        parts = [f"{challenge.reference}\n{challenge.organisation.name}"]
        for field in FIELDS:
            if words := words_of(field.name, content.get(field.name), method):
                parts.append(f"{_(field.label)}\n{words}")
        parts += [f"{_('Indicator')}\n{_indicator(row)}" for row in content.get("indicators") or []]
        parts += [f"{_('Strategic document')}\n{_link(row)}" for row in content.get("strategy_links") or []]
    return "\n\n".join(parts) + "\n"


def _indicator(row: Mapping[str, Any]) -> str:
    baseline = row["baseline_value"] if row["baseline_value"] is not None else _("measured before the test")
    low = row.get("target_low")
    target = row["target_value"] if low is None else aim_words(row["target_value"], low)
    return "\n".join(
        [
            f"{row['label_en'] if current_locale() == 'en' else row['label_sv']} ({row['unit']})",
            f"{_('Baseline')}: {baseline} {row['baseline_on'] or ''}".rstrip(),
            f"{_('Target')}: {target} {row['target_on'] or ''}".rstrip(),
            f"{_('Source')}: {row['source']}",
            f"{_('Responsible')}: {row['owner_function']}",
        ]
    )


def _link(row: Mapping[str, Any]) -> str:
    return "; ".join(str(part) for part in (row["document"], row["edition"], row["stance"], row["reason"]) if part)
