"""What every case has: its state, moves, gates, and what people do there. A case is named by its reference."""

from collections.abc import Callable
from typing import Any

from missions_app.api.base import ApiBlueprint, seen_version
from missions_app.api.case_shapes import (
    AttestIn,
    CaseOut,
    ConditionMetIn,
    ConditionOut,
    ConsultationOut,
    ConsultIn,
    CorrectIn,
    DecideGateIn,
    DecisionOut,
    GateOut,
    LookIn,
    MakeMoveIn,
    OwnerOut,
    RecommendationOut,
    RecommendIn,
    RecusalOut,
    ReplyIn,
    RequestIn,
    RequestOut,
    StepAsideIn,
    WaiveIn,
    WaiverOut,
)
from missions_app.challenges import queries as challenges
from missions_app.edge.access import actor, signed_in
from missions_app.edge.words import in_words
from missions_app.errors import NotFound
from missions_app.experiments import queries as experiments
from missions_app.i18n import current_locale
from missions_app.missions import queries as missions
from missions_app.workflow import (
    gate_queries,
    gate_service,
    journey_queries,
    journey_service,
    policy,
    recusal,
    recusal_service,
)
from missions_app.workflow.engine import CriterionStatus
from missions_app.workflow.gate_queries import GateStanding
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import (
    Consultation,
    DecisionCondition,
    GateDecision,
    GateRequest,
    Recommendation,
    Recusal,
)
from missions_app.workflow.owners import owners_of
from missions_app.workflow.subjects import Subject

bp = ApiBlueprint("cases", "Where a challenge, mission or experiment stands, its checkpoints, and who decided what")
CASE = "/cases/<reference>"
GATE = f"{CASE}/gates/<gate>"
LOADERS: dict[str, Callable[[str], Any]] = {
    "U": challenges.get_challenge,
    "M": missions.get_mission,
    "F": experiments.get_experiment,
}


def case_of(reference: str) -> Subject:
    """The case with this reference; the first letter says of which kind."""
    load = LOADERS.get(reference[:1])
    if load is None:
        raise NotFound()
    subject: Subject = load(reference)
    return subject


def _readable(reference: str) -> Subject:
    subject = case_of(reference)
    if not policy.can_read_gate(actor(), subject):
        raise NotFound()
    return subject


def _case(subject: Subject) -> dict[str, Any]:
    journey, locale = subject.journey, current_locale()
    moves = journey_queries.possible_moves(subject, actor())
    gates = method_of(journey.method_version).gates_of(journey.subject_kind)
    return {
        "reference": subject.reference, "kind": journey.subject_kind, "title": subject.title, "state": journey.state,
        "round": journey.round, "version": journey.version, "gates": [one.id for one in gates],
        "moves": [{"id": one.id, "label": one.label.in_(locale)} for one in moves],
    }  # fmt: skip


def _criterion(status: CriterionStatus) -> dict[str, Any]:
    criterion, locale = status.criterion, current_locale()
    return {
        "id": criterion.id, "label": criterion.label.in_(locale), "standing": status.standing.value,
        "stands": status.stands, "blocks": status.blocks, "code": status.result.code, "who": list(criterion.who),
        "detail": in_words(status.result), "remedy": criterion.fix.in_(locale),
    }  # fmt: skip


def _decisions(subject: Subject, gate: str) -> list[GateDecision]:
    return [one for one in gate_queries.decisions_of(subject.journey, gate) if policy.knows(actor(), one)]


def _decision(subject: Subject, decision_id: int) -> GateDecision:
    decision = gate_queries.get_decision(subject.journey, decision_id)
    if not policy.knows(actor(), decision):
        raise NotFound()
    return decision


def _gate(subject: Subject, standing: GateStanding) -> dict[str, Any]:
    journey = subject.journey
    return {
        "gate": standing.gate.id, "label": standing.gate.label.in_(current_locale()), "is_open": standing.is_open,
        "decider": standing.decider, "escalated": standing.escalated, "version": journey.version,
        "criteria": [_criterion(one) for one in standing.criteria], "request": standing.request,
        "recommendation": standing.recommendation, "consultations": gate_queries.consultations(journey),
        "decisions": _decisions(subject, standing.gate.id),
        "recusals": recusal.recusals_at(journey, standing.gate.id),
    }  # fmt: skip


