"""The whole thread of a mission as tables of plain values: what a dossier freezes.

A cell is a text, a number, None, or a text in both languages ({"sv": …, "en": …}). What came after the cut-off is left
out, as are decisions not yet published and everything that somebody has asked to keep secret.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from missions_app import db
from missions_app.assessments.hearing import waivers_of_case
from missions_app.assessments.question_service import questions_of_case as assessment_questions
from missions_app.bookings.models import Booking, BookingPermit
from missions_app.bookings.queries import bookings_of_mission
from missions_app.challenges.content import FIELDS, FieldKind
from missions_app.documents.models import Visibility
from missions_app.documents.queries import documents_of
from missions_app.evaluation import queries as evaluation
from missions_app.evaluation.models import MeasurementState, TestReport
from missions_app.evaluation.story_service import story_of
from missions_app.experiments import queries as experiments
from missions_app.experiments.log_service import log_of
from missions_app.experiments.models import Experiment
from missions_app.indicators.queries import indicators_of
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.partnerships import follow_up_service
from missions_app.partnerships import queries as partnerships
from missions_app.portfolio.dossier_words import degree
from missions_app.portfolio.figure import Span
from missions_app.portfolio.thread import WORDS, thread_for
from missions_app.workflow import gate_queries, recusal
from missions_app.workflow.method import Method, Text
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import GateDecision, Journey, StateEntry

Cell = Any
Table = dict[str, Any]
SCHEMA = 1


def record_of(mission: Mission, cut_off: date) -> dict[str, Any]:
    """The record as it stood at the end of a day; the same call on the same record gives the same value."""
    until, method = Span(cut_off, cut_off).ends, method_of(mission.journey.method_version)
    challenges, tests = missions.challenges_of(mission), experiments.experiments_of(mission.id)
    cases: list[Any] = [*challenges, mission, *tests]
    return {
        "schema": SCHEMA,
        "reference": mission.reference,
        "title": {"sv": mission.title_sv, "en": mission.title_en or mission.title_sv},
        "cut_off": cut_off.isoformat(),
        "tables": [
            _about(mission, method, until), _challenges(challenges), *_decided(cases, until), _asked(cases, until),
            *_parties(mission, until),
            *_tested(mission, tests, method, until), *_measured(mission, until), *_learnt(mission, method, until),
            _documents(cases, until), _thread(cases, until),
        ],
    }  # fmt: skip


def _table(key: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Table:
    return {"key": key, "columns": list(columns), "rows": [[_plain(cell) for cell in row] for row in rows]}


def _plain(cell: Cell) -> Cell:
    """A value as JSON has it."""
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, Text):
        return {"sv": cell.sv, "en": cell.en}
    return str(cell) if hasattr(cell, "value") else cell


def _about(mission: Mission, method: Method, until: datetime) -> Table:
    state = _state_at(mission.journey, until)
    both = {"sv": mission.summary_sv, "en": mission.summary_en or mission.summary_sv}
    target = {"sv": mission.target_sv, "en": mission.target_en or mission.target_sv}
    version = mission.journey.method_version
    rows: list[tuple[str, Cell]] = [
        ("target", target), ("summary", both), ("theme", method.term("theme", mission.theme).label),
        ("owner", mission.problem_owner.name),
        ("coordinator", mission.coordinator.name if mission.coordinator else None),
        ("state", method.state("mission", state).label if state else None), ("receiver", mission.result_owner or None),
        ("method", f"{version.key} {version.number}"),
    ]  # fmt: skip
    return _table("about", ("what", "text"), rows)


def _state_at(journey: Journey, until: datetime) -> str | None:
    return db.session.scalars(
        select(StateEntry.to_state)
        .where(StateEntry.journey_id == journey.id, StateEntry.at < until)
        .order_by(StateEntry.id.desc())
        .limit(1)
    ).first()


def _challenges(challenges: Sequence[Any]) -> Table:
    """Their public texts; what may be claimed as secret is left to the register."""
    open_fields = [
        one for one in FIELDS
        if one.is_public and not one.is_claimable and one.kind in (FieldKind.LINE, FieldKind.TEXT)
    ]  # fmt: skip
    rows = [
        (challenge.reference, challenge.organisation.name, field.name, getattr(challenge, field.name, "") or "")
        for challenge in challenges
        for field in open_fields
    ]
    return _table("challenges", ("reference", "organisation", "what", "text"), [row for row in rows if row[3]])


def _decided(cases: Sequence[Any], until: datetime) -> list[Table]:
    decisions, conditions, evidence, waivers, steps = [], [], [], [], []
    for case in cases:
        method = method_of(case.journey.method_version)
        for entry in db.session.scalars(
            select(StateEntry).where(StateEntry.journey_id == case.journey.id, StateEntry.at < until)
            .order_by(StateEntry.id)
        ):  # fmt: skip
            label = method.state(case.journey.subject_kind, entry.to_state).label
            steps.append((entry.at, case.reference, label, entry.by_move, entry.actor_role))
        known = _published(case.journey, until)
        corrected = {one.corrects_id for one in known}
        for one in reversed(known):
            gate = method.gate(one.gate)
            outcome = next(found.label for found in gate.outcomes if found.id == one.outcome)
            decisions.append(
                (one.decided_on, case.reference, gate.label, outcome, method.who(one.decided_as), one.reasons,
                 one.differs_because, one.registry_number, one.met_on, one.votes_for, one.votes_against,
                 one.votes_abstained, _stepped_aside(one, method))
            )  # fmt: skip
            for asked in gate_queries.conditions_of(one) if one.id not in corrected else ():
                done = asked.done_at if asked.done_at and asked.done_at < until else None
                how, shown = (asked.how_met, asked.evidence) if done else ("", "")
                conditions.append((case.reference, gate.label, asked.text, asked.owner, asked.due_on, done, how, shown))
            for kept in gate_queries.evidence_of(one):
                label = method.criterion(kept.criterion).label
                evidence.append((case.reference, gate.label, label, kept.status, kept.checksum))
        for waiver in gate_queries.waivers(case.journey):
            if waiver.waived_at < until:
                label = method.criterion(waiver.criterion).label
                waivers.append((waiver.waived_at, case.reference, label, method.who(waiver.waived_as), waiver.reason,
                                waiver.expires_on))  # fmt: skip
    return [
        _table("steps", ("at", "reference", "state", "move", "role"), steps),
        _table("decisions", ("day", "reference", "checkpoint", "outcome", "decided_by", "reasons", "differs",
                             "number", "met_on", "votes_for", "votes_against", "votes_abstained",
                             "recused"), decisions),
        _table("conditions", ("reference", "checkpoint", "text", "who", "due", "done", "how_met", "evidence"),
               conditions),
        _table("evidence", ("reference", "checkpoint", "requirement", "state", "checksum"), evidence),
        _table("waivers", ("at", "reference", "requirement", "decided_by", "reasons", "until"), waivers),
    ]  # fmt: skip


def _stepped_aside(decision: GateDecision, method: Method) -> Text | None:
    """In which functions somebody stepped aside because of a conflict of interest."""
    who = [recusal.in_function(one, method) for one in recusal.recusals_of(decision)]
    return Text(sv=", ".join(one.sv for one in who), en=", ".join(one.en for one in who)) if who else None


def _published(journey: Journey, until: datetime) -> list[GateDecision]:
    return [
        one for one in gate_queries.decisions_of(journey)
        if one.recorded_at < until and one.published_at is not None and one.published_at < until
    ]  # fmt: skip


def _parties(mission: Mission, until: datetime) -> list[Table]:
    method = method_of(mission.journey.method_version)
    partners = [
        (one.organisation.name, method.term("sector", one.organisation.sector).label,
         ", ".join(method.term("partner_role", role).label.sv for role in one.roles), one.since,
         one.left_at if one.left_at and one.left_at < until else None)
        for one in partnerships.partners_of(mission)
        if one.since < until
    ]  # fmt: skip
    commitments = [
        (one.partner.organisation.name, method.term("commitment_type", one.kind).label, one.quantity,
         one.value_ore / 100, str(one.state.value))
        for one in partnerships.commitments_of(mission)
        if one.made_at < until
    ]  # fmt: skip
    agreements = [
        (one.title, version.number, version.made_at, version.document.checksum,
         sum(1 for mark in version.document.signatures if mark.signed_at < until and mark.withdrawn_at is None))
        for one in partnerships.agreements_of(mission)
        for version in one.versions
        if version.made_at < until
    ]  # fmt: skip
    came = [
        (one.source, one.purpose, one.receiver or None, one.decided_on, one.amount_ore / 100,
         method.gate(one.decision.gate).label if one.decision else None)
        for one in reversed(follow_up_service.follow_up_of(mission))
        if one.noted_at < until
    ]  # fmt: skip
    return [
        _table("partners", ("organisation", "sector", "roles", "since", "left"), partners),
        _table("commitments", ("organisation", "kind", "quantity", "kronor", "state"), commitments),
        _table("agreements", ("title", "version", "at", "checksum", "signatures"), agreements),
        _table("follow_up", ("source", "what_for", "receiver", "day", "kronor", "checkpoint"), came),
    ]


def _tested(mission: Mission, tests: Sequence[Experiment], method: Method, until: datetime) -> list[Table]:
    plans, reports, weighed = [], [], []
    for one in tests:
        state = _state_at(one.journey, until)
        if state is None:
            continue
        plans.append((one.reference, one.title, one.organisation.name, one.question, one.hypothesis,
                      one.success_threshold, method.state("experiment", state).label))  # fmt: skip
        weighed.append((one.reference, one.method, one.stop_rule, one.data_plan, one.risks,
                        one.personal_data_assessment, one.camera_assessment, one.ethics_assessment))  # fmt: skip
        report = evaluation.report_of(one.id)
        if report is not None and report.submitted_at is not None and report.submitted_at < until:
            reports.append(_report(one, report, method))
    bookings = [one for one in bookings_of_mission(mission.id) if one.created_at < until]
    return [
        _table("experiments", ("reference", "title", "organisation", "question", "hypothesis", "threshold", "state"),
               plans),
        _table("plans", ("reference", "how", "stops", "data", "risks", "personal_data", "cameras", "ethics"), weighed),
        _table("bookings", ("reference", "site", "resource", "starts", "ends", "state"), _lines(bookings, method)),
        _table("permits", ("reference", "permit", "state", "from", "until"), _permits(bookings, method)),
        _table("log", ("at", "reference", "what", "text", "picture"),
               [row for one in tests for row in _noted(one, until)]),
        _table("reports", ("reference", "summary", "done_how", "deviations", "results", "threshold", "outcome", "trl",
                           "trl_evidence", "srl", "srl_evidence", "users_said", "unexpected", "data", "advice", "at"),
               reports),
    ]  # fmt: skip


def _report(one: Experiment, report: TestReport, method: Method) -> Sequence[Cell]:
    return (
        one.reference, report.summary, report.what_was_done, report.deviations, report.results,
        method.term("threshold_outcome", report.threshold).label, method.term("test_outcome", report.outcome).label,
        f"{one.trl_start or '–'} → {report.trl_end or '–'}", report.trl_evidence,
        f"{one.srl_start or '–'} → {report.srl_end or '–'}", report.srl_evidence,
        report.users_said, report.unexpected, report.data_location, report.recommendation, report.submitted_at,
    )  # fmt: skip


def _noted(one: Experiment, until: datetime) -> Iterable[Sequence[Cell]]:
    """What was written down while the test ran."""
    for entry in reversed(log_of(one)):
        if entry.noted_at < until:
            kind = "deviation" if entry.is_deviation else "noted"
            yield entry.happened_at, one.reference, kind, entry.text, entry.photo_text or None


def _lines(bookings: Sequence[Booking], method: Method) -> Iterable[Sequence[Cell]]:
    for booking in bookings:
        for line in booking.lines:
            site = line.resource.site
            yield (
                booking.reference, {"sv": site.name_sv, "en": site.name_en or site.name_sv}, line.resource.name_sv,
                line.starts_at, line.ends_at, method.term("booking_state", line.state.value).label,
            )  # fmt: skip


def _permits(bookings: Sequence[Booking], method: Method) -> Iterable[Sequence[Cell]]:
    for booking in bookings:
        for one in db.session.scalars(
            select(BookingPermit).where(BookingPermit.booking_id == booking.id).order_by(BookingPermit.id)
        ):
            label = method.term("permit", one.permit).label
            yield booking.reference, label, str(one.state.value), one.valid_from, one.valid_until


def _measured(mission: Mission, until: datetime) -> list[Table]:
    plans = indicators_of(mission.journey)
    indicators = [
        (one.id, {"sv": one.label_sv, "en": one.label_en}, one.unit, one.direction, one.baseline_value,
         one.baseline_on, one.target_low, one.target_value, one.target_on, _pairs(one.milestones), one.source)
        for one in plans
    ]  # fmt: skip
    values = [
        (one.id, one.indicator_id, one.measured_on, one.value, _pairs(one.parts), one.uncertainty, one.source,
         one.experiment.reference if one.experiment else None, one.corrects_id, one.approved_at, one.reason)
        for one in reversed(evaluation.history_of(plans))
        if one.approved_at is not None and one.approved_at < until and one.state is not MeasurementState.SUBMITTED
    ]  # fmt: skip
    return [
        _table("indicators", ("number", "title", "unit", "direction", "baseline", "from", "low", "target",
                              "until", "milestones", "source"), indicators),
        _table("measurements", ("number", "indicator", "day", "value", "parts", "uncertainty", "source", "reference",
                                "corrects", "approved", "reasons"), values),
    ]  # fmt: skip


def _pairs(values: Mapping[str, float]) -> str | None:
    """Values by name in one text, such as "2027-06-30: 12; 2028-06-30: 20"."""
    return "; ".join(f"{name}: {value:.15g}" for name, value in values.items()) or None


def _asked(cases: Sequence[Any], until: datetime) -> Table:
    """What those who assessed asked, and what was answered by then."""
    rows: list[Sequence[Cell]] = []
    for case in cases:
        for one in assessment_questions(case.journey):
            if one.asked_at < until:
                answered = one.answered_at is not None and one.answered_at < until
                rows.append((one.asked_at, case.reference, str(one.kind.value), one.text,
                             one.answer if answered else None, one.answered_at if answered else None))  # fmt: skip
        rows += [
            (one.waived_at, case.reference, "unheard", one.reason, None, None)
            for one in waivers_of_case(case.journey)
            if one.waived_at < until
        ]
    return _table("questions", ("at", "reference", "what", "question", "answer", "done"), rows)


def _learnt(mission: Mission, method: Method, until: datetime) -> list[Table]:
    story, day = story_of(mission), until.date()
    texts = (
        [
            *((name, getattr(story, name)) for name in ("story", "rival_explanations", "speaks_against", "surer_by")),
            ("certainty", degree(story.certainty)),
        ]
        if story
        else []
    )
    return [
        _table("story", ("what", "text"), [row for row in texts if row[1]]),
        _table("statements", ("organisation", "role", "text", "at"), [
            (one.organisation.name, method.term("partner_role", one.partner_role).label, one.text, one.stated_at)
            for one in evaluation.statements_of(mission.id) if one.stated_at < until]),
        _table("changes", ("kind", "text", "evidence", "strength", "day"), [
            (method.term("change_type", one.kind).label, one.text, one.evidence, degree(one.strength),
             one.noticed_on)
            for one in evaluation.changes_of(mission.id) if one.noticed_on < day]),
        _table("lessons", ("kind", "context", "text", "so_what", "at"), [
            (method.term("lesson_tag", one.tag).label, one.context, one.learnt, one.so_what, one.added_at)
            for one in evaluation.lessons_of(mission.id) if one.added_at < until]),
        _table("barriers", ("title", "kind", "rule", "who", "evidence", "effect", "tried", "state", "day"), [
            (one.title, method.term("barrier_type", one.kind).label, one.rule, one.owner, one.evidence, one.effect,
             one.tried, method.term("barrier_state", one.state).label, one.found_on)
            for one in evaluation.barriers_of(mission.id) if one.found_on < day]),
        _table("datasets", ("title", "text", "licence", "place", "day"), [
            (one.title, one.description, one.licence, one.location, one.published_on)
            for one in evaluation.datasets_of(mission.id)]),
    ]  # fmt: skip


def _documents(cases: Sequence[Any], until: datetime) -> Table:
    """The register; of what somebody has asked to keep secret only that it is there."""
    rows: list[Sequence[Cell]] = []
    for case in cases:
        method = method_of(case.journey.method_version)
        for one in reversed(documents_of(case.journey)):
            if one.received_at >= until:
                continue
            kind = method.term("document_type", one.kind).label
            if one.visibility is Visibility.CLAIMED_SECRET:
                rows.append((case.reference, kind, None, None, None, one.received_at, str(one.visibility.value)))
            else:
                rows.append((case.reference, kind, one.title, one.file_name or None, one.checksum, one.received_at,
                             str(one.visibility.value)))  # fmt: skip
    return _table("documents", ("reference", "kind", "title", "file", "checksum", "at", "visibility"), rows)


def _thread(cases: Sequence[Any], until: datetime) -> Table:
    rows = [(one.at, one.sentence, one.reference) for one in reversed(thread_for(cases)) if one.at < until]
    return _table("thread", ("at", "act", "reference"), [row for row in rows if row[1] in WORDS.values()])
