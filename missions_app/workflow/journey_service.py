"""The one door through which every case changes state."""

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.audit import trail
from missions_app.errors import Conflict
from missions_app.events import announce
from missions_app.workflow import checks
from missions_app.workflow.errors import MoveHolds, ReasonMissing, UnknownMove, WrongRole, WrongState
from missions_app.workflow.events import StateEntered
from missions_app.workflow.method import Method, Move
from missions_app.workflow.method_service import method_of, version_in_force
from missions_app.workflow.models import Journey, StateEntry
from missions_app.workflow.rights import acts_as_any
from missions_app.workflow.subjects import Subject, facts_of, scopes_of


def start_journey(subject_kind: str, *, by: Actor) -> Journey:
    """A new journey in its kind's first state, pinned to the method version in force."""
    with db.transaction() as session:
        version = version_in_force()
        initial = method_of(version).journey(subject_kind).initial
        journey = Journey(
            subject_kind=subject_kind, method_version=version, state=initial, entered_at=clock.now(), round=1
        )
        session.add(journey)
        session.flush()
        session.add(_entry(journey, None, "start", by, by.audit_role, ""))
        return journey


def move(subject: Subject, move_id: str, *, by: Actor, expected_version: int | None = None, reason: str = "") -> None:
    """Make a move that the method declares, and nothing else.

    State, right, guard and version are checked under the journey's lock; the audit event is written with it.

    Args:
        expected_version: the journey's version the actor saw; None only when the system itself acts.
        reason: kept with the step; some moves demand it.

    Raises:
        UnknownMove, WrongState, WrongRole, ReasonMissing, MoveHolds, StaleVersion.
    """
    with db.transaction():
        journey = lock(subject.journey)
        method = method_of(journey.method_version)
        declared = method.find_move(journey.subject_kind, move_id)
        if declared is None:
            raise UnknownMove()
        role = _role_for(declared, subject, method, by)
        if journey.state not in declared.from_states:
            state = method.state(journey.subject_kind, journey.state)
            raise WrongState(reference=subject.reference, state=state.label)
        db.expect_version(journey, expected_version)
        if declared.reason == "required" and not reason.strip():
            raise ReasonMissing(field="reason")
        _require_guard(declared, subject, method)
        enter(subject, declared.to, by_move=declared.id, reason=reason.strip(), by=by, role=role)


def lock(journey: Journey) -> Journey:
    """The journey's row, locked and read anew."""
    return db.session.scalars(
        select(Journey).where(Journey.id == journey.id).with_for_update().execution_options(populate_existing=True)
    ).one()


def enter(subject: Subject, state: str, *, by_move: str, reason: str, by: Actor, role: str) -> None:
    """Bring a locked case to a state, with its history, audit event and announcement. For move() and decisions only."""
    journey = subject.journey
    if not db.in_transaction():
        raise Conflict()
    before = journey.state
    journey.state, journey.entered_at = state, clock.now()
    db.session.add(_entry(journey, before, by_move, by, role, reason))
    kind = journey.subject_kind
    trail.record(f"{kind}.{by_move}", subject, by=by, role=role, from_state=before, to_state=state)
    announce(StateEntered(subject, before, state, by_move, reason, by))


def _role_for(declared: Move, subject: Subject, method: Method, by: Actor) -> str:
    if by.is_system:
        return "system"
    role = acts_as_any(by, declared.by, scopes_of(subject), method)
    if role is None:
        raise WrongRole(who=[method.who(one) for one in declared.by])
    return role


def _require_guard(declared: Move, subject: Subject, method: Method) -> None:
    if declared.guard is None:
        return
    missing = checks.guard_problems(declared.guard, facts_of(subject), method)
    if missing:
        raise MoveHolds.of(missing)


def _entry(journey: Journey, before: str | None, by_move: str, by: Actor, role: str, reason: str) -> StateEntry:
    return StateEntry(
        journey_id=journey.id, from_state=before, to_state=journey.state, by_move=by_move, at=clock.now(),
        actor_id=by.audit_id, actor_role=role, reason=reason,
    )  # fmt: skip
