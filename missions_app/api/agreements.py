"""Letters of intent and agreements: worded in versions, signed on exactly one of them."""

import json
from typing import Any

from marshmallow import fields

from missions_app.api.base import ApiBlueprint, Input, created, sent_file
from missions_app.api.schemas import Day
from missions_app.api.shapes import AuthorityIn, ReasonIn, output_of
from missions_app.documents.document_service import Authority
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.experiments import queries as experiments
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.organisations import queries as organisations
from missions_app.partnerships import agreement_service, policy, queries
from missions_app.partnerships.models import Agreement

bp = ApiBlueprint("agreements", "What partners sign")
MISSION = "/missions/<reference>"
AGREEMENT = f"{MISSION}/agreements/<int:agreement_id>"


class AgreementOut(output_of(Agreement, "id", "kind", "title", "terminated_at", "version", name="AgreementRow")):
    """An agreement with the version that is signed now."""

    number = fields.Integer(attribute="newest.number")
    clauses = fields.Dict(attribute="newest.clauses")
    text = fields.String(attribute="document.body", allow_none=True)
    checksum = fields.String(attribute="document.checksum", metadata={"description": "sign with this"})
    valid_until = fields.Date(attribute="document.valid_until", allow_none=True)
    parties = fields.Function(lambda one: [party.organisation.slug for party in one.parties])
    signed_by = fields.Function(
        lambda one: [
            party.organisation.slug for party in one.parties if party.organisation_id in queries.signed_by(one)
        ]
    )
    is_held = fields.Function(queries.is_held)
    countersigned_at = fields.DateTime(attribute="newest.countersigned_at", allow_none=True)


class IntentIn(Input):
    """One party's letter of intent."""

    organisation = fields.String(required=True)
    clauses = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class AgreementIn(Input):
    """An agreement between several; for one experiment when it is named."""

    kind = fields.String(required=True)
    title = fields.String(required=True)
    clauses = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    parties = fields.List(fields.String(), required=True)
    experiment = fields.String(load_default="")
    valid_until = Day(load_default=None, allow_none=True)
    replaces = fields.Integer(
        load_default=None, allow_none=True, metadata={"description": "an agreement that ends when this one is signed"}
    )


class VersionIn(Input):
    """New wording, and what is different."""

    clauses = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    changed = fields.String(required=True)
    valid_until = Day(load_default=None, allow_none=True)


class SignIn(AuthorityIn):
    """An agreement is signed only with a right that can be looked up."""

    authority_source = fields.String(required=True, metadata={"description": "where the right to sign stands"})


class JsonDict(fields.Dict):
    """An object that is written as JSON in one part of a multipart body."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        try:
            read = json.loads(value)
        except (TypeError, ValueError) as error:
            raise self.make_error("invalid") from error
        return super()._deserialize(read, attr, data, **more)  # type: ignore[no-untyped-call]


class SignerIn(Input):
    """Who signed for a party, and on which ground."""

    name = fields.String(required=True)
    authority = fields.String(required=True)


class ElsewhereIn(Input):
    """Who has signed outside the platform; the signed text itself is the part `file` of a multipart body."""

    signed_by = JsonDict(
        keys=fields.String(), values=fields.Nested(SignerIn), required=True,
        metadata={"description": "JSON: the slug of each party that has signed, with `name` and `authority`"},
    )  # fmt: skip
    valid_until = Day(load_default=None, allow_none=True)


class ChecksumIn(Input):
    """The check sum of exactly what was read."""

    checksum = fields.String(required=True)


def _mission(reference: str) -> Mission:
    mission = missions.get_mission(reference)
    authorise(policy.can_read_partnership, mission)
    return mission


@bp.get(f"{MISSION}/agreements")
@signed_in
@bp.response(200, AgreementOut(many=True))
def list_agreements(reference: str) -> Any:
    """What is to be signed, and who has."""
    return queries.agreements_of(_mission(reference))


def _agreement(reference: str, agreement_id: int) -> Agreement:
    agreement = queries.get_agreement(missions.get_mission(reference), agreement_id)
    authorise(policy.can_read_agreement, agreement)
    return agreement


@bp.get(AGREEMENT)
@signed_in
@bp.response(200, AgreementOut)
def show_agreement(reference: str, agreement_id: int) -> Agreement:
    """One agreement with its whole text."""
    return _agreement(reference, agreement_id)


@bp.post(f"{MISSION}/letters-of-intent")
@signed_in
@bp.arguments(IntentIn)
@bp.response(201, AgreementOut)
def write_intent(body: dict[str, Any], reference: str) -> Any:
    """Write a party's letter of intent; one that is there gets a new version."""
    organisation = organisations.get_organisation(body["organisation"])
    agreement = agreement_service.write_intent(_mission(reference), organisation, body["clauses"], by=actor())
    return created(agreement, "agreements.show_agreement", reference=reference, agreement_id=agreement.id)


