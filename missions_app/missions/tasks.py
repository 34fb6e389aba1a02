"""What waits for somebody about missions as such: that somebody coordinates them, and what is to be prepared."""

from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.accounts.tasks import Task
from missions_app.i18n import N_
from missions_app.missions import policy, queries
from missions_app.workflow.tasks import prepare_task


def tasks_for(actor: Actor) -> list[Task]:
    """Missions without a coordinator, for those who may appoint one; and the checkpoint ahead of those one leads."""
    return [*_without_coordinator(actor), *_to_prepare(actor)]


def _to_prepare(actor: Actor) -> list[Task]:
    found = [prepare_task(mission) for mission in queries.coordinated_by(actor)]
    return [task for task in found if task is not None]


def _without_coordinator(actor: Actor) -> list[Task]:
    if not (is_secretariat(actor) or actor.scopes_of("problem_owner_rep", "organisation")):
        return []
    return [
        Task(
            title=N_("Appoint a coordinator: %(title)s"), title_params={"title": mission.titles},
            reason=N_("Nobody holds the mission together yet."), endpoint="missions.appoint_coordinator",
            values={"reference": mission.reference}, reference=mission.reference,
        )
        for mission in queries.without_coordinator()
        if policy.can_appoint_coordinator(actor, mission) and not queries.has_ended(mission)
    ]  # fmt: skip
