"""Lessons offered where a similar challenge starts."""

from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.evaluation import learning_service
from missions_app.evaluation.offered import lessons_for
from tests.factories.experiments import Planned, make_planned

TEXT = "Källare översvämmas när dagvatten från gatan rinner in vid skyfall"


def learnt(case: Planned, text: str, *, public: bool = True) -> None:
    lesson = learning_service.add_lesson(
        mission=case.mission, tag="method", context="Gata med källare", learnt=text, so_what="Mät dagvattnet först.",
        by=case.region.actor("coordinator"),
    )  # fmt: skip
    if public:
        with db.transaction():
            lesson.published_at = clock.now()


def test_lessons_about_much_the_same_are_offered_and_only_public_ones(session: Session) -> None:
    case = make_planned()
    learnt(case, "Skyfall fyller brunnarna på tio minuter.")
    learnt(case, "Översvämningen kom bakifrån.", public=False)

    found = lessons_for(TEXT, case.mission.theme)

    assert [one.lesson.learnt for one in found] == ["Skyfall fyller brunnarna på tio minuter."]
    assert found[0].same_theme and found[0].shared >= 2
    assert lessons_for("Mobil bastu på torget", case.mission.theme) == []
    assert lessons_for(TEXT, besides=case.mission) == []
    assert lessons_for("   ") == []
