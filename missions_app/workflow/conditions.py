"""What an outcome asks of people: conditions on the decision, with whose they are and by when."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from missions_app import clock, db
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import DecisionCondition, GateDecision
from missions_app.workflow.owners import FUNCTION


class ConditionState(StrEnum):
    """How a condition stands: nothing presses, done, or its day has passed."""

    OPEN = "open"
    MET = "met"
    LATE = "late"


def state_of(condition: DecisionCondition, today: date) -> ConditionState:
    """How a condition stands on a day."""
    if condition.done_at is not None:
        return ConditionState.MET
    late = condition.due_on is not None and condition.due_on < today
    return ConditionState.LATE if late else ConditionState.OPEN


def asks(effect: str, *, owner: str, days: int) -> Callable[[Any, Any, Any], None]:
    """An effect that asks somebody for something: its words are the method's, its owner a role or body of the method.

    Args:
        days: the condition is to be fulfilled this many days after the decision.
    """

    def ask(subject: Any, decision: GateDecision, by: Any) -> None:
        method = method_of(subject.journey.method_version)
        db.session.add(
            DecisionCondition(
                decision_id=decision.id, text=method.term("effect", effect).label.in_(method.meta.default_language),
                owner=method.who(owner).in_(method.meta.default_language), owner_ref=f"{FUNCTION}:{owner}",
                due_on=clock.today() + timedelta(days=days),
            )
        )  # fmt: skip

    return ask
