"""What waits for the registrar: documents without a number, and requests to read documents."""

from datetime import timedelta

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.tasks import Task
from missions_app.documents import disclosure_service, queries
from missions_app.i18n import N_

# A request to read documents is answered without delay: the next day, as a rule.
ANSWER_WITHIN = timedelta(days=1)


def tasks_for(actor: Actor) -> list[Task]:
    """One task for all documents that wait for a number; the registrar's own work."""
    if not actor.has("registrar"):
        return []
    tasks = [
        Task(
            title=N_("Answer the request to read documents: %(number)d"), title_params={"number": one.id},
            reason=N_("Requests are answered without delay."), endpoint="documents.handle_disclosure",
            values={"disclosure_id": one.id}, due=clock.day_of(one.asked_at) + ANSWER_WITHIN,
        )
        for one in db.session.scalars(disclosure_service.disclosures(only_open=True))
    ]  # fmt: skip
    waiting = queries.unregistered_count()
    if not waiting:
        return tasks
    return [
        *tasks,
        Task(
            title=N_("Register what has come in: %(number)d"), title_params={"number": waiting},
            reason=N_("They have no number in the register yet."), endpoint="documents.show_register",
            values={"unregistered": 1},
        )
    ]  # fmt: skip
