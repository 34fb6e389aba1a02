"""What a check is: its answer, the register of kinds, and how records are filtered and named."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from missions_app.workflow.method import Method
from missions_app.workflow.predicates import is_present

Facts = Mapping[str, Any]
Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Met or not; `code` and `sentence` (a msgid with values) say why. Values may be lists and bilingual texts."""

    met: bool
    code: str
    sentence: str
    values: Mapping[str, Any] = field(default_factory=dict)


CheckKind = Callable[[Params, Facts, Method], CheckResult]
KINDS: dict[str, CheckKind] = {}


def kind(name: str) -> Callable[[CheckKind], CheckKind]:
    def add(function: CheckKind) -> CheckKind:
        KINDS[name] = function
        return function

    return add


def matches(record: Mapping[str, Any], where: Mapping[str, Any]) -> bool:
    """Whether a record has what a filter asks: key = value, key_in = [values]; a list in the record is asked for any.

    `true` asks that something is filled in, so a text or date satisfies it.
    """
    return all(_matches_one(record, key, wanted) for key, wanted in where.items())


def _matches_one(record: Mapping[str, Any], key: str, wanted: Any) -> bool:
    if key.endswith("_in"):
        key, accepted = key.removesuffix("_in"), wanted
        actual = record.get(key)
        return bool(set(actual) & set(accepted)) if isinstance(actual, list) else actual in accepted
    # "role" asks for one of the record's "roles".
    actual = record.get(key, record.get(f"{key}s"))
    if isinstance(wanted, bool):
        return is_present(actual) and actual is not False if wanted else not actual
    return wanted in actual if isinstance(actual, list) else bool(actual == wanted)


def records(facts: Facts, name: str, where: Mapping[str, Any] | None = None) -> list[Mapping[str, Any]]:
    return [
        record for record in facts.get(name) or [] if not isinstance(record, Mapping) or matches(record, where or {})
    ]


@dataclass(frozen=True, slots=True)
class FieldName:
    """The name of a fact, to be shown by its label."""

    name: str


VOCABULARIES = {
    "sector": "sector", "role": "partner_role", "status": "partner_state", "kind": "commitment_type",
    "from": "partner_role",
}  # fmt: skip


def term_of(method: Method, key: str, value: Any) -> Any:
    """A value's label where the key has a vocabulary, else the value."""
    term = method.find_term(VOCABULARIES[key], str(value)) if key in VOCABULARIES else None
    return term.label if term else value


def name_of(method: Method, record: Mapping[str, Any]) -> Any:
    """What a record may be called: its reference, its role, its permit, its organisation."""
    if record.get("reference"):
        return record["reference"]
    for key, vocabulary in (
        ("role", "partner_role"),
        ("id", "permit"),
        ("id", "indicator"),
        ("phase", "funding_phase"),
        ("type", "document_type"),
        ("level", "risk_level"),
    ):
        term = method.find_term(vocabulary, str(record[key])) if record.get(key) else None
        if term:
            return term.label
    return record.get("organisation") or record.get("id") or record.get("title") or "–"
