"""What an experiment's plan must hold. Pure."""

from dataclasses import dataclass
from datetime import date

from missions_app.errors import Problem
from missions_app.i18n import N_

LEVELS = range(1, 10)
TITLE = 200
TEXT = 10_000


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan as written: texts, readiness before (TRL and SRL, 1 to 9), and the period thought of.

    The assessments of personal data, cameras and ethics hold for each booking that says nothing else.
    """

    title: str
    summary: str = ""
    question: str = ""
    hypothesis: str = ""
    method: str = ""
    success_threshold: str = ""
    stop_rule: str = ""
    data_plan: str = ""
    risks: str = ""
    personal_data_assessment: str = ""
    camera_assessment: str = ""
    ethics_assessment: str = ""
    trl_start: int | None = None
    srl_start: int | None = None
    planned_from: date | None = None
    planned_until: date | None = None


ASSESSED = ("personal_data_assessment", "camera_assessment", "ethics_assessment")
TEXTS = (
    "summary", "question", "hypothesis", "method", "success_threshold", "stop_rule", "data_plan", "risks", *ASSESSED,
)  # fmt: skip


def plan_problems(plan: Plan) -> list[Problem]:
    """Everything wrong with the form of a plan; what is missing is the gate's business."""
    problems = []
    if not plan.title.strip():
        problems.append(Problem("title_missing", N_("Write a title."), "title"))
    if len(plan.title) > TITLE:
        problems.append(Problem("too_long", N_("Use at most %(most)d characters."), "title", {"most": TITLE}))
    for name in TEXTS:
        if len(getattr(plan, name)) > TEXT:
            problems.append(Problem("too_long", N_("Use at most %(most)d characters."), name, {"most": TEXT}))
    for name in ("trl_start", "srl_start"):
        level = getattr(plan, name)
        if level is not None and level not in LEVELS:
            problems.append(Problem("not_a_level", N_("Choose a level from 1 to 9."), name))
    if plan.planned_from and plan.planned_until and plan.planned_until < plan.planned_from:
        problems.append(
            Problem(
                "period_reversed", N_("The last day comes before the first. Choose a later last day."), "planned_until"
            )
        )
    return problems
