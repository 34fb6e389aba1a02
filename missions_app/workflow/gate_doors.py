"""What every act at a gate begins with: the case locked, the gate open, the right held, the reason written."""

from collections.abc import Sequence

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.errors import NotFound
from missions_app.workflow import journey_service
from missions_app.workflow.errors import ReasonMissing, TooShort, WrongRole, WrongState
from missions_app.workflow.method import Criterion, Gate, Method
from missions_app.workflow.method_service import method_of
from missions_app.workflow.rights import acts_as_any
from missions_app.workflow.subjects import Subject, scopes_of

LEAST_REASON = 20


def open_gate(subject: Subject, gate_id: str, expected_version: int | None) -> tuple[Gate, Method]:
    """The gate of a locked case that stands before it.

    Raises:
        NotFound, WrongState, StaleVersion.
    """
    journey = journey_service.lock(subject.journey)
    method = method_of(journey.method_version)
    gate = gate_of(subject, gate_id, method)
    if journey.state not in gate.from_states:
        raise WrongState(reference=subject.reference, state=method.state(journey.subject_kind, journey.state).label)
    db.expect_version(journey, expected_version)
    return gate, method


def gate_of(subject: Subject, gate_id: str, method: Method) -> Gate:
    """A gate that this kind of case has, or NotFound."""
    gate = method.find_gate(gate_id)
    if gate is None or gate.subject != subject.journey.subject_kind:
        raise NotFound()
    return gate


def criterion_of(subject: Subject, criterion_id: str, method: Method) -> Criterion:
    """A criterion of one of the case's own gates, or NotFound."""
    for gate in method.gates_of(subject.journey.subject_kind):
        for criterion in gate.criteria:
            if criterion.id == criterion_id:
                return criterion
    raise NotFound()


def require(by: Actor, who: Sequence[str], subject: Subject, method: Method) -> str:
    """The role or body in which the actor may do this, or WrongRole."""
    if by.is_system:
        return "system"
    role = acts_as_any(by, who, scopes_of(subject), method)
    if role is None:
        raise WrongRole(who=[method.who(one) for one in who])
    return role


def long_enough(text: str, field: str) -> None:
    """Refuse an empty text or one that says next to nothing."""
    if not text.strip():
        raise ReasonMissing(field=field)
    if len(text.strip()) < LEAST_REASON:
        raise TooShort(field=field, least=LEAST_REASON)
