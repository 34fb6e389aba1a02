"""What partners promise and keep, and the money: the funding plan and state aid."""

from typing import Any

from marshmallow import fields

from missions_app.api.base import ApiBlueprint, Input, Output, created
from missions_app.api.partnerships import MISSION, PARTNER, CommitmentOut, partner_of
from missions_app.api.schemas import Day
from missions_app.api.shapes import input_of, output_of
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.edge.words import in_words
from missions_app.missions import queries as missions
from missions_app.partnerships import (
    commitment_service,
    drawdown_service,
    follow_up_service,
    funding_call_service,
    funding_service,
    policy,
    queries,
    state_aid_service,
    statements,
)
from missions_app.partnerships.commitment_service import PromiseContent
from missions_app.partnerships.follow_up_models import FollowUpFunding
from missions_app.partnerships.follow_up_service import FollowUpContent
from missions_app.partnerships.funding_call_models import FundingCall
from missions_app.partnerships.funding_call_service import FundingCallContent
from missions_app.partnerships.funding_service import LineContent
from missions_app.partnerships.models import (
    Commitment,
    CommitmentState,
    FundingLine,
    HoursLog,
    Need,
    StateAidAssessment,
)

bp = ApiBlueprint("commitments", "What partners promise and keep, and who pays for what")
PROMISE = f"{MISSION}/commitments/<int:commitment_id>"
LineOut = output_of(
    FundingLine, "id", "phase", "source", "cost", "amount_ore", "currency", "foreign_minor", "rate_micro", "rate_on",
    "is_secured", "is_own", "version",
)  # fmt: skip
StateAidOut = output_of(
    StateAidAssessment,
    "id",
    "partner_id",
    "ground",
    "value_ore",
    "reasons",
    "assessed_on",
    "register_by",
    "registered_on",
)


FundingCallOut = output_of(
    FundingCall, "id", "source", "title", "opens_on", "closes_on", "phases", "themes", "sectors", "least_own_percent",
    "website", "version",
)  # fmt: skip


class FittingOut(Output):
    """A funder's call and what the mission lacks for it; nothing when it fits."""

    call = fields.Nested(FundingCallOut)
    lacks = fields.Function(lambda one: [in_words(lack) for lack in one.lacks])


@bp.get("/funding-calls")
@public
@bp.response(200, FundingCallOut(many=True))
def list_funding_calls() -> Any:
    """Funders' calls that have not closed."""
    return funding_call_service.calls()


@bp.post("/funding-calls")
@signed_in
@bp.arguments(input_of(FundingCallContent))
@bp.response(201, FundingCallOut)
def enter_funding_call(body: dict[str, Any]) -> Any:
    """Put a funder's call in the calendar."""
    call = funding_call_service.enter_call(FundingCallContent(**_tuples(body)), by=actor())
    return created(call, "commitments.list_funding_calls")


@bp.put("/funding-calls/<int:call_id>")
@signed_in
@bp.versioned
@bp.arguments(input_of(FundingCallContent))
@bp.response(200, FundingCallOut)
def change_funding_call(body: dict[str, Any], call_id: int, expected_version: int) -> FundingCall:
    """Correct a funder's call."""
    call = funding_call_service.get_call(call_id)
    content = FundingCallContent(**_tuples(body))
    funding_call_service.change_call(call, content, by=actor(), expected_version=expected_version)
    return call


@bp.delete("/funding-calls/<int:call_id>")
@signed_in
@bp.versioned
@bp.response(204)
def take_out_funding_call(call_id: int, expected_version: int) -> None:
    """Take a funder's call out of the calendar."""
    funding_call_service.take_out(funding_call_service.get_call(call_id), by=actor(), expected_version=expected_version)


def _tuples(body: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in body.items()}


@bp.get(f"{MISSION}/fitting-calls")
@signed_in
@bp.response(200, FittingOut(many=True))
def list_fitting_calls(reference: str) -> Any:
    """Which funders' calls fit a mission."""
    mission = missions.get_mission(reference)
    authorise(policy.can_read_partnership, mission)
    return funding_call_service.fitting(mission)


class PromiseIn(input_of(PromiseContent)):
    """A promise, and the need it covers."""

    need_id = fields.Integer(load_default=None, allow_none=True)


class DeliveryIn(Input):
    """Part of a promise kept; without a value it is worked out from the promise."""

    quantity = fields.Float(load_default=None, allow_none=True)
    value_ore = fields.Integer(load_default=None, allow_none=True)
    delivered_on = Day(required=True)
    source = fields.String(load_default="")
    more = fields.Boolean(load_default=False, metadata={"description": "note what is beyond the promise as more"})


class HoursIn(Input):
    """Hours worked on a day, by function."""

    worked_on = Day(required=True)
    hours = fields.Float(required=True)
    function = fields.String(required=True)
    what = fields.String(load_default="")


