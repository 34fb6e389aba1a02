"""What is going on, for the start page: what anybody may know, whoever reads it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts.actor import ANONYMOUS
from missions_app.challenges import queries as challenges
from missions_app.challenges.models import Challenge
from missions_app.evaluation.models import TestReport
from missions_app.experiments.models import Experiment
from missions_app.missions.models import Mission
from missions_app.workflow.method import Method
from missions_app.workflow.models import Journey

CARDS = 3
RESULTS = 3
ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Front:
    """Theme -> how many missions are under way and how many challenges are open; some open challenges, those that may
    be commented on first; and the newest reports of completed tests."""

    missions: Mapping[str, int]
    challenges: Mapping[str, int]
    open: Sequence[Challenge]
    results: Sequence[TestReport]


def front_of(method: Method) -> Front:
    """How it stands today."""
    found = _open_challenges(method)
    return Front(
        missions=_missions_by_theme(method), challenges=Counter(one.theme for one in found),
        open=sorted(found, key=_urgency)[:CARDS], results=_results(method),
    )  # fmt: skip


def _states(method: Method, subject: str, *, ended: bool) -> list[str]:
    return [one.id for one in method.journey(subject).state if (one.kind == ENDED) is ended]


def _open_challenges(method: Method) -> Sequence[Challenge]:
    known = challenges.challenges_for(ANONYMOUS)
    return db.session.scalars(known.where(Journey.state.in_(_states(method, "challenge", ended=False)))).all()


def _urgency(one: Challenge) -> tuple[bool, int]:
    today = clock.today()
    commented = bool(one.comments_from and one.comments_until and one.comments_from <= today <= one.comments_until)
    return (not commented, -one.id)


def _missions_by_theme(method: Method) -> dict[str, int]:
    rows = db.session.execute(
        select(Mission.theme, func.count())
        .join(Journey, Journey.id == Mission.journey_id)
        .where(Journey.state.in_(_states(method, "mission", ended=False)))
        .group_by(Mission.theme)
    )
    return {theme: number for theme, number in rows}


def _results(method: Method) -> Sequence[TestReport]:
    ended = _states(method, "experiment", ended=True)
    return db.session.scalars(
        select(TestReport)
        .join(TestReport.experiment)
        .join(Journey, Journey.id == Experiment.journey_id)
        .where(TestReport.submitted_at.is_not(None), TestReport.outcome != "", Journey.state.in_(ended))
        .options(joinedload(TestReport.experiment).joinedload(Experiment.mission))
        .order_by(TestReport.submitted_at.desc(), TestReport.id.desc())
        .limit(RESULTS)
    ).all()
