"""The result of a panel, for those who may see it, once all assessments are in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from missions_app.accounts.actor import Actor
from missions_app.assessments import policy, queries
from missions_app.assessments.errors import StillSealed
from missions_app.assessments.models import Assignment, AssignmentState, ConsensusNote, Panel
from missions_app.errors import NotFound
from missions_app.workflow import scoring
from missions_app.workflow.method import Rubric, RubricCriterion
from missions_app.workflow.subjects import Subject


@dataclass(frozen=True, slots=True)
class Voice:
    """One assessor's view of one criterion. who is a letter, or a name for those who may see it."""

    who: str
    value: int | None
    abstained: bool
    reason: str


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion: figures on the rubric's scale, whether it knocks out or is too far apart, and every reason."""

    criterion: RubricCriterion
    summary: scoring.CriterionSummary
    voices: Sequence[Voice]
    knocks_out: bool
    is_apart: bool
    is_agreed: bool


@dataclass(frozen=True, slots=True)
class PanelResult:
    """The whole result. weighted: one figure per assessor on the rubric's scale; mean: theirs together."""

    panel: Panel
    rubric: Rubric
    criteria: Sequence[CriterionResult]
    assessors: Sequence[str]
    weighted: Sequence[float | None]
    summaries: Sequence[tuple[str, str]]
    mean: float | None
    passes: bool
    notes: Sequence[ConsensusNote]
    revision: int | None
    in_since: datetime | None

    @property
    def apart(self) -> list[CriterionResult]:
        """The criteria on which assessors differ too much and have not yet written what they agreed on."""
        return [one for one in self.criteria if one.is_apart and not one.is_agreed]


def may_read(actor: Actor, subject: Subject, panel: Panel) -> bool:
    """Whether the actor may see the result now."""
    return queries.is_complete(panel) and _is_reader(actor, subject, panel)


def result_for(actor: Actor, subject: Subject, panel: Panel) -> PanelResult:
    """The result as the actor may see it.

    Raises:
        NotFound: the actor may not know of it. StillSealed: not all are in.
    """
    if not actor.is_system and not _is_reader(actor, subject, panel):
        raise NotFound()
    if not queries.is_complete(panel):
        raise StillSealed()
    return result_of(panel, with_names=policy.may_see_names(actor))


def _is_reader(actor: Actor, subject: Subject, panel: Panel) -> bool:
    """An assessor who is tied to a party by now sees nothing, even before the case has been closed to them."""
    if not policy.may_read_result(actor, subject, panel):
        return False
    own = any(one.assessor_id == actor.user_id and one.state in policy.OPEN for one in panel.assignments)
    return not own or not queries.findings_for(actor.user_id or 0, subject, panel.rubric)


def submitted(panel: Panel) -> list[Assignment]:
    """The assessments that count, in the order they were assigned."""
    return [one for one in panel.assignments if one.state is AssignmentState.SUBMITTED]


def in_since(panel: Panel) -> datetime | None:
    """When the last of the assessments that count came in."""
    return max((one.submitted_at for one in submitted(panel) if one.submitted_at), default=None)


def result_of(panel: Panel, *, with_names: bool) -> PanelResult:
    """Put the scores together. Only for those who have checked the reader; see `result_for`."""
    rubric, counted = queries.rubric_of(panel), submitted(panel)
    names = [one.assessor.name if with_names else chr(ord("A") + place) for place, one in enumerate(counted)]
    scores = [{score.criterion: score.value for score in one.scores} for one in counted]
    weights = {one.id: one.weight for one in rubric.criteria}
    notes = queries.consensus_notes(panel)
    agreed = {criterion for note in notes for criterion in note.criteria}
    knocked = scoring.knocked_out(scores, {one.id: one.knockout_min for one in rubric.criteria})
    apart = scoring.gaps(scores, weights, rubric.max_spread)
    weighted = [scoring.weighted(one, weights) for one in scores]
    mean = scoring.mean_of(weighted)
    criteria = [
        CriterionResult(
            criterion, summary, _voices(criterion.id, names, counted), criterion.id in knocked,
            criterion.id in apart, criterion.id in agreed,
        )
        for criterion, summary in zip(rubric.criteria, scoring.summaries(scores, weights), strict=True)
    ]  # fmt: skip
    return PanelResult(
        panel=panel, rubric=rubric, criteria=criteria, assessors=names, weighted=weighted,
        summaries=[(name, one.summary) for name, one in zip(names, counted, strict=True) if one.summary], mean=mean,
        passes=mean is not None and mean >= rubric.threshold_weighted and not knocked, notes=notes,
        revision=min((one.revision for one in counted if one.revision is not None), default=None),
        in_since=in_since(panel),
    )  # fmt: skip


def _voices(criterion: str, names: Sequence[str], counted: Sequence[Assignment]) -> list[Voice]:
    found = []
    for name, assignment in zip(names, counted, strict=True):
        score = next((one for one in assignment.scores if one.criterion == criterion), None)
        if score is not None:
            found.append(Voice(name, score.value, score.abstained, score.reason))
    return found


def unfinished_journeys() -> set[int]:
    """Those in which somebody is still to be appointed, to assess, or to write what was agreed on."""
    panels = queries.open_panels()
    known = {one.journey_id for one in panels}
    waiting = {journey.id for journey, _rubric in queries.waiting_for_panel()} - known
    return waiting | {
        one.journey_id for one in panels
        if not queries.is_complete(one) or result_of(one, with_names=False).apart
    }  # fmt: skip
