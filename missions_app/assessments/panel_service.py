"""Appointing assessors: opening a panel, assigning, releasing, closing."""

from datetime import date, timedelta

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts import grant_service
from missions_app.accounts.actor import SYSTEM, Actor, Scope
from missions_app.accounts.models import Grant, User
from missions_app.accounts.policy import permit
from missions_app.assessments import policy, queries
from missions_app.assessments.errors import (
    AlreadyAssigned,
    AssignmentEnded,
    ConflictOfInterest,
    NotBeingAssessed,
    ReasonNeeded,
)
from missions_app.assessments.events import AssessorAssigned
from missions_app.assessments.findings import reasons_of
from missions_app.assessments.models import Assignment, AssignmentState, Panel
from missions_app.audit import trail
from missions_app.events import announce
from missions_app.workflow.events import StateEntered
from missions_app.workflow.models import Journey
from missions_app.workflow.subjects import Subject

USUAL_DAYS = 14


def assign_assessor(
    subject: Subject, rubric: str, assessor: User, *, by: Actor, revision: int | None = None,
    due_on: date | None = None,
) -> Assignment:  # fmt: skip
    """Ask somebody to assess a case; opens a panel when none is open.

    Args:
        rubric: a rubric of the method. revision: the number of the case's revision that is to be read.
        due_on: the last day, for a new panel; 14 days from now when not given.

    Raises:
        NotBeingAssessed, AlreadyAssigned. ConflictOfInterest: a tie to a party is known already.
    """
    permit(policy.can_appoint, by, subject)
    with db.transaction() as session:
        panel = _open_panel(subject, rubric, due_on, by)
        if any(one.assessor_id == assessor.id for one in panel.assignments):
            raise AlreadyAssigned(field="assessor")
        found = queries.findings_for(assessor.id, subject, rubric)
        if found:
            raise ConflictOfInterest(field="assessor", reasons=reasons_of(found))
        assignment = Assignment(
            panel=panel, assessor=assessor, state=AssignmentState.ASSIGNED, assigned_at=clock.now(),
            assigned_by=by.audit_id, revision=revision,
        )  # fmt: skip
        session.add(assignment)
        session.flush()
        trail.record("assessor.assigned", assignment, by=by, journey=subject.journey.id, rubric=rubric)
        announce(AssessorAssigned(subject, assignment, by))
        return assignment


def release_assessor(assignment: Assignment, subject: Subject, *, reason: str, by: Actor) -> None:
    """End an assignment that is not needed or not answered. What was sent in no longer counts.

    Raises:
        ReasonNeeded, AssignmentEnded.
    """
    permit(policy.can_appoint, by, subject)
    if not reason.strip():
        raise ReasonNeeded(field="reason")
    with db.transaction():
        lock_panel(assignment.panel)
        if assignment.state not in policy.OPEN:
            raise AssignmentEnded()
        end(assignment, AssignmentState.RELEASED, reason.strip(), subject)
        trail.record("assessor.released", assignment, by=by, journey=subject.journey.id)


def close_panels(event: StateEntered) -> None:
    """When a case leaves the state in which it is assessed, its panels close and the assessors' rights end."""
    journey = event.subject.journey
    open_panels = db.session.scalars(
        select(Panel).where(Panel.journey_id == journey.id, Panel.closed_at.is_(None)).order_by(Panel.id)
    ).all()
    for panel in open_panels:
        if queries.is_being_assessed(journey, panel.rubric):
            continue
        panel.closed_at = clock.now()
        for assignment in panel.assignments:
            _end_right(assignment, event.subject)
        trail.record("assessment.closed", panel, by=SYSTEM, journey=journey.id)


def lock_panel(panel: Panel) -> Panel:
    """The panel's row, locked, and its assignments read anew."""
    locked = db.session.scalars(
        select(Panel).where(Panel.id == panel.id).with_for_update().execution_options(populate_existing=True)
    ).one()
    db.session.expire(locked, ["assignments"])
    for assignment in locked.assignments:
        db.session.refresh(assignment)
    return locked


def case_scope(subject: Subject) -> Scope:
    """Where the role of assessor of this very case is held."""
    return Scope(subject.journey.subject_kind, str(subject.id))


def give_right(assignment: Assignment, subject: Subject, *, by: Actor) -> None:
    """Let a cleared assessor read the case."""
    grant_service.grant(assignment.assessor, policy.ASSESSOR, case_scope(subject), by=by)


def end(assignment: Assignment, state: AssignmentState, because: str, subject: Subject) -> None:
    """End an assignment and the right that came with it. Inside a transaction, with the panel locked."""
    assignment.state, assignment.ended_at, assignment.ended_because = state, clock.now(), because
    _end_right(assignment, subject)


def _end_right(assignment: Assignment, subject: Subject) -> None:
    scope = case_scope(subject)
    held = db.session.scalars(
        select(Grant).where(
            Grant.user_id == assignment.assessor_id, Grant.role == policy.ASSESSOR, Grant.scope_kind == scope.kind,
            Grant.scope_id == scope.id, Grant.revoked_at.is_(None),
        )
    ).all()  # fmt: skip
    for given in held:
        grant_service.revoke(given, by=SYSTEM)


def _open_panel(subject: Subject, rubric: str, due_on: date | None, by: Actor) -> Panel:
    journey = db.session.scalars(
        select(Journey)
        .where(Journey.id == subject.journey.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if not queries.is_being_assessed(journey, rubric):
        raise NotBeingAssessed(reference=subject.reference)
    newest = next(iter(queries.panels_of(journey, rubric)), None)
    if newest is not None and newest.closed_at is None:
        return lock_panel(newest)
    panel = Panel(
        journey=journey, rubric=rubric, number=(newest.number if newest else 0) + 1, opened_at=clock.now(),
        opened_by_id=by.user_id, due_on=due_on or clock.today() + timedelta(days=USUAL_DAYS), assignments=[],
    )  # fmt: skip
    db.session.add(panel)
    db.session.flush()
    trail.record("assessment.opened", panel, by=by, journey=journey.id, rubric=rubric)
    return panel