@bp.post(f"{MISSION}/agreements")
@signed_in
@bp.arguments(AgreementIn)
@bp.response(201, AgreementOut)
def write_agreement(body: dict[str, Any], reference: str) -> Any:
    """Draw up an agreement."""
    experiment = experiments.get_experiment(body["experiment"]) if body["experiment"] else None
    mission = _mission(reference)
    agreement = agreement_service.write_agreement(
        mission, kind=body["kind"], title=body["title"], clauses=body["clauses"], by=actor(),
        parties=[organisations.get_organisation(slug) for slug in body["parties"]], valid_until=body["valid_until"],
        journey=experiment.journey if experiment else None,
        replaces=queries.get_agreement(mission, body["replaces"]) if body["replaces"] else None,
    )  # fmt: skip
    return created(agreement, "agreements.show_agreement", reference=reference, agreement_id=agreement.id)


@bp.post(f"{AGREEMENT}/versions")
@signed_in
@bp.versioned
@bp.arguments(VersionIn)
@bp.response(200, AgreementOut)
def new_version(body: dict[str, Any], reference: str, agreement_id: int, expected_version: int) -> Agreement:
    """Word it anew; the signatures on the version before no longer hold."""
    agreement = queries.get_agreement(_mission(reference), agreement_id)
    agreement_service.new_version(
        agreement, body["clauses"], changed=body["changed"], by=actor(), expected_version=expected_version,
        valid_until=body["valid_until"],
    )  # fmt: skip
    return agreement


@bp.post(f"{AGREEMENT}/signatures")
@signed_in
@bp.arguments(SignIn)
@bp.response(200, AgreementOut)
def sign_agreement(body: dict[str, Any], reference: str, agreement_id: int) -> Agreement:
    """Sign exactly the text with this check sum."""
    agreement = _agreement(reference, agreement_id)
    agreement_service.sign_agreement(
        agreement, organisation=organisations.get_organisation(body["organisation"]),
        authority=Authority(body["authority"], body["authority_source"], body["authority_until"]),
        checksum=body["checksum"], by=actor(),
    )  # fmt: skip
    return agreement


@bp.post(f"{AGREEMENT}/signed-elsewhere")
@signed_in
@bp.versioned
@bp.arguments(ElsewhereIn, location="form")
@bp.response(200, AgreementOut)
def upload_signed(body: dict[str, Any], reference: str, agreement_id: int, expected_version: int) -> Agreement:
    """Enter what was signed on paper or elsewhere, as a new version with the file as its text."""
    agreement = queries.get_agreement(_mission(reference), agreement_id)
    sent = sent_file()
    signers = {organisations.get_organisation(slug).id: one for slug, one in body["signed_by"].items()}
    agreement_service.upload_signed(
        agreement, file_name=sent.filename or "", content=sent.read(), by=actor(), expected_version=expected_version,
        signed_by={key: (one["name"], one["authority"]) for key, one in signers.items()},
        valid_until=body["valid_until"],
    )  # fmt: skip
    return agreement


@bp.post(f"{AGREEMENT}/countersignature")
@signed_in
@bp.arguments(ChecksumIn)
@bp.response(200, AgreementOut)
def countersign(body: dict[str, Any], reference: str, agreement_id: int) -> Agreement:
    """Confirm that exactly this version has come in with every signature."""
    agreement = queries.get_agreement(_mission(reference), agreement_id)
    agreement_service.countersign(agreement, checksum=body["checksum"], by=actor())
    return agreement


@bp.post(f"{AGREEMENT}/terminate")
@signed_in
@bp.versioned
@bp.arguments(ReasonIn)
@bp.response(200, AgreementOut)
def terminate(body: dict[str, Any], reference: str, agreement_id: int, expected_version: int) -> Agreement:
    """End it before its time."""
    agreement = queries.get_agreement(_mission(reference), agreement_id)
    agreement_service.terminate(agreement, reason=body["reason"], by=actor(), expected_version=expected_version)
    return agreement
