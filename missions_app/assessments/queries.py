"""Reading panels, assignments, the pool of assessors, and who has a conflict."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.models import Grant, User, UserState
from missions_app.assessments import conflicts
from missions_app.assessments.bonds import bonds_of
from missions_app.assessments.conflicts import Finding
from missions_app.assessments.models import (
    AssessorProfile,
    Assignment,
    AssignmentState,
    ConsensusNote,
    Declaration,
    FormerEmployment,
    Panel,
    Score,
)
from missions_app.assessments.policy import ASSESSOR, OPEN
from missions_app.errors import NotFound
from missions_app.organisations.models import Organisation
from missions_app.reading import hand_out, once, together
from missions_app.workflow.method import Gate, Method, Rubric
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Journey, MethodVersion
from missions_app.workflow.subjects import Subject


def rubric_gate(method: Method, subject_kind: str, rubric: str) -> Gate | None:
    """The gate of this kind of case that rests on the rubric, or None."""
    for gate in method.gates_of(subject_kind):
        if any(one.check == "rubric" and one.params["rubric"] == rubric for one in gate.criteria):
            return gate
    return None


def rubric_of(panel: Panel) -> Rubric:
    """The rubric in the method version the case travels under."""
    return method_of(panel.journey.method_version).rubric(panel.rubric)


def is_being_assessed(journey: Journey, rubric: str) -> bool:
    """Whether the case is where the method assesses it."""
    gate = rubric_gate(method_of(journey.method_version), journey.subject_kind, rubric)
    return gate is not None and journey.state in gate.from_states


@once
def panels_of(journey: Journey, rubric: str) -> Sequence[Panel]:
    """Every panel of a case on a rubric, newest first, with its people and scores, by one statement."""
    its_own = (Panel.journey_id == journey.id, Panel.rubric == rubric)
    panels, assignments, scores, declarations, notes = together(
        select(Panel).where(*its_own).order_by(Panel.number.desc()),
        select(Assignment, User)
        .join(Assignment.panel)
        .join(Assignment.assessor)
        .where(*its_own)
        .order_by(Assignment.id),
        select(Score).join(Score.assignment).join(Assignment.panel).where(*its_own).order_by(Score.id),
        select(Declaration)
        .join(Declaration.assignment)
        .join(Assignment.panel)
        .where(*its_own)
        .order_by(Declaration.id),
        select(ConsensusNote).join(ConsensusNote.panel).where(*its_own).order_by(ConsensusNote.id),
    )
    for panel in panels:
        set_committed_value(panel, "journey", journey)
    hand_out(panels, "assignments", assignments, "panel")
    hand_out(panels, "notes", notes, "panel")
    hand_out(assignments, "scores", scores, "assignment")
    hand_out(assignments, "declarations", declarations, "assignment")
    return panels


def current_panel(journey: Journey, rubric: str) -> Panel | None:
    """The panel that counts: the newest one, unless the case has come back for assessment after it was closed."""
    newest = next(iter(panels_of(journey, rubric)), None)
    if newest is None or (newest.closed_at is not None and is_being_assessed(journey, rubric)):
        return None
    return newest


def get_panel(panel_id: int) -> Panel:
    """The panel with its people and scores, or NotFound."""
    panel = db.session.get(Panel, panel_id)
    if panel is None:
        raise NotFound()
    return panel


def get_assignment(assignment_id: int) -> Assignment:
    """The assignment with its panel, or NotFound."""
    assignment = db.session.scalars(
        select(Assignment)
        .where(Assignment.id == assignment_id)
        .options(joinedload(Assignment.panel).joinedload(Panel.journey).joinedload(Journey.method_version))
    ).first()
    if assignment is None:
        raise NotFound()
    return assignment


def is_complete(panel: Panel) -> bool:
    """Whether all assessments are in: enough of them, and nobody left who still assesses."""
    active = [one for one in panel.assignments if one.state in OPEN]
    submitted = [one for one in active if one.state is AssignmentState.SUBMITTED]
    return len(submitted) == len(active) and len(submitted) >= rubric_of(panel).min_assessors


def assignments_of(actor: Actor) -> Sequence[Assignment]:
    """What the actor is to assess now, oldest due day first."""
    return db.session.scalars(
        select(Assignment)
        .join(Assignment.panel)
        .where(
            Assignment.assessor_id == actor.user_id,
            Assignment.state.in_([AssignmentState.ASSIGNED, AssignmentState.UNSURE, AssignmentState.CLEARED]),
            Panel.closed_at.is_(None),
        )
        .options(joinedload(Assignment.panel).joinedload(Panel.journey).joinedload(Journey.method_version))
        .order_by(Panel.due_on, Assignment.id)
    ).all()


def unruled_assignments() -> Sequence[Assignment]:
    """Assignments that wait for the secretariat's ruling, oldest first."""
    return db.session.scalars(
        select(Assignment)
        .join(Assignment.panel)
        .where(Assignment.state == AssignmentState.UNSURE, Panel.closed_at.is_(None))
        .options(joinedload(Assignment.panel).joinedload(Panel.journey), joinedload(Assignment.assessor))
        .order_by(Assignment.id)
    ).all()


def open_panels() -> Sequence[Panel]:
    """Every panel under way, the one due first at the top, with its people and scores."""
    return db.session.scalars(
        select(Panel)
        .where(Panel.closed_at.is_(None))
        .options(
            joinedload(Panel.journey).joinedload(Journey.method_version),
            selectinload(Panel.assignments).joinedload(Assignment.assessor),
            selectinload(Panel.assignments).selectinload(Assignment.scores),
        )
        .order_by(Panel.due_on, Panel.id)
    ).all()