@bp.get(CASE)
@signed_in
@bp.response(200, CaseOut)
def show_case(reference: str) -> dict[str, Any]:
    """Where a case stands and which moves the caller may make."""
    return _case(_readable(reference))


@bp.post(f"{CASE}/moves")
@signed_in
@bp.arguments(MakeMoveIn)
@bp.response(200, CaseOut)
def make_move(body: dict[str, Any], reference: str) -> dict[str, Any]:
    """Make a move; its guard is tried."""
    subject = _readable(reference)
    journey_service.move(subject, body["move"], by=actor(), reason=body["reason"], expected_version=seen_version())
    return _case(subject)


@bp.get(GATE)
@signed_in
@bp.response(200, GateOut)
def show_gate(reference: str, gate: str) -> dict[str, Any]:
    """What stands, what is missing, and who can do something about it."""
    subject = _readable(reference)
    return _gate(subject, gate_queries.standing(subject, gate))


@bp.post(f"{GATE}/requests")
@signed_in
@bp.arguments(RequestIn)
@bp.response(201, RequestOut)
def request_gate(body: dict[str, Any], reference: str, gate: str) -> GateRequest:
    """Ask for the checkpoint to be tried."""
    return gate_service.request_gate(
        _readable(reference), gate, by=actor(), note=body["note"], expected_version=seen_version()
    )


@bp.post(f"{GATE}/recommendations")
@signed_in
@bp.arguments(RecommendIn)
@bp.response(201, RecommendationOut)
def recommend(body: dict[str, Any], reference: str, gate: str) -> Recommendation:
    """Propose an outcome to whoever decides."""
    return gate_service.recommend(_readable(reference), gate, by=actor(), expected_version=seen_version(), **body)


@bp.post(f"{GATE}/decisions")
@signed_in
@bp.arguments(DecideGateIn)
@bp.response(201, DecisionOut)
def decide(body: dict[str, Any], reference: str, gate: str) -> GateDecision:
    """Decide: the case moves, what it rests on is kept, and the outcome's effects run, all or nothing."""
    conditions = [gate_service.Condition(**one) for one in body.pop("conditions")]
    return gate_service.decide(
        _readable(reference), gate, by=actor(), conditions=conditions, expected_version=seen_version(), **body
    )


@bp.post(f"{GATE}/recusal")
@signed_in
@bp.arguments(StepAsideIn)
@bp.response(201, RecusalOut)
def step_aside(body: dict[str, Any], reference: str, gate: str) -> Recusal:
    """Step aside at a checkpoint because of a conflict of interest."""
    return recusal_service.step_aside(_readable(reference), gate, by=actor(), **body)


@bp.delete(f"{GATE}/recusal")
@signed_in
@bp.response(204)
def come_back(reference: str, gate: str) -> None:
    """Take one's own stepping aside back."""
    subject = _readable(reference)
    own = recusal.find_own(actor(), subject.journey, gate)
    if own is None:
        raise NotFound()
    recusal_service.come_back(own, subject=subject, by=actor())


@bp.get(f"{CASE}/decisions/<int:decision_id>/recusals")
@signed_in
@bp.response(200, RecusalOut(many=True))
def list_recusals(reference: str, decision_id: int) -> Any:
    """Those who had stepped aside when the decision was made."""
    return recusal.recusals_of(_decision(_readable(reference), decision_id))


@bp.post(f"{CASE}/decisions/<int:decision_id>/publish")
@signed_in
@bp.response(200, DecisionOut)
def publish_decision(reference: str, decision_id: int) -> GateDecision:
    """Let the public see a decision that was kept back."""
    subject = _readable(reference)
    decision = _decision(subject, decision_id)
    gate_service.publish_decision(decision, subject=subject, by=actor())
    return decision


