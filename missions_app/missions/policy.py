"""Who may do what with missions. Pure."""

from missions_app.accounts.actor import Actor, mission_scope, organisation_scope
from missions_app.accounts.policy import is_secretariat
from missions_app.missions.models import Mission


def can_coordinate(actor: Actor, mission: Mission) -> bool:
    """The mission's coordinator; the secretariat helps."""
    return actor.has("coordinator", mission_scope(mission.id)) or is_secretariat(actor)


def can_appoint_coordinator(actor: Actor, mission: Mission) -> bool:
    """The problem owner's representative and the secretariat."""
    return actor.has("problem_owner_rep", organisation_scope(mission.problem_owner_id)) or is_secretariat(actor)


def can_hand_over(actor: Actor, mission: Mission) -> bool:
    """Who settles who coordinates next: those who appoint, and whoever coordinates today."""
    return can_appoint_coordinator(actor, mission) or can_coordinate(actor, mission)


def can_plan_join(actor: Actor, _mission: Mission) -> bool:
    """The secretariat settles which challenges are met together."""
    return is_secretariat(actor)


def has_part(actor: Actor, mission: Mission) -> bool:
    """Everyone with a role in the mission or its owner, its committed partners, bodies and the secretariat.

    A partner's people hold the role "partner" in the mission: it follows from their organisation's place in it.
    """
    held = {scope for _role, scope in actor.grants}
    return is_secretariat(actor) or bool(actor.bodies()) or bool(held & mission.scopes)
