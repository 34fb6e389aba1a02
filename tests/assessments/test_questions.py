"""Questions of those who assess, and hearing the parties: answered once, in the record, and nobody learns who asked."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.accounts.actor import organisation_scope
from missions_app.assessments import hearing, panel_service, queries, question_service
from missions_app.assessments.errors import (
    AlreadyAnswered,
    AssignmentEnded,
    ConflictOfInterest,
    HearingOpen,
    HearingSettled,
    NotHeard,
    NotYourAssessment,
    ReviewsNotIn,
    StillSealed,
    TextTooShort,
)
from missions_app.assessments.models import Panel
from missions_app.assessments.question_models import Question
from missions_app.assessments.tasks import tasks_for
from missions_app.errors import NotAllowed
from missions_app.missions.models import Mission
from missions_app.portfolio.dossier_record import record_of
from missions_app.workflow import gate_service
from missions_app.workflow.models import Recommendation
from tests.factories.accounts import actor_of, bearer, grant_role, make_actor, make_secretariat, sign_in
from tests.factories.assessments import actor_for, all_scores, assign, clear, submit
from tests.factories.challenges import make_assessed_now, make_representative
from tests.factories.experiments import make_tested_mission
from tests.journeys import region as story
from tests.journeys.people import Region

TEXT = "Hur mättes utgångsläget, och av vem?"
ANSWER = "Av VA-enheten med en nivågivare i tolv månader före."


def test_a_question_is_answered_once_by_those_whose_case_it_is(session: Session) -> None:
    challenge = make_assessed_now()
    one, other, declared_not = clear(challenge), clear(challenge), assign(challenge)
    owner = make_representative(challenge)
    with pytest.raises(AssignmentEnded):
        question_service.ask(declared_not, challenge, text=TEXT, by=actor_for(declared_not))
    with pytest.raises(NotYourAssessment):
        question_service.ask(one, challenge, text=TEXT, by=actor_for(other))
    with pytest.raises(TextTooShort):
        question_service.ask(one, challenge, text="Varför?", by=actor_for(one))

    asked = question_service.ask(one, challenge, text=TEXT, by=actor_for(one))

    waits = [task for task in tasks_for(owner) if task.endpoint == "assessments.answer_question"]
    assert [(task.values, task.due) for task in waits] == [({"question_id": asked.id}, asked.reply_by)]
    for stranger in (make_actor(), actor_for(other), make_secretariat()):
        with pytest.raises(NotAllowed):
            question_service.answer(asked, challenge, text=ANSWER, by=stranger, expected_version=asked.version)
    question_service.answer(asked, challenge, text=ANSWER, by=owner, expected_version=asked.version)
    with pytest.raises(AlreadyAnswered):
        question_service.answer(asked, challenge, text=ANSWER, by=owner, expected_version=asked.version)
    assert [task for task in tasks_for(owner) if task.endpoint == "assessments.answer_question"] == []
    assert [one.answer for one in question_service.questions_of(one.panel)] == [ANSWER]


def test_who_has_a_conflict_neither_asks_nor_reads(session: Session) -> None:
    challenge = make_assessed_now()
    one, other = clear(challenge), clear(challenge)
    readers = [make_representative(challenge), make_secretariat(), actor_for(other)]
    assert all(question_service.can_read(reader, challenge, one.panel) for reader in readers)
    assert not question_service.can_read(make_actor(), challenge, one.panel)
    grant_role(one.assessor, "member", organisation_scope(challenge.organisation_id))

    with pytest.raises(ConflictOfInterest):
        question_service.ask(one, challenge, text=TEXT, by=actor_of(one.assessor))

    session.expire_all()
    assert not question_service.can_read(actor_of(one.assessor), challenge, one.panel)
    assert question_service.questions_of(one.panel) == []


def test_the_parties_are_heard_when_the_assessments_are_in(session: Session) -> None:
    challenge = make_assessed_now()
    one, other = clear(challenge), clear(challenge)
    secretariat, until = make_secretariat(), clock.today() + timedelta(days=14)
    submit(one, challenge, all_scores(challenge, 3))
    with pytest.raises(StillSealed):
        question_service.hear(one.panel, challenge, text=TEXT, reply_by=until, by=secretariat)
    submit(other, challenge, all_scores(challenge, 3))
    with pytest.raises(NotAllowed):
        question_service.hear(one.panel, challenge, text=TEXT, reply_by=until, by=make_representative(challenge))

    heard = question_service.hear(one.panel, challenge, text=TEXT, reply_by=until, by=secretariat)
    question_service.answer(
        heard, challenge, text=ANSWER, by=make_representative(challenge), expected_version=heard.version
    )

    assert (heard.answer, heard.reply_by) == (ANSWER, until)


def reviewed() -> tuple[Region, Mission, Panel]:
    """A mission before its direction decision, with both reviews in."""
    region, mission = make_tested_mission()
    mission.journey.state = "evaluation"
    db.session().commit()
    story.assess(region, mission, "evaluation", 3)
    panel = queries.current_panel(mission.journey, "evaluation")
    assert panel is not None
    return region, mission, panel


def recommend(region: Region, mission: Mission) -> Recommendation:
    return gate_service.recommend(
        mission, "g5", outcome="iterate", reasons="Lovande, men mätningen är för kort.",
        by=region.actor("recommender"),
    )  # fmt: skip


def hear(region: Region, mission: Mission, panel: Panel) -> Question:
    return question_service.hear(
        panel, mission, text="Vad säger ni om bedömningarna?", reply_by=clock.today() + timedelta(days=7),
        by=region.actor("recommender"),
    )  # fmt: skip


def test_nothing_is_recommended_before_the_mission_has_been_heard_or_its_days_have_run_out(session: Session) -> None:
    region, mission, panel = reviewed()
    officer, owner = region.actor("recommender"), region.actor("representative")
    wanted = {"assessments.list_questions"}
    with pytest.raises(NotHeard):
        recommend(region, mission)
    assert wanted <= {task.endpoint for task in tasks_for(officer)}

    asked = hear(region, mission, panel)
    with pytest.raises(HearingOpen):
        recommend(region, mission)
    assert not wanted & {task.endpoint for task in tasks_for(officer)}
    with clock.fixed(clock.now() + timedelta(days=7)), pytest.raises(HearingOpen):
        recommend(region, mission)
    with clock.fixed(clock.now() + timedelta(days=8)):  # the days ran out
        recommend(region, mission)

    question_service.answer(asked, mission, text=ANSWER, by=owner, expected_version=asked.version)
    assert recommend(region, mission).outcome == "iterate"


def test_a_review_that_came_later_is_one_the_mission_has_not_been_heard_on(session: Session) -> None:
    region, mission, panel = reviewed()
    story.hear(region, mission)
    with clock.fixed(clock.now() + timedelta(hours=1)):
        panel_service.release_assessor(
            panel.assignments[0], mission, reason="Byter uppdrag.", by=region.actor("recommender")
        )
        with pytest.raises(ReviewsNotIn):
            recommend(region, mission)
        submit(clear(mission, rubric="evaluation"), mission, all_scores(mission, 3, rubric="evaluation"))
        with pytest.raises(NotHeard):
            recommend(region, mission)


def test_the_secretariat_recommends_without_a_hearing_only_with_a_reason_on_record(
    client: FlaskClient, session: Session
) -> None:
    region, mission, panel = reviewed()
    officer, reason = region.actor("recommender"), "Ägaren har redan skrivit att den avstår från att yttra sig."
    url = f"/api/v1/cases/{mission.reference}"
    headers = bearer(region.people["recommender"]) | {"Accept-Language": "sv"}
    refused = client.post(f"{url}/gates/g5/recommendations", headers=headers,
                          json={"outcome": "iterate", "reasons": reason})  # fmt: skip
    assert (refused.status_code, refused.get_json()["code"]) == (409, "not_heard")
    assert "Inhämta yttrande under Frågor och svar" in refused.get_json()["detail"]
    with pytest.raises(NotAllowed):
        hearing.waive(panel, mission, reason=reason, by=region.actor("coordinator"))
    with pytest.raises(TextTooShort):
        hearing.waive(panel, mission, reason="Onödigt.", by=officer)

    page = sign_in(client, region.people["recommender"])
    gate = page.get(f"/gates/{mission.journey_id}/g5").text
    assert f"/assessments/{mission.journey_id}/questions" in gate
    assert "/recommend" not in gate
    page.post(f"/assessments/{mission.journey_id}/questions/hearing/waive", data={"reason": reason})
    assert f"/gates/{mission.journey_id}/g5/recommend" in page.get(f"/gates/{mission.journey_id}/g5").get_data(
        as_text=True
    )
    with pytest.raises(HearingSettled):
        hearing.waive(panel, mission, reason=reason, by=officer)

    recommend(region, mission)
    paper = page.get(f"/missions/{mission.reference}/paper/g5").text
    assert reason in paper
    told = [row for table in record_of(mission, clock.today())["tables"] for row in table["rows"]
            if table["key"] == "questions"]  # fmt: skip
    assert [row[2:4] for row in told] == [["unheard", reason]]
