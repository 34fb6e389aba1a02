"""Requests to read documents, answered field by field."""

from typing import Any

from marshmallow import fields

from missions_app.api.base import ApiBlueprint, Input, Output, created
from missions_app.documents import disclosure_service, policy
from missions_app.documents.disclosure_models import Disclosure, FieldOutcome
from missions_app.documents.disclosure_rules import Judged
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.missions import queries as missions

bp = ApiBlueprint("disclosures", "Requests to read documents, and the answers")
ONE = "/disclosures/<int:disclosure_id>"


class AskIn(Input):
    """What somebody wants to read."""

    what = fields.String(required=True)
    mission = fields.String(load_default="")
    contact_email = fields.String(load_default="")


class FieldOut(Output):
    """A field; `text` is empty where it is masked."""

    id = fields.Integer()
    title = fields.String()
    label = fields.String()
    text = fields.String()
    is_claimed = fields.Boolean()
    claim_reason = fields.String()
    outcome = fields.Enum(enum=FieldOutcome, by_value=True, allow_none=True)
    ground = fields.String()
    reasons = fields.String()


class AnswerOut(Output):
    """The answer, for whoever holds the token. Fields are there once it is decided."""

    token = fields.String()
    what = fields.String()
    asked_at = fields.DateTime()
    decided_at = fields.DateTime(allow_none=True)
    message = fields.String()
    parts = fields.Function(
        lambda one: (
            FieldOut(many=True, exclude=("is_claimed", "claim_reason")).dump(one.fields) if one.decided_at else []
        )
    )


class DisclosureOut(Output):
    """A request, for those who answer it."""

    id = fields.Integer()
    what = fields.String()
    asked_at = fields.DateTime()
    decided_at = fields.DateTime(allow_none=True)
    message = fields.String()
    version = fields.Integer()
    parts = fields.List(fields.Nested(FieldOut), attribute="fields")


class TakeUpIn(Input):
    """A thing of the case."""

    kind = fields.String(required=True)
    key = fields.String(required=True)


class JudgedIn(Input):
    """What is decided about one field."""

    id = fields.Integer(required=True)
    release = fields.Boolean(required=True)
    ground = fields.String(load_default="")
    reasons = fields.String(load_default="")


class DecideIn(Input):
    """The answer."""

    judged = fields.List(fields.Nested(JudgedIn), required=True)
    message = fields.String(load_default="")


@bp.post("/disclosures")
@signed_in
@bp.arguments(AskIn)
@bp.response(201, AnswerOut)
def ask_disclosure(body: dict[str, Any]) -> Any:
    """Ask to read something. Without an account, the page of the platform does the same."""
    journey = missions.get_mission(body["mission"]).journey if body["mission"] else None
    asked = disclosure_service.ask(what=body["what"], journey=journey, contact_email=body["contact_email"], by=actor())
    return created(asked, "disclosures.show_answer", token=asked.token)


@bp.get("/disclosure-answers/<token>")
@public
@bp.response(200, AnswerOut)
def show_answer(token: str) -> Disclosure:
    """The answer to a request, by its token."""
    return disclosure_service.get_by_token(token)


@bp.get("/disclosures")
@signed_in
@bp.paged(DisclosureOut)
def list_disclosures() -> Any:
    """Every request, those that wait first."""
    authorise(policy.can_register, None)
    return disclosure_service.disclosures(only_open=False)


def _asked(disclosure_id: int) -> Disclosure:
    authorise(policy.can_register, None)
    return disclosure_service.get_disclosure(disclosure_id)


@bp.get(ONE)
@signed_in
@bp.response(200, DisclosureOut)
def show_disclosure(disclosure_id: int) -> Disclosure:
    """One request with the fields to decide about."""
    return _asked(disclosure_id)


@bp.post(f"{ONE}/things")
@signed_in
@bp.versioned
@bp.arguments(TakeUpIn)
@bp.response(200, DisclosureOut)
def take_up(body: dict[str, Any], disclosure_id: int, expected_version: int) -> Disclosure:
    """Say what the request concerns."""
    asked = _asked(disclosure_id)
    disclosure_service.take_up(asked, by=actor(), expected_version=expected_version, **body)
    return asked


@bp.post(f"{ONE}/decision")
@signed_in
@bp.versioned
@bp.arguments(DecideIn)
@bp.response(200, DisclosureOut)
def decide_disclosure(body: dict[str, Any], disclosure_id: int, expected_version: int) -> Disclosure:
    """Decide field by field."""
    asked = _asked(disclosure_id)
    judged = {one["id"]: Judged(one["release"], one["ground"], one["reasons"]) for one in body["judged"]}
    disclosure_service.decide(asked, judged, message=body["message"], by=actor(), expected_version=expected_version)
    return asked
