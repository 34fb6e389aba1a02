"""Reminding people of what has a day: looked up when the letter is made, so that what is done is never in it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.models import User, UserState
from missions_app.accounts.queries import load_actor
from missions_app.accounts.tasks import Task, in_words, tasks_for
from missions_app.i18n import use_locale
from missions_app.messages.models import Frequency, Preference
from missions_app.outbox.mail import queue_mail

AHEAD = timedelta(days=2)
EVERY = 7
MORNING = 7


def presses(task: Task, today: date) -> bool:
    """Whether a task is a reason to write today: two days before its day, on the day, the day after, then weekly."""
    if task.due is None:
        return False
    late = (today - task.due).days
    return late in (-AHEAD.days, 0, 1) or (late > 0 and late % EVERY == 0)


def remind(_payload: Mapping[str, Any]) -> None:
    """Write once in the morning to all who have something that presses; to those who want it weekly, on Mondays."""
    now = clock.now().astimezone(clock.zone())
    if not MORNING <= now.hour < MORNING + 2:
        return
    today = now.date()
    found = select(User, Preference).outerjoin(Preference, Preference.user_id == User.id).where(
        User.state == UserState.ACTIVE
    )  # fmt: skip
    for user, preference in db.session.execute(found.order_by(User.id)).all():
        if not _wants(preference, today):
            continue
        weekly = preference is not None and preference.frequency is Frequency.WEEKLY
        rows = [task for task in tasks_for(load_actor(user)) if _is_in(task, today, weekly)]
        if rows:
            _write(user, rows, today)


def reminded(actor: Actor, today: date) -> list[Task]:
    """What a person would be reminded of today."""
    return [task for task in tasks_for(actor) if presses(task, today)]


def _wants(preference: Preference | None, today: date) -> bool:
    if preference is None:
        return True
    if not preference.reminders or preference.frequency is Frequency.NONE:
        return False
    return preference.frequency is not Frequency.WEEKLY or today.weekday() == 0


def _is_in(task: Task, today: date, weekly: bool) -> bool:
    return (task.due is not None and task.due <= today + timedelta(days=7)) if weekly else presses(task, today)


def _write(user: User, tasks: list[Task], today: date) -> None:
    with use_locale(user.locale), db.transaction():
        rows = [
            {"what": in_words(task), "due": task.due.isoformat() if task.due else "",
             "late": bool(task.due and task.due < today)}
            for task in tasks
        ]  # fmt: skip
        queue_mail(user.email, "reminder", locale=user.locale, rows=rows, dedupe_key=f"reminder:{user.id}:{today}")
