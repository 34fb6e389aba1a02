"""The whole thread of a mission as tables of plain values: what a dossier freezes.

A cell is a text, a number, None, or a text in both languages ({"sv": …, "en": …}). What came after the cut-off is left
out, as are decisions not yet published and everything that somebody has asked to keep secret.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from missions_app import db
from missions_app.bookings.models import Booking, BookingPermit, LineState
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
from missions_app.partnerships.funding_rules import KRONOR
from missions_app.portfolio.dossier_decided import asked, decided, state_at
from missions_app.portfolio.dossier_table import Cell, Table, pairs, table
from missions_app.portfolio.dossier_words import degree
from missions_app.portfolio.figure import Span
from missions_app.portfolio.thread import WORDS, thread_for
from missions_app.workflow.method import Method, Text
from missions_app.workflow.method_service import method_of

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
            _about(mission, method, until), _challenges(challenges), *decided(cases, until), asked(cases, until),
            *_parties(mission, until),
            *_tested(mission, tests, method, until), *_measured(mission, until), *_learnt(mission, method, until),
            _documents(cases, until), _thread(cases, until),
        ],
    }  # fmt: skip


def _about(mission: Mission, method: Method, until: datetime) -> Table:
    state = state_at(mission.journey, until)
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
    return table("about", ("what", "text"), rows)


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
    return table("challenges", ("reference", "organisation", "what", "text"), [row for row in rows if row[3]])


def _parties(mission: Mission, until: datetime) -> list[Table]:
    method = method_of(mission.journey.method_version)
    partners = [
        (one.organisation.name, method.term("sector", one.organisation.sector).label,
         _listed([method.term("partner_role", role).label for role in one.roles]), one.since,
         one.left_at if one.left_at and one.left_at < until else None)
        for one in partnerships.partners_of(mission)
        if one.since < until
    ]  # fmt: skip
    commitments = [
        (one.partner.organisation.name, method.term("commitment_type", one.kind).label, one.quantity,
         one.value_ore / 100, method.term("commitment_state", one.state.value).label)
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
        table("partners", ("organisation", "sector", "roles", "since", "left"), partners),
        table("commitments", ("organisation", "kind", "quantity", "kronor", "state"), commitments),
        table("agreements", ("title", "version", "at", "checksum", "signatures"), agreements),
        table("funding", ("phase", "what_for", "source", "kronor", "currency", "own", "state", "entered"),
              _planned(mission, method, until)),
        table("follow_up", ("source", "what_for", "receiver", "day", "kronor", "checkpoint"), came),
    ]  # fmt: skip


def _listed(words: Sequence[Text]) -> Text:
    return Text(sv=", ".join(one.sv for one in words), en=", ".join(one.en for one in words))


def _planned(mission: Mission, method: Method, until: datetime) -> Iterable[Sequence[Cell]]:
    """The lines of the funding plan that stood then. One from before its day was kept is taken to have stood always."""
    for one in partnerships.funding_ever_of(mission):
        if (one.entered_at is None or one.entered_at < until) and (one.removed_at is None or one.removed_at >= until):
            given = (
                f"{(one.foreign_minor or 0) / 100:.2f} {one.currency} × {(one.rate_micro or 0) / 1_000_000:.15g}"
                f" ({one.rate_on})"
            )
            yield (
                method.term("funding_phase", one.phase).label, one.cost, one.source or None, one.amount_ore / 100,
                None if one.currency == KRONOR else given, "own" if one.is_own else None,
                "secured" if one.is_secured else "not_secured", one.entered_at,
            )  # fmt: skip


def _tested(mission: Mission, tests: Sequence[Experiment], method: Method, until: datetime) -> list[Table]:
    plans, reports, weighed = [], [], []
    for one in tests:
        state = state_at(one.journey, until)
        if state is None:
            continue
        plans.append((one.reference, one.title, one.organisation.name, one.question, one.hypothesis,
                      one.success_threshold, method.state("experiment", state).label))  # fmt: skip
        weighed.append((one.reference, one.method, one.stop_rule, one.data_plan, one.risks,
                        one.personal_data_assessment, one.camera_assessment, one.ethics_assessment))  # fmt: skip
        report = evaluation.report_of(one.id)
        if report is not None and report.submitted_at is not None and report.submitted_at < until:
            reports.append(_report(one, report, method))
    # What has not been sent is its writers' own.
    bookings = [one for one in bookings_of_mission(mission.id) if one.submitted_at and one.submitted_at < until]
    return [
        table("experiments", ("reference", "title", "organisation", "question", "hypothesis", "threshold", "state"),
               plans),
        table("plans", ("reference", "how", "stops", "data", "risks", "personal_data", "cameras", "ethics"), weighed),
        table("bookings", ("reference", "site", "resource", "starts", "ends", "state"), _lines(bookings, method)),
        table("permits", ("reference", "permit", "state", "from", "until"), _permits(bookings, method)),
        table("log", ("at", "reference", "what", "text", "picture"),
               [row for one in tests for row in _noted(one, until)]),
        table("reports", ("reference", "summary", "done_how", "deviations", "results", "threshold", "outcome", "trl",
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
        for line in (one for one in booking.lines if one.state is not LineState.DRAFT):
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
         one.baseline_on, one.target_low, one.target_value, one.target_on, pairs(one.milestones), one.source)
        for one in plans
    ]  # fmt: skip
    values = [
        (one.id, one.indicator_id, one.measured_on, one.value, pairs(one.parts), one.uncertainty, one.source,
         one.experiment.reference if one.experiment else None, one.corrects_id, one.approved_at, one.reason)
        for one in reversed(evaluation.history_of(plans))
        if one.approved_at is not None and one.approved_at < until and one.state is not MeasurementState.SUBMITTED
    ]  # fmt: skip
    return [
        table("indicators", ("number", "title", "unit", "direction", "baseline", "from", "low", "target",
                              "until", "milestones", "source"), indicators),
        table("measurements", ("number", "indicator", "day", "value", "parts", "uncertainty", "source", "reference",
                                "corrects", "approved", "reasons"), values),
    ]  # fmt: skip


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
        table("story", ("what", "text"), [row for row in texts if row[1]]),
        table("statements", ("organisation", "role", "text", "at"), [
            (one.organisation.name, method.term("partner_role", one.partner_role).label, one.text, one.stated_at)
            for one in evaluation.statements_of(mission.id) if one.stated_at < until]),
        table("changes", ("kind", "text", "evidence", "strength", "day"), [
            (method.term("change_type", one.kind).label, one.text, one.evidence, degree(one.strength),
             one.noticed_on)
            for one in evaluation.changes_of(mission.id) if one.noticed_on < day]),
        table("lessons", ("kind", "context", "text", "so_what", "at"), [
            (method.term("lesson_tag", one.tag).label, one.context, one.learnt, one.so_what, one.added_at)
            for one in evaluation.lessons_of(mission.id) if one.added_at < until]),
        table("barriers", ("title", "kind", "rule", "who", "evidence", "effect", "tried", "state", "day"), [
            (one.title, method.term("barrier_type", one.kind).label, one.rule, one.owner, one.evidence, one.effect,
             one.tried, method.term("barrier_state", one.state).label, one.found_on)
            for one in evaluation.barriers_of(mission.id) if one.found_on < day]),
        table("datasets", ("title", "text", "licence", "place", "day"), [
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
    return table("documents", ("reference", "kind", "title", "file", "checksum", "at", "visibility"), rows)


def _thread(cases: Sequence[Any], until: datetime) -> Table:
    rows = [(one.at, one.sentence, one.reference) for one in reversed(thread_for(cases)) if one.at < until]
    return table("thread", ("at", "act", "reference"), [row for row in rows if row[1] in WORDS.values()])
