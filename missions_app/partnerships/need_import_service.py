"""Needs of a mission from a table: first what would become of each row, then the entering of those that are new; and
out as a table of the same columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.missions.models import Mission
from missions_app.organisations.import_service import DOUBLE, NEW, WRONG, method_key, values_of
from missions_app.partnerships import need_service, policy, queries
from missions_app.partnerships.models import Need
from missions_app.partnerships.need_service import NeedContent
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_of

# What the columns may be called, in either language.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "text": ("need", "text", "behov"), "text_en": ("text_en", "in english", "på engelska"), "kind": ("kind", "slag"),
    "priority": ("priority", "prioritet"), "peak": ("capability", "peak", "förmåga", "spets"),
    "role": ("role", "roll"), "quantity": ("quantity", "how much", "mängd", "hur mycket"),
    "needed_from": ("from", "needed from", "från"), "needed_until": ("until", "needed until", "till"),
}  # fmt: skip
# What the columns of a table that is given out are called: each is among those above.
HEADS = {
    "sv": ("behov", "på engelska", "slag", "prioritet", "förmåga", "roll", "mängd", "från", "till"),
    "en": ("need", "in english", "kind", "priority", "capability", "role", "quantity", "from", "until"),
}
WORDS = {"kind": "need_kind", "priority": "need_priority", "peak": "peak", "role": "partner_role"}
DAYS = ("needed_from", "needed_until")


@dataclass(frozen=True, slots=True)
class NeedFate:
    """What becomes of a row (number in the file, from 2): entered, left out as a double of `known`, or wrong."""

    number: int
    name: str
    outcome: str
    problems: tuple[Problem, ...] = ()
    known: str = ""
    content: NeedContent | None = None


def given_out(mission: Mission, *, locale: str, by: Actor) -> tuple[list[str], list[list[Any]]]:
    """A mission's open needs as a table: the columns and the words that the import reads, in the reader's language.

    Raises:
        NotAllowed.
    """
    permit(policy.can_read_partnership, by, mission)
    method = method_of(mission.journey.method_version)
    return list(HEADS[locale]), [_line(one, method, locale) for one in queries.needs_of(mission)]


def _line(need: Need, method: Method, locale: str) -> list[Any]:
    said = {
        field: method.term(vocabulary, key).label.in_(locale) if (key := getattr(need, field)) else ""
        for field, vocabulary in WORDS.items()
    }
    return [said.get(field, getattr(need, field)) for field in COLUMNS]


def plan_import(mission: Mission, rows: Sequence[Mapping[str, str]], *, by: Actor) -> list[NeedFate]:
    """What would become of every row; nothing is written.

    Raises:
        NotAllowed.
    """
    permit(policy.can_coordinate, by, mission)
    method = method_of(mission.journey.method_version)
    known = {_folded(one.text): one.text for one in queries.needs_of(mission)}
    fates = []
    for number, row in enumerate(rows, 2):
        fate = _fate(number, values_of(row, COLUMNS), method)
        if fate.outcome == NEW and _folded(fate.name) in known:
            fate = replace(fate, outcome=DOUBLE, known=known[_folded(fate.name)], content=None)
        known.setdefault(_folded(fate.name), fate.name)
        fates.append(fate)
    return fates


def run_import(mission: Mission, rows: Sequence[Mapping[str, str]], *, by: Actor) -> list[Need]:
    """Enter the rows that are new, all or none.

    Raises:
        NotAllowed, PartnershipClosed.
    """
    with db.transaction():
        fates = plan_import(mission, rows, by=by)
        return [need_service.add_need(mission, one.content, by=by) for one in fates if one.content is not None]


def _fate(number: int, values: dict[str, str], method: Method) -> NeedFate:
    problems = []
    for field, vocabulary in WORDS.items():
        values[field] = method_key(method, vocabulary, values[field]) if values[field] else ""
    days: dict[str, date | None] = {}
    for field in DAYS:
        days[field], problem = _day(values.pop(field), field)
        problems += problem
    values["priority"] = values["priority"] or "should"
    content = NeedContent(**values, **days)  # type: ignore[arg-type]
    problems += need_service.problems_of(content, method)
    if problems:
        return NeedFate(number, content.text, WRONG, tuple(problems))
    return NeedFate(number, content.text, NEW, content=content)


def _day(text: str, field: str) -> tuple[date | None, list[Problem]]:
    if not text:
        return None, []
    try:
        return date.fromisoformat(re.sub(r"[./]", "-", text)), []
    except ValueError:
        return None, [Problem("not_a_date", N_("Write the date as year-month-day, such as 2027-03-17."), field)]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
