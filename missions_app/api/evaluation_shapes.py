"""The shapes of what came out: what is sent and what is answered about results."""

from marshmallow import fields, validate

from missions_app.api.schemas import Day, Input, Output
from missions_app.api.shapes import input_of, output_of
from missions_app.evaluation.measurement_service import Value
from missions_app.evaluation.models import (
    Barrier,
    ContributionStory,
    Dataset,
    Lesson,
    Measurement,
    Statement,
    Strength,
    SystemChange,
    TestReport,
)

ReportRow = output_of(
    TestReport, "summary", "what_was_done", "deviations", "results", "threshold", "outcome", "trl_end", "trl_evidence",
    "srl_end", "srl_evidence", "users_said", "unexpected", "data_location", "recommendation", "submitted_at",
    "version", name="TestReportRow",
)  # fmt: skip
LessonRow = output_of(
    Lesson, "id", "tag", "context", "learnt", "so_what", "added_at", "published_at", name="LessonRow"
)  # fmt: skip
BarrierRow = output_of(
    Barrier, "id", "title", "kind", "rule", "owner", "evidence", "effect", "tried", "bottleneck", "state", "found_on",
    "version", name="BarrierRow",
)  # fmt: skip
DatasetRow = output_of(
    Dataset, "id", "title", "description", "licence", "location", "is_open", "published_on", "version",
    name="DatasetRow",
)  # fmt: skip
MeasurementRow = output_of(
    Measurement, "id", "measured_on", "value", "entered", "uncertainty", "parts", "source", "evidence_link", "state",
    "submitted_at", "approved_at",
    "reason", "version", name="MeasurementRow",
)  # fmt: skip
StoryOut = output_of(
    ContributionStory, "story", "rival_explanations", "speaks_against", "certainty", "surer_by", "version",
    name="StoryOut",
)  # fmt: skip
ChangeOut = output_of(SystemChange, "id", "kind", "text", "evidence", "strength", "noticed_on")


class ReportOut(ReportRow):
    """A test report. It is a document once it has been handed in."""

    document_id = fields.Integer(allow_none=True)


class MeasurementOut(MeasurementRow):
    """A value; only an approved one counts."""

    indicator_id = fields.Integer()
    corrects_id = fields.Integer(allow_none=True)


class LessonOut(LessonRow):
    """Something learnt; in which experiment, if in one."""

    experiment_id = fields.Integer(allow_none=True)


class BarrierOut(BarrierRow):
    """Something that stops a solution."""

    mission = fields.String(attribute="mission.reference")


class StatementOut(output_of(Statement, "id", "partner_role", "text", "stated_at", name="StatementRow")):
    """What somebody concerned says of the outcome."""

    organisation = fields.String(attribute="organisation.slug")


class MilestoneOut(Output):
    """A value on the way; reached is null while its day lies ahead or nothing had been measured."""

    on = fields.Date()
    value = fields.Float()
    actual = fields.Float(allow_none=True)
    reached = fields.Boolean(allow_none=True)


class ProgressOut(Output):
    """How far an indicator has come: 0 is the baseline, 1 the target. What is missing is null, never zero. What is to
    stay within limits has `target` as the upper and `target_low` as the lower."""

    indicator_id = fields.Integer()
    label_sv = fields.String()
    label_en = fields.String()
    unit = fields.String()
    baseline = fields.Float(allow_none=True)
    target = fields.Float(allow_none=True)
    target_low = fields.Float(allow_none=True)
    latest = fields.Float(allow_none=True)
    latest_on = fields.Date(allow_none=True)
    progress = fields.Float(allow_none=True)
    reached = fields.Boolean(allow_none=True)
    milestones = fields.List(fields.Nested(MilestoneOut))


class EvaluationOut(Output):
    """Did it work, and how sure are we?"""

    indicators = fields.List(fields.Nested(ProgressOut))
    verdict = fields.String(metadata={"description": "what the figures say together"})
    story = fields.Nested(StoryOut, allow_none=True)
    statements = fields.List(fields.Nested(StatementOut))
    lessons = fields.List(fields.Nested(LessonOut))
    barriers = fields.List(fields.Nested(BarrierOut))
    datasets = fields.List(fields.Nested(DatasetRow))
    changes = fields.List(fields.Nested(ChangeOut))


class MeasureIn(input_of(Value)):
    """A value of an indicator."""

    indicator_id = fields.Integer(required=True)
    reason = fields.String(load_default="", metadata={"description": "why it comes late, for days already reported"})


class SheetIn(Input):
    """Rows of values as CSV with heads; see the page for handing in a whole sheet."""

    sheet = fields.String(required=True)
    dry_run = fields.Boolean(load_default=True)


class RowFate(Output):
    """What becomes of a row; without problems it is taken in."""

    line = fields.Integer()
    problems = fields.List(fields.String())


class SheetOut(Output):
    """How many rows were filed, or what would become of each."""

    filed = fields.Integer()
    rows = fields.List(fields.Nested(RowFate))


class CorrectIn(input_of(Value)):
    """The right value, and why the old one was wrong."""

    reason = fields.String(required=True)


class FoundIn(Input):
    """What was found in one experiment names it."""

    experiment = fields.String(load_default="", metadata={"description": "reference"})


class LessonIn(FoundIn):
    """Something learnt."""

    tag = fields.String(required=True)
    context = fields.String(required=True)
    learnt = fields.String(required=True)
    so_what = fields.String(required=True)


class BarrierIn(FoundIn):
    """Something that stands in the way."""

    title = fields.String(required=True)
    kind = fields.String(required=True)
    rule = fields.String(load_default="")
    owner = fields.String(load_default="")
    evidence = fields.String(load_default="")
    effect = fields.String(load_default="")
    bottleneck = fields.String(load_default="")


class DatasetIn(FoundIn):
    """Data that the mission leaves behind; open ones have a licence and a place."""

    title = fields.String(required=True)
    description = fields.String(required=True)
    licence = fields.String(load_default="")
    location = fields.String(load_default="")
    is_open = fields.Boolean(load_default=False)


class PublishIn(Input):
    """The day it could be fetched; today unless another is said."""

    on = Day(load_default=None, allow_none=True)


class FollowIn(Input):
    """Where a barrier stands now, and what was tried."""

    state = fields.String(required=True)
    tried = fields.String(load_default="")


class StatementIn(Input):
    """A view of the outcome."""

    organisation = fields.String(required=True)
    partner_role = fields.String(required=True)
    text = fields.String(required=True)


class ChangeIn(Input):
    """Something that has changed around the mission."""

    kind = fields.String(required=True)
    text = fields.String(required=True)
    evidence = fields.String(load_default="")
    noticed_on = Day(required=True)
    strength = fields.Enum(Strength, by_value=True, load_default=Strength.WEAK)


class ClosingIn(Input):
    """The closing report, and on which ground one signs it."""

    text = fields.String(required=True)
    authority = fields.String(required=True)


class LessonFilters(Input):
    """What it is about."""

    text = fields.String(required=True)
    theme = fields.String(load_default="")
    most = fields.Integer(load_default=3, validate=validate.Range(1, 20))


class OfferOut(Output):
    """A lesson that may help, and how many words it shares with the text."""

    lesson = fields.Nested(LessonOut)
    mission = fields.String(attribute="lesson.mission.reference")
    shared = fields.Integer()
