"""The method: its versions, the draft of the next one, what it would change, and proposals from those who use it."""

from typing import Any

from flask import Response

from missions_app.api.base import ApiBlueprint, created, seen_version
from missions_app.api.cases import case_of
from missions_app.api.method_shapes import (
    AdoptIn,
    AnswerIn,
    DifferenceOut,
    MigrationOut,
    MoveIn,
    PartIn,
    PartOut,
    ProblemOut,
    ProposalIn,
    ProposalOut,
    SimulationOut,
    StartIn,
    StatisticsOut,
    VersionOut,
)
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.i18n import N_, _
from missions_app.portfolio import method_statistics
from missions_app.workflow import (
    draft_service,
    method_document,
    method_migration_service,
    method_queries,
    method_simulation,
    policy,
    proposal_service,
)
from missions_app.workflow.method_diff import differences
from missions_app.workflow.method_file import MethodProblem
from missions_app.workflow.method_models import MethodMigration, MethodProposal
from missions_app.workflow.method_schema import Path
from missions_app.workflow.method_service import version_in_force
from missions_app.workflow.method_simulation import Compared
from missions_app.workflow.models import MethodVersion

bp = ApiBlueprint("method", "The method as data: versions, drafts, simulation, moves of running cases, proposals")
VERSION = "/method/versions/<int:number>"
DRAFT = "/method/drafts/<int:number>"


def _draft(number: int) -> MethodVersion:
    authorise(policy.can_edit_method, None)
    return method_queries.get_draft(number)


def _problem(one: MethodProblem) -> dict[str, Any]:
    reason, remedy = _(one.reason, **one.values), _(one.remedy, **one.values)
    return {"place": one.place, "code": one.code, "reason": reason, "remedy": remedy}


def _compared(one: Compared) -> dict[str, Any]:
    return {
        "reference": one.subject.reference, "differing": one.differing, "failing": one.failing, "before": one.before,
        "after": one.after, "missing": one.missing,
    }  # fmt: skip


def _path(place: str) -> Path:
    return tuple(int(step) if step.isdecimal() else step for step in place.split("."))


def _part(draft: MethodVersion, place: str) -> dict[str, Any]:
    value = method_document.at(method_document.load(draft.document), _path(place))
    return {"place": place, "value": value, "seen": method_document.fingerprint(value)}


@bp.get("/method/versions")
@public
@bp.response(200, VersionOut(many=True))
def list_versions() -> Any:
    """Versions that are or were adopted, newest first."""
    return method_queries.settled_versions()


@bp.get("/method")
@public
@bp.response(200, VersionOut)
def show_version_in_force() -> MethodVersion:
    """The version under which new cases begin."""
    return version_in_force()


@bp.get(f"{VERSION}/document")
@public
@bp.response(200)
def show_document(number: int) -> Response:
    """A version's document as it was adopted, byte for byte, as TOML."""
    return Response(method_queries.get_settled(number).document.encode("utf-8"), mimetype="application/toml")


@bp.get(f"{VERSION}/statistics")
@signed_in
@bp.response(200, StatisticsOut)
def show_statistics(number: int) -> dict[str, Any]:
    """Time in stage, what stops and what is waived, rework, and how far apart assessors are."""
    version = method_queries.get_settled(number)
    found = method_statistics.statistics_of(version, reader=actor())
    return {
        "cases": found.cases, "reopened": found.reopened, "lessons": found.lessons, "rework": found.rework,
        "stages": [
            {"stage": one.stage, "ended": one.ended, "median_days": one.median_days, "longest_days": one.longest_days,
             "running": one.running}
            for one in found.stages
        ],
        "criteria": [
            {"criterion": one.criterion.id, "refusals": one.refusals, "not_standing": one.not_standing,
             "waivers": one.waivers}
            for one in found.criteria
        ],
        "waivers": [
            {"criterion": one.criterion, "subject": case.reference, "role": one.waived_as, "waived_at": one.waived_at,
             "reason": one.reason, "revoked_at": one.revoked_at}
            for one, case in method_statistics.waivers_of(version, actor())
        ],
        "spreads": [
            {"rubric": one.rubric, "criterion": one.criterion, "panels": one.panels, "mean_spread": one.mean_spread,
             "largest": one.largest}
            for one in found.spreads
        ],
    }  # fmt: skip


@bp.post(f"{VERSION}/retire")
@signed_in
@bp.response(200, VersionOut)
def retire_version(number: int) -> MethodVersion:
    """Say that a version is history."""
    version = method_queries.get_settled(number)
    draft_service.retire_version(version, by=actor(), expected_version=seen_version() or version.version)
    return version


@bp.get("/method/drafts")
@signed_in
@bp.response(200, VersionOut(many=True))
def list_drafts() -> Any:
    """The draft there is, if any."""
    authorise(policy.can_edit_method, None)
    return method_queries.drafts()


@bp.post("/method/drafts")
@signed_in
@bp.arguments(StartIn)
@bp.response(201, VersionOut)
def start_draft(body: dict[str, Any]) -> Any:
    """Begin a draft: a copy of the version in force, or a document of one's own."""
    if body["document"] is None:
        draft = draft_service.start_draft(summary=body["summary"], by=actor())
    else:
        draft = draft_service.import_draft(body["document"], summary=body["summary"], by=actor())
    return created(draft, "method.show_draft", number=draft.number)


