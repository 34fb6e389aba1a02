"""What another version of the method would mean for a running case: every criterion judged under both."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from missions_app import db
from missions_app.workflow import gate_queries, method_queries
from missions_app.workflow.engine import CriterionStatus
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Journey, MethodVersion
from missions_app.workflow.subjects import Subject, subject_of

ABSENT = "absent"
FAILS = ("not_met", "stale")


@dataclass(frozen=True, slots=True)
class Compared:
    """One case under two versions.

    `before` and `after` are criterion -> standing, for the gates that are open or passed; `stopped` are those that
    stop the case, before and after. `differing` names exactly the criteria whose result is not the same (standing, or
    whether they stop), one that exists in one version only included. `failing` are those of them that stop the case
    under the new version and did not before. `missing` says what the new version lacks
    without which the case cannot live in it: its state, or a gate it has passed.
    """

    subject: Subject
    before: Mapping[str, str]
    after: Mapping[str, str]
    failing: Sequence[str]
    missing: Sequence[str] = ()
    stopped: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())

    @property
    def differing(self) -> list[str]:
        """Criteria whose standing differs, in the order of the new version and then the old."""
        every = dict.fromkeys([*self.after, *self.before])
        return [one for one in every if self._result(0, one) != self._result(1, one)]

    def _result(self, side: int, criterion: str) -> tuple[str, bool]:
        standings = (self.before, self.after)[side]
        return standings.get(criterion, ABSENT), criterion in self.stopped[side]


@dataclass(frozen=True, slots=True)
class Simulation:
    """All running cases under a version: those it makes no difference to, and those it does."""

    unaffected: Sequence[Compared]
    affected: Sequence[Compared]
    would_fail: Mapping[str, int] = field(default_factory=dict)


def simulate(version: MethodVersion) -> Simulation:
    """Judge every running case under a version that holds together, changing nothing."""
    compared = [compare(subject_of(journey), version) for journey in running(version)]
    would_fail: dict[str, int] = {}
    for one in compared:
        for criterion in one.failing:
            would_fail[criterion] = would_fail.get(criterion, 0) + 1
    affected = [one for one in compared if one.differing or one.missing]
    return Simulation([one for one in compared if one not in affected], affected, would_fail)


def running(version: MethodVersion) -> list[Journey]:
    """Journeys under another version that have not come to an end."""
    return [
        journey
        for journey in method_queries.journeys_pinned(other_than=version)
        if method_of(journey.method_version).state(journey.subject_kind, journey.state).kind != "ended"
    ]


def compare(subject: Subject, version: MethodVersion) -> Compared:
    """One case judged under its own version and under another, on the facts of now."""
    before = _judged(subject)
    missing = missing_in(subject, version)
    if missing:
        return Compared(subject, {key: one.standing.value for key, one in before.items()}, {}, (), missing)
    with _under(subject.journey, version):
        after = _judged(subject)
    failing = [key for key, one in after.items() if one.blocks and (key not in before or not before[key].blocks)]
    return Compared(
        subject, {key: one.standing.value for key, one in before.items()},
        {key: one.standing.value for key, one in after.items()}, failing, stopped=(_stopping(before), _stopping(after)),
    )  # fmt: skip


def _stopping(judged: Mapping[str, CriterionStatus]) -> frozenset[str]:
    return frozenset(key for key, one in judged.items() if one.blocks)


def missing_in(subject: Subject, version: MethodVersion) -> list[str]:
    """The state the case is in and the gates it has passed, as far as a version does not have them."""
    journey, method = subject.journey, method_of(version)
    states = {state.id for state in method.journey(journey.subject_kind).state}
    passed = {one.gate for one in gate_queries.decisions_of(journey) if one.published_at is not None}
    there = {gate.id for gate in method.gates_of(journey.subject_kind)}
    return [*({journey.state} - states), *sorted(passed - there)]


@contextmanager
def _under(journey: Journey, version: MethodVersion) -> Iterator[None]:
    """Look at a journey as if it were pinned to another version; nothing is written."""
    own = journey.method_version
    with db.session.no_autoflush:
        journey.method_version = version
        try:
            yield
        finally:
            journey.method_version = own


def _judged(subject: Subject) -> dict[str, CriterionStatus]:
    """Every criterion of the gates that are open or passed."""
    journey = subject.journey
    found: dict[str, CriterionStatus] = {}
    facts: Mapping[str, Any] | None = None
    for gate in method_of(journey.method_version).gates_of(journey.subject_kind):
        if journey.state not in gate.from_states and gate_queries.passing_decision(journey, gate.id) is None:
            continue
        standing = gate_queries.standing(subject, gate.id, offered=facts)
        facts = standing.facts
        found |= {one.criterion.id: one for one in standing.criteria}
    return found
