"""Following what happens: when a fact changes under a decision, the case is looked at again soon after."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from sqlalchemy import select

from missions_app import db
from missions_app.audit.trail import Recorded
from missions_app.outbox import jobs
from missions_app.workflow import pinning
from missions_app.workflow.models import GateDecision, Journey

RECHECK = "workflow.recheck"
# What the looking itself records.
OWN = frozenset({"criterion.turned_stale", "criterion.stands_again", "criterion.looked_afresh"})
CaseSource = Callable[[Recorded], Iterable[Journey]]
_cases: list[CaseSource] = []
_quiet: set[str] = set(OWN)
_freezing: set[str] = set()


def ignore(*actions: str) -> None:
    """Acts that cannot take anything away from a case that has passed a gate."""
    _quiet.update(actions)


def freeze_on(*actions: str) -> None:
    """Acts with which a test begins: what is to hold until then is kept as it was."""
    _freezing.update(actions)


def add_cases(source: CaseSource) -> None:
    """Let `source(event)` name the journeys of cases that rest on something that belongs to no case itself."""
    if source not in _cases:
        _cases.append(source)


def on_recorded(event: Recorded) -> None:
    """Queue one look per case and transaction, for cases that have something to lose."""
    if event.action in _quiet:
        return
    elsewhere = (journey for source in _cases for journey in source(event))
    for journey in (*journeys_behind(event.subject), *elsewhere):
        if event.action in _freezing:
            pinning.freeze(journey)
        db.before_commit(f"{RECHECK}:{journey.id}", partial(_queue, journey))


def _queue(journey: Journey) -> None:
    if _has_passed(journey):
        jobs.queue(RECHECK, journey=journey.id)


def journeys_behind(subject: Any) -> Iterator[Journey]:
    """The journeys of the cases a record belongs to: its own, its experiment's and its mission's."""
    own = getattr(subject, "journey", None)
    if isinstance(own, Journey):
        yield own
    for name in ("experiment", "mission"):
        case = getattr(subject, name, None)
        if case is not None:
            yield from journeys_behind(case)


def _has_passed(journey: Journey) -> bool:
    found = select(GateDecision.id).where(
        GateDecision.journey_id == journey.id, GateDecision.published_at.is_not(None)
    )  # fmt: skip
    return db.session.scalars(found.limit(1)).first() is not None
