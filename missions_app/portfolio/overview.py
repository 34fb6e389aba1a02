"""What the secretariat looks at on a Monday: what stands still and why, and the figures of the last twelve months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from missions_app import clock, db
from missions_app.missions.models import Mission
from missions_app.missions.queries import missions_under_way
from missions_app.portfolio.figure import Figure
from missions_app.portfolio.figures import count_figures
from missions_app.workflow import gate_queries
from missions_app.workflow.engine import CriterionStatus
from missions_app.workflow.journey_records import read_records
from missions_app.workflow.method import Gate
from missions_app.workflow.method_parts import Stage
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Journey

YEAR = timedelta(days=365)
MOST_STUCK = 12


@dataclass(frozen=True, slots=True)
class Stuck:
    """A mission that has stood longer in its stage than the method's typical time: days there, days typical, and the
    requirements that hold it, where it stands before a gate."""

    mission: Mission
    stage: Stage
    days: int
    typical_days: int
    gate: Gate | None
    blocking: Sequence[CriterionStatus]


def stuck_missions() -> list[Stuck]:
    """Missions past the typical time of their stage, the longest first; at most a dozen."""
    found: list[tuple[int, Mission, Stage]] = []
    for mission in missions_under_way():
        journey = mission.journey
        stage = method_of(journey.method_version).stage_of("mission", journey.state)
        days = (clock.now() - journey.entered_at).days
        if days > stage.typical_weeks[1] * 7:
            found.append((days, mission, stage))
    found.sort(key=lambda row: -row[0])
    longest = found[:MOST_STUCK]
    read_records(mission.journey for _days, mission, _stage in longest)
    return [_stuck(mission, stage, days) for days, mission, stage in longest]


def figures_of_the_year() -> list[Figure]:
    """The figures of a report on the twelve months that ended yesterday, counted now."""
    yesterday = clock.today() - timedelta(days=1)
    return count_figures(yesterday - YEAR, yesterday)


def median_days(figures: Sequence[Figure]) -> dict[str, int]:
    """How long the missions of each stage have stood in it, at the median, by the key of the stage's figure; a stage
    without missions is left out."""
    since = select(Mission.reference, Journey.entered_at).join(Journey, Mission.journey_id == Journey.id)
    entered = {reference: at for reference, at in db.session.execute(since)}
    found = {}
    for figure in figures:
        moments = sorted(entered[row.reference] for row in figure.rows if row.reference in entered)
        if moments:
            found[figure.key] = (clock.now() - moments[len(moments) // 2]).days
    return found


def _stuck(mission: Mission, stage: Stage, days: int) -> Stuck:
    method = method_of(mission.journey.method_version)
    gate = next((one for one in method.gates_of("mission") if mission.journey.state in one.from_states), None)
    blocking = gate_queries.standing(mission, gate.id).blocking if gate else []
    return Stuck(mission, stage, days, stage.typical_weeks[1] * 7, gate, blocking)
