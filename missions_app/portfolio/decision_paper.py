"""What a body is given before it decides on a mission: two pages drawn from the record, nothing written twice."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from missions_app import clock
from missions_app.assessments import hearing, question_service
from missions_app.assessments import queries as assessments
from missions_app.assessments import results as assessment_results
from missions_app.assessments.models import AssignmentState
from missions_app.assessments.question_models import Question, QuestionKind
from missions_app.assessments.results import PanelResult
from missions_app.evaluation import results as evaluation_results
from missions_app.evaluation import story_service
from missions_app.evaluation.models import ContributionStory
from missions_app.evaluation.results import IndicatorResult
from missions_app.evaluation.verdict import Verdict
from missions_app.indicators.queries import indicators_of
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.partnerships import queries as partnerships
from missions_app.partnerships.models import CommitmentState
from missions_app.strategy import queries as strategy
from missions_app.strategy.models import Stance, StrategyLink
from missions_app.workflow import gate_queries, recusal
from missions_app.workflow.gate_queries import GateStanding
from missions_app.workflow.method import Outcome, Text
from missions_app.workflow.models import DecisionCondition, GateDecision

RUBRIC = "evaluation"
PROMISED = (CommitmentState.COMMITTED, CommitmentState.DELIVERED)


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """What one source has promised and what has come, in öre."""

    source: str
    promised_ore: int
    delivered_ore: int


@dataclass(frozen=True, slots=True)
class Dissent:
    """A question on which the reviewers differ more than the method accepts: every value, and what was agreed."""

    question: Text
    values: Sequence[int]
    note: str
    dissent: str


@dataclass(frozen=True, slots=True)
class Way:
    """An outcome that may be decided, and what it starts."""

    outcome: Outcome
    starts: Sequence[Text]

    @property
    def said(self) -> Text:
        """The outcome and what it starts, in one line."""
        return Text(
            sv=_line(self.outcome.label.sv, [one.sv for one in self.starts]),
            en=_line(self.outcome.label.en, [one.en for one in self.starts]),
        )


def _line(label: str, starts: Sequence[str]) -> str:
    return f"{label}: {', '.join(one[:1].lower() + one[1:] for one in starts)}." if starts else f"{label}."


@dataclass(frozen=True, slots=True)
class DecisionPaper:
    """Everything on the paper.

    proposal: the recommended outcome; None while nothing is recommended. decided: the decided one. next: what the
    outcome, decided or else recommended, starts and no condition says already, in words. ways: the outcomes besides it,
    all of them while there is none. heard: what the mission was
    asked before the recommendation, with its answers. unheard_because: why the secretariat recommends without hearing
    it. clarified: how many questions of the reviewers it answered. recused: how many reviewers stepped aside for a
    conflict of interest. stepped_aside: those who handle or decide and did, by what they are. drawn_at: when it was
    drawn.
    """

    mission: Mission
    standing: GateStanding
    decision: GateDecision | None
    conditions: Sequence[DecisionCondition]
    proposal: Outcome | None
    decided: Outcome | None
    reasons: str
    verdict: Verdict
    results: Sequence[IndicatorResult]
    review: PanelResult | None
    dissents: Sequence[Dissent]
    story: ContributionStory | None
    clashes: Sequence[StrategyLink]
    money: Sequence[MoneyRow]
    next: Sequence[Text]
    ways: Sequence[Way]
    recused: int
    stepped_aside: Sequence[Text]
    heard: Sequence[Question]
    unheard_because: str
    clarified: int
    drawn_at: datetime

    @property
    def chosen(self) -> Outcome | None:
        """What is decided, or else recommended."""
        return self.decided or self.proposal


def draw_paper(mission: Mission, gate_id: str) -> DecisionPaper:
    """The paper as the record stands now. Who may read it is the caller's check. Raises NotFound."""
    standing = gate_queries.standing(mission, gate_id)
    decision = standing.passed or next(
        (one for one in gate_queries.decisions_of(mission.journey, gate_id) if one.published_at is not None), None
    )
    if standing.is_open:
        decision = None
    recommendation = decision.recommendation if decision else standing.recommendation
    chosen = recommendation.outcome if recommendation else ""
    outcomes = {one.id: one for one in standing.gate.outcomes}
    proposal, decided = outcomes.get(chosen), outcomes.get(decision.outcome) if decision else None
    outcome = decided or proposal
    all_ways = [
        Way(one, [standing.method.term("effect", key).label for key in one.triggers]) for one in standing.gate.outcomes
    ]
    starts = next((way.starts for way in all_ways if way.outcome is outcome), ())
    conditions = gate_queries.conditions_of(decision) if decision else []
    asked_for = {one.text for one in conditions}
    results = evaluation_results.results_of(indicators_of(mission.journey))
    review = _review(mission)
    panel = assessments.current_panel(mission.journey, RUBRIC)
    asked = question_service.questions_of(panel) if panel else []
    waiver = hearing.waiver_of(panel) if panel else None
    return DecisionPaper(
        mission=mission, standing=standing, decision=decision,
        conditions=conditions, proposal=proposal, decided=decided,
        reasons=recommendation.reasons if recommendation else "", verdict=evaluation_results.short_answer(results),
        results=results, review=review, dissents=_dissents(review) if review else [],
        story=story_service.story_of(mission), clashes=_clashes(mission), money=_money(mission),
        next=[one for one in starts if not {one.sv, one.en} & asked_for],
        ways=[way for way in all_ways if way.outcome is not outcome],
        recused=_recused(mission), drawn_at=clock.now(),
        stepped_aside=[
            recusal.in_function(one, standing.method)
            for one in (
                recusal.recusals_of(decision) if decision else recusal.recusals_at(mission.journey, gate_id)
            )
        ],
        unheard_because=waiver.reason if waiver else "",
        heard=[one for one in asked if one.kind is QuestionKind.HEARING],
        clarified=sum(one.kind is QuestionKind.CLARIFICATION and one.answered_at is not None for one in asked),
    )  # fmt: skip


