"""Who may see and do what at a gate. Pure, but for reading the case's own attributes."""

from collections.abc import Sequence
from dataclasses import dataclass

from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.workflow.gate_queries import GateStanding
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import GateDecision
from missions_app.workflow.rights import acts_as, acts_as_any
from missions_app.workflow.subjects import Subject, scopes_of


def can_read_gate(actor: Actor, subject: Subject) -> bool:
    """Everyone with any role in the case, the secretariat and members of bodies may see the list of requirements."""
    if is_secretariat(actor) or actor.bodies():
        return True
    held = {scope for _role, scope in actor.grants}
    return bool(held & scopes_of(subject))


def knows(actor: Actor, decision: GateDecision) -> bool:
    """Whether the actor may know of a decision: everybody when it is published; until then the secretariat, the
    bodies that may decide at the gate, and whoever made it."""
    if decision.published_at is not None or actor.is_system or is_secretariat(actor):
        return True
    gate = method_of(decision.journey.method_version).gate(decision.gate)
    if {gate.decided_by, gate.escalate_to} & actor.bodies():
        return True
    return actor.user_id is not None and decision.decided_by_id == actor.user_id


def can_edit_method(actor: Actor, _method: object) -> bool:
    """The secretariat keeps the method: drafts, versions, answers to proposals, and which running cases move."""
    return is_secretariat(actor)


def can_propose(actor: Actor, _method: object) -> bool:
    """Everybody who works by the method may propose a change of it."""
    return actor.is_signed_in


@dataclass(frozen=True, slots=True)
class GateRights:
    """What an actor may do at a gate now: buttons follow it, services check it again."""

    request: bool
    recommend: bool
    decide: bool
    consult: bool
    publish: bool
    waivable: frozenset[str]
    attestable: frozenset[str]
    replies: frozenset[str]
    look: bool
    step_aside: bool
    revocable: frozenset[str]
    correct: frozenset[str]


def gate_rights(actor: Actor, subject: Subject, standing: GateStanding, *, barred: bool = False) -> GateRights:
    """What the actor may do at the gate as it stands.

    Args:
        barred: a conflict of interest keeps the actor from handling it.
    """
    method, gate, scopes = standing.method, standing.gate, scopes_of(subject)

    def may(who: Sequence[str]) -> bool:
        return acts_as_any(actor, who, scopes, method) is not None

    recommended = standing.recommendation
    own = recommended is not None and recommended.recommended_by_id == actor.user_id
    held = standing.held is not None and knows(actor, standing.held)
    handles = may([standing.decider, *gate.recommended_by])
    return GateRights(
        request=standing.is_open and standing.request is None and may(gate.requested_by),
        recommend=standing.is_open and not barred and may(gate.recommended_by),
        decide=standing.is_open
        and not barred
        and recommended is not None
        and not own
        and not held
        and may([standing.decider]),
        consult=standing.is_open and may(["secretariat"]),
        publish=may(["secretariat"]),
        waivable=frozenset(
            criterion.id
            for criterion in gate.criteria
            if criterion.waivable_by != "none" and not barred and acts_as(actor, criterion.waivable_by, scopes, method)
        ),
        attestable=frozenset(
            criterion.id
            for criterion in gate.criteria
            if criterion.check == "attest" and acts_as(actor, str(criterion.params["role"]), scopes, method)
        ),
        replies=frozenset(body for body in method.body_ids if acts_as(actor, body, scopes, method)),
        look=not standing.is_open and not barred and handles,
        step_aside=standing.is_open and not barred and handles,
        revocable=frozenset(
            status.criterion.id
            for status in standing.criteria
            if status.waiver is not None and may([status.waiver.waived_as])
        ),
        correct=frozenset(who for who in {gate.decided_by, gate.escalate_to} if who and not barred and may([who])),
    )


def can_publish(actor: Actor, subject: Subject) -> bool:
    """The secretariat publishes what was kept back."""
    return acts_as(actor, "secretariat", scopes_of(subject), method_of(subject.journey.method_version))
