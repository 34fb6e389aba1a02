"""Assessments: who is asked, what ties them, what they judge apart, and what they say together."""

from typing import Any

from marshmallow import fields

from missions_app.accounts import queries as accounts
from missions_app.api.base import ApiBlueprint, Input, Output, created
from missions_app.api.cases import case_of
from missions_app.api.schemas import Day
from missions_app.api.shapes import ReasonIn, input_of, output_of
from missions_app.assessments import (
    consensus_service,
    declaration_service,
    hearing,
    panel_service,
    policy,
    queries,
    question_service,
    results,
    score_service,
)
from missions_app.assessments.declaration import Answer
from missions_app.assessments.errors import NotYourAssessment
from missions_app.assessments.models import Assignment, AssignmentState, Panel
from missions_app.assessments.question_models import HearingWaiver, Question
from missions_app.assessments.score_rules import GivenScore
from missions_app.challenges import queries as challenges
from missions_app.challenges.models import Challenge
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import NotFound
from missions_app.workflow.subjects import Subject, subject_of

bp = ApiBlueprint("assessments", "Assessors judge apart, and are seen together only when all are in")


class AssignmentOut(Output):
    """Somebody's part in an assessment."""

    id = fields.Integer()
    reference = fields.Function(lambda one: subject_of(one.panel.journey).reference)
    rubric = fields.String(attribute="panel.rubric")
    due_on = fields.Date(attribute="panel.due_on", allow_none=True)
    state = fields.Enum(enum=AssignmentState, by_value=True)
    version = fields.Integer()


class AssignIn(Input):
    """Somebody to ask."""

    rubric = fields.String(required=True)
    email = fields.String(required=True)
    due_on = Day(load_default=None, allow_none=True)


class DeclareIn(Input):
    """Answers by the ids of the questions."""

    answers = fields.Dict(
        keys=fields.String(), values=fields.Nested(input_of(Answer, name="DeclarationAnswerIn")), required=True
    )


class ScoresIn(Input):
    """Scores by the ids of the rubric's criteria."""

    scores = fields.Dict(keys=fields.String(), values=fields.Nested(input_of(GivenScore)), required=True)
    summary = fields.String(load_default="")
    submit = fields.Boolean(load_default=False, metadata={"description": "false saves a draft"})
    revision = fields.Integer(
        load_default=None, allow_none=True, metadata={"description": "the revision of the case that was read"}
    )
    version = fields.Integer(
        load_default=None, allow_none=True, metadata={"description": "the assignment's version that was seen"}
    )


class RulingIn(Input):
    """The secretariat's answer to an unsure declaration."""

    may_assess = fields.Boolean(required=True)
    note = fields.String(required=True)


class VoiceOut(Output):
    """One assessor's view of one criterion: a letter, or a name for those who may see it."""

    who = fields.String()
    value = fields.Integer(allow_none=True)
    abstained = fields.Boolean()
    reason = fields.String()


class CriterionOut(Output):
    """One criterion: figures on the rubric's scale, and every reason."""

    criterion = fields.String(attribute="criterion.id")
    weight = fields.Integer(attribute="criterion.weight")
    median = fields.Float(attribute="summary.median", allow_none=True)
    mean = fields.Float(attribute="summary.mean", allow_none=True)
    spread = fields.Integer(attribute="summary.spread", allow_none=True)
    abstained = fields.Integer(attribute="summary.abstained")
    knocks_out = fields.Boolean()
    is_apart = fields.Boolean()
    is_agreed = fields.Boolean()
    voices = fields.List(fields.Nested(VoiceOut))


class ConsensusIn(Input):
    """What was agreed, on which criteria, and who still sees it otherwise."""

    text = fields.String(required=True)
    dissent = fields.String(load_default="")
    criteria = fields.List(fields.String(), load_default=list)


class NoteOut(Output):
    """What was agreed."""

    criteria = fields.List(fields.String())
    text = fields.String()
    dissent = fields.String()
    written_at = fields.DateTime()


class PanelOut(Output):
    """The result of an assessment, once all are in."""

    reference = fields.String()
    rubric = fields.String()
    mean = fields.Float(allow_none=True)
    passes = fields.Boolean()
    weighted = fields.List(fields.Float(allow_none=True), metadata={"description": "one figure for each assessor"})
    apart = fields.List(fields.String(), metadata={"description": "criteria that want a note on what was agreed"})
    revision = fields.Integer(allow_none=True, metadata={"description": "the oldest revision any of them read"})
    has_moved = fields.Boolean(metadata={"description": "whether the text has changed since"})
    criteria = fields.List(fields.Nested(CriterionOut))
    notes = fields.List(fields.Nested(NoteOut))


