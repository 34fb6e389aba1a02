"""Two people review a case apart, and a mission is heard on what they came to."""

from datetime import timedelta

from missions_app import clock
from missions_app.assessments import (
    declaration,
    declaration_service,
    panel_service,
    question_service,
    score_service,
)
from missions_app.assessments import queries as assessments
from missions_app.assessments.score_rules import GivenScore
from missions_app.missions.models import Mission
from missions_app.workflow.method_service import method_in_force
from missions_app.workflow.subjects import Subject
from tests.journeys.people import Region


def assess(region: Region, subject: Subject, rubric: str, score: int) -> None:
    """Two people declare that they have no interest, and score apart."""
    criteria = method_in_force().rubric(rubric).criteria
    for who in ("assessor_a", "assessor_b"):
        assignment = panel_service.assign_assessor(subject, rubric, region.people[who], by=region.actor("recommender"))
        clear = {one.id: declaration.Answer("no") for one in declaration.QUESTIONS}
        declaration_service.declare_interests(assignment, subject, clear, by=region.actor(who))
        scores = {one.id: GivenScore(value=score, reason="Väl beskrivet i underlaget.") for one in criteria}
        score_service.submit_scores(assignment, subject, scores, by=region.actor(who), summary="Bra.")


def hear(region: Region, mission: Mission) -> None:
    """The mission is heard on the reviews, and answers."""
    panel = assessments.current_panel(mission.journey, "evaluation")
    assert panel is not None
    asked = question_service.hear(
        panel, mission, text="Vad säger ni om bedömningarna?", reply_by=clock.today() + timedelta(days=14),
        by=region.actor("recommender"),
    )  # fmt: skip
    question_service.answer(
        asked, mission, text="Vi känner igen oss i dem.", by=region.actor("representative"),
        expected_version=asked.version,
    )  # fmt: skip
