"""What assessments say about a case, for its gates. Sealed scores are no facts: nothing leaks through a gate page."""

from functools import cache, partial
from typing import Any

from missions_app.assessments import queries
from missions_app.assessments.models import Assignment, AssignmentState, Panel
from missions_app.workflow import scoring
from missions_app.workflow.subjects import Subject

NAMES = {"challenge": "assessments", "evaluation": "evaluations"}
SEALED = "sealed"


def challenge_facts(subject: Subject) -> dict[str, Any]:
    """assessments and consensus_notes of a challenge."""
    return _offered(subject, "challenge")


def evaluation_facts(subject: Subject) -> dict[str, Any]:
    """evaluations and consensus_notes of a mission."""
    return _offered(subject, "evaluation")


def _offered(subject: Subject, rubric: str) -> dict[str, Any]:
    read = cache(lambda: _facts(subject, rubric))
    return {name: partial(lambda name: read()[name], name) for name in (NAMES[rubric], "consensus_notes")}


def _facts(subject: Subject, rubric: str) -> dict[str, Any]:
    panel = queries.current_panel(subject.journey, rubric)
    if panel is None:
        return {NAMES[rubric]: [], "consensus_notes": []}
    complete = queries.is_complete(panel)
    submitted = {one.assessor_id for one in panel.assignments if one.state is AssignmentState.SUBMITTED}
    enough = len(submitted) >= queries.rubric_of(panel).min_assessors
    conflicted = {user for user, found in queries.findings_of(submitted, subject, panel.rubric).items() if found}
    return {
        NAMES[rubric]: [
            _record(one, panel, conflicted, complete=complete, enough=enough)
            for one in panel.assignments
            if one.state is not AssignmentState.RELEASED
        ],
        "consensus_notes": [
            {"rubric": rubric, "criterion": criterion, "dissent": note.dissent}
            for note in queries.consensus_notes(panel)
            for criterion in note.criteria
        ],
    }


def _record(
    assignment: Assignment, panel: Panel, conflicted: set[int], *, complete: bool, enough: bool
) -> dict[str, Any]:  # fmt: skip
    submitted = assignment.state is AssignmentState.SUBMITTED
    scores = {one.criterion: one.value for one in assignment.scores} if submitted and complete else {}
    weights = {one.id: one.weight for one in queries.rubric_of(panel).criteria}
    state = assignment.state.value
    if submitted and enough and not complete:
        state = SEALED  # enough are in, but somebody still assesses: nothing may be counted yet
    return {
        "assessor": assignment.assessor.opaque_id,
        "state": state,
        "declared": bool(assignment.declarations),
        "conflicted": assignment.assessor_id in conflicted,
        "scores": scores,
        "weighted": scoring.weighted(scores, weights),
        "revision": assignment.revision,
    }
