"""The mission method: one validated document, frozen, with look-ups. Pure."""

from collections.abc import Iterable
from typing import Annotated, Protocol, TypeVar

from pydantic import Field

from missions_app.workflow.method_parts import (
    Agreement,
    Body,
    Bottleneck,
    CheckKind,
    CommitmentType,
    Criterion,
    DocumentType,
    EuIndicator,
    FundingPhase,
    Gate,
    Indicator,
    JourneyPlan,
    Limits,
    Meta,
    Move,
    Outcome,
    Part,
    PartnerRole,
    PlatformRole,
    Readiness,
    Retention,
    Rubric,
    RubricCriterion,
    SizeClass,
    Specialisation,
    Stage,
    State,
    Step,
    StrategicDocument,
    Term,
    Text,
    Theme,
)
from missions_app.workflow.method_places import (
    BookingRules,
    BookingState,
    BookingTransition,
    Permit,
    PriceModel,
    SiteEntry,
    SiteOverlay,
    SiteQuestion,
    SiteRule,
    SiteType,
)

SCHEMA = "missions/2"


class Method(Part):
    """One version of the method. Singular field names are the document's own tables."""

    schema_: Annotated[str, Field(alias="schema", pattern=f"^{SCHEMA}$")]
    meta: Meta
    limits: Limits
    sector: tuple[Term, ...]
    org_subtype: tuple[Term, ...]
    size_class: tuple[SizeClass, ...]
    specialisation: tuple[Specialisation, ...]
    peak: tuple[Term, ...]
    innovation_type: tuple[Term, ...]
    response_type: tuple[Term, ...]
    reach: tuple[Term, ...]
    visibility: tuple[Term, ...]
    stance: tuple[Term, ...]
    risk_level: tuple[Term, ...]
    body_: Annotated[tuple[Body, ...], Field(alias="body")]
    platform_role: tuple[PlatformRole, ...]
    partner_role: tuple[PartnerRole, ...]
    partner_state: tuple[Term, ...]
    commitment_type: tuple[CommitmentType, ...]
    commitment_state: tuple[Term, ...]
    need_kind: tuple[Term, ...]
    need_priority: tuple[Term, ...]
    agreement: tuple[Agreement, ...]
    ip_model: tuple[Term, ...]
    state_aid_ground: tuple[Term, ...]
    funding_phase: tuple[FundingPhase, ...]
    retention: tuple[Retention, ...]
    document_type: tuple[DocumentType, ...]
    bottleneck: tuple[Bottleneck, ...]
    lesson_tag: tuple[Term, ...]
    barrier_type: tuple[Term, ...]
    barrier_state: tuple[Term, ...]
    change_type: tuple[Term, ...]
    test_outcome: tuple[Term, ...]
    threshold_outcome: tuple[Term, ...]
    measurement_state: tuple[Term, ...]
    step: tuple[Step, ...]
    stage: tuple[Stage, ...]
    journey_: Annotated[tuple[JourneyPlan, ...], Field(alias="journey")]
    place: tuple[Term, ...]
    effect: tuple[Term, ...]
    check_kind: tuple[CheckKind, ...]
    gate_: Annotated[tuple[Gate, ...], Field(alias="gate")]
    rubric_: Annotated[tuple[Rubric, ...], Field(alias="rubric")]
    theme: tuple[Theme, ...]
    indicator: tuple[Indicator, ...]
    trl: tuple[Readiness, ...]
    srl: tuple[Readiness, ...]
    site_question: tuple[SiteQuestion, ...]
    site_type: tuple[SiteType, ...]
    site_rule: tuple[SiteRule, ...]
    site_overlay: tuple[SiteOverlay, ...]
    site_entry: SiteEntry
    price_model: tuple[PriceModel, ...]
    booking: BookingRules
    booking_state: tuple[BookingState, ...]
    booking_transition: tuple[BookingTransition, ...]
    permit_question: tuple[Term, ...]
    permit: tuple[Permit, ...]
    strategic_document: tuple[StrategicDocument, ...]
    eu_indicator: tuple[EuIndicator, ...]

    @property
    def bodies(self) -> tuple[Body, ...]:
        """Every body, in the document's order."""
        return self.body_

    @property
    def body_ids(self) -> frozenset[str]:
        """The keys of all bodies."""
        return frozenset(body.id for body in self.body_)

    def body(self, key: str) -> Body:
        """A body by its key; KeyError when there is none."""
        return _by_id(self.body_, key)

    def journey(self, subject: str) -> JourneyPlan:
        """The journey of a kind of case; KeyError when there is none."""
        return {plan.subject: plan for plan in self.journey_}[subject]  # type: ignore[index]

    def state(self, subject: str, key: str) -> State:
        """A state of a kind of case; KeyError when there is none."""
        return _by_id(self.journey(subject).state, key)

    def find_move(self, subject: str, key: str) -> Move | None:
        """A declared move of a kind of case, or None."""
        return next((move for move in self.journey(subject).move if move.id == key), None)

    def moves_from(self, subject: str, state: str) -> tuple[Move, ...]:
        """The moves declared from a state."""
        return tuple(move for move in self.journey(subject).move if state in move.from_states)

    def gates_of(self, subject: str) -> tuple[Gate, ...]:
        """The gates of a kind of case, in the document's order."""
        return tuple(gate for gate in self.gate_ if gate.subject == subject)

    def find_gate(self, key: str) -> Gate | None:
        """A gate, or None."""
        return next((gate for gate in self.gate_ if gate.id == key), None)

    def gate(self, key: str) -> Gate:
        """A gate; KeyError when there is none."""
        return _by_id(self.gate_, key)

    def find_criterion(self, key: str) -> Criterion | None:
        """A criterion of any gate, or None."""
        return next((one for gate in self.gate_ for one in gate.criteria if one.id == key), None)

    def criterion(self, key: str) -> Criterion:
        """A criterion of any gate; KeyError when there is none."""
        found = self.find_criterion(key)
        if found is None:
            raise KeyError(key)
        return found

    def rubric(self, key: str) -> Rubric:
        """A rubric; KeyError when there is none."""
        return _by_id(self.rubric_, key)

    def term(self, vocabulary: str, key: str) -> Term:
        """A word of a vocabulary, by the vocabulary's own table name; KeyError when there is none."""
        terms: tuple[Term, ...] = getattr(self, vocabulary)
        return _by_id(terms, key)

    def find_term(self, vocabulary: str, key: str | None) -> Term | None:
        """A word of a vocabulary, or None."""
        return next((term for term in getattr(self, vocabulary) if term.id == key), None)

    def ids(self, vocabulary: str) -> tuple[str, ...]:
        """The ids of a vocabulary, in the document's order."""
        return tuple(term.id for term in getattr(self, vocabulary))

    def who(self, key: str) -> Text:
        """A role or body in words; KeyError when there is neither."""
        return self.body(key).label if key in self.body_ids else self.term("platform_role", key).label

    def stage_of(self, subject: str, state: str) -> Stage:
        """The stage a state belongs to."""
        return _by_id(self.stage, self.state(subject, state).stage)


class _Named(Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=_Named)


def _by_id(things: Iterable[N], key: str) -> N:
    for thing in things:
        if thing.id == key:
            return thing
    raise KeyError(key)


__all__ = ["SCHEMA", "Criterion", "Gate", "Method", "Move", "Outcome", "Rubric", "RubricCriterion", "Text"]
