"""What an outcome asks of people: conditions on the decision, with whose they are and by when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from missions_app import clock, db
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import DecisionCondition, GateDecision


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
                owner=method.who(owner).in_(method.meta.default_language), due_on=clock.today() + timedelta(days=days),
            )
        )  # fmt: skip

    return ask
