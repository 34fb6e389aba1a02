"""Reminding others of what stands still with them: a letter to each, at most one a week, kept in the history."""

from datetime import date, timedelta

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.tasks import in_words
from missions_app.audit import trail
from missions_app.errors import Conflict, NotFound
from missions_app.i18n import use_locale
from missions_app.outbox.mail import queue_mail
from missions_app.work.stuck import NUDGED, Stuck, stuck_for

AGAIN = timedelta(days=7)


class NudgedLately(Conflict):
    """They have been reminded already and are given a week."""

    code = "nudged_lately"
    message = "They were reminded on %(day)s. You can remind them again on %(again)s."


class NobodyToNudge(Conflict):
    """No account speaks for those whose turn it is."""

    code = "nobody_to_nudge"
    message = "%(who)s has nobody with an account who can answer. Contact them in another way."


def can_nudge(nudged_on: date | None, today: date) -> bool:
    """Whether a week has gone since they were last reminded."""
    return nudged_on is None or today >= nudged_on + AGAIN


def nudge(key: str, *, by: Actor) -> Stuck:
    """Write to those somebody waits for; only what stands still for the actor just now can be reminded of.

    Raises:
        NotFound: nothing under this key waits, so there is nothing to remind of.
        NudgedLately, NobodyToNudge.
    """
    with db.transaction():
        found = next((one for one in stuck_for(by) if one.task.nudge == key), None)
        if found is None:
            raise NotFound()
        last = found.task.nudged_on
        if not can_nudge(last, clock.today()):
            raise NudgedLately(day=last, again=last + AGAIN if last else None)
        receivers = [user for user in found.receivers() if user.id != by.user_id]
        if not receivers:
            raise NobodyToNudge(who=found.task.waiting_for)
        trail.record(NUDGED, found.subject, by=by, key=key)
        for user in receivers:
            with use_locale(user.locale):
                queue_mail(
                    user.email, "nudge", locale=user.locale, what=in_words(found.task), name=by.name,
                    path=found.path,
                )  # fmt: skip
        return found
