"""Everybody's tasks in four groups: late, this week, stuck with somebody else, later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from missions_app.accounts.actor import Actor
from missions_app.accounts.tasks import Task, tasks_for
from missions_app.work.stuck import stuck_for

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class TaskGroups:
    """Tasks by how much they press: past their day, due within a week, what others have to do first, and the rest
    (undated last)."""

    late: Sequence[Task]
    soon: Sequence[Task]
    stuck: Sequence[Task]
    later: Sequence[Task]

    @property
    def total(self) -> int:
        """How many tasks there are in all."""
        return len(self.late) + len(self.soon) + len(self.stuck) + len(self.later)


def group(tasks: Sequence[Task], today: date, stuck: Sequence[Task] = ()) -> TaskGroups:
    """Sort tasks into groups; each keeps its order."""
    late = [task for task in tasks if task.due and task.due < today]
    soon = [task for task in tasks if task.due and today <= task.due <= today + WEEK]
    later = [task for task in tasks if task.due is None or task.due > today + WEEK]
    return TaskGroups(late, soon, stuck, later)


def groups_for(actor: Actor, today: date) -> TaskGroups:
    """The actor's tasks in groups."""
    return group(tasks_for(actor), today, [one.task for one in stuck_for(actor)])
