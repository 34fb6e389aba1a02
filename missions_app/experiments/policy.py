"""Who may do what with experiments. Pure."""

from missions_app.accounts.actor import Actor, mission_scope, organisation_scope
from missions_app.accounts.policy import is_secretariat
from missions_app.experiments.log_models import LogEntry
from missions_app.experiments.models import Experiment
from missions_app.missions.models import Mission

READERS = ("experiment_lead", "coordinator", "site_manager", "problem_owner_rep", "assessor")


def can_plan_experiment(actor: Actor, mission: Mission) -> bool:
    """The mission's coordinator plans experiments; the secretariat helps."""
    return actor.has("coordinator", mission_scope(mission.id)) or is_secretariat(actor)


def can_edit_plan(actor: Actor, experiment: Experiment) -> bool:
    """Whoever leads the experiment, or coordinates its mission, edits the plan."""
    return actor.has("experiment_lead", *experiment.scopes) or can_plan_experiment(actor, experiment.mission)


def can_read_plan(actor: Actor, experiment: Experiment) -> bool:
    """Everyone with a part in the experiment or its mission reads the whole plan; the public reads the summary."""
    held = {scope for _role, scope in actor.grants}
    if is_secretariat(actor) or actor.bodies() or held & experiment.scopes or held & experiment.mission.scopes:
        return True
    return any(
        (role, organisation_scope(experiment.organisation_id)) in actor.grants for role in ("member", "org_admin")
    )


def can_report(actor: Actor, experiment: Experiment) -> bool:
    """Whoever leads the experiment writes its log and report; the coordinator helps."""
    return can_edit_plan(actor, experiment)


def can_remove_photo(actor: Actor, entry: LogEntry) -> bool:
    """Whoever put a picture in the log takes it away, and so may those who answer for the log."""
    own = actor.user_id is not None and actor.user_id == entry.noted_by_id
    return own or can_report(actor, entry.experiment)
