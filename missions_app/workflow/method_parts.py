"""The parts of a method document as frozen values: vocabularies, journeys, gates, rubrics and the rest. Pure."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from missions_app.workflow.predicates import Predicate

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]*$", max_length=60)]
SubjectKind = Literal["challenge", "mission", "experiment"]


class Part(BaseModel):
    """Frozen, and strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Text(Part):
    """The same words in every language of the method."""

    sv: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def in_(self, locale: str) -> str:
        """The words in a language; Swedish when it is unknown."""
        return self.en if locale == "en" else self.sv


class Term(Part):
    """A word of a vocabulary: an id that never changes and a label people read."""

    id: Id
    label: Text
    note: Text | None = None


class Meta(Part):
    """Which method, which version, and on whose authority."""

    id: Id
    version: Annotated[int, Field(ge=1)]
    status: Literal["draft", "adopted", "retired"]
    valid_from: date
    default_language: Literal["sv", "en"]
    languages: tuple[str, ...]
    label: Text
    summary: Text
    decided_by: Id
    maintained_by: Id
    review_interval_months: int
    basis: tuple[str, ...]


class Limits(Part):
    """The method's numbers. Days, hours, minutes and years as named."""

    comment_period_days: int
    consultation_days: int
    invitation_days: int
    hold_hours: int
    report_due_days: int
    no_show_grace_minutes: int
    former_employer_years: int
    co_funding_years: int
    joint_work_years: int
    waiver_longest_days: int
    target_statement_words: int
    baseline_oldest_years: int


class SizeClass(Term):
    """An enterprise's size by the EU definition: fewer employees than, and turnover in million euro of at most."""

    employees_below: int | None = None
    turnover_meur: int | None = None


class Specialisation(Term):
    """An area of the region's strategy."""

    kind: Literal["area", "horizontal", "method"]
    peaks: tuple[Id, ...]


class Body(Term):
    """A body of the region's governance. `role` names the office it works through, if it is not a set of seats."""

    level: int
    mandate: Text
    kind: Literal["political", "advisory", "coordinating", "operative"]
    can: tuple[str, ...]
    meets_per_year: int
    specialisation: Id | None = None
    role: Id | None = None


class PlatformRole(Term):
    """A role an account may hold."""

    can: tuple[str, ...]


class PartnerRole(Term):
    """A role an organisation may hold in a partnership, how many are needed and how many there may be."""

    required: bool
    min: int
    max: int | None = None


class CommitmentType(Term):
    """What a partner may promise, and in which unit."""

    unit: str
    monetary: bool
    rate_note: Text | None = None


class Agreement(Term):
    """A kind of agreement and the clauses it must hold."""

    binding: bool
    must_hold: tuple[str, ...]


class DocumentType(Term):
    """A kind of document: whether it is official and how long it is kept."""

    retention: Id
    official: bool


class Retention(Term):
    """How long a class of documents is kept: permanent, 10y, 18m, 90d_after_closed, as_stated_in_grant_decision."""

    keep: str


class FundingPhase(Term):
    """A phase of funding, the stages it belongs to and typical sources."""

    stages: tuple[Id, ...]
    typical_sources: tuple[str, ...]


class Bottleneck(Term):
    """One of the strategy's bottlenecks and the indicator that shows whether it eases."""

    no: int
    measures: Text
    feature: Text
    indicator: Id


class Step(Term):
    """One of the steps that everybody sees."""

    order: int


class Stage(Term):
    """A stage behind the steps: whose it is, what it is for and how long it tends to take (weeks, from and to)."""

    order: int
    step: Id
    subject: SubjectKind
    purpose: Text
    artefacts: tuple[str, ...]
    typical_weeks: tuple[int, int]
    exit_gate: Id | None = None


class Check(Part):
    """A check kind with its parameters."""

    check: Id
    params: dict[str, Any]


class Guard(Part):
    """What must hold before a move may be made."""

    checks: tuple[Check, ...]


class State(Part):
    """A state of a journey. `waiting` is somebody else's turn; `public` may be shown to everybody."""

    id: Id
    stage: Id
    label: Text
    kind: Literal["open", "waiting", "ended"]
    public: bool