@bp.get(DRAFT)
@signed_in
@bp.response(200, VersionOut)
def show_draft(number: int) -> MethodVersion:
    """A draft."""
    return _draft(number)


@bp.delete(DRAFT)
@signed_in
@bp.versioned
@bp.response(204)
def discard_draft(number: int, expected_version: int) -> None:
    """Throw a draft away."""
    draft_service.discard_draft(_draft(number), by=actor(), expected_version=expected_version)


@bp.get(f"{DRAFT}/document")
@signed_in
@bp.response(200)
def show_draft_document(number: int) -> Response:
    """A draft as a file."""
    return Response(_draft(number).document.encode("utf-8"), mimetype="application/toml")


@bp.get(f"{DRAFT}/problems")
@signed_in
@bp.response(200, ProblemOut(many=True))
def list_problems(number: int) -> Any:
    """Everything that keeps the draft from being adopted."""
    return [_problem(one) for one in draft_service.problems_of(_draft(number))]


@bp.get(f"{DRAFT}/differences")
@signed_in
@bp.response(200, DifferenceOut(many=True))
def list_differences(number: int) -> Any:
    """What differs from the version the draft began from."""
    draft = _draft(number)
    return differences((draft.based_on or version_in_force()).document, draft.document)


@bp.get(f"{DRAFT}/simulation")
@signed_in
@bp.response(200, SimulationOut)
def simulate(number: int) -> dict[str, Any]:
    """What the draft would mean for every running case: exactly the criteria whose result differs."""
    draft = _draft(number)
    if draft_service.problems_of(draft):
        raise InvalidInput.of([Problem("draft_has_problems", N_("Mend what is wrong first; see its problems."))])
    found = method_simulation.simulate(draft)
    return {
        "unaffected": len(found.unaffected), "would_fail": found.would_fail,
        "affected": [_compared(one) for one in found.affected],
    }  # fmt: skip


@bp.get(f"{DRAFT}/parts/<place>")
@signed_in
@bp.response(200, PartOut)
def show_part(number: int, place: str) -> dict[str, Any]:
    """A part of a draft, such as gate.1.criterion.4."""
    part = _part(_draft(number), place)
    if part["value"] is None:
        raise NotFound()
    return part


@bp.put(f"{DRAFT}/parts/<place>")
@signed_in
@bp.arguments(PartIn)
@bp.response(200, PartOut)
def save_part(body: dict[str, Any], number: int, place: str) -> dict[str, Any]:
    """Write a row or table; one past the last row adds one. 409 when somebody has changed this very part."""
    draft = _draft(number)
    seen = body["seen"] or method_document.fingerprint(None)
    draft_service.save_part(draft, _path(place), body["value"], seen=seen, by=actor())
    return _part(draft, place)


@bp.post(f"{DRAFT}/adoption")
@signed_in
@bp.versioned
@bp.arguments(AdoptIn)
@bp.response(200, VersionOut)
def adopt_draft(body: dict[str, Any], number: int, expected_version: int) -> MethodVersion:
    """Record that the deciding body has adopted the draft."""
    return draft_service.adopt_draft(_draft(number), by=actor(), expected_version=expected_version, **body)


@bp.post(f"{VERSION}/cases")
@signed_in
@bp.arguments(MoveIn)
@bp.response(201, MigrationOut)
def choose_version(body: dict[str, Any], number: int) -> MethodMigration:
    """Move one running case to the version, or record that it stays; before and after are kept."""
    authorise(policy.can_edit_method, None)
    act = method_migration_service.keep_case if body["stay"] else method_migration_service.move_case
    return act(
        case_of(body["case"]), method_queries.get_settled(number), reason=body["reason"], by=actor(),
        expected_version=seen_version(),
    )  # fmt: skip


@bp.get(f"{VERSION}/cases")
@signed_in
@bp.response(200, MigrationOut(many=True))
def list_choices(number: int) -> Any:
    """What was chosen for running cases."""
    authorise(policy.can_edit_method, None)
    return method_queries.migrations_of(method_queries.get_settled(number))


@bp.get("/method/proposals")
@signed_in
@bp.response(200, ProposalOut(many=True))
def list_proposals() -> Any:
    """Proposals to change the method, newest first."""
    return method_queries.proposals()


@bp.post("/method/proposals")
@signed_in
@bp.arguments(ProposalIn)
@bp.response(201, ProposalOut)
def propose(body: dict[str, Any]) -> Any:
    """Propose a change."""
    evidence = [proposal_service.Evidence(**one) for one in body.pop("evidence")]
    proposal = proposal_service.propose(evidence=evidence, by=actor(), **body)
    return created(proposal, "method.show_proposal", proposal_id=proposal.id)


@bp.get("/method/proposals/<int:proposal_id>")
@signed_in
@bp.response(200, ProposalOut)
def show_proposal(proposal_id: int) -> MethodProposal:
    """One proposal."""
    return method_queries.get_proposal(proposal_id)


@bp.post("/method/proposals/<int:proposal_id>/answer")
@signed_in
@bp.arguments(AnswerIn)
@bp.response(200, ProposalOut)
def answer(body: dict[str, Any], proposal_id: int) -> MethodProposal:
    """Accept or decline a proposal."""
    proposal = method_queries.get_proposal(proposal_id)
    proposal_service.answer(proposal, by=actor(), expected_version=seen_version(), **body)
    return proposal
