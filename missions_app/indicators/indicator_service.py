"""Choosing, changing and handing on indicators. The case's own package checks who may, and calls this."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.audit import trail
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.indicators import queries, rules
from missions_app.indicators.errors import (
    BaselineThere,
    IndicatorRemoved,
    LabelMissing,
    SameAsBaseline,
    UnitMissing,
    UnknownIndicator,
    WrongWay,
)
from missions_app.indicators.library import find_indicator
from missions_app.indicators.models import IndicatorPlan
from missions_app.indicators.splits import SPLITS
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Journey


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorValues:
    """What a writer says about an indicator. With a library_key, label, level, unit and direction come from there.

    baseline_value, target_value and target_low (the lower of two limits, see models.py) are in `unit`. owner_id is the
    organisation and owner_function the post there that follows the indicator up. milestones are values on the way by
    their days ("2027-06-30"). split_by is one of splits.SPLITS.
    """

    library_key: str = ""
    label: str = ""
    level: str = "outcome"
    unit: str = ""
    direction: str = "down"
    frequency: str = ""
    source: str = ""
    baseline_kind: str = "measured"
    baseline_value: float | None = None
    baseline_on: date | None = None
    baseline_method: str = ""
    uncertainty: str = ""
    target_value: float | None = None
    target_low: float | None = None
    target_on: date | None = None
    owner_id: int | None = None
    owner_function: str = ""
    milestones: Mapping[str, float] = field(default_factory=dict)
    split_by: str = ""


def add_indicator(journey: Journey, values: IndicatorValues, *, by: Actor) -> IndicatorPlan:
    """Measure a case by one more indicator. What is still unknown may be left empty.

    Raises:
        UnknownIndicator, LabelMissing, UnitMissing, SameAsBaseline, WrongWay, InvalidInput (limits, milestones).
    """
    with db.transaction() as session:
        plan = IndicatorPlan(journey_id=journey.id, position=queries.next_position(journey))
        _write(plan, values, method_of(journey.method_version))
        session.add(plan)
        session.flush()
        trail.record("indicator.added", plan, by=by, journey=journey.id, key=plan.library_key)
        return plan


def save_indicator(
    plan: IndicatorPlan, values: IndicatorValues, *, journey: Journey, by: Actor, expected_version: int | None = None
) -> IndicatorPlan:
    """Change an indicator.

    Raises:
        IndicatorRemoved, StaleVersion, and those of add_indicator.
    """
    with db.transaction():
        _require_present(plan)
        db.expect_version(plan, expected_version)
        _write(plan, values, method_of(journey.method_version))
        trail.record("indicator.saved", plan, by=by, journey=journey.id, key=plan.library_key)
        return plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Where an indicator began: the value in its unit, the day, and how it is known (not library.BEFORE_TEST)."""

    value: float | None
    on: date | None
    kind: str = "measured"
    method: str = ""
    uncertainty: str = ""


def enter_baseline(
    plan: IndicatorPlan, baseline: Baseline, *, journey: Journey, by: Actor, expected_version: int | None = None
) -> None:
    """Give an indicator the baseline it lacks; what else it says stays.

    Raises:
        IndicatorRemoved, StaleVersion, BaselineThere, InvalidInput, and those of add_indicator.
    """
    with db.transaction():
        _require_present(plan)
        db.expect_version(plan, expected_version)
        if plan.baseline_value is not None:
            raise BaselineThere()
        problems = rules.baseline_problems(baseline.value, baseline.on, baseline.kind, today=clock.today())
        if problems:
            raise InvalidInput.of(problems)
        plan.baseline_value, plan.baseline_on, plan.baseline_kind = baseline.value, baseline.on, baseline.kind
        plan.baseline_method, plan.uncertainty = baseline.method.strip(), baseline.uncertainty.strip()
        _check(plan)
        trail.record("indicator.saved", plan, by=by, journey=journey.id, key=plan.library_key)


def remove_indicator(plan: IndicatorPlan, *, by: Actor, expected_version: int | None = None) -> None:
    """Stop measuring the case by this indicator. The row stays for history."""
    with db.transaction():
        _require_present(plan)
        db.expect_version(plan, expected_version)
        plan.removed_at = clock.now()
        trail.record("indicator.removed", plan, by=by, journey=plan.journey_id, key=plan.library_key)


def hand_on(source: Journey, to: Journey, *, by: Actor) -> list[IndicatorPlan]:
    """Give one case's indicators to another (a challenge's to its mission), each once."""
    skipped = {"id", "journey_id", "position", "inherited_from_id", "removed_at", "version"}
    with db.transaction() as session:
        known = {plan.inherited_from_id for plan in queries.indicators_of(to)}
        copies = []
        for plan in queries.indicators_of(source):
            if plan.id in known:
                continue
            columns = {c.key: getattr(plan, c.key) for c in IndicatorPlan.__table__.columns if c.key not in skipped}
            copy = IndicatorPlan(
                **columns, journey_id=to.id, position=queries.next_position(to), inherited_from_id=plan.id
            )
            session.add(copy)
            session.flush()
            trail.record("indicator.handed_on", copy, by=by, journey=to.id, source=plan.id)
            copies.append(copy)
        return copies


def _require_present(plan: IndicatorPlan) -> None:
    if plan.removed_at is not None:
        raise IndicatorRemoved()


def _write(plan: IndicatorPlan, values: IndicatorValues, method: Method) -> None:
    for one in fields(values):
        if one.name == "label":
            continue
        value = getattr(values, one.name)
        setattr(plan, one.name, value.strip() if isinstance(value, str) else value)
    plan.milestones = {day: values.milestones[day] for day in sorted(values.milestones)}
    plan.label_sv = plan.label_en = values.label.strip()
    if values.library_key:
        known = find_indicator(method, values.library_key)
        if known is None:
            raise UnknownIndicator(field="library_key")
        plan.label_sv, plan.label_en, plan.level = known.label.sv, known.label.en, known.level
        plan.unit, plan.direction = known.unit, known.good_direction
        plan.frequency = plan.frequency or known.frequency
    _check(plan)


def _check(plan: IndicatorPlan) -> None:
    if not plan.label_sv:
        raise LabelMissing(field="label")
    if not plan.unit:
        raise UnitMissing(field="unit")
    aims_elsewhere = plan.direction in ("up", "down")
    if aims_elsewhere and plan.target_value is not None and plan.target_value == plan.baseline_value:
        raise SameAsBaseline(field="target_value")
    if rules.points_the_wrong_way(plan.direction, plan.baseline_value, plan.target_value):
        raise WrongWay(field="target_value")
    problems = rules.limit_problems(plan) + rules.milestone_problems(plan)
    problems += rules.choice_problems(plan) + rules.figure_problems(plan)
    if plan.split_by not in SPLITS:
        problems.append(Problem("unknown_split", N_("Choose how the values are divided from the list."), "split_by"))
    if problems:
        raise InvalidInput.of(problems)