HoursOut = output_of(HoursLog, "id", "worked_on", "hours", "function", "what")


class StatementRowOut(Output):
    """A promise in a statement: promised, kept, left, and more than promised. Values are öre."""

    kind = fields.String()
    words = fields.String()
    unit = fields.String()
    period_from = fields.Date(allow_none=True)
    period_until = fields.Date(allow_none=True)
    state = fields.String()
    promised = fields.Float(allow_none=True)
    promised_ore = fields.Integer()
    kept = fields.Float(allow_none=True)
    kept_ore = fields.Integer()
    left = fields.Float(allow_none=True)
    left_ore = fields.Integer()
    extra = fields.Float(allow_none=True)
    extra_ore = fields.Integer()
    confirmed_on = fields.Date(allow_none=True)
    is_late = fields.Boolean()


class StateIn(Input):
    """What becomes of a promise: delivered or withdrawn."""

    state = fields.Enum(enum=CommitmentState, by_value=True, required=True)


class StateAidIn(Input):
    """How a benefit is judged."""

    ground = fields.String(required=True)
    value_ore = fields.Integer(load_default=0)
    reasons = fields.String(required=True)
    is_undertaking = fields.Boolean(load_default=True)


class RegisteredIn(Input):
    """When it was entered in the central register."""

    registered_on = Day(required=True)


def _promised(body: dict[str, Any], reference: str) -> tuple[PromiseContent, Need | None]:
    need_id = body.pop("need_id")
    need = queries.get_need(missions.get_mission(reference), need_id) if need_id else None
    return PromiseContent(**body), need


@bp.post(f"{PARTNER}/commitments")
@signed_in
@bp.arguments(PromiseIn)
@bp.response(201, CommitmentOut)
def promise(body: dict[str, Any], reference: str, partner_id: int) -> Any:
    """Promise something."""
    partner = partner_of(reference, partner_id)
    content, need = _promised(body, reference)
    commitment = commitment_service.promise(partner, content, by=actor(), need=need)
    return created(commitment, "partnerships.show_partnership", reference=reference)


@bp.post(f"{PARTNER}/hours")
@signed_in
@bp.arguments(HoursIn)
@bp.response(201, HoursOut)
def log_hours(body: dict[str, Any], reference: str, partner_id: int) -> Any:
    """Note hours worked; they draw the promise of hours down."""
    log = drawdown_service.log_hours(partner_of(reference, partner_id), by=actor(), **body)
    return created(log, "commitments.show_statement", reference=reference, partner_id=partner_id)


@bp.get(f"{PARTNER}/statement")
@signed_in
@bp.response(200, StatementRowOut(many=True))
def show_statement(reference: str, partner_id: int) -> list[statements.StatementRow]:
    """What a partner has promised and brought."""
    partner = partner_of(reference, partner_id)
    authorise(policy.can_read_statement, partner)
    return statements.rows_of(partner)


def _commitment(reference: str, commitment_id: int) -> Commitment:
    commitment = queries.get_commitment(missions.get_mission(reference), commitment_id)
    authorise(policy.can_read_partner, commitment.partner)
    return commitment


@bp.put(PROMISE)
@signed_in
@bp.versioned
@bp.arguments(PromiseIn)
@bp.response(200, CommitmentOut)
def edit_promise(body: dict[str, Any], reference: str, commitment_id: int, expected_version: int) -> Commitment:
    """Change a promise."""
    commitment = _commitment(reference, commitment_id)
    content, need = _promised(body, reference)
    commitment_service.edit_promise(commitment, content, by=actor(), expected_version=expected_version, need=need)
    return commitment


@bp.post(f"{PROMISE}/confirm")
@signed_in
@bp.versioned
@bp.response(200, CommitmentOut)
def confirm_promise(reference: str, commitment_id: int, expected_version: int) -> Commitment:
    """Say that it still holds."""
    commitment = _commitment(reference, commitment_id)
    commitment_service.confirm_promise(commitment, by=actor(), expected_version=expected_version)
    return commitment


@bp.post(f"{PROMISE}/deliveries")
@signed_in
@bp.versioned
@bp.arguments(DeliveryIn)
@bp.response(200, CommitmentOut)
def deliver(body: dict[str, Any], reference: str, commitment_id: int, expected_version: int) -> Commitment:
    """Note that part of it was kept."""
    commitment = _commitment(reference, commitment_id)
    commitment_service.deliver(commitment, by=actor(), expected_version=expected_version, **body)
    return commitment


@bp.post(f"{PROMISE}/state")
@signed_in
@bp.versioned
@bp.arguments(StateIn)
@bp.response(200, CommitmentOut)
def change_commitment(body: dict[str, Any], reference: str, commitment_id: int, expected_version: int) -> Commitment:
    """Kept as a whole, or taken back."""
    commitment = _commitment(reference, commitment_id)
    commitment_service.change_commitment(commitment, body["state"], by=actor(), expected_version=expected_version)
    return commitment


