"""Judging a gate: every criterion on the facts of now, what was waived and what was pinned. Pure."""

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from missions_app.workflow import checks
from missions_app.workflow.check_kinds import CheckResult
from missions_app.workflow.method import Criterion, Gate, Method
from missions_app.workflow.predicates import holds

FIRST_CHECK_IN = "first_check_in"


class Standing(StrEnum):
    """How a criterion stands. `stale`: it was met when the gate passed and is not any more."""

    MET = "met"
    NOT_MET = "not_met"
    STALE = "stale"
    WAIVED = "waived"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class ValidWaiver:
    """A waiver that holds today: its row, the reason, the role or body it was given as, when and until when."""

    id: int
    reason: str
    waived_as: str
    waived_at: datetime
    expires_on: date


@dataclass(frozen=True, slots=True)
class Pinned:
    """How a criterion stood and what it read when its gate was passed; frozen_at is None until it freezes."""

    standing: str
    facts: Mapping[str, Any]
    frozen_at: datetime | None


@dataclass(frozen=True, slots=True)
class CriterionStatus:
    """One criterion as it stands, with the check's own words and the waiver, if one holds."""

    criterion: Criterion
    standing: Standing
    result: CheckResult
    waiver: ValidWaiver | None = None

    @property
    def stands(self) -> bool:
        """Met, validly waived or not applicable."""
        return self.standing in (Standing.MET, Standing.WAIVED, Standing.NOT_APPLICABLE)

    @property
    def blocks(self) -> bool:
        """Whether it stops the gate."""
        return self.criterion.severity == "block" and not self.stands


NOT_ASKED = CheckResult(True, "not_applicable", "This does not apply here.")


def judge(
    gate: Gate,
    facts: Mapping[str, Any],
    method: Method,
    *,
    waivers: Mapping[str, ValidWaiver],
    pinned: Mapping[str, Pinned],
) -> list[CriterionStatus]:
    """Every criterion of the gate, in the method's order.

    Args:
        waivers: those that hold today, by criterion.
        pinned: what was pinned when the gate was passed; {} while the gate is open, so that nothing can be stale.
    """
    return [_judge_one(criterion, facts, method, waivers, pinned) for criterion in gate.criteria]


def _judge_one(
    criterion: Criterion,
    facts: Mapping[str, Any],
    method: Method,
    waivers: Mapping[str, ValidWaiver],
    pinned: Mapping[str, Pinned],
) -> CriterionStatus:
    if criterion.when is not None and not holds(criterion.when, facts):
        return CriterionStatus(criterion, Standing.NOT_APPLICABLE, NOT_ASKED)
    result = checks.check(criterion.check, criterion.params, _with_own_name(facts, criterion), method)
    if result.met:
        return CriterionStatus(criterion, Standing.MET, result)
    waiver = waivers.get(criterion.id)
    if waiver is not None:
        return CriterionStatus(criterion, Standing.WAIVED, result, waiver)
    before = pinned.get(criterion.id)
    if before is None:
        return CriterionStatus(criterion, Standing.NOT_MET, result)
    return CriterionStatus(criterion, _after_passing(criterion, result, before), result)


def _with_own_name(facts: Mapping[str, Any], criterion: Criterion) -> Mapping[str, Any]:
    # Facts are read when they are asked for: a copy of them would ask for all.
    return ChainMap({"_criterion": criterion.id}, facts)  # type: ignore[arg-type] # the second map is only read


def _after_passing(criterion: Criterion, result: CheckResult, before: Pinned) -> Standing:
    """A date that was right when the gate passed stays right; other facts are expected to go on holding."""
    frozen = criterion.check == "date" or (criterion.freezes == FIRST_CHECK_IN and before.frozen_at is not None)
    if before.standing == Standing.MET:
        return Standing.MET if frozen else Standing.STALE
    if before.standing == Standing.WAIVED:
        return Standing.STALE
    return Standing.NOT_MET


def unmet_criteria(statuses: Sequence[CriterionStatus]) -> list[Criterion]:
    """Blocking criteria neither met nor validly waived, in the method's order; [] means the gate may pass."""
    return [status.criterion for status in statuses if status.blocks]


def escalated(gate: Gate, facts: Mapping[str, Any]) -> bool:
    """Whether the gate's condition for going to the higher body holds."""
    return gate.escalate_when is not None and holds(gate.escalate_when, facts)


def decider(gate: Gate, facts: Mapping[str, Any]) -> str:
    """Who decides: the gate's own decider, or the higher body when the condition for that holds."""
    return gate.escalate_to if gate.escalate_to and escalated(gate, facts) else gate.decided_by
