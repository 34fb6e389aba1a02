"""What the API says of a case at its checkpoints, and what it takes."""

from typing import Any

from marshmallow import fields, post_load

from missions_app import clock
from missions_app.api.base import Input, Output
from missions_app.api.schemas import Day
from missions_app.api.shapes import ReasonIn, output_of
from missions_app.workflow.conditions import state_of
from missions_app.workflow.meeting import Meeting
from missions_app.workflow.models import (
    Consultation,
    DecisionCondition,
    GateDecision,
    GateRequest,
    Recommendation,
    Waiver,
)

DecisionOut = output_of(
    GateDecision, "id", "gate", "outcome", "reasons", "decided_as", "decided_on", "registry_number", "differs_because",
    "publish_on", "published_at", "corrects_id", "met_on", "votes_for", "votes_against", "votes_abstained",
    "declared",
)  # fmt: skip
RecommendationOut = output_of(Recommendation, "id", "gate", "outcome", "reasons", "recommended_at")
RequestOut = output_of(GateRequest, "id", "gate", "requested_at", "due_on", "note", name="GateRequestOut")
ConsultationOut = output_of(
    Consultation, "id", "body", "question", "asked_on", "reply_by", "replied_at", "reply", "version"
)
WaiverOut = output_of(Waiver, "id", "criterion", "reason", "waived_as", "waived_at", "expires_on")


class ConditionOut(
    output_of(
        DecisionCondition, "id", "text", "owner", "owner_ref", "due_on", "done_at", "how_met", "evidence",
        name="ConditionRow",
    )
):  # fmt: skip
    """Something a decision asks for, and how it stands: open, met or late."""

    state = fields.Function(lambda one: state_of(one, clock.today()).value)


class ConditionMetIn(Input):
    """How a condition was met."""

    how = fields.String(required=True)
    evidence = fields.String(load_default="", metadata={"description": "a link, or the number of a document"})


class OwnerOut(Output):
    """Somebody whom a decision may ask for something."""

    ref = fields.String()
    name = fields.String()


class RecusalOut(Output):
    """Somebody who has stepped aside because of a conflict of interest."""

    id = fields.Integer()
    gate = fields.String()
    acted_as = fields.String()
    declared_at = fields.DateTime()
    decision_id = fields.Integer(allow_none=True)
    name = fields.Function(lambda one: one.user.name if one.user else None, allow_none=True)
    seat = fields.String(metadata={"description": "the function of a member without an account, else empty"})


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
    recusals = fields.List(fields.Nested(RecusalOut))


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
    owner = fields.String(load_default="", metadata={"description": "in words, for somebody who is not on the list"})
    owner_ref = fields.String(load_default="", metadata={"description": "one of the case's condition owners"})
    due_on = Day(load_default=None, allow_none=True)


class MeetingIn(Input):
    """When the body met and how it voted; empty where one person decides."""

    met_on = Day(load_default=None, allow_none=True)
    votes_for = fields.Integer(load_default=None, allow_none=True)
    votes_against = fields.Integer(load_default=None, allow_none=True)
    votes_abstained = fields.Integer(load_default=None, allow_none=True)

    @post_load
    def as_meeting(self, data: dict[str, Any], **_more: Any) -> Meeting:
        """As the service takes it."""
        return Meeting(**data)


class DecideGateIn(RecommendIn):
    """Decide."""

    meeting = fields.Nested(MeetingIn, load_default=None, allow_none=True)

    decided_on = Day(load_default=None, allow_none=True)
    registry_number = fields.String(load_default="")
    differs_because = fields.String(load_default="")
    conditions = fields.List(fields.Nested(ConditionIn), load_default=list)
    recused = fields.List(
        fields.String(), load_default=list,
        metadata={"description": "members without an account who stepped aside, each by function"},
    )  # fmt: skip
    declared = fields.Boolean(
        required=True,
        metadata={"description": "true: the decider declares that nothing ties them to those who take part"},
    )
    publish = fields.Boolean(load_default=True)
    publish_on = Day(load_default=None, allow_none=True)


class CorrectIn(Input):
    """What the new decision says."""

    reasons = fields.String(required=True)
    decided_on = Day(required=True)
    registry_number = fields.String(load_default="")
    meeting = fields.Nested(MeetingIn, load_default=None, allow_none=True)


class StepAsideIn(Input):
    """What ties the caller to the case."""

    reason = fields.String(required=True)


class LookIn(Input):
    """Why the case may go on."""

    text = fields.String(required=True)


class AttestIn(Input):
    """Vouch for a criterion."""

    text = fields.String(required=True)
    part = fields.String(load_default="", metadata={"description": "of which part, such as a site's id"})


class WaiveIn(Input):
    """Set a criterion aside until a day."""

    reason = fields.String(required=True)
    expires_on = Day(required=True)


class ConsultIn(Input):
    """Ask a body."""

    body = fields.String(required=True)
    question = fields.String(required=True)
    days = fields.Integer(load_default=10)


class ReplyIn(Input):
    """A body's answer."""

    text = fields.String(required=True)
