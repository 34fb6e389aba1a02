"""Lessons that may help with a text: those of missions about much the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from missions_app import db
from missions_app.evaluation.models import Lesson, TestReport
from missions_app.missions.models import Mission
from missions_app.search.terms import terms

MOST = 3
# How many words a lesson shares with the text, at least; one less is enough within the same theme.
SHARED = 3
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Offer:
    """A lesson, and how many words it shares with the text; same_theme: its mission has the theme asked for."""

    lesson: Lesson
    shared: int
    same_theme: bool


def lessons_for(text: str, theme: str = "", *, besides: Mission | None = None, most: int = MOST) -> list[Offer]:
    """Lessons published, or of tests that have been reported, that share words with a text, the closest first; the
    same theme counts as one word more."""
    wanted = set(terms(text))
    if not wanted:
        return []
    found = []
    for lesson in _public():
        if besides is not None and lesson.mission_id == besides.id:
            continue
        mission = lesson.mission
        words = " ".join((lesson.context, lesson.learnt, lesson.so_what, mission.title_sv, mission.target_sv))
        shared, same = len(wanted & set(terms(words))), bool(theme) and mission.theme == theme
        if shared + same >= SHARED:
            found.append(Offer(lesson, shared, same))
    found.sort(key=lambda one: (-one.shared - one.same_theme, one.lesson.id))
    return found[:most]


def _public() -> Sequence[Lesson]:
    return db.session.scalars(
        select(Lesson)
        .outerjoin(TestReport, TestReport.experiment_id == Lesson.experiment_id)
        .where(or_(Lesson.published_at.is_not(None), TestReport.submitted_at.is_not(None)))
        .options(joinedload(Lesson.mission))
        .order_by(Lesson.id.desc())
        .limit(LONGEST)
    ).all()