class Move(Part):
    """A declared move: from which states to which, by whom, with or without a reason."""

    id: Id
    from_states: Annotated[tuple[Id, ...], Field(alias="from", min_length=1)]
    to: Id
    by: Annotated[tuple[Id, ...], Field(min_length=1)]
    reason: Literal["none", "optional", "required"]
    label: Text
    done: Text
    guard: Guard | None = None


class JourneyPlan(Part):
    """Every state and move of one kind of case."""

    subject: SubjectKind
    initial: Id
    label: Text
    state: tuple[State, ...]
    move: tuple[Move, ...]


class Criterion(Part):
    """One requirement of a gate: what is checked, on which facts, how strictly, who can act and where."""

    id: Id
    label: Text
    check: Id
    params: dict[str, Any]
    reads: Annotated[tuple[Id, ...], Field(min_length=1)]
    when: Predicate | None = None
    freezes: Literal["passing", "first_check_in"]
    severity: Literal["block", "warn"]
    waivable_by: Id
    who: Annotated[tuple[Id, ...], Field(min_length=1)]
    place: Id
    fix: Text


class Outcome(Part):
    """What a gate may lead to. `needs_all`: only while every blocking criterion stands."""

    id: Id
    to: Id
    label: Text
    kind: Literal["forward", "back", "stay", "stop"]
    needs_all: bool
    triggers: tuple[Id, ...]


class Gate(Part):
    """A decision point: who asks, who recommends, who decides, when it goes higher, and by which criteria."""

    id: Id
    subject: SubjectKind
    from_states: Annotated[tuple[Id, ...], Field(alias="from", min_length=1)]
    label: Text
    decided_by: Id
    requested_by: tuple[Id, ...]
    recommended_by: tuple[Id, ...]
    reply_days: Annotated[int, Field(ge=1)]
    escalate_to: Id | None = None
    escalate_when: Predicate | None = None
    escalate_why: Text | None = None
    outcomes: Annotated[tuple[Outcome, ...], Field(alias="outcome", min_length=1)]
    criteria: Annotated[tuple[Criterion, ...], Field(alias="criterion", min_length=1)]


class CheckKind(Part):
    """A kind of check the engine knows, and the parameters it takes."""

    id: Id
    means: Text
    params: tuple[str, ...]


class RubricCriterion(Part):
    """One criterion of a rubric: weight in per cent, least score that does not knock out, anchors for 0 to 4."""

    id: Id
    weight: Annotated[int, Field(ge=1, le=100)]
    knockout_min: Annotated[int, Field(ge=0, le=4)]
    label: Text
    question: Text
    anchors: Annotated[tuple[Text, ...], Field(min_length=5, max_length=5)]


class Rubric(Part):
    """A way of scoring, by how many, and how far apart they may be."""

    id: Id
    label: Text
    scale: tuple[int, ...]
    threshold_weighted: float
    min_assessors: int
    max_spread: int
    require_comment_at_or_below: int
    criteria: Annotated[tuple[RubricCriterion, ...], Field(alias="criterion", min_length=1)]


class Theme(Term):
    """A theme of missions."""

    eu_mission: str
    eu_objectives: Text | None = None
    eu_instrument: Text | None = None
    sdg: tuple[int, ...]


class IndicatorNote(Part):
    """Where a baseline or target figure comes from: measured, documented or only an example."""

    kind: Literal["measure", "documented", "example"]
    note: str


class Indicator(Term):
    """An indicator of the library."""

    theme: Id
    level: Literal["process", "output", "outcome", "impact"]
    unit: str
    good_direction: Literal["up", "down", "hold", "range"]
    frequency: str
    source: Text
    baseline: IndicatorNote
    target: IndicatorNote
    link: str = ""


class Readiness(Part):
    """A level of technology readiness (TRL) or societal readiness (SRL), 1 to 9."""

    level: Annotated[int, Field(ge=1, le=9)]
    label: Text


class StrategicDocument(Term):
    """A governing document that missions should be in step with."""

    level: str
    named_in_seed: bool


class EuIndicator(Part):
    """A common indicator of the European funds, and which records it counts."""

    code: str
    label: Text
    kind: str
    counts: Annotated[str, Field(alias="from")]
