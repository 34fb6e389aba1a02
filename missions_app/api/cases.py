"""What every case has: its state, moves, gates, and what people do there. A case is named by its reference."""

from collections.abc import Callable
from typing import Any

from marshmallow import fields

from missions_app.api.base import ApiBlueprint, Input, Output
from missions_app.api.shapes import ReasonIn, output_of
from missions_app.challenges import queries as challenges
from missions_app.edge.access import actor, signed_in
from missions_app.edge.words import in_words
from missions_app.errors import NotFound
from missions_app.experiments import queries as experiments
from missions_app.i18n import current_locale
from missions_app.missions import queries as missions
from missions_app.workflow import gate_queries, gate_service, journey_queries, journey_service, policy
from missions_app.workflow.engine import CriterionStatus
from missions_app.workflow.gate_queries import GateStanding
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Consultation, DecisionCondition, GateDecision, GateRequest, Recommendation
from missions_app.workflow.subjects import Subject

bp = ApiBlueprint("cases", "Where a challenge, mission or experiment stands, its checkpoints, and who decided what")
CASE = "/cases/<reference>"
GATE = f"{CASE}/gates/<gate>"
LOADERS: dict[str, Callable[[str], Any]] = {
    "U": challenges.get_challenge,
    "M": missions.get_mission,
    "F": experiments.get_experiment,
}

DecisionOut = output_of(
    GateDecision, "id", "gate", "outcome", "reasons", "decided_as", "decided_on", "registry_number", "differs_because",
    "published_at",
)  # fmt: skip
RecommendationOut = output_of(Recommendation, "id", "gate", "outcome", "reasons", "recommended_at")
RequestOut = output_of(GateRequest, "id", "gate", "requested_at", "due_on", "note", name="GateRequestOut")
ConsultationOut = output_of(
    Consultation, "id", "body", "question", "asked_on", "reply_by", "replied_at", "reply", "version"
)
ConditionOut = output_of(DecisionCondition, "id", "text", "owner", "due_on", "done_at")


class PossibleMoveOut(Output):
    """A move that the caller may make now."""

    id = fields.String()
    label = fields.String()


class CaseOut(Output):
    """Where a case stands. `version` is the case's own, for moves and checkpoints."""

    reference = fields.String()
    kind = fields.String()
    title = fields.String()
    state = fields.String()
    round = fields.Integer()
    version = fields.Integer()
    moves = fields.List(fields.Nested(PossibleMoveOut))
    gates = fields.List(fields.String())


class CriterionOut(Output):
    """One requirement: whether it stands, why, the remedy and who can act."""

    id = fields.String()
    label = fields.String()
    standing = fields.String(metadata={"description": "met, not_met, stale, waived or not_applicable"})
    stands = fields.Boolean()
    blocks = fields.Boolean()
    code = fields.String()
    detail = fields.String()
    remedy = fields.String()
    who = fields.List(fields.String())


class GateOut(Output):
    """A checkpoint as it stands: the same list that a decision is tried against."""

    gate = fields.String()
    label = fields.String()
    is_open = fields.Boolean()
    decider = fields.String()
    escalated = fields.Boolean()
    version = fields.Integer(metadata={"description": "of the case"})
    criteria = fields.List(fields.Nested(CriterionOut))
    request = fields.Nested(RequestOut, allow_none=True)
    recommendation = fields.Nested(RecommendationOut, allow_none=True)
    consultations = fields.List(fields.Nested(ConsultationOut))
    decisions = fields.List(fields.Nested(DecisionOut))


class MakeMoveIn(ReasonIn):
    """Make a move."""

    move = fields.String(required=True)


class RequestIn(Input):
    """Ask for the checkpoint to be tried."""

    note = fields.String(load_default="")


class RecommendIn(Input):
    """Propose an outcome."""

    outcome = fields.String(required=True)
    reasons = fields.String(required=True)


