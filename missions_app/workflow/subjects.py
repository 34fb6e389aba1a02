"""What the engine knows about a case without knowing what it is: who it is for and which facts it offers.

Each package registers its kind (challenge, mission, experiment) and any package may add facts to a kind;
`wiring.py` lists them all.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Protocol

from missions_app.accounts.actor import Scope
from missions_app.errors import DomainError
from missions_app.workflow.method import Gate, Text
from missions_app.workflow.models import Journey


class Facts(Mapping[str, Any]):
    """The facts of a case by name. A package may offer a fact as a function; it is called when a criterion first reads
    the fact, so that a gate costs what its own criteria ask for."""

    def __init__(self, offered: Mapping[str, Any]) -> None:
        self._offered = dict(offered)

    def __getitem__(self, name: str) -> Any:
        value = self._offered[name]
        if callable(value):
            value = self._offered[name] = value()
        return value

    def __contains__(self, name: object) -> bool:
        return name in self._offered

    def __iter__(self) -> Iterator[str]:
        return iter(self._offered)

    def __len__(self) -> int:
        return len(self._offered)


class Subject(Protocol):
    """A case that travels through the method."""

    id: Any

    @property
    def journey(self) -> Any: ...

    @property
    def reference(self) -> Any: ...

    @property
    def title(self) -> Any: ...

    @property
    def titles(self) -> Text: ...

    @property
    def scopes(self) -> frozenset[Scope]: ...


Loader = Callable[[Journey], Subject]
ManyLoader = Callable[[Collection[int]], Iterable[Any]]
FactSource = Callable[[Any], Mapping[str, Any]]
ScopeSource = Callable[[Any], frozenset[Scope]]
Effect = Callable[[Any, Any, Any], None]
Hindrance = Callable[[Any, Gate], DomainError | None]

_loaders: dict[str, Loader] = {}
_many: dict[str, ManyLoader] = {}
_sources: dict[str, list[FactSource]] = {}
_scopes: dict[str, list[ScopeSource]] = {}
_effects: dict[str, Effect] = {}
_hindrances: dict[str, list[Hindrance]] = {}
_revisions: dict[str, Callable[[Any], object]] = {}


def register(kind: str, load: Loader, load_all: ManyLoader) -> None:
    """Say how to find the case of a journey of this kind, and the cases of several, by one statement."""
    _loaders[kind], _many[kind] = load, load_all


def add_facts(kind: str, source: FactSource) -> None:
    """Let `source(subject)` add facts, by the names of workflow/facts.py, to every case of this kind."""
    sources = _sources.setdefault(kind, [])
    if source not in sources:
        sources.append(source)


def add_scopes(kind: str, source: ScopeSource) -> None:
    """Let a package above add places where roles for a case of this kind are held (the sites an experiment books)."""
    sources = _scopes.setdefault(kind, [])
    if source not in sources:
        sources.append(source)


def scopes_of(subject: Subject) -> frozenset[Scope]:
    """Everywhere roles for a case are held: its own places and those that packages above know."""
    return subject.scopes.union(*(source(subject) for source in _scopes.get(subject.journey.subject_kind, [])))


def register_effect(effect: str, function: Effect) -> None:
    """Say what an outcome's trigger does: `function(subject, decision, by)`, inside the decision's transaction."""
    _effects[effect] = function


def add_hindrance(kind: str, source: Hindrance) -> None:
    """Let a package above say what has to be done for a case of this kind before anything is recommended at a gate."""
    sources = _hindrances.setdefault(kind, [])
    if source not in sources:
        sources.append(source)


def hindrance_to_recommend(subject: Subject, gate: Gate) -> DomainError | None:
    """What keeps anybody from recommending at the gate now, as the refusal it would be; None when nothing does."""
    found = (source(subject, gate) for source in _hindrances.get(subject.journey.subject_kind, []))
    return next((one for one in found if one is not None), None)


def add_revision(kind: str, source: Callable[[Any], object]) -> None:
    """Say which revision of a case of this kind is read now; without it, the record's own version counts."""
    _revisions[kind] = source


def revision_of(subject: Subject) -> str:
    """The revision of a case as it stands, for what is pinned at a decision."""
    source = _revisions.get(subject.journey.subject_kind)
    return str(source(subject) if source else getattr(subject, "version", ""))


def subject_of(journey: Journey) -> Subject:
    """The case that travels this journey."""
    return _loaders[journey.subject_kind](journey)


def subjects_of(journeys: Iterable[Journey]) -> dict[int, Subject]:
    """The cases that travel some journeys, by the journey's id: one statement for each kind."""
    by_kind: dict[str, set[int]] = {}
    for journey in journeys:
        by_kind.setdefault(journey.subject_kind, set()).add(journey.id)
    return {one.journey_id: one for kind, ids in by_kind.items() for one in _many[kind](ids)}


def facts_of(subject: Subject) -> Facts:
    """All facts of a case, from every package that offers some."""
    offered: dict[str, Any] = {}
    for source in _sources.get(subject.journey.subject_kind, []):
        offered |= source(subject)
    return Facts(offered)


def effect(name: str) -> Effect:
    """The function bound to a trigger; KeyError when wiring forgot it (checked at start-up)."""
    return _effects[name]


def bound_effects() -> frozenset[str]:
    """The triggers that wiring has bound."""
    return frozenset(_effects)
