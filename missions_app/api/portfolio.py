"""Across missions: the overview's figures, follow-up reports, and the paper a body decides on."""

import json
from datetime import date
from typing import Any

from marshmallow import fields

from missions_app.api.base import ApiBlueprint, Input, created
from missions_app.api.schemas import Day, Output
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.errors import NotFound
from missions_app.evaluation.policy import can_read_results
from missions_app.missions import queries as missions
from missions_app.portfolio import dossier_service, overview, policy, queries, report_service
from missions_app.portfolio.decision_paper import DecisionPaper, draw_paper
from missions_app.portfolio.figure import Figure, for_public
from missions_app.portfolio.models import FollowUpReport
from missions_app.portfolio.standing import Standing, standings
from missions_app.workflow import policy as workflow_policy

bp = ApiBlueprint("portfolio", "The region's missions taken together")
REPORT = "/follow-up-reports/<reference>"


class FigureOut(Output):
    """A figure and the rows it was counted from; null is not set."""

    group = fields.String()
    key = fields.String()
    label = fields.Dict()
    unit = fields.String()
    value = fields.Float(allow_none=True)
    rows = fields.Function(lambda one: [row if isinstance(row, dict) else row.plain() for row in one.rows])
    is_small = fields.Function(
        lambda one: one.is_small,
        metadata={"description": "true where a count is kept back because somebody could be recognised behind it"},
    )


class StandingOut(Output):
    """One indicator of one mission against its target; null is not set, or missing."""

    mission = fields.String(attribute="mission.reference")
    theme = fields.String(attribute="mission.theme")
    indicator = fields.Integer(attribute="result.plan.id")
    label = fields.Function(lambda one: {"sv": one.result.plan.label_sv, "en": one.result.plan.label_en})
    unit = fields.String(attribute="result.plan.unit")
    direction = fields.String(attribute="result.plan.direction")
    baseline = fields.Float(attribute="result.baseline", allow_none=True)
    target = fields.Float(attribute="result.plan.target_value", allow_none=True)
    target_low = fields.Float(attribute="result.plan.target_low", allow_none=True)
    target_on = fields.Date(attribute="result.plan.target_on", allow_none=True)
    value = fields.Function(lambda one: one.result.now.value if one.result.now else None)
    measured_on = fields.Function(lambda one: one.result.now.on.isoformat() if one.result.now else None)
    share = fields.Float(
        attribute="result.share", allow_none=True,
        metadata={"description": "of the way from baseline to target; 1 is there, below 0 is the wrong way"},
    )  # fmt: skip
    stand = fields.Function(
        lambda one: one.stand.value,
        metadata={"description": "reached, on_the_way, not_on_the_way or unknown"},
    )


class ReportRow(Output):
    """A report without its figures."""

    reference = fields.String()
    title = fields.String()
    starts_on = fields.Date()
    ends_on = fields.Date()
    made_at = fields.AwareDateTime()
    published_at = fields.AwareDateTime(allow_none=True)
    version = fields.Integer()


class FollowUpOut(ReportRow):
    """A report whose figures stand still."""

    summary = fields.String()
    risks = fields.String()
    figures = fields.Function(
        lambda one: FigureOut(many=True).dump(
            one.figures if policy.can_oversee(actor()) else [for_public(figure) for figure in one.figures]
        )
    )


class FollowUpIn(Input):
    """Which days; the figures are those of the last one."""

    title = fields.String(required=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)


class WordsIn(Input):
    """What the figures mean."""

    summary = fields.String(load_default="")
    risks = fields.String(load_default="")


class DossierIn(Input):
    """The last day that counts."""

    cut_off = Day(required=True)


class DossierOut(Output):
    """A mission's whole thread as tables."""

    reference = fields.String()
    cut_off = fields.Date()
    checksum = fields.String()
    record = fields.Function(lambda one: json.loads(one.content))


