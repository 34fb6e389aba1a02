"""What the engine announces, inside the transaction."""

from dataclasses import dataclass

from missions_app.accounts.actor import Actor
from missions_app.workflow.models import Consultation, GateDecision, GateRequest, Journey, Recommendation, Recusal
from missions_app.workflow.subjects import Subject


@dataclass(frozen=True, slots=True)
class StateEntered:
    """A case has come to a new state by a move or a decision."""

    subject: Subject
    from_state: str | None
    to_state: str
    by_move: str
    reason: str
    by: Actor


@dataclass(frozen=True, slots=True)
class GateRequested:
    """Somebody asked for a gate to be tried."""

    subject: Subject
    request: GateRequest
    by: Actor


@dataclass(frozen=True, slots=True)
class GateRecommended:
    """Somebody proposed an outcome to the decider."""

    subject: Subject
    recommendation: Recommendation
    by: Actor


@dataclass(frozen=True, slots=True)
class SteppedAside:
    """Somebody who handles or decides a gate stepped aside because of a conflict of interest."""

    subject: Subject
    recusal: Recusal
    by: Actor


@dataclass(frozen=True, slots=True)
class BodyConsulted:
    """A body was asked for its view."""

    subject: Subject
    consultation: Consultation
    by: Actor


@dataclass(frozen=True, slots=True)
class GateDecided:
    """A decision at a gate is known and in force, whatever the outcome. Not announced while it is kept back."""

    subject: Subject
    decision: GateDecision
    by: Actor


@dataclass(frozen=True, slots=True)
class CriterionTurnedStale:
    """A fact under a passed gate has changed so that its criterion no longer stands."""

    journey: Journey
    gate: str
    criterion: str