QuestionOut = output_of(
    Question, "id", "kind", "text", "asked_at", "reply_by", "answer", "answered_at", "version",
    name="AssessmentQuestionOut",
)  # fmt: skip


HearingWaiverOut = output_of(HearingWaiver, "reason", "waived_at")


class QuestionIn(Input):
    """Something to be made clear, or its answer."""

    text = fields.String(required=True)


class HearingIn(QuestionIn):
    """What the parties are asked about the assessments, and by when they reply."""

    reply_by = Day(required=True)


def _mine(assignment_id: int) -> tuple[Assignment, Subject]:
    assignment = queries.get_assignment(assignment_id)
    if not policy.is_own(actor(), assignment):
        raise NotYourAssessment()
    return assignment, subject_of(assignment.panel.journey)


def _appointed(assignment_id: int) -> tuple[Assignment, Subject]:
    assignment = queries.get_assignment(assignment_id)
    subject = subject_of(assignment.panel.journey)
    authorise(policy.can_appoint, subject)
    return assignment, subject


@bp.get("/assignments")
@signed_in
@bp.response(200, AssignmentOut(many=True))
def list_assignments() -> Any:
    """The caller's own open assignments."""
    return queries.assignments_of(actor())


@bp.post("/cases/<reference>/assessors")
@signed_in
@bp.arguments(AssignIn)
@bp.response(201, AssignmentOut)
def assign_assessor(body: dict[str, Any], reference: str) -> Any:
    """Ask somebody to assess a case."""
    subject = case_of(reference)
    authorise(policy.can_appoint, subject)
    user = accounts.get_user_by_email(body["email"])
    assignment = panel_service.assign_assessor(
        subject, body["rubric"], user, by=actor(), revision=_newest(subject), due_on=body["due_on"]
    )
    return created(assignment, "assessments.show_assignment", assignment_id=assignment.id)


@bp.get("/assignments/<int:assignment_id>")
@signed_in
@bp.response(200, AssignmentOut)
def show_assignment(assignment_id: int) -> Assignment:
    """One's own part."""
    return _mine(assignment_id)[0]


@bp.post("/assignments/<int:assignment_id>/declaration")
@signed_in
@bp.arguments(DeclareIn)
@bp.response(200, AssignmentOut)
def declare_interests(body: dict[str, Any], assignment_id: int) -> Assignment:
    """Answer whether anything ties one to those who take part."""
    assignment, subject = _mine(assignment_id)
    answers = {key: Answer(**one) for key, one in body["answers"].items()}
    declaration_service.declare_interests(assignment, subject, answers, by=actor())
    return assignment


@bp.post("/assignments/<int:assignment_id>/ruling")
@signed_in
@bp.arguments(RulingIn)
@bp.response(200, AssignmentOut)
def rule_on_declaration(body: dict[str, Any], assignment_id: int) -> Assignment:
    """Decide what an unsure declaration means."""
    assignment, subject = _appointed(assignment_id)
    declaration_service.rule_on_declaration(assignment, subject, by=actor(), **body)
    return assignment


@bp.put("/assignments/<int:assignment_id>/scores")
@signed_in
@bp.arguments(ScoresIn)
@bp.response(200, AssignmentOut)
def score_case(body: dict[str, Any], assignment_id: int) -> Assignment:
    """Score apart; what is sent in is fixed."""
    assignment, subject = _mine(assignment_id)
    scores = {key: GivenScore(**one) for key, one in body["scores"].items()}
    act = score_service.submit_scores if body["submit"] else score_service.save_scores
    act(
        assignment, subject, scores, by=actor(), summary=body["summary"], revision=body["revision"],
        expected_version=body["version"],
    )  # fmt: skip
    return assignment


@bp.post("/assignments/<int:assignment_id>/decline")
@signed_in
@bp.arguments(ReasonIn)
@bp.response(200, AssignmentOut)
def decline_assignment(body: dict[str, Any], assignment_id: int) -> Assignment:
    """Say no."""
    assignment, subject = _mine(assignment_id)
    score_service.decline_assignment(assignment, subject, reason=body["reason"], by=actor())
    return assignment