def rubrics_for(journey: Journey) -> list[str]:
    """The rubrics the method uses on this kind of case, in the order of its gates."""
    method = method_of(journey.method_version)
    return [
        str(one.params["rubric"])
        for gate in method.gates_of(journey.subject_kind)
        for one in gate.criteria
        if one.check == "rubric"
    ]


def waiting_for_panel() -> list[tuple[Journey, str]]:
    """(journey, rubric) for every case that is to be assessed now, the one that has waited longest first."""
    found: list[tuple[Journey, str]] = []
    for version in db.session.scalars(select(MethodVersion)).all():
        for gate in method_of(version).gate_:
            rubrics = [str(one.params["rubric"]) for one in gate.criteria if one.check == "rubric"]
            if not rubrics:
                continue
            journeys = db.session.scalars(
                select(Journey)
                .where(
                    Journey.method_version_id == version.id, Journey.subject_kind == gate.subject,
                    Journey.state.in_(gate.from_states),
                )
                .order_by(Journey.entered_at, Journey.id)
            ).all()  # fmt: skip
            found += [(journey, rubric) for journey in journeys for rubric in rubrics]
    return found


def consensus_notes(panel: Panel) -> Sequence[ConsensusNote]:
    """The notes that count, oldest first."""
    return [one for one in panel.notes if one.superseded_at is None]


def pool() -> Sequence[User]:
    """Everybody who may be asked to assess, by name: those with a profile, and holders of the role."""
    profiled = select(AssessorProfile.user_id).where(AssessorProfile.is_available)
    unavailable = select(AssessorProfile.user_id).where(AssessorProfile.is_available.is_(False))
    today = clock.today()
    granted = select(Grant.user_id).where(
        Grant.role == ASSESSOR, Grant.revoked_at.is_(None), Grant.valid_from <= today,
        or_(Grant.valid_until.is_(None), Grant.valid_until >= today),
    )  # fmt: skip
    return db.session.scalars(
        select(User)
        .where(
            User.state == UserState.ACTIVE, or_(User.id.in_(profiled), User.id.in_(granted)),
            User.id.not_in(unavailable),
        )
        .order_by(User.name, User.id)
    ).all()  # fmt: skip


def profiles() -> dict[int, AssessorProfile]:
    """User id -> what the pool knows about the person."""
    return {profile.user_id: profile for profile in db.session.scalars(select(AssessorProfile))}


def loads() -> dict[int, int]:
    """User id -> how many assessments the person has under way."""
    rows = db.session.execute(
        select(Assignment.assessor_id, func.count())
        .join(Assignment.panel)
        .where(
            Assignment.state.in_([AssignmentState.ASSIGNED, AssignmentState.CLEARED, AssignmentState.UNSURE]),
            Panel.closed_at.is_(None),
        )
        .group_by(Assignment.assessor_id)
    )
    return {user_id: number for user_id, number in rows}


def former_employments(user_id: int) -> Sequence[FormerEmployment]:
    """Where somebody used to work, newest first."""
    return db.session.scalars(
        select(FormerEmployment)
        .where(FormerEmployment.user_id == user_id)
        .options(joinedload(FormerEmployment.organisation))
        .order_by(FormerEmployment.until.desc(), FormerEmployment.id)
    ).all()


def findings_for(user_id: int, subject: Subject, rubric: str) -> list[Finding]:
    """Every reason the platform knows why a person may not assess this case now; [] means none."""
    return findings_of([user_id], subject, rubric)[user_id]


def findings_of(user_ids: Collection[int], subject: Subject, rubric: str) -> dict[int, list[Finding]]:
    """The same for several persons, by as many statements as for one."""
    if not user_ids:
        return {}
    method = method_of(subject.journey.method_version)
    ties, parties, persons = conflicts.ties_of(user_ids), conflicts.parties_of(subject), conflicts.persons_of(subject)
    among = {tie.organisation_id for own in ties.values() for tie in own}
    groups = conflicts.groups_of(among | {party.organisation_id for party in parties})
    deciders, bodies = _deciders(method, subject.journey.subject_kind, rubric), _bodies_of(user_ids, method)
    return {
        user_id: conflicts.findings(
            takes_part=user_id in persons, sits_in=bodies[user_id], deciders=deciders, ties=own, parties=parties,
            groups=groups, former_employer_years=method.limits.former_employer_years, today=clock.today(),
        )
        for user_id, own in ties.items()
    }  # fmt: skip


def organisation_names(findings: Sequence[Finding]) -> dict[int, str]:
    """Organisation id -> name, for those the findings are about."""
    ids = {one.organisation_id for one in findings if one.organisation_id is not None}
    rows = db.session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    return {organisation_id: name for organisation_id, name in rows}


def _deciders(method: Method, subject_kind: str, rubric: str) -> set[str]:
    gate = rubric_gate(method, subject_kind, rubric)
    return {gate.decided_by, *([gate.escalate_to] if gate.escalate_to else [])} if gate else set()


def _bodies_of(user_ids: Collection[int], method: Method) -> dict[int, set[str]]:
    offices = {body.role: body.id for body in method.bodies if body.role}
    bonds = bonds_of(tuple(sorted(user_ids)))
    bodies: dict[int, set[str]] = {user_id: set() for user_id in user_ids}
    for user_id, body in bonds.seats:
        bodies[user_id].add(body)
    for user_id, role, kind, scope_id in bonds.grants:
        bodies[user_id] |= ({offices[role]} if role in offices else set()) | ({scope_id} if kind == "body" else set())
    return bodies
