"""What a dossier tells of steps and decisions: what was decided, on what it rested, and what was asked on the way."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from missions_app import db
from missions_app.assessments.hearing import waivers_of_case
from missions_app.assessments.question_service import questions_of_case as assessment_questions
from missions_app.portfolio.dossier_table import Cell, Table, table
from missions_app.workflow import gate_queries, recusal
from missions_app.workflow.method import Method, Text
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import GateDecision, Journey, StateEntry


def state_at(journey: Journey, until: datetime) -> str | None:
    return db.session.scalars(
        select(StateEntry.to_state)
        .where(StateEntry.journey_id == journey.id, StateEntry.at < until)
        .order_by(StateEntry.id.desc())
        .limit(1)
    ).first()


def decided(cases: Sequence[Any], until: datetime) -> list[Table]:
    decisions, conditions, evidence, waivers, steps = [], [], [], [], []
    for case in cases:
        method = method_of(case.journey.method_version)
        for entry in db.session.scalars(
            select(StateEntry).where(StateEntry.journey_id == case.journey.id, StateEntry.at < until)
            .order_by(StateEntry.id)
        ):  # fmt: skip
            label = method.state(case.journey.subject_kind, entry.to_state).label
            steps.append((entry.at, case.reference, label, _move(method, case, entry), _role(method, entry.actor_role)))
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
        table("steps", ("at", "reference", "state", "move", "role"), steps),
        table("decisions", ("day", "reference", "checkpoint", "outcome", "decided_by", "reasons", "differs",
                             "number", "met_on", "votes_for", "votes_against", "votes_abstained",
                             "recused"), decisions),
        table("conditions", ("reference", "checkpoint", "text", "who", "due", "done", "how_met", "evidence"),
               conditions),
        table("evidence", ("reference", "checkpoint", "requirement", "state", "checksum"), evidence),
        table("waivers", ("at", "reference", "requirement", "decided_by", "reasons", "until"), waivers),
    ]  # fmt: skip


def _move(method: Method, case: Any, entry: StateEntry) -> Text | str:
    """What brought the case there: a decision at a gate, a declared move, or the word for how it began."""
    gate_id, _dot, outcome = entry.by_move.partition(".")
    if gate := method.find_gate(gate_id):
        return next((one.label for one in gate.outcomes if one.id == outcome), gate.label)
    declared = method.find_move(case.journey.subject_kind, entry.by_move)
    return declared.label if declared else entry.by_move


def _role(method: Method, role: str) -> Text | str:
    known = role in method.body_ids or method.find_term("platform_role", role)
    return method.who(role) if known else role


def _stepped_aside(decision: GateDecision, method: Method) -> Text | None:
    """In which functions somebody stepped aside because of a conflict of interest."""
    who = [recusal.in_function(one, method) for one in recusal.recusals_of(decision)]
    return Text(sv=", ".join(one.sv for one in who), en=", ".join(one.en for one in who)) if who else None


def _published(journey: Journey, until: datetime) -> list[GateDecision]:
    return [
        one for one in gate_queries.decisions_of(journey)
        if one.recorded_at < until and one.published_at is not None and one.published_at < until
    ]  # fmt: skip


def asked(cases: Sequence[Any], until: datetime) -> Table:
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
    return table("questions", ("at", "reference", "what", "question", "answer", "done"), rows)