def _review(mission: Mission) -> PanelResult | None:
    panel = assessments.current_panel(mission.journey, RUBRIC)
    if panel is None or not assessments.is_complete(panel):
        return None
    return assessment_results.result_of(panel, with_names=False)


def _dissents(review: PanelResult) -> list[Dissent]:
    found = []
    for one in review.criteria:
        if one.is_apart:
            note = next((note for note in review.notes if one.criterion.id in note.criteria), None)
            values = sorted(voice.value for voice in one.voices if voice.value is not None)
            found.append(Dissent(one.criterion.label, values, note.text if note else "", note.dissent if note else ""))
    return found


def _clashes(mission: Mission) -> list[StrategyLink]:
    """Goals that the mission, or a challenge it grew from, runs against."""
    journeys = [mission.journey, *(one.journey for one in missions.challenges_of(mission))]
    return [link for journey in journeys for link in strategy.links_of(journey) if link.stance is Stance.CLASHES]


def _money(mission: Mission) -> list[MoneyRow]:
    """Every partner's valued promises, and the funding plan's lines from elsewhere, greatest first."""
    promised: dict[str, int] = defaultdict(int)
    delivered: dict[str, int] = defaultdict(int)
    for one in partnerships.commitments_of(mission):
        if one.state in PROMISED and one.value_ore:
            promised[one.partner.organisation.name] += one.value_ore
            delivered[one.partner.organisation.name] += sum(part.value_ore for part in one.deliveries)
    return sorted(
        (MoneyRow(source, ore, delivered[source]) for source, ore in promised.items()),
        key=lambda row: (-row.promised_ore, row.source),
    )


def _recused(mission: Mission) -> int:
    panels = assessments.panels_of(mission.journey, RUBRIC)
    return sum(one.state is AssignmentState.CONFLICTED for panel in panels for one in panel.assignments)
