"""When somebody is too close to a case to assess it: what ties a person to its parties. Pure, but for registration.

Packages above tell who takes part in a case (owner, partners, site owners, authors); packages below tell what ties a
person to organisations (membership, former employment). `wiring.py` registers both.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from missions_app.i18n import N_


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation that takes part in a case: as its "owner", a "partner", a "site_owner" or otherwise."""

    organisation_id: int
    part: str


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties a person to an organisation: "member" or "former_employer"; until is the last day of a past tie."""

    organisation_id: int
    kind: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why a person may not assess a case. organisation_id is the party; None when it is about the person."""

    code: str
    organisation_id: int | None = None
    part: str = ""


REASONS: Mapping[str, str] = {
    "own_organisation": N_("Belongs to %(organisation)s, which takes part."),
    "owner_group": N_("Belongs to the same group of owners as %(organisation)s, which takes part."),
    "former_employer": N_("Worked recently at %(organisation)s, which takes part."),
    "takes_part": N_("Has written or leads the case."),
    "decides": N_("Sits in the body that decides the case."),
    "declared": N_("Has declared an interest of their own."),
}

PartySource = Callable[[Any], Iterable[Party]]
PersonSource = Callable[[Any], Iterable[int]]
TieSource = Callable[[Collection[int]], Iterable[tuple[int, Tie]]]
Grouping = Callable[[Collection[int]], Mapping[int, int]]

_parties: dict[str, list[PartySource]] = {}
_persons: dict[str, list[PersonSource]] = {}
_ties: list[TieSource] = []
_grouping: list[Grouping] = []


def add_parties(subject_kind: str, source: PartySource) -> None:
    """Let `source(subject)` name organisations that take part in cases of this kind."""
    sources = _parties.setdefault(subject_kind, [])
    if source not in sources:
        sources.append(source)


def add_persons(subject_kind: str, source: PersonSource) -> None:
    """Let `source(subject)` name users who take part in cases of this kind themselves."""
    sources = _persons.setdefault(subject_kind, [])
    if source not in sources:
        sources.append(source)


def add_ties(source: TieSource) -> None:
    """Let `source(user_ids)` tell what ties some users to organisations, as pairs of a user and a tie."""
    if source not in _ties:
        _ties.append(source)


def group_by(grouping: Grouping) -> None:
    """Say how organisations form groups of owners: `grouping(ids)` gives each one the id of its topmost owner."""
    _grouping[:] = [grouping]


def parties_of(subject: Any) -> set[Party]:
    """Every organisation that takes part in a case."""
    return {party for source in _parties.get(subject.journey.subject_kind, []) for party in source(subject)}


def persons_of(subject: Any) -> set[int]:
    """Every user who takes part in a case themselves."""
    return {user_id for source in _persons.get(subject.journey.subject_kind, []) for user_id in source(subject)}


def ties_of(user_ids: Collection[int]) -> dict[int, set[Tie]]:
    """Everything that ties each of some users to organisations."""
    ties: dict[int, set[Tie]] = {user_id: set() for user_id in user_ids}
    for source in _ties:
        for user_id, tie in source(user_ids):
            ties[user_id].add(tie)
    return ties


def groups_of(organisation_ids: Collection[int]) -> Mapping[int, int]:
    """Each organisation's topmost owner; itself where nobody said otherwise."""
    known = _grouping[0](organisation_ids) if _grouping else {}
    return {one: known.get(one, one) for one in organisation_ids}


def findings(
    *, takes_part: bool, sits_in: Collection[str], deciders: Collection[str], ties: Iterable[Tie],
    parties: Iterable[Party], groups: Mapping[int, int], former_employer_years: int, today: date,
) -> list[Finding]:  # fmt: skip
    """Every reason why a person may not assess a case; [] means nothing was found.

    Args:
        takes_part: the person has written or leads the case.
        sits_in: the bodies the person sits in; deciders: the bodies that may decide the case.
        groups: organisation id -> id of its topmost owner, for all organisations in ties and parties.
        former_employer_years: how long a past employment disqualifies.
    """
    found = [Finding("takes_part")] if takes_part else []
    if set(sits_in) & set(deciders):
        found.append(Finding("decides"))
    latest = today - relativedelta(years=former_employer_years)
    for party in sorted(parties, key=lambda one: (one.organisation_id, one.part)):
        codes = {_code(tie, party, groups, latest) for tie in ties} - {None}
        for code in ("own_organisation", "owner_group", "former_employer"):
            if code in codes:
                found.append(Finding(code, party.organisation_id, party.part))
                break
    return found


def _code(tie: Tie, party: Party, groups: Mapping[int, int], latest: date) -> str | None:
    same = tie.organisation_id == party.organisation_id
    if tie.kind == "former_employer":
        recent = tie.until is None or tie.until >= latest
        return "former_employer" if same and recent else None
    if same:
        return "own_organisation"
    related = groups.get(tie.organisation_id) == groups.get(party.organisation_id, party.organisation_id)
    return "owner_group" if related else None