class ConditionIn(Input):
    """Something the decision asks for."""

    text = fields.String(required=True)
    owner = fields.String(required=True)
    due_on = fields.Date(load_default=None, allow_none=True)


class DecideGateIn(RecommendIn):
    """Decide."""

    decided_on = fields.Date(load_default=None, allow_none=True)
    registry_number = fields.String(load_default="")
    differs_because = fields.String(load_default="")
    conditions = fields.List(fields.Nested(ConditionIn), load_default=list)
    publish = fields.Boolean(load_default=True)


class AttestIn(Input):
    """Vouch for a criterion."""

    text = fields.String(required=True)
    part = fields.String(load_default="", metadata={"description": "of which part, such as a site's id"})


class WaiveIn(Input):
    """Set a criterion aside until a day."""

    reason = fields.String(required=True)
    expires_on = fields.Date(required=True)


class ConsultIn(Input):
    """Ask a body."""

    body = fields.String(required=True)
    question = fields.String(required=True)
    days = fields.Integer(load_default=10)


class ReplyIn(Input):
    """A body's answer."""

    text = fields.String(required=True)


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


def _gate(subject: Subject, standing: GateStanding) -> dict[str, Any]:
    journey = subject.journey
    return {
        "gate": standing.gate.id, "label": standing.gate.label.in_(current_locale()), "is_open": standing.is_open,
        "decider": standing.decider, "escalated": standing.escalated, "version": journey.version,
        "criteria": [_criterion(one) for one in standing.criteria], "request": standing.request,
        "recommendation": standing.recommendation, "consultations": gate_queries.consultations(journey),
        "decisions": gate_queries.decisions_of(journey, standing.gate.id),
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
    journey_service.move(subject, body["move"], by=actor(), reason=body["reason"])
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
    return gate_service.request_gate(_readable(reference), gate, by=actor(), note=body["note"])


@bp.post(f"{GATE}/recommendations")
@signed_in
@bp.arguments(RecommendIn)
@bp.response(201, RecommendationOut)
def recommend(body: dict[str, Any], reference: str, gate: str) -> Recommendation:
    """Propose an outcome to whoever decides."""
    return gate_service.recommend(_readable(reference), gate, by=actor(), **body)


@bp.post(f"{GATE}/decisions")
@signed_in
@bp.arguments(DecideGateIn)
@bp.response(201, DecisionOut)
def decide(body: dict[str, Any], reference: str, gate: str) -> GateDecision:
    """Decide: the case moves, what it rests on is kept, and the outcome's effects run, all or nothing."""
    conditions = [gate_service.Condition(**one) for one in body.pop("conditions")]
    return gate_service.decide(_readable(reference), gate, by=actor(), conditions=conditions, **body)


@bp.post(f"{CASE}/decisions/<int:decision_id>/publish")
@signed_in
@bp.response(200, DecisionOut)
def publish_decision(reference: str, decision_id: int) -> GateDecision:
    """Let the public see a decision that was kept back."""
    subject = _readable(reference)
    decision = gate_queries.get_decision(subject.journey, decision_id)
    gate_service.publish_decision(decision, subject=subject, by=actor())
    return decision


@bp.get(f"{CASE}/decisions/<int:decision_id>/conditions")
@signed_in
@bp.response(200, ConditionOut(many=True))
def list_conditions(reference: str, decision_id: int) -> Any:
    """What a decision asks for."""
    return gate_queries.conditions_of(gate_queries.get_decision(_readable(reference).journey, decision_id))


@bp.post(f"{CASE}/conditions/<int:condition_id>/done")
@signed_in
@bp.response(200, ConditionOut)
def complete_condition(reference: str, condition_id: int) -> DecisionCondition:
    """Tick off what a decision asked for."""
    subject = _readable(reference)
    condition = gate_queries.get_condition(subject.journey, condition_id)
    gate_service.complete_condition(condition, subject=subject, by=actor())
    return condition


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
    gate_service.waive(_readable(reference), criterion, by=actor(), **body)


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
