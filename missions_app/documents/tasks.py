"""What waits for the registrar: documents without a number."""

from missions_app.accounts.actor import Actor
from missions_app.accounts.tasks import Task
from missions_app.documents import queries
from missions_app.i18n import N_


def tasks_for(actor: Actor) -> list[Task]:
    """One task for all documents that wait for a number; the registrar's own work."""
    if not actor.has("registrar"):
        return []
    waiting = queries.unregistered_count()
    if not waiting:
        return []
    return [
        Task(
            title=N_("Register what has come in: %(number)d"), title_params={"number": waiting},
            reason=N_("They have no number in the register yet."), endpoint="documents.show_register",
            values={"unregistered": 1},
        )
    ]  # fmt: skip