@bp.post(f"{CASE}/decisions/<int:decision_id>/corrections")
@signed_in
@bp.arguments(CorrectIn)
@bp.response(201, DecisionOut)
def correct_decision(body: dict[str, Any], reference: str, decision_id: int) -> GateDecision:
    """Correct what was written in a decision by a new one; the outcome is the same."""
    subject = _readable(reference)
    return gate_service.correct_decision(
        _decision(subject, decision_id), subject=subject, by=actor(), expected_version=seen_version(), **body
    )


@bp.post(f"{GATE}/criteria/<criterion>/looks")
@signed_in
@bp.arguments(LookIn)
@bp.response(204)
def look_afresh(body: dict[str, Any], reference: str, gate: str, criterion: str) -> None:
    """Say why the case may go on although what a criterion rested on has changed."""
    gate_service.look_afresh(_readable(reference), gate, criterion, by=actor(), expected_version=seen_version(), **body)


@bp.get(f"{CASE}/waivers")
@signed_in
@bp.response(200, WaiverOut(many=True))
def list_waivers(reference: str) -> Any:
    """The waivers that hold today, newest first."""
    return gate_queries.valid_waivers(_readable(reference).journey)


@bp.delete(f"{CASE}/waivers/<int:waiver_id>")
@signed_in
@bp.response(204)
def revoke_waiver(reference: str, waiver_id: int) -> None:
    """Take a waiver back."""
    subject = _readable(reference)
    gate_service.revoke_waiver(gate_queries.get_waiver(subject.journey, waiver_id), subject=subject, by=actor())


@bp.get(f"{CASE}/decisions/<int:decision_id>/conditions")
@signed_in
@bp.response(200, ConditionOut(many=True))
def list_conditions(reference: str, decision_id: int) -> Any:
    """What a decision asks for."""
    return gate_queries.conditions_of(_decision(_readable(reference), decision_id))


@bp.post(f"{CASE}/conditions/<int:condition_id>/done")
@signed_in
@bp.arguments(ConditionMetIn)
@bp.response(200, ConditionOut)
def complete_condition(body: dict[str, Any], reference: str, condition_id: int) -> DecisionCondition:
    """Say how what a decision asked for was met."""
    subject = _readable(reference)
    condition = gate_queries.get_condition(subject.journey, condition_id)
    _decision(subject, condition.decision_id)
    gate_service.complete_condition(condition, subject=subject, by=actor(), **body)
    return condition


@bp.get(f"{CASE}/condition-owners")
@signed_in
@bp.response(200, OwnerOut(many=True))
def list_condition_owners(reference: str) -> Any:
    """Whom a decision of the case may ask for something."""
    return owners_of(_readable(reference), current_locale())


@bp.post(f"{CASE}/criteria/<criterion>/attestations")
@signed_in
@bp.arguments(AttestIn)
@bp.response(204)
def attest(body: dict[str, Any], reference: str, criterion: str) -> None:
    """Vouch for something that the records cannot show."""
    gate_service.attest(_readable(reference), criterion, by=actor(), **body)


@bp.post(f"{CASE}/criteria/<criterion>/waivers")
@signed_in
@bp.arguments(WaiveIn)
@bp.response(204)
def waive(body: dict[str, Any], reference: str, criterion: str) -> None:
    """Set a criterion aside until a day."""
    gate_service.waive(_readable(reference), criterion, by=actor(), expected_version=seen_version(), **body)


@bp.post(f"{CASE}/consultations")
@signed_in
@bp.arguments(ConsultIn)
@bp.response(201, ConsultationOut)
def consult(body: dict[str, Any], reference: str) -> Consultation:
    """Ask a body for its view."""
    subject = _readable(reference)
    return gate_service.consult(subject, body["body"], question=body["question"], days=body["days"], by=actor())


@bp.post(f"{CASE}/consultations/<int:consultation_id>/reply")
@signed_in
@bp.arguments(ReplyIn)
@bp.response(200, ConsultationOut)
def reply(body: dict[str, Any], reference: str, consultation_id: int) -> Consultation:
    """A body's answer."""
    subject = _readable(reference)
    consultation = gate_queries.get_consultation(subject.journey, consultation_id)
    gate_service.reply(consultation, subject=subject, text=body["text"], by=actor())
    return consultation