@bp.get(f"{MISSION}/funding")
@signed_in
@bp.response(200, LineOut(many=True))
def show_funding(reference: str) -> Any:
    """The funding plan."""
    mission = missions.get_mission(reference)
    authorise(policy.can_read_partnership, mission)
    return queries.funding_of(mission)


@bp.post(f"{MISSION}/funding")
@signed_in
@bp.arguments(input_of(LineContent))
@bp.response(201, LineOut)
def add_funding(body: dict[str, Any], reference: str) -> Any:
    """A line of the plan."""
    line = funding_service.add_funding(missions.get_mission(reference), LineContent(**body), by=actor())
    return created(line, "commitments.show_funding", reference=reference)


@bp.put(f"{MISSION}/funding/<int:line_id>")
@signed_in
@bp.versioned
@bp.arguments(input_of(LineContent))
@bp.response(200, LineOut)
def edit_funding(body: dict[str, Any], reference: str, line_id: int, expected_version: int) -> FundingLine:
    """Change a line."""
    line = queries.get_line(missions.get_mission(reference), line_id)
    funding_service.edit_funding(line, LineContent(**body), by=actor(), expected_version=expected_version)
    return line


@bp.delete(f"{MISSION}/funding/<int:line_id>")
@signed_in
@bp.versioned
@bp.response(204)
def remove_funding(reference: str, line_id: int, expected_version: int) -> None:
    """Take a line out."""
    line = queries.get_line(missions.get_mission(reference), line_id)
    funding_service.remove_funding(line, by=actor(), expected_version=expected_version)


FOLLOW_UP = f"{MISSION}/follow-up-funding"
FollowUpOut = output_of(
    FollowUpFunding, "id", "level", "source", "purpose", "receiver", "decided_on", "reference", "decision_id",
    "amount_ore", "currency", "foreign_minor", "rate_micro", "rate_on", "version",
)  # fmt: skip


@bp.get(FOLLOW_UP)
@signed_in
@bp.response(200, FollowUpOut(many=True))
def list_follow_up(reference: str) -> Any:
    """Money that came afterwards: from whom, how much, and following which decision."""
    mission = missions.get_mission(reference)
    authorise(policy.can_read_partnership, mission)
    return follow_up_service.follow_up_of(mission)


@bp.post(FOLLOW_UP)
@signed_in
@bp.arguments(input_of(FollowUpContent))
@bp.response(201, FollowUpOut)
def note_follow_up(body: dict[str, Any], reference: str) -> Any:
    """Note money that came afterwards."""
    made = follow_up_service.note(missions.get_mission(reference), FollowUpContent(**body), by=actor())
    return created(made, "commitments.list_follow_up", reference=reference)


@bp.put(f"{FOLLOW_UP}/<int:follow_up_id>")
@signed_in
@bp.versioned
@bp.arguments(input_of(FollowUpContent))
@bp.response(200, FollowUpOut)
def correct_follow_up(
    body: dict[str, Any], reference: str, follow_up_id: int, expected_version: int
) -> FollowUpFunding:
    """Correct what was noted."""
    one = follow_up_service.get_follow_up(missions.get_mission(reference), follow_up_id)
    follow_up_service.correct(one, FollowUpContent(**body), by=actor(), expected_version=expected_version)
    return one


@bp.delete(f"{FOLLOW_UP}/<int:follow_up_id>")
@signed_in
@bp.versioned
@bp.response(204)
def take_out_follow_up(reference: str, follow_up_id: int, expected_version: int) -> None:
    """Take out what was noted by mistake."""
    one = follow_up_service.get_follow_up(missions.get_mission(reference), follow_up_id)
    follow_up_service.take_out(one, by=actor(), expected_version=expected_version)


@bp.post(f"{PARTNER}/state-aid")
@signed_in
@bp.arguments(StateAidIn)
@bp.response(201, StateAidOut)
def assess_state_aid(body: dict[str, Any], reference: str, partner_id: int) -> StateAidAssessment:
    """Judge the benefit a partner gets."""
    return state_aid_service.assess_state_aid(partner_of(reference, partner_id), by=actor(), **body)


@bp.post(f"{MISSION}/state-aid/<int:assessment_id>/registered")
@signed_in
@bp.arguments(RegisteredIn)
@bp.response(200, StateAidOut)
def note_registration(body: dict[str, Any], reference: str, assessment_id: int) -> StateAidAssessment:
    """Note when it was entered in the central register."""
    assessment = queries.get_assessment(missions.get_mission(reference), assessment_id)
    state_aid_service.note_registration(assessment, registered_on=body["registered_on"], by=actor())
    return assessment
