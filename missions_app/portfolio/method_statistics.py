"""How a version of the method works, from the record: time in stage, what stops and what is waived, rework, assessors.

Figures are of cases that are pinned to the version now. Days are whole and part days; nothing is estimated.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import Select, func, select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.assessments.models import Assignment, AssignmentState, Panel, Score
from missions_app.audit.models import AuditEvent
from missions_app.challenges.models import Challenge
from missions_app.evaluation.models import Lesson
from missions_app.experiments.models import Experiment
from missions_app.missions.models import Mission
from missions_app.portfolio.policy import helps_past_checkpoints
from missions_app.workflow.method import Criterion
from missions_app.workflow.method_parts import State
from missions_app.workflow.method_service import find_version_in_force, method_of
from missions_app.workflow.models import Evidence, GateDecision, Journey, MethodVersion, StateEntry, Waiver
from missions_app.workflow.policy import can_read_gate
from missions_app.workflow.subjects import Subject, subject_of

DAY = 86_400.0
LATEST = 50
YEAR = timedelta(days=365)
MOST_STOPS = 3
EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StageTime:
    """One stage: how many stays in it have ended, their median and longest in days, and how many go on now."""

    stage: str
    ended: int
    median_days: float | None
    longest_days: float | None
    running: int


@dataclass(frozen=True, slots=True)
class CriterionFigures:
    """One criterion: how often it stopped a decision that was tried, how often a decision was made while it did not
    stand, and how often it was waived."""

    criterion: Criterion
    gate: str
    refusals: int
    not_standing: int
    waivers: int

    @property
    def total(self) -> int:
        """What the list is ordered by."""
        return self.refusals + self.not_standing + self.waivers


@dataclass(frozen=True, slots=True)
class SpreadFigures:
    """One criterion of a rubric: how many panels scored it, and the mean and largest distance between assessors."""

    rubric: str
    criterion: str
    panels: int
    mean_spread: float
    largest: int


@dataclass(frozen=True, slots=True)
class MethodStatistics:
    """Everything about one version. `rework` counts, per gate, decisions that sent a case back; `reopened` how many
    cases have come to a stage more than once."""

    cases: Mapping[str, int]
    stages: Sequence[StageTime]
    criteria: Sequence[CriterionFigures]
    rework: Mapping[str, int]
    reopened: int
    spreads: Sequence[SpreadFigures]
    lessons: int


def statistics_of(version: MethodVersion, *, reader: Actor) -> MethodStatistics:
    """All figures of a version: a fixed number of statements, whatever the number of cases. Panels that are closed to
    the reader by a conflict of interest are left out."""
    journeys = db.session.execute(
        select(Journey.id, Journey.subject_kind).where(Journey.method_version_id == version.id)
    ).all()
    kinds = {journey_id: kind for journey_id, kind in journeys}
    entries = _entries(version)
    return MethodStatistics(
        cases=Counter(kinds.values()), stages=_stages(version, kinds, entries), criteria=criteria_of(version),
        rework=_rework(version), reopened=_reopened(version, kinds, entries), spreads=_spreads(version, reader),
        lessons=_lessons(version),
    )  # fmt: skip


def stops_most(actor: Actor) -> Sequence[CriterionFigures]:
    """What stopped most cases at their checkpoints in the last year, for those who help them past; else nothing."""
    version = find_version_in_force() if helps_past_checkpoints(actor) else None
    return criteria_of(version, clock.now() - YEAR)[:MOST_STOPS] if version else ()


def waivers_of(version: MethodVersion, actor: Actor) -> list[tuple[Waiver, Subject]]:
    """The latest waivers under a version with their cases, newest first: those of missions, which everybody may read,
    and those of other cases whose requirements the actor may see."""
    rows = db.session.scalars(
        select(Waiver).where(Waiver.journey_id.in_(_pinned(version))).order_by(Waiver.id.desc()).limit(LATEST)
    )
    found = [(one, subject_of(db.session.get_one(Journey, one.journey_id))) for one in rows]
    return [(one, case) for one, case in found if isinstance(case, Mission) or can_read_gate(actor, case)]


def _pinned(version: MethodVersion) -> Select[int]:
    return select(Journey.id).where(Journey.method_version_id == version.id)


def _entries(version: MethodVersion) -> dict[int, list[tuple[str, float]]]:
    """Journey -> (state, when it was entered in seconds), oldest first."""
    rows = db.session.execute(
        select(StateEntry.journey_id, StateEntry.to_state, StateEntry.at)
        .where(StateEntry.journey_id.in_(_pinned(version)))
        .order_by(StateEntry.journey_id, StateEntry.id)
    )
    found: dict[int, list[tuple[str, float]]] = defaultdict(list)
    for journey_id, state, at in rows:
        found[journey_id].append((state, at.timestamp()))
    return found


def _stages(
    version: MethodVersion, kinds: Mapping[int, str], entries: Mapping[int, list[tuple[str, float]]]
) -> list[StageTime]:
    method = method_of(version)
    ended: dict[str, list[float]] = defaultdict(list)
    running: Counter[str] = Counter()
    for journey_id, steps in entries.items():
        plan = {state.id: state for state in method.journey(kinds[journey_id]).state}
        for stage, start, end in _stays(steps, plan):
            if end is None:
                running[stage] += 1
            else:
                ended[stage].append((end - start) / DAY)
    return [
        StageTime(
            one.id, len(ended[one.id]), round(median(ended[one.id]), 1) if ended[one.id] else None,
            round(max(ended[one.id]), 1) if ended[one.id] else None, running[one.id],
        )
        for one in sorted(method.stage, key=lambda one: one.order)
    ]  # fmt: skip


def _stays(steps: Sequence[tuple[str, float]], plan: Mapping[str, State]) -> Iterator[tuple[str, float, float | None]]:
    """(stage, from, until or None) for each stay; moving between states of one stage is one stay."""
    here: tuple[str, float] | None = None
    for state, at in steps:
        known = plan.get(state)
        stage = known.stage if known and known.kind != "ended" else None
        if here and here[0] == stage:
            continue
        if here:
            yield here[0], here[1], at
        here = (stage, at) if stage else None
    if here:
        yield here[0], here[1], None


def criteria_of(version: MethodVersion, since: datetime = EVER) -> list[CriterionFigures]:
    """The criteria that have stopped or missed a decision or were waived from a moment on, the most often first."""
    stopped: Counter[str] = Counter()
    pinned = {
        (kind, subject_id)
        for model, kind in ((Challenge, "challenge"), (Mission, "mission"), (Experiment, "experiment"))
        for subject_id in db.session.scalars(select(model.id).where(model.journey_id.in_(_pinned(version))))
    }
    for event in db.session.scalars(_refusals(since)):
        if (event.subject_kind, event.subject_id) in pinned:
            stopped.update(event.data.get("criteria", ()))
    decided = dict(
        db.session.execute(
            select(Evidence.criterion, func.count())
            .join(GateDecision, GateDecision.id == Evidence.decision_id)
            .where(
                Evidence.status.in_(("not_met", "stale")), GateDecision.published_at >= since,
                GateDecision.corrects_id.is_(None), GateDecision.journey_id.in_(_pinned(version)),
            )
            .group_by(Evidence.criterion)
        ).all()
    )  # fmt: skip
    waived = dict(
        db.session.execute(
            select(Waiver.criterion, func.count())
            .where(Waiver.journey_id.in_(_pinned(version)), Waiver.waived_at >= since)
            .group_by(Waiver.criterion)
        ).all()
    )
    found = [
        CriterionFigures(one, gate.id, stopped[one.id], decided.get(one.id, 0), waived.get(one.id, 0))
        for gate in method_of(version).gate_
        for one in gate.criteria
    ]
    return sorted((one for one in found if one.total), key=lambda one: -one.total)


def _refusals(since: datetime) -> Select[AuditEvent]:
    return select(AuditEvent).where(AuditEvent.action == "gate.refused", AuditEvent.at >= since)


def _rework(version: MethodVersion) -> dict[str, int]:
    rows = db.session.execute(
        select(GateDecision.gate, GateDecision.outcome, func.count())
        .where(
            GateDecision.journey_id.in_(_pinned(version)), GateDecision.published_at.is_not(None),
            GateDecision.corrects_id.is_(None),
        )
        .group_by(GateDecision.gate, GateDecision.outcome)
    ).all()  # fmt: skip
    kinds = {(gate.id, one.id): one.kind for gate in method_of(version).gate_ for one in gate.outcomes}
    back: Counter[str] = Counter()
    for gate, outcome, number in rows:
        if kinds.get((gate, outcome)) in ("back", "stay"):
            back[gate] += number
    return dict(back)


def _reopened(version: MethodVersion, kinds: Mapping[int, str], entries: Mapping[int, list[tuple[str, float]]]) -> int:
    method = method_of(version)
    number = 0
    for journey_id, steps in entries.items():
        plan = {state.id: state for state in method.journey(kinds[journey_id]).state}
        stages = [stage for stage, _start, _end in _stays(steps, plan)]
        number += any(times > 1 for times in Counter(stages).values())
    return number


def _spreads(version: MethodVersion, reader: Actor) -> list[SpreadFigures]:
    """Only panels in which everybody is done: blind assessment stays blind in figures too."""
    closed = select(Assignment.panel_id).where(
        Assignment.state == AssignmentState.CONFLICTED, Assignment.assessor_id == reader.user_id
    )
    waiting = select(Assignment.panel_id).where(
        Assignment.state.in_((AssignmentState.ASSIGNED, AssignmentState.UNSURE, AssignmentState.CLEARED))
    )
    rows = db.session.execute(
        select(Panel.rubric, Score.criterion, func.max(Score.value) - func.min(Score.value))
        .join(Assignment, Assignment.id == Score.assignment_id)
        .join(Panel, Panel.id == Assignment.panel_id)
        .where(
            Panel.journey_id.in_(_pinned(version)), Panel.id.not_in(waiting), Panel.id.not_in(closed),
            Score.value.is_not(None), Assignment.state == AssignmentState.SUBMITTED,
        )
        .group_by(Panel.id, Panel.rubric, Score.criterion)
        .having(func.count(Score.id) > 1)
    )  # fmt: skip
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for rubric, criterion, spread in rows:
        found[(rubric, criterion)].append(int(spread or 0))
    return sorted(
        (
            SpreadFigures(rubric, criterion, len(spreads), round(sum(spreads) / len(spreads), 2), max(spreads))
            for (rubric, criterion), spreads in found.items()
        ),
        key=lambda one: -one.mean_spread,
    )


def _lessons(version: MethodVersion) -> int:
    missions = select(Mission.id).where(Mission.journey_id.in_(_pinned(version)))
    return (
        db.session.scalar(
            select(func.count(Lesson.id)).where(Lesson.tag == "method", Lesson.mission_id.in_(missions))
        )
        or 0
    )  # fmt: skip
