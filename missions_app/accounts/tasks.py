"""What waits for somebody: derived from the state of things each time, never stored. Pure values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from missions_app.accounts.actor import Actor
from missions_app.i18n import _, current_locale


@dataclass(frozen=True, slots=True)
class Task:
    """One thing an actor can do now.

    title and reason are msgids with their values (words are made at the edge); endpoint and values give the page
    where it is done; due is the last day, None when nothing presses, and since the day it began to wait. What somebody
    else has to do first names them in waiting_for; whom one may remind of it, it has a key for in nudge, and the day
    they were last reminded in nudged_on.
    """

    title: str
    endpoint: str
    values: Mapping[str, object]
    reason: str = ""
    title_params: Mapping[str, object] = field(default_factory=dict)
    reason_params: Mapping[str, object] = field(default_factory=dict)
    due: date | None = None
    reference: str = ""
    waiting_for: str = ""
    since: date | None = None
    nudge: str = ""
    nudged_on: date | None = None


TaskSource = Callable[[Actor], list[Task]]
_sources: list[TaskSource] = []


def register(source: TaskSource) -> None:
    """Let a package add its tasks to everybody's "My work"."""
    if source not in _sources:
        _sources.append(source)


def tasks_for(actor: Actor) -> list[Task]:
    """Everything that waits for the actor, most pressing first."""
    found = [task for source in _sources for task in source(actor)]
    return sorted(found, key=lambda task: (task.due or date.max, task.since or date.max, task.reference))


def in_words(task: Task) -> str:
    """What is to be done, in the context's language."""
    locale = current_locale()
    values = {name: one.in_(locale) if hasattr(one, "in_") else one for name, one in task.title_params.items()}
    return _(task.title, **values)
