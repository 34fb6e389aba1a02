"""What waits for those who lead experiments."""

from missions_app.accounts.actor import Actor
from missions_app.accounts.tasks import Task
from missions_app.experiments import queries
from missions_app.workflow.tasks import prepare_task


def tasks_for(actor: Actor) -> list[Task]:
    """The checkpoint ahead of each experiment the actor leads."""
    if actor.user_id is None:
        return []
    found = [prepare_task(one) for one in queries.experiments_led_by(actor.user_id)]
    return [task for task in found if task is not None]