class PaperOut(Output):
    """The basis for a decision as the record stands now."""

    mission = fields.String(attribute="mission.reference")
    proposal = fields.String(attribute="proposal.id", dump_default=None)
    decided = fields.String(attribute="decided.id", dump_default=None)
    reasons = fields.String()
    ways = fields.Function(
        lambda one: [
            {"outcome": way.outcome.id, "starts": [{"sv": text.sv, "en": text.en} for text in way.starts]}
            for way in one.ways
        ],
        metadata={"description": "the other outcomes that may be decided, and what each starts"},
    )
    verdict = fields.String()
    recused = fields.Integer()
    stepped_aside = fields.Function(lambda one: [text.sv for text in one.stepped_aside])
    clarified = fields.Integer(metadata={"description": "questions of the reviewers that the mission has answered"})
    heard = fields.Function(
        lambda one: [{"question": row.text, "answer": row.answer or None} for row in one.heard],
        metadata={"description": "the hearing of the mission before the recommendation"},
    )
    unheard_because = fields.String(metadata={"description": "why the secretariat recommends without hearing it"})
    waivers = fields.Function(lambda one: [row.criterion.id for row in one.standing.criteria if row.waiver is not None])
    blocking = fields.Function(lambda one: [row.criterion.id for row in one.standing.blocking])
    dissents = fields.Function(
        lambda one: [
            {"question": row.question.en, "values": list(row.values), "note": row.note} for row in one.dissents
        ]
    )
    money = fields.Function(
        lambda one: [
            {"source": row.source, "promised_ore": row.promised_ore, "delivered_ore": row.delivered_ore}
            for row in one.money
        ]
    )


@bp.get("/overview")
@signed_in
@bp.response(200, FigureOut(many=True))
def show_overview() -> list[Figure]:
    """The figures of the last twelve months, counted now."""
    authorise(policy.can_oversee, None)
    return overview.figures_of_the_year()


@bp.get("/overview/indicators")
@signed_in
@bp.response(200, StandingOut(many=True))
def list_standings() -> list[Standing]:
    """Every indicator of the missions under way against its target, theme by theme."""
    authorise(policy.can_oversee, None)
    return [one for found in standings().values() for one in found]


@bp.get("/follow-up-reports")
@public
@bp.paged(ReportRow)
def list_reports() -> Any:
    """Reports, newest first."""
    return queries.reports(actor())


@bp.post("/follow-up-reports")
@signed_in
@bp.arguments(FollowUpIn)
@bp.response(201, FollowUpOut)
def make_report(body: dict[str, Any]) -> Any:
    """Freeze the figures of a period that is over, and lock its measurements."""
    report = report_service.make_report(**body, by=actor())
    return created(report, "portfolio.show_report", reference=report.reference)


@bp.get(REPORT)
@public
@bp.response(200, FollowUpOut)
def show_report(reference: str) -> FollowUpReport:
    """One report with every figure and its rows."""
    report = queries.get_report(reference)
    authorise(policy.can_read_report, report)
    return report


@bp.put(REPORT)
@signed_in
@bp.versioned
@bp.arguments(WordsIn)
@bp.response(200, FollowUpOut)
def word_report(body: dict[str, Any], reference: str, expected_version: int) -> FollowUpReport:
    """Write what the figures mean, while it is not published."""
    report = queries.get_report(reference)
    report_service.word_report(report, **body, by=actor(), expected_version=expected_version)
    return report


@bp.post(f"{REPORT}/publish")
@signed_in
@bp.versioned
@bp.response(200, FollowUpOut)
def publish_report(reference: str, expected_version: int) -> FollowUpReport:
    """Let everybody read it."""
    report = queries.get_report(reference)
    report_service.publish_report(report, by=actor(), expected_version=expected_version)
    return report


@bp.get("/missions/<reference>/paper/<gate_id>")
@signed_in
@bp.response(200, PaperOut)
def show_paper(reference: str, gate_id: str) -> DecisionPaper:
    """What a body is given before it decides."""
    mission = missions.get_mission(reference)
    authorise(workflow_policy.can_read_gate, mission)
    return draw_paper(mission, gate_id)


@bp.post("/missions/<reference>/dossiers")
@signed_in
@bp.arguments(DossierIn)
@bp.response(201, DossierOut)
def make_dossier(body: dict[str, Any], reference: str) -> Any:
    """Freeze the whole thread at the end of a day; the same day gives the same dossier."""
    made = dossier_service.make_dossier(missions.get_mission(reference), body["cut_off"], by=actor())
    return created(made, "portfolio.show_dossier", reference=reference, cut_off=made.cut_off.isoformat())


@bp.get("/missions/<reference>/dossiers/<cut_off>")
@signed_in
@bp.response(200, DossierOut)
def show_dossier(reference: str, cut_off: str) -> Any:
    """The frozen record."""
    authorise(can_read_results, missions.get_mission(reference))
    try:
        found = dossier_service.find_dossier(reference, date.fromisoformat(cut_off))
    except ValueError:
        found = None
    if found is None:
        raise NotFound()
    return found
