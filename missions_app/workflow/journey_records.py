"""Everything that was put on record about one journey, read by one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from missions_app import clock
from missions_app.reading import once, tell, together
from missions_app.workflow.method import Gate
from missions_app.workflow.models import (
    Attestation,
    Consultation,
    DecisionCondition,
    GateDecision,
    GateRequest,
    Journey,
    Recommendation,
    Recusal,
    StaleMark,
    StateEntry,
    Waiver,
)


@dataclass(frozen=True, slots=True)
class JourneyRecords:
    """What is on record of a journey, each list oldest first.

    entries: its steps. requests: those nobody has answered. recommendations: those not replaced or decided on.
    decisions: all, those kept back included. conditions: what they ask for. waivers: those not revoked. attestations:
    those not withdrawn. marks: what is out of date. recusals: those kept with a decision.
    """

    entries: Sequence[StateEntry]
    requests: Sequence[GateRequest]
    recommendations: Sequence[Recommendation]
    decisions: Sequence[GateDecision]
    conditions: Sequence[DecisionCondition]
    waivers: Sequence[Waiver]
    attestations: Sequence[Attestation]
    consultations: Sequence[Consultation]
    marks: Sequence[StaleMark]
    recusals: Sequence[Recusal]

    def valid_waivers(self) -> list[Waiver]:
        """Waivers that hold today, newest first."""
        return [one for one in reversed(self.waivers) if one.expires_on >= clock.today()]

    def request_for(self, gate_id: str) -> GateRequest | None:
        """The newest request for a gate that waits for an answer."""
        return next((one for one in reversed(self.requests) if one.gate == gate_id), None)

    def recommendations_for(self, gate_id: str) -> list[Recommendation]:
        """Recommendations at a gate not yet decided on or replaced, newest first."""
        return [one for one in reversed(self.recommendations) if one.gate == gate_id]

    def held_at(self, gate_id: str) -> GateDecision | None:
        """The decision at a gate that is made and kept back, if there is one."""
        kept_back = (one for one in reversed(self.decisions) if one.gate == gate_id and one.published_at is None)
        return next(kept_back, None)

    def passing(self, gate: Gate) -> GateDecision | None:
        """The newest decision that let the case through a gate, unless the gate's stage was opened again after it."""
        forward = {outcome.id for outcome in gate.outcomes if outcome.kind == "forward"}
        for decision in reversed(self.decisions):
            if decision.gate == gate.id and decision.outcome in forward and decision.published_at is not None:
                since = decision.published_at
                reopened = any(one.to_state in gate.from_states and one.at > since for one in self.entries)
                return None if reopened else decision
        return None


@once
def records_of(journey: Journey) -> JourneyRecords:
    """The records of one journey."""
    return _read([journey.id])[journey.id]


def read_records(journeys: Iterable[Journey]) -> None:
    """Read the records of several journeys by one statement, for whoever asks for them next."""
    known = {one.id: one for one in journeys}
    for journey_id, records in _read(list(known)).items():
        tell(records_of, known[journey_id], answer=records)


def _read(ids: Sequence[int]) -> dict[int, JourneyRecords]:
    decided = select(GateDecision, Recommendation).outerjoin(GateDecision.recommendation)
    asked = select(DecisionCondition, GateDecision).join(DecisionCondition.decision)
    found = together(
        select(StateEntry).where(StateEntry.journey_id.in_(ids)).order_by(StateEntry.id),
        select(GateRequest)
        .where(GateRequest.journey_id.in_(ids), GateRequest.answered_at.is_(None))
        .order_by(GateRequest.id),
        select(Recommendation)
        .where(Recommendation.journey_id.in_(ids), Recommendation.superseded_at.is_(None))
        .order_by(Recommendation.id),
        decided.where(GateDecision.journey_id.in_(ids)).order_by(GateDecision.id),
        asked.where(GateDecision.journey_id.in_(ids)).order_by(DecisionCondition.id),
        select(Waiver).where(Waiver.journey_id.in_(ids), Waiver.revoked_at.is_(None)).order_by(Waiver.id),
        select(Attestation)
        .where(Attestation.journey_id.in_(ids), Attestation.withdrawn_at.is_(None))
        .order_by(Attestation.id),
        select(Consultation).where(Consultation.journey_id.in_(ids)).order_by(Consultation.id),
        select(StaleMark).where(StaleMark.journey_id.in_(ids), StaleMark.cleared_at.is_(None)).order_by(StaleMark.id),
        select(Recusal).where(Recusal.journey_id.in_(ids), Recusal.decision_id.is_not(None)).order_by(Recusal.id),
    )
    return {
        journey_id: JourneyRecords(*([one for one in rows if _journey_of(one) == journey_id] for rows in found))
        for journey_id in ids
    }


def _journey_of(row: Any) -> int:
    return int(row.decision.journey_id if isinstance(row, DecisionCondition) else row.journey_id)
