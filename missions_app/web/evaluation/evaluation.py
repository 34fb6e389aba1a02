"""Did it work, and how sure are we? The whole evaluation of a mission on one page."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from missions_app.assessments import queries as assessments
from missions_app.assessments import question_service
from missions_app.assessments import results as assessment_results
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.evaluation import policy, queries, story_service
from missions_app.evaluation import results as evaluation_results
from missions_app.experiments import queries as experiments
from missions_app.indicators.queries import indicators_of
from missions_app.indicators.splits import parts_of
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.portfolio.charts import bullet, line_chart, part_charts
from missions_app.portfolio.sentences import standing_of
from missions_app.portfolio.thread import decisions_in, thread_for
from missions_app.web.evaluation.blueprint import bp
from missions_app.web.evaluation.remains import strengths
from missions_app.web.evaluation.stories import certainties, may_speak
from missions_app.web.filters import short_date
from missions_app.web.missions.missions import crumbs_of
from missions_app.web.stages import steps_of
from missions_app.workflow import gate_queries
from missions_app.workflow.gate_queries import GateStanding
from missions_app.workflow.method_service import method_of

RUBRIC = "evaluation"


@bp.get("/missions/<reference>/evaluation")
@signed_in
def show_evaluation(reference: str) -> ResponseReturnValue:
    """The short answer first, then what it rests on."""
    mission = missions.get_mission(reference)
    authorise(policy.can_read_results, mission)
    plans = indicators_of(mission.journey)
    found = evaluation_results.results_of(plans)
    cases = [mission, *experiments.experiments_of(mission.id)]
    events = [*evaluation_results.test_days(mission.id), *decisions_in(thread_for(cases))]
    method = method_of(mission.journey.method_version)
    filed: dict[int, list[Any]] = {plan.id: [] for plan in plans}
    for one in queries.history_of(plans):
        filed[one.indicator_id].append(one)
    return render_template(
        "evaluation/show_evaluation.html", mission=mission, method=method,
        steps=steps_of(mission), results=[(one, line_chart(one, events, day=short_date)) for one in found],
        filed=filed, verdict=evaluation_results.short_answer(found).value, gate=_gate(mission),
        review=_review(mission), story=story_service.story_of(mission), statements=queries.statements_of(mission.id),
        lessons=queries.lessons_of(mission.id), barriers=queries.barriers_of(mission.id),
        changes=queries.changes_of(mission.id), certainties=certainties(), strengths=strengths(),
        crumbs=crumbs_of(mission), has_panel=_asks(mission),
        parts={one.plan.id: part_charts(one, parts_of(one.plan.split_by, method)) for one in found},
        standing_of=standing_of, bullets={one.plan.id: bullet(one, day=short_date) for one in found},
        can_state=bool(may_speak(mission)), can_plan=policy.can_plan_measuring(actor(), mission),
        can_evaluate=policy.can_evaluate(actor(), mission), can_measure=policy.can_measure_mission(actor(), mission),
    )  # fmt: skip


def _gate(mission: Mission) -> GateStanding | None:
    """The gate that the mission stands before."""
    for gate in method_of(mission.journey.method_version).gates_of("mission"):
        if mission.journey.state in gate.from_states:
            return gate_queries.standing(mission, gate.id)
    return None


def _asks(mission: Mission) -> bool:
    """Whether there are questions and answers that the reader may read."""
    panel = assessments.current_panel(mission.journey, RUBRIC)
    return panel is not None and question_service.can_read(actor(), mission, panel)


def _review(mission: Mission) -> Any:
    """What the reviewers came to, for those who may see it."""
    panel = assessments.current_panel(mission.journey, RUBRIC)
    if panel is None or not assessment_results.may_read(actor(), mission, panel):
        return None
    return assessment_results.result_for(actor(), mission, panel)
