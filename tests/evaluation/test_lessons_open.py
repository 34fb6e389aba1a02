"""Who reads what was learnt: everybody, once the report of the test is in or the mission's lessons are published."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.evaluation import learning_service, queries, report_service
from missions_app.evaluation.models import Lesson
from missions_app.evaluation.report_service import ReportContent
from tests.factories.evaluation import day_of_test

LEARNT = "Sen plantering tål inte höststormar."
OF_MISSION = "En fast kontaktperson avgör takten."


def test_lessons_are_read_by_everybody_when_the_report_is_in_or_they_are_published(
    client: FlaskClient, session: Session
) -> None:
    with day_of_test() as case:
        lead, mission = case.region.actor("researcher"), case.mission
        pages = (f"/experiments/{case.experiment.reference}", f"/missions/{mission.reference}")
        more = {"mission": mission, "tag": "method", "context": "Viken", "so_what": "Plantera före midsommar."}
        learning_service.add_lesson(experiment=case.experiment, learnt=LEARNT, by=lead, **more)  # type: ignore[arg-type]
        session.add(Lesson(mission=mission, tag="users", context="Alla", learnt=OF_MISSION, so_what="Utse en.",
                           added_at=clock.now()))  # fmt: skip
        session.flush()
        assert [LEARNT in client.get(page).text for page in pages] == [False, False]

        content = ReportContent(summary="Vi planterade.", what_was_done="Vi satte skott.", results="Få levde.",
                                threshold="not_met", outcome="refuted")  # fmt: skip
        report = report_service.save_report(case.experiment, content, by=lead, expected_version=None)
        report_service.submit_report(case.experiment, by=lead, expected_version=report.version)

        assert [LEARNT in client.get(page).text for page in pages] == [True, True]
        assert OF_MISSION not in client.get(pages[1]).text
        for lesson in queries.lessons_of(mission.id):
            lesson.published_at = clock.now()
        session.flush()
        assert [OF_MISSION in client.get(page).text for page in pages] == [False, True]
