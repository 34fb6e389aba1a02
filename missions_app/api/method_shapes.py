"""What the API says of the method and takes about it."""

from marshmallow import fields

from missions_app.api.base import Input, Output
from missions_app.api.schemas import Day
from missions_app.api.shapes import output_of
from missions_app.workflow.method_diff import Change
from missions_app.workflow.method_models import MethodMigration, MethodProposal
from missions_app.workflow.models import MethodVersion

VersionOut = output_of(
    MethodVersion, "key", "number", "status", "checksum", "adopted_on", "valid_from", "retired_on", "summary",
    "decided_body", "registry_number", "version", name="MethodVersionOut",
)  # fmt: skip
MigrationOut = output_of(MethodMigration, "id", "outcome", "reason", "before", "after", "differing", "at")
ProposalOut = output_of(
    MethodProposal, "id", "title", "change", "reason", "place", "evidence", "state", "proposed_at", "answer",
    "answered_at", "version", name="MethodProposalOut",
)  # fmt: skip


class ProblemOut(Output):
    """One thing wrong with a draft: where, why, and what to do."""

    place = fields.String()
    code = fields.String()
    reason = fields.String()
    remedy = fields.String()


class DifferenceOut(Output):
    """One value that differs."""

    place = fields.String()
    change = fields.Enum(enum=Change, by_value=True)
    old = fields.String(allow_none=True)
    new = fields.String(allow_none=True)


class ComparedOut(Output):
    """One running case under two versions."""

    reference = fields.String()
    differing = fields.List(fields.String())
    failing = fields.List(fields.String())
    missing = fields.List(fields.String())
    before = fields.Dict(keys=fields.String(), values=fields.String())
    after = fields.Dict(keys=fields.String(), values=fields.String())


class SimulationOut(Output):
    """What a draft would mean for every running case."""

    unaffected = fields.Integer()
    would_fail = fields.Dict(keys=fields.String(), values=fields.Integer())
    affected = fields.List(fields.Nested(ComparedOut))


class PartOut(Output):
    """One part of a draft, and what an editor has seen of it."""

    place = fields.String()
    value = fields.Raw(allow_none=True)
    seen = fields.String()


class WaivedOut(Output):
    """One requirement set aside, by whom and why."""

    criterion = fields.String()
    subject = fields.String()
    role = fields.String()
    waived_at = fields.DateTime()
    reason = fields.String()
    revoked_at = fields.DateTime(allow_none=True)


class StatisticsOut(Output):
    """How a version works in use."""

    cases = fields.Dict(keys=fields.String(), values=fields.Integer())
    reopened = fields.Integer()
    lessons = fields.Integer()
    rework = fields.Dict(keys=fields.String(), values=fields.Integer())
    stages = fields.List(fields.Dict())
    criteria = fields.List(fields.Dict())
    spreads = fields.List(fields.Dict())
    waivers = fields.List(fields.Nested(WaivedOut))


class StartIn(Input):
    """What is to change; a whole document instead of a copy of the version in force."""

    summary = fields.String(required=True)
    document = fields.String(load_default=None, allow_none=True)


class PartIn(Input):
    """A row or table as it shall be, and the digest of what was seen before ("" for a new row)."""

    value = fields.Dict(required=True)
    seen = fields.String(required=True)


class AdoptIn(Input):
    """The body's decision."""

    decided_on = Day(required=True)
    valid_from = Day(required=True)
    registry_number = fields.String(load_default="")


class MoveIn(Input):
    """Move a running case to the version, or say that it stays."""

    case = fields.String(required=True, metadata={"description": "its reference"})
    stay = fields.Boolean(load_default=False)
    reason = fields.String(required=True)


class EvidenceIn(Input):
    """What speaks for a change."""

    kind = fields.String(required=True)
    reference = fields.String(load_default="")
    text = fields.String(load_default="")


class ProposalIn(Input):
    """A proposal to change the method."""

    title = fields.String(required=True)
    change = fields.String(required=True)
    reason = fields.String(required=True)
    place = fields.String(load_default="")
    evidence = fields.List(fields.Nested(EvidenceIn), load_default=list)


class AnswerIn(Input):
    """Accept or decline, with reasons."""

    accept = fields.Boolean(required=True)
    text = fields.String(required=True)