@bp.get("/cases/<reference>/panels/<rubric>")
@signed_in
@bp.response(200, PanelOut)
def show_panel(reference: str, rubric: str) -> dict[str, Any]:
    """What the assessors said; refused while anybody's view is still to come."""
    subject = case_of(reference)
    panel = queries.current_panel(subject.journey, rubric)
    if panel is None:
        raise NotFound()
    found = results.result_for(actor(), subject, panel)
    return {
        "reference": subject.reference, "rubric": rubric, "mean": found.mean, "passes": found.passes,
        "weighted": found.weighted, "apart": [one.criterion.id for one in found.apart], "criteria": found.criteria,
        "notes": found.notes, "revision": found.revision,
        "has_moved": found.revision is not None and found.revision != _newest(subject),
    }  # fmt: skip


def _newest(subject: Subject) -> int | None:
    return challenges.latest_revision(subject).number if isinstance(subject, Challenge) else None


@bp.post("/cases/<reference>/panels/<rubric>/consensus")
@signed_in
@bp.arguments(ConsensusIn)
@bp.response(201, NoteOut)
def write_consensus(body: dict[str, Any], reference: str, rubric: str) -> Any:
    """Write down what was agreed where they had differed too much; dissent is kept."""
    subject = case_of(reference)
    panel = queries.current_panel(subject.journey, rubric)
    if panel is None:
        raise NotFound()
    return consensus_service.write_consensus(panel, subject, by=actor(), **body)


@bp.post("/assignments/<int:assignment_id>/release")
@signed_in
@bp.arguments(ReasonIn)
@bp.response(200, AssignmentOut)
def release_assessor(body: dict[str, Any], assignment_id: int) -> Assignment:
    """End an assignment that is not needed or not answered."""
    assignment, subject = _appointed(assignment_id)
    panel_service.release_assessor(assignment, subject, reason=body["reason"], by=actor())
    return assignment


def _panel(reference: str, rubric: str) -> tuple[Subject, Panel]:
    subject = case_of(reference)
    panel = queries.current_panel(subject.journey, rubric)
    if panel is None or not question_service.can_read(actor(), subject, panel):
        raise NotFound()
    return subject, panel


@bp.get("/cases/<reference>/panels/<rubric>/questions")
@signed_in
@bp.response(200, QuestionOut(many=True))
def list_questions(reference: str, rubric: str) -> Any:
    """What a panel has asked those whose case it is, and their answers. Who asked is told to nobody."""
    return question_service.questions_of(_panel(reference, rubric)[1])


@bp.post("/assignments/<int:assignment_id>/questions")
@signed_in
@bp.arguments(QuestionIn)
@bp.response(201, QuestionOut)
def ask_question(body: dict[str, Any], assignment_id: int) -> Any:
    """Ask those whose case it is to make something clear."""
    assignment, subject = _mine(assignment_id)
    return question_service.ask(assignment, subject, text=body["text"], by=actor())


@bp.post("/cases/<reference>/panels/<rubric>/hearings")
@signed_in
@bp.arguments(HearingIn)
@bp.response(201, QuestionOut)
def hear_parties(body: dict[str, Any], reference: str, rubric: str) -> Any:
    """Ask those whose case it is for their view of the assessments before anything is recommended."""
    subject, panel = _panel(reference, rubric)
    return question_service.hear(panel, subject, **body, by=actor())


@bp.post("/cases/<reference>/panels/<rubric>/hearing-waiver")
@signed_in
@bp.arguments(ReasonIn)
@bp.response(201, HearingWaiverOut)
def waive_hearing(body: dict[str, Any], reference: str, rubric: str) -> HearingWaiver:
    """Recommend without hearing those whose case it is, and say why."""
    subject, panel = _panel(reference, rubric)
    return hearing.waive(panel, subject, reason=body["reason"], by=actor())


@bp.post("/questions/<int:question_id>/answer")
@signed_in
@bp.versioned
@bp.arguments(QuestionIn)
@bp.response(200, QuestionOut)
def answer_question(body: dict[str, Any], question_id: int, expected_version: int) -> Question:
    """Answer, once."""
    question = question_service.get_question(question_id)
    subject = subject_of(question.panel.journey)
    question_service.answer(question, subject, text=body["text"], by=actor(), expected_version=expected_version)
    return question
